"""`gatereel trace --gradients`: what it writes in each format, and what it refuses."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import DEMOS, Trace, unroll
from gatereel.rnn_math.gradients import FinalSum, SquaredError, Unit, backpropagate
from tests.cli.conftest import Command

BOTH = str(Path(__file__).parents[2] / "models" / "pytorch" / "lstm-two-both.safetensors")


@pytest.fixture
def trace() -> Trace:
    shown = DEMOS["lstm"]
    return unroll(shown.cell, shown.parameters, shown.inputs, shown.initial)


def test_npz_holds_every_gradient(gatereel: Command, folder: Path, trace: Trace) -> None:
    assert gatereel("trace", "lstm", "--gradients", "-o", "a.npz").code == 0
    wanted = backpropagate(trace, FinalSum())
    with np.load(folder / "a.npz") as read:
        for name, gradient in wanted.vectors.items():
            assert np.array_equal(read[f"dL_d{name}"], gradient)
        for name in wanted.weights:
            assert np.array_equal(read[f"dL_dW_{name}"], wanted.weights[name])
            assert np.array_equal(read[f"dL_db_{name}"], wanted.biases[name])
        for state in trace.cell.states:
            assert np.array_equal(read[f"dL_dinitial_{state}"], wanted.initial[state])
        assert np.array_equal(read["f"], trace.values["f"])


def test_json_in_one_piece_and_in_lines(gatereel: Command, folder: Path, trace: Trace) -> None:
    wanted = backpropagate(trace, Unit("c", 1, 1))
    words = ("trace", "lstm", "--gradients", "--loss", "c[2]@2")
    for name in ("a.json", "a.jsonl"):
        assert gatereel(*words, "-o", name).code == 0
    whole = json.loads((folder / "a.json").read_text(encoding="utf-8"))
    assert whole["gradients"]["dL_df"] == wanted.vectors["f"].tolist()
    assert whole["gradients"]["dL_dW_f"] == wanted.weights["f"].tolist()
    assert whole["nodes"]["f"] == trace.values["f"].tolist()
    lines = (folder / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["dL_dx"] for line in lines] == wanted.vectors["x"].tolist()


def test_csv_has_columns_of_gradients_for_the_chosen_timesteps(
    gatereel: Command, folder: Path, trace: Trace
) -> None:
    words = ("trace", "lstm", "--gradients", "--from", "2", "--to", "3", "-o", "a.csv")
    assert gatereel(*words).code == 0
    with (folder / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = backpropagate(trace, FinalSum()).vectors["h"][1:]
    assert [[float(row[f"dL_dh_{i}"]) for i in (1, 2)] for row in rows] == wanted.tolist()


def test_targets_from_a_file(gatereel: Command, folder: Path, trace: Trace) -> None:
    (folder / "y.csv").write_text("0.1,0.2\n0.3,0.4\n0.5,0.6\n", encoding="utf-8")
    assert gatereel("trace", "lstm", "--gradients", "--loss", "y.csv", "-o", "a.npz").code == 0
    wanted = backpropagate(trace, SquaredError([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]))
    with np.load(folder / "a.npz") as read:
        assert np.array_equal(read["dL_dx"], wanted.vectors["x"])


def test_a_table_shows_them_below_the_values(gatereel: Command) -> None:
    ended = gatereel("trace", "rnn", "--gradients")
    assert ended.code == 0
    names = [line.split()[0] for line in ended.out.splitlines() if line.startswith("  ")]
    assert names[:8] == ["x", "h_prev", "hx", "h", "dL/dx", "dL/dh_prev", "dL/dhx", "dL/dh"]


def test_without_the_option_nothing_changes(gatereel: Command) -> None:
    assert "dL" not in gatereel("trace", "rnn", "--format", "csv").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--loss", "h"), "give --gradients, too"),
        (("--gradients", "--loss", "k"), "has no state 'k'; it has h and c"),
        (("--gradients", "--loss", "h[3]"), "of unit 3; the hidden size is 2"),
        (("--gradients", "--loss", "h[0]"), "of unit 0; the hidden size is 2"),
        (("--gradients", "--loss", "h[1]@9"), "of timestep 9; the sequence has 3 timesteps"),
        (("--gradients", "--loss", "h@2"), "is not understood; give a state such as h"),
        (("--gradients", "--loss", "no.csv"), "no.csv"),
    ],
)
def test_what_is_wrong_is_said(gatereel: Command, words: tuple[str, ...], said: str) -> None:
    ended = gatereel("trace", "lstm", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


# --- somebody's own backward pass ----------------------------------------------------------------


def save(folder: Path, arrays: Mapping[str, Any]) -> None:
    np.savez(folder / "own.npz", **arrays)


def own(trace: Trace, folder: Path, **changed: np.ndarray) -> None:
    found = backpropagate(trace, FinalSum())
    arrays = {
        "dx": found.vectors["x"],
        "dW_f": found.weights["f"],
        "db_f": found.biases["f"].astype(np.float32),
        "dL_dinitial_c": found.initial["c"],
    }
    save(folder, arrays | changed)


def test_an_own_backward_pass_that_is_right(gatereel: Command, folder: Path, trace: Trace) -> None:
    own(trace, folder)
    ended = gatereel("trace", "lstm", "--gradients-of", "own.npz")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert [line.split(";")[0] for line in lines] == [
        "dx: agrees",
        "dW_f, forget gate: agrees",
        "db_f, forget gate: agrees",
        "dinitial_c: agrees",
    ]


def test_it_is_named_where_it_first_goes_wrong(
    gatereel: Command, folder: Path, trace: Trace
) -> None:
    found = backpropagate(trace, FinalSum())
    x = np.array(found.vectors["x"])
    x[:2] *= 1.01  # the pass goes from the last timestep to the first
    own(trace, folder, dx=x, dW_f=np.array(found.weights["f"]) + 0.1)
    ended = gatereel("trace", "lstm", "--gradients-of", "own.npz")
    assert ended.code == 1
    first, second, *rest = ended.out.splitlines()
    assert first.startswith("dx: DIFFERS, first at timestep 2; largest difference ")
    assert second == "dW_f, forget gate: DIFFERS; largest difference 1.0e-01"
    assert all("agrees" in line for line in rest)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"dW_q": np.zeros(2)}, "'dW_q' is the gradient of nothing in this cell; known are dx, "),
        ({"dx": np.zeros((2, 3))}, "dx has the shape (2, 3); the gradient by x has (3, 3)."),
        ({"dx": np.array(["a"])}, "dx holds no real numbers"),
        ({}, "it holds nothing"),
    ],
)
def test_a_file_of_something_else(
    gatereel: Command, folder: Path, arrays: dict[str, np.ndarray], said: str
) -> None:
    save(folder, arrays)
    ended = gatereel("trace", "lstm", "--gradients-of", "own.npz")
    assert ended.code == 2
    assert said in ended.err


def test_a_file_that_is_none(gatereel: Command, folder: Path) -> None:
    (folder / "own.npz").write_text("x", encoding="utf-8")
    ended = gatereel("trace", "lstm", "--gradients-of", "own.npz")
    assert (ended.code, ended.out) == (2, "")
    assert "own.npz is not a readable .npz archive" in ended.err


# --- a backward layer ----------------------------------------------------------------------------


def test_a_backward_layer_s_timesteps_are_the_sequence_s(gatereel: Command, folder: Path) -> None:
    (folder / "x.csv").write_text("1,0,0\n2,0,0\n3,0,0\n", encoding="utf-8")
    model = ("--weights", BOTH, "--layer", "lstm:1", "--direction", "backward")
    words = ("trace", *model, "--inputs", "x.csv", "--gradients")
    assert gatereel(*words, "--loss", "h[1]@3", "-o", "first.npz").code == 0
    with np.load(folder / "first.npz") as read:  # which it reads first: nothing later counts
        dx = read["dL_dx"]
        assert np.abs(dx[0]).max() > 0.0
        assert not dx[1:].any()
        hidden_size = read["h"].shape[1]
    rows = [",".join([str(t)] * hidden_size) for t in (1, 2, 3)]
    (folder / "y.csv").write_text("\n".join(rows), encoding="utf-8")
    assert gatereel(*words, "--loss", "y.csv", "-o", "error.npz").code == 0
    with np.load(folder / "error.npz") as read:
        np.testing.assert_allclose(read["dL_dh"][-1], read["h"][-1] - 1.0)
    dx[0] += 1.0
    save(folder, {"dx": dx})
    ended = gatereel(*words, "--loss", "h[1]@3", "--gradients-of", "own.npz")
    assert (ended.code, "first at timestep 3" in ended.out) == (1, True)
