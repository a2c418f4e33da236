"""What feeds an ONNX node, and where it starts, as the file's operations lay it out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from gatereel.rnn_math import Array, InputError
from gatereel.rnn_math.models import (
    Direction,
    layer_inputs,
    library_states,
    read_model,
    run,
    started,
)
from tests.rnn_math.models.onnx_builders import (
    MODELS,
    hidden_states,
    node,
    one_node,
    saved,
    weights,
    with_constant,
)
from tests.rnn_math.models.onnx_builders import model as make_model

FLOAT32 = 1e-6
"""onnxruntime sums in float32; the states are below one."""

SEQUENCE = np.random.default_rng(2).standard_normal((5, 3))


def test_a_stack_takes_other_lengths_where_the_file_does() -> None:
    upper = read_model(MODELS / "torch_gru_both.onnx").layers[1]
    assert layer_inputs(upper, SEQUENCE).shape == (5, 4)


def test_a_stack_whose_file_fixes_the_length_refuses_others() -> None:
    upper = read_model(MODELS / "dynamo_lstm_both.onnx").layers[1]
    with pytest.raises(InputError, match="does not take a sequence of 5 timesteps"):
        layer_inputs(upper, SEQUENCE)


@pytest.mark.parametrize("opset", [7, 9, 11, 13, 14, 22])
def test_operator_sets_differ_in_how_axes_are_given(tmp_path: Path, opset: int) -> None:
    lower = node("LSTM", ["x", "aW", "aR", "aB"], ["a"], hidden_size=2)
    if opset < 13:
        between = node("Squeeze", ["a"], ["s"], axes=[1])
    else:
        between = node("Squeeze", ["a", "one"], ["s"])
    upper = node("LSTM", ["s", "bW", "bR", "bB"], ["b"], hidden_size=2)
    constants = weights("LSTM", "a") | weights("LSTM", "b", input_size=2, seed=1)
    constants["one"] = np.array([1])
    model = read_model(saved(tmp_path, make_model([lower, between, upper], constants, opset=opset)))
    first, second = model.layers
    assert second.below is first
    expected = run(first, "forward", SEQUENCE).values["h"]
    np.testing.assert_array_equal(layer_inputs(second, SEQUENCE), expected)


@pytest.mark.parametrize(
    ("between", "why"),
    [
        (node("Relu", ["a"], ["s"]), "Relu"),
        (node("Slice", ["x", "one", "two", "zero"], ["s"]), "Slice stands between"),
        (node("Cast", ["x"], ["s"], to=7), "Cast"),
        (node("Conv", ["x", "W"], ["s"]), "Conv stands between"),
        (node("Concat", ["x", "x2"], ["s"], axis=2), "2 tensors at once"),
        (node("Reshape", ["x", "shape"], ["s"]), "does not hand on a sequence"),
        (node("Identity", ["W"], ["s"]), "a constant"),
        (node("Squeeze", ["ah", "zero"], ["s"]), "the last state of 'a'"),
    ],
)
def test_what_stands_between_is_named(tmp_path: Path, between: onnx.NodeProto, why: str) -> None:
    lower = node("LSTM", ["x", "aW", "aR", "aB"], ["a", "ah"], hidden_size=2, name="a")
    upper = node("LSTM", ["s", "W", "R", "B"], ["b"], hidden_size=2, name="b")
    constants = weights("LSTM", "a") | weights("LSTM")
    constants |= {"zero": np.array([0]), "one": np.array([1]), "two": np.array([2])}
    constants["shape"] = np.array([1, -1, 3])
    shapes = {"x": ("T", "B", 3), "x2": ("T", "B", 3)}
    nodes = [lower, between, upper]
    model = read_model(saved(tmp_path, make_model(nodes, constants, shapes)))
    assert model.layers[0].refusal == ""
    assert (model.layers[1].refusal, list(model.layers[1].strands)) == ("", ["forward"])
    assert why in model.layers[1].unfed


def test_a_layer_above_a_refused_one_stands_alone(tmp_path: Path) -> None:
    unknown: dict[str, Any] = {"activations": ["Swish", "Tanh"], "hidden_size": 2}
    lower = node("GRU", ["x", "aW", "aR"], ["a"], name="low", **unknown)
    flat = node("Squeeze", ["a", "one"], ["s"])
    upper = node("GRU", ["s", "bW", "bR"], ["b"], hidden_size=2)
    constants = weights("GRU", "a") | weights("GRU", "b", input_size=2) | {"one": np.array([1])}
    model = read_model(saved(tmp_path, make_model([lower, flat, upper], constants)))
    assert "'low'" in model.layers[1].unfed


def test_an_initial_state_that_is_kept_in_the_file_is_used(tmp_path: Path) -> None:
    made = with_constant(one_node("GRU", ["", "h0"]), "h0", np.full((1, 2, 2), 0.5, np.float32))
    strand = read_model(saved(tmp_path, made)).layers[0].strands["forward"]
    assert strand.initial is not None
    np.testing.assert_array_equal(strand.initial["h"], [0.5, 0.5])


def test_an_initial_state_that_differs_within_the_batch_is_refused(tmp_path: Path) -> None:
    h0 = np.array([[[0.5, 0.5], [0.5, 0.25]]], dtype=np.float32)
    made = with_constant(one_node("GRU", ["", "h0"]), "h0", h0)
    (layer,) = read_model(saved(tmp_path, made)).layers
    assert "differs between the sequences of a batch" in layer.refusal


def test_a_constant_length_is_refused_unless_it_is_the_sequence_s(tmp_path: Path) -> None:
    made = with_constant(one_node("RNN", ["n"]), "n", np.array([4], np.int32))
    assert "sequence_lens" in read_model(saved(tmp_path, made)).layers[0].refusal
    made.graph.input[0].type.tensor_type.shape.dim[0].dim_value = 4
    assert read_model(saved(tmp_path, made)).layers[0].refusal == ""


SHAPES: dict[str, tuple[tuple[str | int, ...], list[onnx.NodeProto], int]] = {
    "timesteps, batch": (("T", "B", 3), [node("Identity", ["x"], ["s"])], 0),
    "batch, timesteps": (("B", "T", 3), [node("Transpose", ["x"], ["s"], perm=[1, 0, 2])], 0),
    "layout": (("B", "T", 3), [node("Identity", ["x"], ["s"])], 1),
    "no batch": (("T", 3), [node("Unsqueeze", ["x", "one"], ["s"])], 0),
    "one in the batch": ((1, "T", 3), [node("Reshape", ["x", "shape"], ["s"])], 0),
    "a batch of two": (("T", 2, 3), [node("Dropout", ["x"], ["s"])], 0),
    "both fixed": ((4, 6, 3), [node("Transpose", ["x"], ["s"], perm=[1, 0, 2])], 0),
}


@pytest.mark.parametrize("way", SHAPES)
def test_however_a_sequence_lies_in_the_input_it_is_read_as_it_is(tmp_path: Path, way: str) -> None:
    shape, between, layout = SHAPES[way]
    last = node("GRU", ["s", "W", "R", "B"], ["y"], name="g", layout=layout, hidden_size=2)
    constants = weights("GRU") | {"one": np.array([1]), "shape": np.array([-1, 1, 3])}
    path = saved(tmp_path, make_model([*between, last], constants, {"x": shape}))
    model = read_model(path)
    (layer,) = model.layers
    assert layer.refusal == ""
    inputs = np.random.default_rng(4).standard_normal((6, 3))
    np.testing.assert_array_equal(layer_inputs(layer, inputs), inputs)
    theirs = library_states(path, model, layer, "forward", inputs)["h"]
    ours = run(layer, "forward", inputs).values["h"]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32)


READS: dict[str, tuple[list[onnx.NodeProto], Callable[[Array], Array]]] = {
    "one direction": (
        [node("Gather", ["a", "pick"], ["s"], axis=1)],
        lambda y: y[:, 1],
    ),
    "the timesteps turned round": (
        [
            node("Slice", ["a", "last", "far", "zero", "last"], ["t"]),
            node("Gather", ["t", "pick"], ["s"], axis=1),
        ],
        lambda y: y[::-1, 1],
    ),
    "one direction of a split": (
        [node("Split", ["a"], ["f", "b"], axis=1), node("Squeeze", ["f", "one"], ["s"])],
        lambda y: y[:, 0],
    ),
    "both exchanged and halves of them": (
        [
            node("Split", ["a"], ["f", "b"], axis=1),
            node("Concat", ["b", "f"], ["c"], axis=3),
            node("Squeeze", ["c", "one"], ["d"]),
            node("Slice", ["d", "one", "three", "two"], ["s"]),
        ],
        lambda y: np.stack([y[:, 1, 1], y[:, 0, 0]], axis=1),
    ),
}


@pytest.mark.parametrize("way", READS)
def test_an_upper_layer_reads_what_the_operations_between_give(tmp_path: Path, way: str) -> None:
    between, expected = READS[way]
    lower = node("LSTM", ["x", "aW", "aR"], ["a"], direction="bidirectional", hidden_size=2)
    upper = node("GRU", ["s", "bW", "bR"], ["y"], hidden_size=2)
    constants = weights("LSTM", "a", directions=2) | weights("GRU", "b", input_size=2)
    numbers = {"zero": 0, "one": 1, "two": 2, "three": 3, "last": -1, "far": -(2**63)}
    constants |= {name: np.array([number]) for name, number in numbers.items()}
    constants["pick"] = np.array(1)
    path = saved(tmp_path, make_model([lower, *between, upper], constants, opset=17))
    model = read_model(path)
    first, second = model.layers
    assert second.refusal == ""
    y = hidden_states(first, SEQUENCE)
    np.testing.assert_array_equal(layer_inputs(second, SEQUENCE), expected(y))
    theirs = library_states(path, model, second, "forward", SEQUENCE)["h"]
    ours = run(second, "forward", SEQUENCE).values["h"]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32)


def test_an_initial_state_stands_behind_the_batch_in_the_other_layout(tmp_path: Path) -> None:
    h0 = np.array([[[0.5, 0.25], [0.125, 1.0]]], dtype=np.float32)
    made = one_node("GRU", ["", "h0"], direction="bidirectional", layout=1)
    (layer,) = read_model(saved(tmp_path, with_constant(made, "h0", h0))).layers
    both: tuple[Direction, ...] = ("forward", "backward")
    for direction, expected in zip(both, h0[0], strict=True):
        initial = layer.strands[direction].initial
        assert initial is not None
        np.testing.assert_array_equal(initial["h"], expected)


def test_an_initial_state_spread_over_the_batch_is_used(tmp_path: Path) -> None:
    nodes = [
        node("Shape", ["x"], ["shape"], start=1, end=2),
        node("Concat", ["one", "shape", "two"], ["wanted"], axis=0),
        node("Expand", ["learned", "wanted"], ["h0"]),
        node("GRU", ["x", "W", "R", "", "", "h0"], ["y"], hidden_size=2),
    ]
    constants = weights("GRU") | {"one": np.array([1]), "two": np.array([2])}
    constants["learned"] = np.array([[[0.5, -0.5]]], dtype=np.float32)
    path = saved(tmp_path, make_model(nodes, constants))
    model = read_model(path)
    initial = model.layers[0].strands["forward"].initial
    assert initial is not None
    np.testing.assert_array_equal(initial["h"], [0.5, -0.5])
    theirs = library_states(path, model, model.layers[0], "forward", SEQUENCE)["h"]
    ours = run(model.layers[0], "forward", SEQUENCE).values["h"]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32)


def test_an_initial_state_from_another_layer_must_be_given(tmp_path: Path) -> None:
    nodes = [
        node("GRU", ["x", "W", "R"], ["a", "last"], hidden_size=2),
        node("GRU", ["x", "W", "R", "", "", "last"], ["b"], hidden_size=2),
    ]
    path = saved(tmp_path, make_model(nodes, weights("GRU")))
    model = read_model(path)
    upper = model.layers[1]
    assert "its initial_h comes from GRU" in upper.unstarted
    assert upper.refusal == ""
    with pytest.raises(InputError, match="first states of"):
        run(upper, "forward", SEQUENCE)
    begun = started(upper, "forward", {"h": np.array([0.5, -0.5])})
    ours = run(begun, "forward", SEQUENCE)
    theirs = library_states(path, model, begun, "forward", SEQUENCE)["h"]
    np.testing.assert_allclose(ours.values["h"], theirs, rtol=0, atol=FLOAT32)


MIXING = (
    node("Transpose", ["x"], ["turned"], perm=[0, 2, 1]),
    node("Reshape", ["turned", "shape"], ["read"]),
    node("LSTM", ["read", "W", "R", "B"], ["y"], hidden_size=2),
)
"""For one sequence of one timestep, or one of timesteps as the batch, this looks straight."""


@pytest.mark.parametrize("declared", [(1, "T", 3), ("N", "T", 3)])
def test_what_mixes_timesteps_and_features_is_refused(
    tmp_path: Path, declared: tuple[int | str, ...]
) -> None:
    constants = weights("LSTM") | {"shape": np.array([-1, 1, 3])}
    made = make_model(MIXING, constants, {"x": declared})
    (layer,) = read_model(saved(tmp_path, made)).layers
    assert "(Reshape, Transpose) does not hand on a sequence of 3 features" in layer.unfed


def test_of_a_size_of_one_and_an_open_one_the_open_one_is_the_length(tmp_path: Path) -> None:
    turn = node("Transpose", ["x"], ["read"], perm=[1, 0, 2])
    lone = node("LSTM", ["read", "W", "R", "B"], ["y"], name="one", hidden_size=2)
    made = make_model([turn, lone], weights("LSTM"), {"x": (1, "T", 3)})
    path = saved(tmp_path, made)
    model = read_model(path)
    (layer,) = model.layers
    assert (layer.refusal, model.notes) == ("", ())
    theirs = library_states(path, model, layer, "forward", SEQUENCE)
    np.testing.assert_allclose(
        run(layer, "forward", SEQUENCE).values["h"], theirs["h"], rtol=0, atol=FLOAT32
    )


def test_a_cast_to_16_bits_is_refused(tmp_path: Path) -> None:
    types = onnx.TensorProto
    down = node("Cast", ["x"], ["short"], to=types.FLOAT16)
    up = node("Cast", ["short"], ["read"], to=types.FLOAT)
    lone = node("LSTM", ["read", "W", "R", "B"], ["y"], hidden_size=2)
    made = make_model([down, up, lone], weights("LSTM"))
    (layer,) = read_model(saved(tmp_path, made)).layers
    assert "Cast to 16 bits stands between" in layer.unfed


@pytest.mark.parametrize(
    ("producer", "after", "told"),
    [("pytorch", 0, True), ("pytorch", 1, False), ("keras", 0, False)],
)
def test_a_known_fault_of_pytorch_s_exporters_is_told(
    tmp_path: Path, producer: str, after: int, told: bool
) -> None:
    nodes = [node("GRU", ["x", "W", "R", "B"], ["a"], hidden_size=2, linear_before_reset=after)]
    made = make_model(nodes, weights("GRU"))
    made.producer_name = producer
    notes = read_model(saved(tmp_path, made)).notes
    assert any("that is a known fault of exporters" in note for note in notes) == told
