"""Traces that are written while they are computed."""

import json
import os
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import LSTM, RNN, Cell, InputError, random_inputs, random_parameters, unroll
from gatereel.rnn_math.files import TRACE_WRITERS, npz_traces, stream_trace, traces, write_trace

PARAMETERS = random_parameters(LSTM, 3, 2, 0)
INPUTS = random_inputs(3, 6, 0)
LABELS = ("a", "b", "c", "d", "e", "f")


@pytest.mark.parametrize("suffix", TRACE_WRITERS)
@pytest.mark.parametrize(("labels", "backward"), [((), False), (LABELS, True)])
@pytest.mark.parametrize(("start", "stop"), [(0, None), (2, 5)])
def test_a_streamed_trace_is_a_written_one(
    cell: Cell,
    tmp_path: Path,
    suffix: str,
    labels: tuple[str, ...],
    backward: bool,
    start: int,
    stop: int | None,
) -> None:
    parameters = random_parameters(cell, 3, 2, 0)
    initial = {state: [0.1, -0.7] for state in cell.states}
    written, streamed, stream = tmp_path / f"w{suffix}", tmp_path / f"s{suffix}", BytesIO()
    trace = unroll(cell, parameters, INPUTS, initial)
    write_trace(written, trace, labels=labels, backward=backward, start=start, stop=stop)
    for target in (streamed, stream):
        count = stream_trace(
            target,
            cell,
            parameters,
            INPUTS,
            initial,
            suffix=suffix,
            labels=labels,
            backward=backward,
            start=start,
            stop=stop,
        )
        assert count == (6 if stop is None else stop - start)
    assert streamed.read_bytes() == written.read_bytes()
    assert stream.getvalue() == written.read_bytes()
    assert set(tmp_path.iterdir()) == {written, streamed}


class Recorder(BytesIO):
    """Counts the lines that have been flushed."""

    flushed = 0

    def flush(self) -> None:
        self.flushed = self.getvalue().count(b"\n")


@pytest.mark.parametrize(("suffix", "header_lines"), [(".csv", 1), (".jsonl", 0)])
def test_lines_come_out_as_they_are_computed(suffix: str, header_lines: int) -> None:
    stream = Recorder()
    seen: list[int] = []

    def rows() -> Iterator[list[float]]:
        for row in INPUTS.tolist():
            seen.append(stream.flushed)
            yield row

    stream_trace(stream, LSTM, PARAMETERS, rows(), suffix=suffix)
    assert seen[1:] == [header_lines + t for t in range(1, 6)]
    assert stream.flushed == header_lines + 6


def test_an_endless_sequence_ends_where_it_is_told() -> None:
    stream = BytesIO()
    done: list[int] = []
    rows = repeat([0.1, 0.2, 0.3])
    count = stream_trace(
        stream, LSTM, PARAMETERS, rows, suffix=".jsonl", start=2, stop=4, progress=done.append
    )
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert count == 2
    assert [line["timestep"] for line in lines] == [3, 4]
    assert sum(done) == 4


def test_an_overflow_leaves_no_file_and_the_lines_before_it(tmp_path: Path) -> None:
    parameters = random_parameters(RNN, 1, 1, 0)
    rows, stream = [[1.0], [1.0], [float("nan")]], BytesIO()
    with pytest.raises(InputError, match="Row 3 of inputs has nan"):
        stream_trace(tmp_path / "t.csv", RNN, parameters, rows)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="Row 3 of inputs has nan"):
        stream_trace(stream, RNN, parameters, rows, suffix=".jsonl")
    assert len(stream.getvalue().splitlines()) == 2


def test_a_broken_pipe_passes() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb", buffering=0) as stream, pytest.raises(BrokenPipeError):
        stream_trace(stream, LSTM, PARAMETERS, INPUTS, suffix=".csv")


def test_an_error_of_the_sequence_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    def rows() -> Iterator[list[float]]:
        yield [1.0, 2.0, 3.0]
        raise OSError("odd")

    with pytest.raises(OSError, match="odd") as raised:
        stream_trace(tmp_path / "t.csv", LSTM, PARAMETERS, rows())
    assert not isinstance(raised.value, InputError)
    assert list(tmp_path.iterdir()) == []


def test_an_archive_goes_through_a_pipe_as_well(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as stream:
        stream_trace(stream, RNN, random_parameters(RNN, 1, 1, 0), [[1.0]] * 2, suffix=".npz")
    with os.fdopen(reader, "rb") as file, np.load(BytesIO(file.read())) as content:
        assert content["h"].shape == (2, 1)


INPUT_SIZE, HIDDEN_SIZE = 100, 50
VALUES = 2 * (INPUT_SIZE + HIDDEN_SIZE)  # of a timestep: x, hx = [h_prev, x], h
FEW, MANY = 50, 400
KEPT = 1 << 14  # bytes of a vector's rows in memory; of the few timesteps, too, more are on disk

# What Python has not given back yet of lists and texts, a tenth of all values of a long run.
SLACK = 80_000


def peak(path: Path, timesteps: int) -> int:
    """The most memory in use while a trace is streamed, in bytes."""
    tracemalloc.start()
    try:
        rows = repeat([0.5] * INPUT_SIZE, timesteps)
        stream_trace(path, RNN, random_parameters(RNN, INPUT_SIZE, HIDDEN_SIZE, 0), rows)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", TRACE_WRITERS)
def test_memory_does_not_grow_with_the_timesteps(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "_MEMORY_BOUND", KEPT)
    monkeypatch.setattr(npz_traces, "_BLOCK_BYTES", KEPT)
    path = tmp_path / f"t{suffix}"
    peak(path, 1)  # what is imported and cached the first time
    assert FEW * HIDDEN_SIZE * 8 > KEPT
    assert (MANY - FEW) * VALUES * 8 > 10 * SLACK
    assert peak(path, MANY) - peak(path, FEW) < SLACK


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": ("a", "b")}, "The number of timesteps is not known"),
        ({"backward": True}, "The number of timesteps is not known"),
        ({"start": 7}, "There is no timestep to write; the sequence ends before"),
        ({"start": 3, "stop": 3}, "Timesteps 3 to 3 cannot be shown: the sequence has 0 and on"),
        ({"suffix": ".xls"}, "has the suffix '.xls'; a trace can be in"),
    ],
)
def test_what_does_not_fit_a_sequence_of_unknown_length(
    tmp_path: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        stream_trace(tmp_path / "t.csv", LSTM, PARAMETERS, iter(INPUTS), **options)
    assert list(tmp_path.iterdir()) == []


def test_parameters_are_checked_before_anything_is_written(tmp_path: Path) -> None:
    stream = BytesIO()
    with pytest.raises(InputError, match="is missing"):
        stream_trace(stream, LSTM, random_parameters(RNN, 3, 2, 0), INPUTS, suffix=".csv")
    with pytest.raises(InputError, match="initial state 'c' is missing"):
        stream_trace(stream, LSTM, PARAMETERS, INPUTS, {"h": [0.0, 0.0]}, suffix=".csv")
    assert stream.getvalue() == b""
