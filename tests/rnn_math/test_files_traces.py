"""Traces to files, read back with other means, and as a table."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from rnn_math import LSTM, RNN, Cell, InputError, Trace, random_inputs, random_parameters, unroll
from rnn_math.files import format_table, write_trace


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


@pytest.mark.parametrize("cell", [RNN], indirect=False)
def test_an_unknown_suffix_and_a_missing_folder(trace: Trace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"suffix '.xls'; a trace can be in .csv, .json, .npz"):
        write_trace(tmp_path / "t.xls", trace)
    with pytest.raises(InputError, match="cannot be written: there is no folder"):
        write_trace(tmp_path / "missing" / "t.csv", trace)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("cell", [RNN], indirect=False)
def test_a_full_disk_leaves_the_old_file(
    trace: Trace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match=r"t\.csv cannot be written: No space left on device"):
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
