"""What a file leaves open and how it was taken is told by every command, --quiet or not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import random_inputs

Command = Callable[..., Any]

MODELS = Path(__file__).parent.parent / "models"
PYTORCH = MODELS / "pytorch"

LINEAR = PYTORCH / "linear-before.safetensors"
CELL = PYTORCH / "start-cell.safetensors"
WORDS = PYTORCH / "words.safetensors"
RELU = PYTORCH / "rnn.safetensors"
STATES = MODELS / "onnx" / "torch_states.onnx"
WEIGHTS = MODELS / "keras" / "all.weights.h5"

CASES = {
    LINEAR: "does not say what feeds 'gru'; the rows are taken to reach it straight, though "
    "fc_in.weight would fit and may stand between: give rows recorded at the layer",
    CELL: "cell is taken to start from what the file has beside it: h from hx and c from cx",
    RELU: "taken as tanh",
    STATES: "initial_h is an input of the model; taken as zeros",
}
"""File to what is assumed of it."""


@pytest.fixture
def rows(folder: Path) -> str:
    """A file of six rows of three features."""
    np.save(folder / "rows.npy", random_inputs(3, 6, seed=0))
    return "rows.npy"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
@pytest.mark.parametrize("words", [("trace",), ("render", "--dry-run")], ids=" ".join)
def test_assumptions_are_told_though_quiet(
    gatereel: Command, rows: str, words: tuple[str, ...], path: Path
) -> None:
    ended = gatereel(*words, "--quiet", "--weights", str(path), "--inputs", rows)
    assert ended.code == 0
    assert CASES[path] in ended.err


def test_remarks_are_not(gatereel: Command, rows: str) -> None:
    weights = MODELS / "onnx" / "torch_lstm.onnx"
    words = ("trace", "--weights", str(weights), "--inputs", rows)
    assert "made for 6 timesteps" in gatereel(*words).err
    assert gatereel(*words, "--quiet").err == ""


def test_weights_of_keras_alone_leave_much_open(gatereel: Command, rows: str) -> None:
    words = ("--layer", "first", "--weights", str(WEIGHTS), "--inputs", rows)
    ended = gatereel("trace", "--quiet", *words)
    assert "Activations are taken to be Keras's own" in ended.err
    assert "which layer feeds which" in ended.err


def test_embed_tells_them_by_file_and_line(gatereel: Command, folder: Path, rows: str) -> None:
    directive = f"<!-- gatereel: --weights {LINEAR} --inputs {rows} --timesteps 1 --still -->"
    (folder / "post.md").write_text(f"Words.\n\n{directive}\n", encoding="utf-8")
    ended = gatereel("embed", "post.md", "--check", "--quiet", "--allow-outside")
    (line,) = [each for each in ended.err.splitlines() if "fc_in.weight" in each]
    assert line.startswith("gatereel: post.md:3: ")
    assert CASES[LINEAR] in line


def test_token_ids_that_become_one_hot_rows_are_an_assumption(
    gatereel: Command, folder: Path
) -> None:
    (folder / "ids.json").write_text("[1, 0]", encoding="utf-8")
    ended = gatereel("trace", "--quiet", "--weights", str(CELL), "--inputs", "ids.json")
    assert "token ids are taken as one-hot rows of 3" in ended.err
    ended = gatereel("trace", "--quiet", "--weights", str(WORDS), "--inputs", "ids.json")
    assert "go through the embedding encoder.embedding.weight straight into" in ended.err
    assert "what feeds" not in ended.err, "The embedding that is used stands between no more"


@pytest.mark.parametrize("path", [LINEAR, CELL, RELU], ids=lambda path: path.name)
def test_verify_claims_no_more_than_it_proves(gatereel: Command, rows: str, path: Path) -> None:
    pytest.importorskip("torch")
    ended = gatereel("verify", str(path), "--inputs", rows)
    assert ended.code == 0
    assert "  agrees, on the assumptions below: " in ended.out
    assert "  assumed on both sides, so not proved: " in ended.out
    assert CASES[path] in ended.out
    assert CASES[path] in ended.err


def test_verify_without_assumptions_just_agrees(gatereel: Command, rows: str) -> None:
    pytest.importorskip("torch")
    ended = gatereel("verify", str(PYTORCH / "gru.safetensors"), "--inputs", rows)
    assert (ended.code, ended.err) == (0, "")
    assert "  agrees: " in ended.out
    assert "not proved" not in ended.out


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        (LINEAR, "gru: may be fed through fc_in.weight; the file does not tell"),
        (CELL, CASES[CELL]),
        (STATES, CASES[STATES]),
        (WEIGHTS, "Activations are taken to be Keras's own"),
    ],
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_inspect_lists_them(gatereel: Command, path: Path, hint: str) -> None:
    assert hint in gatereel("inspect", str(path)).out
