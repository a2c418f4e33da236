"""Traces to files, read back with other means, and as a table."""

import csv
import json
import resource
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import ArrayLike

from gatereel.rnn_math import (
    LSTM,
    RNN,
    Cell,
    InputError,
    Trace,
    random_inputs,
    random_parameters,
    unroll,
)
from gatereel.rnn_math.files import format_table, npz_traces, traces, write_trace


@pytest.fixture
def trace(cell: Cell) -> Trace:
    initial = {state: [0.1, -0.7] for state in cell.states}
    return unroll(cell, random_parameters(cell, 3, 2, 0), random_inputs(3, 4, 0), initial)


def test_json(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    write_trace(path, trace)
    content = json.loads(path.read_text())
    assert list(content) == ["cell", "timesteps", "inputs", "initial", "nodes"]
    assert content["cell"] == trace.cell.name
    assert content["timesteps"] == 4
    np.testing.assert_array_equal(content["inputs"], trace.inputs)
    assert set(content["initial"]) == set(trace.cell.states)
    np.testing.assert_array_equal(content["initial"]["h"], trace.initial["h"])
    assert list(content["nodes"]) == list(trace.values)
    for name, rows in content["nodes"].items():
        np.testing.assert_array_equal(rows, trace.values[name])


def test_csv(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_trace(path, trace)
    with path.open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header[:4] == ["timestep", "x_1", "x_2", "x_3"]
    assert header[-2:] == ["h_1", "h_2"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    widths = trace.cell.widths(3, 2)
    assert len(header) == 1 + sum(widths.values())
    for t, row in enumerate(rows):
        values = dict(zip(header, row, strict=True))
        for name, width in widths.items():
            read = [float(values[f"{name}_{k}"]) for k in range(1, width + 1)]
            np.testing.assert_array_equal(read, trace.vector(name, t))


def test_npz(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "t.npz"
    write_trace(path, trace)
    with np.load(path, allow_pickle=False) as content:
        initial = {f"initial_{state}" for state in trace.cell.states}
        assert set(content) == {"cell", "inputs", *initial, *trace.values}
        assert str(content["cell"]) == trace.cell.name
        np.testing.assert_array_equal(content["inputs"], trace.inputs)
        np.testing.assert_array_equal(content["initial_h"], trace.initial["h"])
        for name, values in trace.values.items():
            np.testing.assert_array_equal(content[name], values)


def as_json(trace: Trace) -> bytes:
    content = {
        "cell": trace.cell.name,
        "timesteps": trace.timesteps,
        "inputs": trace.inputs.tolist(),
        "initial": {state: value.tolist() for state, value in trace.initial.items()},
        "nodes": {name: rows.tolist() for name, rows in trace.values.items()},
    }
    return (json.dumps(content) + "\n").encode()


def as_csv(trace: Trace) -> bytes:
    text = StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    widths = trace.cell.widths(trace.input_size, trace.hidden_size)
    columns = [f"{name}_{k}" for name, width in widths.items() for k in range(1, width + 1)]
    table.writerow(["timestep", *columns])
    for t in range(trace.timesteps):
        numbers = np.concatenate([trace.vector(name, t) for name in widths])
        table.writerow([t + 1, *map(repr, numbers.tolist())])
    return text.getvalue().encode()


def as_npz(trace: Trace) -> bytes:
    arrays: dict[str, ArrayLike] = {"cell": trace.cell.name, "inputs": trace.inputs}
    arrays |= {f"initial_{state}": value for state, value in trace.initial.items()}
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in (arrays | dict(trace.values)).items():
            member = BytesIO()
            np.save(member, np.asarray(array))
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue())
    return stream.getvalue()


@pytest.mark.parametrize("reference", [as_json, as_csv, as_npz])
def test_the_bytes_are_those_of_a_file_made_in_one_piece(
    trace: Trace, tmp_path: Path, reference: Callable[[Trace], bytes]
) -> None:
    path = tmp_path / f"t.{reference.__name__.removeprefix('as_')}"
    write_trace(path, trace)
    assert path.read_bytes() == reference(trace)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("reference", [as_json, as_npz])
@pytest.mark.parametrize("kept", [2, 16, 40, 64])  # bytes in memory; rows of h take 16
def test_the_bytes_are_the_same_when_vectors_wait_on_disk(
    trace: Trace,
    tmp_path: Path,
    reference: Callable[[Trace], bytes],
    kept: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(traces, "_MEMORY_BOUND", kept)
    monkeypatch.setattr(npz_traces, "_BLOCK_BYTES", kept)
    path = tmp_path / f"t.{reference.__name__.removeprefix('as_')}"
    write_trace(path, trace)
    assert path.read_bytes() == reference(trace)
    assert list(tmp_path.iterdir()) == [path]


def test_json_lines(trace: Trace, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    write_trace(path, trace)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    names = list(trace.cell.widths(3, 2))
    for t, line in enumerate(lines):
        assert list(line) == ["timestep", *names]
        assert line["timestep"] == t + 1
        for name in names:
            np.testing.assert_array_equal(line[name], trace.vector(name, t))
    assert len(lines) == trace.timesteps


LABELS = ("'l'", 'a,"b"', "", "Thứ hai")


class TestLabelsAndNumbers:
    @pytest.fixture
    def trace(self) -> Trace:
        return unroll(RNN, random_parameters(RNN, 3, 2, 0), random_inputs(3, 4, 0))

    def test_csv(self, trace: Trace, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        write_trace(path, trace, labels=LABELS)
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        assert header[:3] == ["timestep", "label", "x_1"]
        assert [row[:2] for row in rows] == [[str(t), LABELS[t - 1]] for t in (1, 2, 3, 4)]
        assert [float(row[2]) for row in rows] == trace.inputs[:, 0].tolist()

    def test_json(self, trace: Trace, tmp_path: Path) -> None:
        path = tmp_path / "t.json"
        write_trace(path, trace, labels=LABELS)
        content = json.loads(path.read_text())
        assert list(content) == ["cell", "timesteps", "labels", "inputs", "initial", "nodes"]
        assert content["labels"] == list(LABELS)

    def test_json_lines(self, trace: Trace, tmp_path: Path) -> None:
        path = tmp_path / "t.jsonl"
        write_trace(path, trace, labels=LABELS)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [line["label"] for line in lines] == list(LABELS)

    def test_npz(self, trace: Trace, tmp_path: Path) -> None:
        path = tmp_path / "t.npz"
        write_trace(path, trace, labels=LABELS)
        with np.load(path, allow_pickle=False) as content:
            assert content["labels"].tolist() == list(LABELS)
            assert "numbers" not in content

    def test_an_excerpt_keeps_its_numbers(self, trace: Trace, tmp_path: Path) -> None:
        for suffix in ("csv", "json", "jsonl", "npz"):
            write_trace(tmp_path / f"t.{suffix}", trace, labels=LABELS, start=1, stop=3)
        with (tmp_path / "t.csv").open(newline="", encoding="utf-8") as file:
            assert [row[:2] for row in csv.reader(file)][1:] == [["2", LABELS[1]], ["3", ""]]
        lines = (tmp_path / "t.jsonl").read_text().splitlines()
        assert [json.loads(line)["timestep"] for line in lines] == [2, 3]
        content = json.loads((tmp_path / "t.json").read_text())
        assert (content["timesteps"], content["numbers"]) == (2, [2, 3])
        # What comes before the excerpt is what it begins from.
        np.testing.assert_array_equal(content["initial"]["h"], trace.values["h"][0])
        with np.load(tmp_path / "t.npz", allow_pickle=False) as arrays:
            assert arrays["numbers"].tolist() == [2, 3]
            np.testing.assert_array_equal(arrays["initial_h"], trace.values["h"][0])
            np.testing.assert_array_equal(arrays["h"], trace.values["h"][1:3])

    def test_backward_the_numbers_are_the_places_in_the_sequence(
        self, trace: Trace, tmp_path: Path
    ) -> None:
        path = tmp_path / "t.jsonl"
        write_trace(path, trace, labels=LABELS, backward=True, stop=2)
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        assert [(line["timestep"], line["label"]) for line in lines] == [
            (4, LABELS[0]),
            (3, LABELS[1]),
        ]
        np.testing.assert_array_equal(lines[1]["x"], trace.inputs[1])

    def test_table(self, trace: Trace) -> None:
        titles = [
            block.split("\n")[0] for block in format_table(trace, labels=LABELS).split("\n\n")
        ]
        assert titles == ["timestep 1 'l'", 'timestep 2 a,"b"', "timestep 3", "timestep 4 Thứ hai"]
        blocks = format_table(trace, start=1, stop=3).split("\n\n")
        assert blocks == format_table(trace).split("\n\n")[1:3]
        assert format_table(trace, backward=True, start=3).startswith("timestep 1\n")

    @pytest.mark.parametrize(
        ("start", "stop"), [(0, 5), (4, None), (2, 2), (3, 2), (-1, 2), (0, 0), (0, -1)]
    )
    def test_timesteps_that_are_not_there(
        self, trace: Trace, tmp_path: Path, start: int, stop: int | None
    ) -> None:
        message = r"Timesteps .* cannot be shown: the sequence has 0 to 4"
        with pytest.raises(InputError, match=message):
            write_trace(tmp_path / "t.csv", trace, start=start, stop=stop)
        with pytest.raises(InputError, match=message):
            format_table(trace, start=start, stop=stop)
        assert list(tmp_path.iterdir()) == []

    def test_labels_that_are_too_few(self, trace: Trace, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="There are 3 labels for 4 timesteps"):
            write_trace(tmp_path / "t.csv", trace, labels=LABELS[:3])


@pytest.mark.parametrize("cell", [RNN], indirect=False)
def test_an_unknown_suffix_and_a_missing_folder(trace: Trace, tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"suffix '.xls'; a trace can be in .csv, .json, .jsonl, .npz"
    ):
        write_trace(tmp_path / "t.xls", trace)
    with pytest.raises(InputError, match="cannot be written: there is no folder"):
        write_trace(tmp_path / "missing" / "t.csv", trace)
    assert list(tmp_path.iterdir()) == []


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a full disk, no file of this process can grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl", "npz"])
@pytest.mark.parametrize("timesteps", [1, 2000])  # fails when the file is closed; before that
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, suffix: str, timesteps: int) -> None:
    trace = unroll(RNN, random_parameters(RNN, 30, 2, 0), random_inputs(30, timesteps, 0))
    path = tmp_path / f"t.{suffix}"
    path.write_text("old")
    message = rf"t\.{suffix} cannot be written: File too large"
    with files_of_at_most(100), pytest.raises(InputError, match=message):
        write_trace(path, trace)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_table_shows_every_vector_of_every_timestep(trace: Trace) -> None:
    blocks = format_table(trace).split("\n\n")
    assert len(blocks) == trace.timesteps
    names = list(trace.cell.widths(3, 2))
    for t, block in enumerate(blocks):
        title, *lines = block.split("\n")
        assert title == f"timestep {t + 1}"
        assert [line.split()[0] for line in lines] == names
        for name, line in zip(names, lines, strict=True):
            assert [float(field) for field in line.split()[1:]] == pytest.approx(
                trace.vector(name, t), abs=0.5e-4 + 1e-15
            )


def test_the_columns_of_the_table_are_aligned(trace: Trace) -> None:
    lines = [line for line in format_table(trace).split("\n") if line.startswith(" ")]
    longest = max(lines, key=len)
    points = {k for k, character in enumerate(longest) if character == "."}
    for line in lines:
        assert {k for k, character in enumerate(line) if character == "."} <= points


def test_the_table_of_a_wide_or_huge_trace_stays_readable() -> None:
    parameters = random_parameters(LSTM, 20, 10, 0)
    zeros = np.zeros(10)
    wide = unroll(LSTM, parameters, np.zeros((1, 20)), {"h": zeros, "c": np.full(10, -1.5e300)})
    lines = format_table(wide).split("\n")
    assert lines[1].endswith("... 12 more")
    assert lines[2].endswith("... 2 more")
    assert "-1.5000e+300" in lines[3]
    assert max(map(len, lines)) < 140


def test_the_table_has_no_negative_zero() -> None:
    trace = unroll(RNN, random_parameters(RNN, 1, 1, 0), [[-1e-9]])
    assert "-0.0000" not in format_table(trace)
    assert "0.0000" in format_table(trace)
