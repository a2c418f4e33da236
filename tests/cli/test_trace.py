"""`gatereel trace`: the numbers, as a table and as files."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cli.report import size_text
from cli.sources import Source, compute
from rnn_math import CELLS, random_parameters
from rnn_math.files import format_table, write_parameters

Command = Callable[..., Any]


@pytest.mark.parametrize("name", CELLS)
def test_without_a_file_it_is_the_readable_table(gatereel: Command, name: str) -> None:
    ended = gatereel("trace", name.upper())
    trace = compute(CELLS[name], Source()).trace
    assert (ended.code, ended.out, ended.err) == (0, format_table(trace) + "\n", "")


@pytest.mark.parametrize("name", CELLS)
def test_every_format_holds_the_same_numbers(gatereel: Command, folder: Path, name: str) -> None:
    for suffix in (".json", ".csv", ".npz"):
        ended = gatereel("trace", name, "--seed", "3", "-o", f"out{suffix}")
        size = (folder / f"out{suffix}").stat().st_size
        assert ended.code == 0
        assert ended.out == f"out{suffix}  {size_text(size)}  3 timesteps\n"
    expected = compute(CELLS[name], Source(seed=3)).trace.values["h"]
    content = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert (content["cell"], content["timesteps"]) == (name, 3)
    np.testing.assert_array_equal(content["nodes"]["h"], expected)
    with np.load(folder / "out.npz") as arrays:
        np.testing.assert_array_equal(arrays["h"], expected)
    with (folder / "out.csv").open(encoding="utf-8") as file:
        rows = [[float(row["h_1"]), float(row["h_2"])] for row in csv.DictReader(file)]
    np.testing.assert_array_equal(rows, expected)


def test_sizes_beyond_a_picture_are_computed(gatereel: Command) -> None:
    ended = gatereel("trace", "gru", "--hidden-size", "20", "--input-size", "12")
    assert ended.code == 0
    assert "... 12 more" in ended.out


@pytest.mark.parametrize("quiet", [False, True])
def test_random_inputs_nobody_asked_for_are_told(
    gatereel: Command, folder: Path, quiet: bool
) -> None:
    write_parameters(folder / "w.npz", random_parameters(CELLS["rnn"], 3, 2, seed=1), CELLS["rnn"])
    ended = gatereel("trace", "rnn", "--weights", "w.npz", *(["--quiet"] if quiet else []))
    note = "gatereel: inputs: random, seed 0 (give --inputs FILE for your own)\n"
    assert (ended.code, ended.err) == (0, "" if quiet else note)


def test_quiet_writes_without_a_word(gatereel: Command, folder: Path) -> None:
    ended = gatereel("trace", "rnn", "--quiet", "--timesteps", "1", "-o", "rnn.json")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (folder / "rnn.json").exists()
