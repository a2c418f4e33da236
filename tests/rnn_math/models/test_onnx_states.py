"""onnxruntime's states, timestep by timestep, are those of the whole sequence and ours."""

import sys
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import Array, InputError
from gatereel.rnn_math.models import Direction, library_states, read_model, run
from gatereel.rnn_math.models.onnx import states as onnx_states
from tests.rnn_math.models.onnx_builders import MODELS, node, one_node, saved, weights
from tests.rnn_math.models.onnx_builders import model as make_model

FLOAT32 = 1e-6
"""onnxruntime sums in float32; the states are below one."""

EXACT = 0.0

NAMES = [
    "dynamo_embedding",
    "dynamo_gru",
    "dynamo_lstm_both",
    "gru_initial",
    "gru_reset_after",
    "gru_reset_before",
    "lstm_initial",
    "lstm_layout",
    "lstm_reverse",
    "rnn_mixed",
    "torch_embedding",
    "torch_gru_both",
    "torch_lstm_batch",
    "torch_lstm_both",
    "torch_outside",
    "torch_rnn_relu",
    "torch_states",
]


def rows(name: str) -> Array:
    with np.load(MODELS / f"{name}.npz") as file:
        if "inputs" in file.files:
            return np.asarray(file["inputs"], dtype=np.float64)
        (matrix,) = read_model(MODELS / f"{name}.onnx").embeddings.values()
        return np.asarray(matrix[file["tokens"]])


@pytest.mark.parametrize("name", NAMES)
def test_every_state_of_every_layer_and_direction(name: str) -> None:
    path = MODELS / f"{name}.onnx"
    model, inputs = read_model(path), rows(name)
    for layer in model.layers:
        for direction, strand in layer.strands.items():
            theirs = library_states(path, model, layer, direction, inputs)
            ours = run(layer, direction, inputs).values
            assert tuple(theirs) == strand.cell.states
            for state, values in theirs.items():
                assert values.dtype == np.float64
                np.testing.assert_allclose(ours[state], values, rtol=EXACT, atol=FLOAT32)


@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_the_states_are_those_that_the_whole_model_gave(direction: Direction) -> None:
    path = MODELS / "torch_lstm_both.onnx"
    model = read_model(path)
    with np.load(MODELS / "torch_lstm_both.npz") as file:
        whole, last = file["h_1"], file["c_1"]
    theirs = library_states(path, model, model.layers[1], direction, rows("torch_lstm_both"))
    k = ("forward", "backward").index(direction)
    in_order = whole[:, k] if direction == "forward" else whole[::-1, k]
    np.testing.assert_allclose(theirs["h"], in_order, rtol=EXACT, atol=FLOAT32)
    np.testing.assert_allclose(theirs["c"][-1], last[k], rtol=EXACT, atol=FLOAT32)


def test_other_weights_give_other_states(tmp_path: Path) -> None:
    """The comparison can fail: it runs the file, not the layer that is handed in."""
    ours = read_model(MODELS / "gru_reset_before.onnx").layers[0]
    path = saved(tmp_path, one_node("GRU", hidden_size=2))
    model = read_model(path)
    inputs = rows("gru_reset_before")
    theirs = library_states(path, model, model.layers[0], "forward", inputs)
    assert not np.allclose(theirs["h"], run(ours, "forward", inputs).values["h"])


def test_computed_weights_come_out_of_onnxruntime(tmp_path: Path) -> None:
    constants = weights("GRU")
    constants["Wt"] = constants.pop("W").transpose(0, 2, 1)
    nodes = [
        node("Transpose", ["Wt"], ["W"], perm=[0, 2, 1]),
        node("GRU", ["x", "W", "R", "B"], ["y"], hidden_size=2),
    ]
    path = saved(tmp_path, make_model(nodes, constants))
    model = read_model(path)
    inputs = rows("gru_reset_before")
    theirs = library_states(path, model, model.layers[0], "forward", inputs)
    ours = run(model.layers[0], "forward", inputs).values["h"]
    np.testing.assert_allclose(ours, theirs["h"], rtol=EXACT, atol=FLOAT32)


def test_a_length_that_the_file_does_not_take_is_explained() -> None:
    path = MODELS / "dynamo_lstm_both.onnx"
    model = read_model(path)
    inputs = rows("dynamo_lstm_both")[:4]
    with pytest.raises(InputError, match="cannot be run in onnxruntime"):
        library_states(path, model, model.layers[1], "forward", inputs)


def test_inputs_of_another_width_are_refused() -> None:
    path = MODELS / "torch_gru.onnx"
    model = read_model(path)
    with pytest.raises(InputError, match="3 columns are needed"):
        library_states(path, model, model.layers[0], "forward", np.zeros((4, 2)))


def test_a_missing_onnxruntime_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    path = MODELS / "torch_gru.onnx"
    model = read_model(path)
    with pytest.raises(InputError, match="pip install onnxruntime"):
        library_states(path, model, model.layers[0], "forward", rows("torch_gru"))


def test_steps_that_differ_from_the_whole_are_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = MODELS / "torch_gru.onnx"
    model = read_model(path)
    monkeypatch.setattr(
        onnx_states,
        "_feeds",
        lambda sequence, starts: {"X": sequence, "initial_h": np.zeros_like(starts[0])},
    )  # the state is forgotten from one timestep to the next
    with pytest.raises(InputError, match="cannot be compared"):
        library_states(path, model, model.layers[0], "forward", rows("torch_gru"))
