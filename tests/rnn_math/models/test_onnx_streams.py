"""ONNX files that are called again and again are run as they are meant to be, and so compared."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import library_own_states, library_states, read_model, run
from tests.rnn_math.models.onnx_builders import MODELS, model, node, saved, weights

STREAMS = ["stream_by_hand", "stream_dynamo", "stream_lstm", "stream_pairs", "stream_stack"]

FLOAT32 = 1e-6
"""onnxruntime sums in float32; the states are below one."""


@pytest.mark.parametrize("name", STREAMS)
def test_a_stream_is_run_call_by_call(name: str) -> None:
    path = MODELS / f"{name}.onnx"
    read = read_model(path)
    with np.load(path.with_suffix(".npz")) as file:
        inputs, expected = file["inputs"], file["h"]
    top = read.layers[-1]
    ours = run(top, "forward", inputs).values
    theirs = library_states(path, read, top, "forward", inputs)
    np.testing.assert_allclose(ours["h"], expected, rtol=0, atol=FLOAT32)
    np.testing.assert_allclose(theirs["h"], expected, rtol=0, atol=FLOAT32)
    for state, values in theirs.items():
        np.testing.assert_allclose(ours[state], values, rtol=0, atol=FLOAT32)
    assert any("its states are carried from call to call" in note for note in read.notes)


def test_half_a_call_is_refused() -> None:
    path = MODELS / "stream_pairs.onnx"
    read = read_model(path)
    with pytest.raises(InputError, match=r"over 5 timesteps: it is made for 2 a call; give a mult"):
        library_states(path, read, read.layers[1], "forward", np.zeros((5, 3)))


def one_call(direction: str = "forward", *, hands_on: bool) -> onnx.ModelProto:
    """A GRU of one timestep a call."""
    directions = 2 if direction == "bidirectional" else 1
    made = model(
        [node("GRU", ["x", "W", "R", "B", "", "h0"], ["y", "hn"], name="g", direction=direction)],
        weights("GRU", directions=directions),
        {"x": (1, 1, 3), "h0": (directions, 1, 2)},
    )
    made.graph.node[0].attribute.append(helper.make_attribute("hidden_size", 2))
    del made.graph.output[:]
    made.graph.output.append(onnx.ValueInfoProto(name="hn" if hands_on else "y"))
    if not hands_on:  # nor does it take a state
        made.graph.node[0].input.pop()
        made.graph.input.pop()
    return made


@pytest.mark.parametrize(
    ("direction", "hands_on", "reason"),
    [
        (
            "forward",
            False,
            "hands no states from one call to the next; compare 1 timestep, with --timesteps 1",
        ),
        ("bidirectional", True, "reads backward, which would begin anew in each"),
    ],
)
def test_what_cannot_be_called_again_and_again_is_refused(
    tmp_path: Path, direction: str, hands_on: bool, reason: str
) -> None:
    path = saved(tmp_path, one_call(direction, hands_on=hands_on))
    read = read_model(path)
    with pytest.raises(InputError, match=reason):
        library_states(path, read, read.layers[0], "forward", np.zeros((3, 3)))
    assert library_states(path, read, read.layers[0], "forward", np.ones((1, 3)))["h"].shape == (
        1,
        2,
    )


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize(("type_name", "dtype"), [("DOUBLE", np.float64), ("FLOAT16", np.float16)])
def test_files_of_other_types_are_held_against_float32(
    tmp_path: Path, kind: str, type_name: str, dtype: Any
) -> None:
    """Onnxruntime has no recurrent operator in float64, and rounds more in float16."""
    constants = {name: array.astype(dtype) for name, array in weights(kind).items()}
    nodes = [
        node("Transpose", ["x"], ["laid"], perm=[1, 0, 2]),
        node(kind, ["laid", "W", "R", "B"], ["y"], hidden_size=2),
    ]
    path = saved(
        tmp_path,
        model(
            nodes,
            constants,
            {"x": ("B", "T", 3)},
            types={"x": onnx.TensorProto.DataType.Value(type_name)},
        ),
    )
    read = read_model(path)
    inputs = np.random.default_rng(0).normal(size=(4, 3))
    ours = run(read.layers[0], "forward", inputs).values["h"]
    theirs = library_states(path, read, read.layers[0], "forward", inputs)["h"]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32)
    if type_name == "FLOAT16":
        own = library_own_states(path, read, read.layers[0], "forward", inputs)["h"]
        assert np.abs(ours - own).max() > FLOAT32
    else:
        with pytest.raises(InputError, match="cannot be run in onnxruntime"):
            library_own_states(path, read, read.layers[0], "forward", inputs)


@pytest.mark.parametrize("name", ["quantised_lstm", "quantised_gru"])
def test_quantised_layers_are_refused_with_their_sizes(name: str) -> None:
    (layer,) = read_model(MODELS / f"{name}.onnx").layers
    assert (layer.input_size, layer.hidden_size) == (4, 8)
    assert layer.refusal


WRONG = [(1, 1, 5), (1, 2), (2, 1, 2), (1, 1, 1), (1, 0, 2), (1, 1, 2, 1)]
"""Shapes of a state that onnxruntime refuses to run; (1, 1, 2) is needed."""


def with_state(called: str, shape: tuple[int, ...], way: str) -> onnx.ModelProto:
    """An LSTM with a state of noughts."""
    reads = ["x", "W", "R", "B", "", "h" if called == "initial_h" else ""]
    if called == "initial_c":
        reads.append("c")
    name = reads[-1]
    nodes = [node("LSTM", reads, ["y"], name="l", hidden_size=2)]
    constants: dict[str, Any] = weights("LSTM")
    inputs: dict[str, Any] = {"x": ("T", "B", 3)}
    if way == "constant":
        constants[name] = np.zeros(shape, dtype=np.float32)
    elif way == "computed":
        constants["size"] = np.array(shape, dtype=np.int64)
        nodes.insert(0, node("ConstantOfShape", ["size"], [name]))
    else:
        inputs[name] = shape
    return model(nodes, constants, inputs)


@pytest.mark.parametrize("way", ["constant", "computed", "input"])
@pytest.mark.parametrize("called", ["initial_h", "initial_c"])
@pytest.mark.parametrize("shape", WRONG)
def test_noughts_of_a_wrong_shape_are_no_state(
    tmp_path: Path, called: str, shape: tuple[int, ...], way: str
) -> None:
    if way == "input" and 0 in shape:
        shape = (1, 2, 1)  # a nought stands for an open size there
    path = saved(tmp_path, with_state(called, shape, way))
    with pytest.raises(InputError, match=rf"{called} of 'l' has shape .*; \(1, any, 2\) is needed"):
        read_model(path)
    right = saved(tmp_path, with_state(called, (1, 1, 2), way))
    assert not read_model(right).layers[0].refusal


def test_the_batch_of_a_state_is_the_sequence_s(tmp_path: Path) -> None:
    made = with_state("initial_h", (1, 3, 2), "constant")
    assert not read_model(saved(tmp_path, made)).layers[0].refusal  # it is left open
    made.graph.input[0].type.tensor_type.shape.dim[1].dim_value = 2
    with pytest.raises(InputError, match=r"shape \(1, 3, 2\); \(1, 2, 2\) is needed"):
        read_model(saved(tmp_path, made))


def test_a_state_that_an_operation_shapes_is_looked_at(tmp_path: Path) -> None:
    made = with_state("initial_h", (1, 1, 2), "constant")
    shape = numpy_helper.from_array(np.array([1, 2, 1], dtype=np.int64), "laid")
    made.graph.initializer.append(shape)
    made.graph.node[0].input[5] = "h_laid"
    made.graph.node.insert(0, node("Reshape", ["h", "laid"], ["h_laid"]))
    with pytest.raises(InputError, match=r"shape \(1, 2, 1\)"):
        read_model(saved(tmp_path, made))
