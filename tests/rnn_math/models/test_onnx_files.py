"""Real ONNX files agree with onnxruntime's numbers; what cannot be computed is refused by name."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from gatereel.rnn_math import (
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    RNN,
    RNN_RELU,
    Array,
    InputError,
)
from gatereel.rnn_math.models import (
    Model,
    library_states,
    read_model,
    run,
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

UNROLLED = "dynamo_rnn"
OTHERS = ("stream_", "quantised_")
"""Files of `make_streams.py`, which have tests of their own."""
COMPUTED = sorted(
    path.stem
    for path in MODELS.glob("*.onnx")
    if path.stem != UNROLLED and not path.stem.startswith(OTHERS)
)
FLOAT = onnx.TensorProto.FLOAT
SEQUENCE = np.random.default_rng(2).standard_normal((5, 3))


def stored(name: str) -> tuple[Model, dict[str, Array], Array]:
    """A file, what onnxruntime computed for it, and the inputs as rows."""
    model = read_model(MODELS / f"{name}.onnx")
    with np.load(MODELS / f"{name}.npz") as file:
        known = {key: file[key] for key in file.files}
    if "tokens" in known:
        (matrix,) = model.embeddings.values()
        return model, known, matrix[known["tokens"]]
    return model, known, known["inputs"].astype(np.float64)


def test_there_are_files_of_both_exporters_and_made_by_hand() -> None:
    kinds = {name.partition("_")[0] for name in COMPUTED}
    assert {"torch", "dynamo", "lstm", "gru", "rnn"} <= kinds


@pytest.mark.parametrize("name", COMPUTED)
def test_every_layer_has_onnxruntime_s_states(name: str) -> None:
    model, known, inputs = stored(name)
    assert model.library == "ONNX"
    assert model.dtype == "float32"
    for k, layer in enumerate(model.layers):
        assert layer.refusal == ""
        found = hidden_states(layer, inputs)
        np.testing.assert_allclose(found, known[f"h_{k}"], rtol=0, atol=FLOAT32)
        if layer.kind == "LSTM":
            last = [run(layer, each, inputs).values["c"][-1] for each in layer.strands]
            np.testing.assert_allclose(last, known[f"c_{k}"], rtol=0, atol=FLOAT32)


def test_a_layer_that_an_exporter_took_apart_is_explained() -> None:
    with pytest.raises(InputError, match=r"no RNN, LSTM or GRU node.*dynamo=False"):
        read_model(MODELS / f"{UNROLLED}.onnx")


def test_where_the_reset_stands_is_a_cell_of_its_own() -> None:
    (before,) = read_model(MODELS / "gru_reset_before.onnx").layers
    (after,) = read_model(MODELS / "gru_reset_after.onnx").layers
    assert before.strands["forward"].cell is GRU_RESET_BEFORE
    assert after.strands["backward"].cell is GRU_RESET_AFTER


def test_each_direction_has_its_own_activation() -> None:
    (layer,) = read_model(MODELS / "rnn_mixed.onnx").layers
    assert layer.strands["forward"].cell is RNN
    assert layer.strands["backward"].cell is RNN_RELU


def test_a_reverse_node_has_a_backward_strand_only() -> None:
    (layer,) = read_model(MODELS / "lstm_reverse.onnx").layers
    assert list(layer.strands) == ["backward"]


def test_an_embedding_is_found() -> None:
    for name in ("torch_embedding", "dynamo_embedding"):
        model = read_model(MODELS / f"{name}.onnx")
        assert [matrix.shape for matrix in model.embeddings.values()] == [(5, 3)]
        assert model.layers[0].embedding in model.embeddings


def test_states_that_the_model_takes_as_inputs_are_zeros_and_said() -> None:
    model = read_model(MODELS / "torch_states.onnx")
    assert model.layers[0].strands["forward"].initial is None
    said = model.layers[0].assumptions
    assert [each.partition(" is ")[0].rpartition(" ")[2] for each in said] == [
        "initial_h",
        "initial_c",
    ]


def test_a_fixed_length_is_said() -> None:
    (note,) = read_model(MODELS / "torch_lstm.onnx").notes
    assert "made for 6 timesteps" in note
    assert read_model(MODELS / "torch_gru.onnx").notes == ()


def test_a_missing_file_beside_the_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "moved.onnx"
    path.write_bytes((MODELS / "torch_outside.onnx").read_bytes())
    with pytest.raises(InputError, match=r"torch_outside.onnx.data.*keep the two files together"):
        read_model(path)


@pytest.mark.parametrize("opset", [6, 1_000_000])
def test_operator_sets_that_are_not_known_are_refused(tmp_path: Path, opset: int) -> None:
    made = make_model([node("GRU", ["x", "W", "R"], ["y"])], weights("GRU"), opset=opset)
    with pytest.raises(InputError, match=f"operator set {opset}"):
        read_model(saved(tmp_path, made))


def test_peepholes_of_zero_are_none(tmp_path: Path) -> None:
    made = with_constant(one_node("LSTM", ["", "", "", "P"]), "P", np.zeros((1, 6), np.float32))
    (layer,) = read_model(saved(tmp_path, made)).layers
    assert layer.strands["forward"].cell is LSTM


def test_peepholes_of_another_shape_are_damage(tmp_path: Path) -> None:
    made = with_constant(one_node("LSTM", ["", "", "", "P"]), "P", np.ones((1, 5), np.float32))
    with pytest.raises(InputError, match="P of LSTM 'one' has shape"):
        read_model(saved(tmp_path, made))


@pytest.mark.parametrize("clip", [-1.0, float("nan"), float("inf")])
def test_a_clip_that_is_none_is_damage(tmp_path: Path, clip: float) -> None:
    with pytest.raises(InputError, match=r"'clip'.*has no meaning"):
        read_model(saved(tmp_path, one_node("GRU", clip=clip)))


@pytest.mark.parametrize(
    ("attributes", "why"),
    [
        ({"activations": ["HardSigmoid", "Swish", "Tanh"]}, "swish"),
        ({"activations": ["Sigmoid"]}, "1 activations, not 3"),
        ({"secret": 1}, "its attribute secret"),
    ],
)
def test_attributes_that_no_cell_has_are_refused(
    tmp_path: Path, attributes: dict[str, Any], why: str
) -> None:
    (layer,) = read_model(saved(tmp_path, one_node("LSTM", **attributes))).layers
    assert why in layer.refusal


def test_the_usual_activations_may_be_spelled_out_in_any_case(tmp_path: Path) -> None:
    made = one_node("LSTM", activations=["sigmoid", "Tanh", "TANH"], activation_alpha=[1.0])
    assert read_model(saved(tmp_path, made)).layers[0].refusal == ""


def test_weights_that_are_inputs_of_the_model_are_refused(tmp_path: Path) -> None:
    made = one_node("GRU")
    del made.graph.initializer[0]
    extra = made.graph.input.add()
    extra.CopyFrom(made.graph.input[0])
    extra.name = "W"
    assert "its W is no constant" in read_model(saved(tmp_path, made)).layers[0].refusal


def test_weights_may_be_laid_out_by_constant_operations(tmp_path: Path) -> None:
    constants = weights("GRU")
    transposed = {"Wt": constants["W"].transpose(0, 2, 1).astype(np.float16)} | {
        name: constants[name] for name in "RB"
    }
    nodes = [
        node("Transpose", ["Wt"], ["Wf"], perm=[0, 2, 1]),
        node("Cast", ["Wf"], ["W"], to=FLOAT),
        node("GRU", ["x", "W", "R", "B"], ["y"]),
    ]
    model = read_model(saved(tmp_path, make_model(nodes, transposed)))
    assert model.dtype == "float16"
    z = model.layers[0].strands["forward"].parameters.weights["z"]
    np.testing.assert_array_equal(z[:, 2:], constants["W"][0, :2].astype(np.float16))


def test_nodes_without_a_name_or_with_the_same_get_one(tmp_path: Path) -> None:
    nodes = [
        node("GRU", ["x", "W", "R"], ["y1"], name="g\n"),
        node("GRU", ["x", "W", "R"], ["y2"], name="g\n"),
        node("GRU", ["x", "W", "R"], ["y3"]),
    ]
    model = read_model(saved(tmp_path, make_model(nodes, weights("GRU"))))
    assert [layer.name for layer in model.layers] == [r"g\x0a", r"g\x0a_2", "y3"]


def test_a_node_inside_a_branch_is_listed_and_refused(tmp_path: Path) -> None:
    inner = make_model([node("GRU", ["x", "W", "R"], ["y"], name="inner")], weights("GRU")).graph
    branch = node("If", ["condition"], ["y"], then_branch=inner, else_branch=inner)
    constants = weights("GRU") | {"condition": np.array(True)}
    model = read_model(saved(tmp_path, make_model([branch], constants)))
    assert all("inside If" in layer.refusal for layer in model.layers)


def test_an_unknown_domain_is_listed_and_refused(tmp_path: Path) -> None:
    made = make_model([node("LSTM", ["x", "W", "R"], ["y"], domain="other")], weights("LSTM"))
    assert "other.LSTM" in read_model(saved(tmp_path, made)).layers[0].refusal


def test_old_files_list_their_constants_among_the_inputs(tmp_path: Path) -> None:
    made = one_node("GRU", hidden_size=2)
    made.ir_version = 3
    for tensor in made.graph.initializer:
        made.graph.input.append(
            onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
        )
    path = saved(tmp_path, made)
    model = read_model(path)
    theirs = library_states(path, model, model.layers[0], "forward", SEQUENCE)["h"]
    ours = run(model.layers[0], "forward", SEQUENCE).values["h"]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32)


@pytest.mark.parametrize(
    ("number", "name"), [(10, "float16"), (1, "float32"), (11, "float64"), (16, "bfloat16")]
)
def test_the_type_of_the_weights_is_the_model_s(tmp_path: Path, number: int, name: str) -> None:
    made = one_node("RNN")
    made.graph.input[0].type.tensor_type.elem_type = number
    for tensor in made.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        dtype = onnx.helper.tensor_dtype_to_np_dtype(number)
        tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(dtype), tensor.name))
    model = read_model(saved(tmp_path, made))
    assert model.dtype == name
    W = model.layers[0].strands["forward"].parameters.weights["h"][:, 2:]
    exact = weights("RNN")["W"][0].astype(dtype).astype(np.float64)
    np.testing.assert_array_equal(W, exact)


def test_a_missing_onnx_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(InputError, match=r"pip install onnx .*gatereel\[onnx\]"):
        read_model(MODELS / "torch_gru.onnx")
