"""`gatereel trace`: the numbers, as a table and as files."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.cli.inputs.preparing import prepare
from gatereel.cli.options.sources import Source
from gatereel.cli.terminal.report import size_text
from gatereel.rnn_math import CELLS, random_parameters
from gatereel.rnn_math.files import format_table, write_parameters

Command = Callable[..., Any]

BOTH = str(Path(__file__).parents[2] / "models" / "pytorch" / "lstm-two-both.safetensors")
"""A model whose lowest layer reads three features, forward and backward."""


@pytest.mark.parametrize("name", CELLS)
def test_without_a_file_it_is_the_readable_table(gatereel: Command, name: str) -> None:
    ended = gatereel("trace", name.upper())
    trace = prepare(CELLS[name], Source()).trace
    assert (ended.code, ended.out, ended.err) == (0, format_table(trace) + "\n", "")


@pytest.mark.parametrize("name", CELLS)
def test_every_format_holds_the_same_numbers(gatereel: Command, folder: Path, name: str) -> None:
    for suffix in (".json", ".csv", ".npz", ".jsonl"):
        ended = gatereel("trace", name, "--seed", "3", "-o", f"out{suffix}")
        size = (folder / f"out{suffix}").stat().st_size
        assert ended.code == 0
        assert ended.out == f"out{suffix}  {size_text(size)}  3 timesteps\n"
    expected = prepare(CELLS[name], Source(seed=3)).trace.values["h"]
    content = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert (content["cell"], content["timesteps"]) == (name, 3)
    np.testing.assert_array_equal(content["nodes"]["h"], expected)
    with np.load(folder / "out.npz") as arrays:
        np.testing.assert_array_equal(arrays["h"], expected)
    with (folder / "out.csv").open(encoding="utf-8") as file:
        rows = [[float(row["h_1"]), float(row["h_2"])] for row in csv.DictReader(file)]
    np.testing.assert_array_equal(rows, expected)
    lines = (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()
    np.testing.assert_array_equal([json.loads(line)["h"] for line in lines], expected)


@pytest.mark.parametrize("format_", ["csv", "json", "jsonl"])
def test_the_standard_output_gets_what_a_file_gets(
    gatereel: Command, gatereel_process: Command, folder: Path, format_: str
) -> None:
    written = gatereel("trace", "gru", "-o", f"out.{format_}")
    for options in (("--format", format_), ("--format", format_, "-o", "-")):
        printed = gatereel_process("trace", "gru", *options)
        assert (written.code, printed.code, printed.err) == (0, 0, "")
        assert printed.out == (folder / f"out.{format_}").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        (("--format", "npz"), "give -o FILE"),
        (("--format", "table", "-o", "x.csv"), "leave -o out"),
        (("--to", "4"), "--to is 4; the sequence has 3 timesteps"),
        (("--from", "3", "--to", "2"), "--from is 3; the timesteps end with 2"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    gatereel: Command, folder: Path, options: tuple[str, ...], hint: str
) -> None:
    ended = gatereel("trace", "gru", *options)
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err
    assert list(folder.iterdir()) == []


def test_a_window_shows_the_same_numbers_as_the_whole(gatereel: Command) -> None:
    whole = gatereel("trace", "lstm", "--seed", "2", "--timesteps", "5").out.split("\n\n")
    window = gatereel(
        "trace", "lstm", "--seed", "2", "--timesteps", "5", "--from", "2", "--to", "3"
    )
    assert window.out.strip().split("\n\n") == [block.strip() for block in whole[1:3]]


@pytest.mark.parametrize("window", [(), ("--from", "2", "--to", "3")], ids=["whole", "window"])
def test_a_backward_layer_s_rows_come_as_it_reads_with_the_sequence_s_numbers(
    gatereel: Command, folder: Path, window: tuple[str, ...]
) -> None:
    rows = np.array([[1.0, 0.0, 0.0], [2.0, 0.0, 0.0], [3.0, 0.0, 0.0]])
    lines = [f"{name},{row[0]},{row[1]},{row[2]}" for name, row in zip("abc", rows, strict=True)]
    (folder / "rows.csv").write_text("\n".join(["word,x,y,z", *lines]), encoding="utf-8")
    model = ("--weights", BOTH, "--layer", "lstm:1", "--direction", "backward")
    words = ("trace", *model, "--inputs", "rows.csv", *window)
    numbers = [3, 2] if window else [3, 2, 1]
    labels = ["c", "b"] if window else ["c", "b", "a"]

    heads = [line for line in gatereel(*words).out.splitlines() if line.startswith("timestep")]
    assert heads == [f"timestep {n} {label}" for n, label in zip(numbers, labels, strict=True)]

    for suffix in (".csv", ".jsonl", ".json", ".npz"):
        assert gatereel(*words, "-o", f"out{suffix}").code == 0
    with (folder / "out.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert [int(row["timestep"]) for row in table] == numbers
    assert [row["label"] for row in table] == labels
    assert [float(row["x_1"]) for row in table] == numbers
    dicts = [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]
    assert [each["timestep"] for each in dicts] == numbers
    assert [each["x"][0] for each in dicts] == numbers
    content = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert (content["numbers"], content["labels"]) == (numbers, labels)
    assert [row[0] for row in content["inputs"]] == numbers
    with np.load(folder / "out.npz") as arrays:
        assert (arrays["numbers"].tolist(), arrays["labels"].tolist()) == (numbers, labels)
        assert arrays["inputs"][:, 0].tolist() == numbers
        np.testing.assert_array_equal(arrays["h"], content["nodes"]["h"])
    states = np.array(content["nodes"]["h"])
    previous = [each["h_prev"] for each in dicts]
    np.testing.assert_array_equal(previous[1:], states[:-1])  # each from the row above it


def test_rows_come_from_the_standard_input(gatereel: Command, folder: Path, start: Command) -> None:
    rows = "0.1,0.2,0.3\n-0.4,0.5,0.6\n"
    (folder / "rows.csv").write_text(rows, encoding="utf-8")
    expected = gatereel("trace", "lstm", "--inputs", "rows.csv", "--format", "csv").out
    process = start(["trace", "lstm", "--inputs", "-", "--format", "csv"], stdin=True)
    printed, errors = process.communicate(rows)
    assert (printed, errors, process.returncode) == (expected, "", 0)


def test_text_is_one_hot_by_a_vocabulary(gatereel: Command, folder: Path) -> None:
    (folder / "letters.txt").write_text("a\nb\nc\n", encoding="utf-8")
    ended = gatereel("trace", "rnn", "--text", "cab", "--vocab", "letters.txt")
    assert (ended.code, ended.err) == (0, "")
    assert [line for line in ended.out.splitlines() if line.startswith("timestep")] == [
        "timestep 1 'c'",
        "timestep 2 'a'",
        "timestep 3 'b'",
    ]
    inputs = [line.split()[1:] for line in ended.out.splitlines() if line.startswith("  x ")]
    np.testing.assert_array_equal(np.array(inputs, float), np.eye(3)[[2, 0, 1]])


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
