"""What is computed below a recurrent node of an ONNX file: MatMul, Add, Relu and the like."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from gatereel.rnn_math import Array, InputError
from gatereel.rnn_math.models import (
    Layer,
    Model,
    at_layer,
    layer_inputs,
    library_states,
    read_model,
    run,
)
from tests.rnn_math.models.onnx_builders import (
    HIDDEN_SIZE,
    INPUT_SIZE,
    MODELS,
    Constants,
    node,
    saved,
    weights,
)
from tests.rnn_math.models.onnx_builders import model as make_model

SAVED = sorted(path.name for path in MODELS.glob("stages_*.onnx"))
FLOAT32 = 1e-6
"""What rounding each sum to float32, as onnxruntime does, changes."""

SEQUENCE = np.random.default_rng(2).standard_normal((5, INPUT_SIZE))
WIDE = 4


def rows_of(model: Model, stored: Any) -> Array:
    if "inputs" in stored:
        return np.asarray(stored["inputs"], dtype=float)
    (matrix,) = model.embeddings.values()
    return np.asarray(matrix[stored["tokens"]], dtype=float)


@pytest.mark.parametrize("name", SAVED)
def test_what_stands_below_is_computed_as_onnxruntime_does(name: str) -> None:
    model = read_model(MODELS / name)
    with np.load((MODELS / name).with_suffix(".npz")) as stored:
        rows = rows_of(model, stored)
        for k, layer in enumerate(model.layers):
            assert layer.stages
            for place, direction in enumerate(layer.strands):
                h = run(layer, direction, rows).values["h"]
                in_order = h if direction == "forward" else h[::-1]
                assert np.abs(in_order - stored[f"h_{k}"][:, place]).max() < FLOAT32


@pytest.mark.skipif(find_spec("onnxruntime") is None, reason="onnxruntime is not installed")
@pytest.mark.parametrize("name", SAVED)
def test_onnxruntime_runs_them_for_a_proof(name: str) -> None:
    path = MODELS / name
    model = read_model(path)
    with np.load(path.with_suffix(".npz")) as stored:
        rows = rows_of(model, stored)
    for layer in model.layers:
        for direction in layer.strands:
            ours = run(layer, direction, rows).values
            for state, values in library_states(path, model, layer, direction, rows).items():
                assert np.abs(values - ours[state]).max() < FLOAT32


def test_the_operations_that_compute_are_told_not_those_of_shapes() -> None:
    lower, upper = read_model(MODELS / "stages_dense_dynamo.onnx").layers
    assert [stage.kind for stage in lower.stages] == ["MatMul, Add, Relu and Tanh"]
    assert [stage.kind for stage in upper.stages] == ["MatMul, Add and LeakyRelu"]
    assert (lower.fed_size, lower.input_size, upper.below) == (3, 4, lower)
    alone = at_layer(upper)
    assert (alone.stages, alone.fed_size) == ((), 3)


# --- by hand -------------------------------------------------------------------------------------


def fed(
    folder: Path,
    *between: onnx.NodeProto,
    shape: tuple[Any, ...] = ("T", "B", INPUT_SIZE),
    input_size: int = INPUT_SIZE,
    layout: int = 0,
    opset: int = 18,
    **constants: Array,
) -> Layer:
    """An RNN that reads "s", which `between` computes of "x"."""
    given: Constants = weights("RNN", input_size=input_size)
    given |= {
        name: value.astype(np.float32) if value.dtype.kind == "f" else value
        for name, value in constants.items()
    }
    top = node("RNN", ["s", "W", "R", "B"], ["y"], hidden_size=HIDDEN_SIZE, layout=layout)
    made = make_model([*between, top], given, {"x": shape}, opset=opset)
    (layer,) = read_model(saved(folder, made)).layers
    return layer


MATRIX = np.random.default_rng(0).uniform(-1, 1, (INPUT_SIZE, WIDE))
DENSE = node("MatMul", ["x", "M"], ["s"])


def test_a_matrix_widens_the_rows_in_either_layout(tmp_path: Path) -> None:
    for layout, shape in ((0, ("T", "B", 3)), (1, ("B", "T", 3)), (0, ("T", "B", None))):
        layer = fed(tmp_path, DENSE, shape=shape, input_size=WIDE, layout=layout, M=MATRIX)
        assert (layer.unfed, layer.fed_size) == ("", INPUT_SIZE)
        expected = SEQUENCE @ MATRIX.astype(np.float32)
        np.testing.assert_allclose(layer_inputs(layer, SEQUENCE), expected, rtol=1e-15, atol=0)


def test_one_sequence_without_a_batch_is_laid_out_by_the_file(tmp_path: Path) -> None:
    steps = (
        node("Gemm", ["x", "M", "c"], ["g"], transB=1, alpha=2.0, beta=0.5),
        node("Unsqueeze", ["g", "one"], ["s"]),
    )
    layer = fed(
        tmp_path,
        *steps,
        shape=("T", INPUT_SIZE),
        input_size=WIDE,
        M=MATRIX.T,
        c=np.ones(WIDE),
        one=np.array([1]),
    )
    expected = 2.0 * SEQUENCE @ MATRIX.astype(np.float32) + 0.5
    np.testing.assert_allclose(layer_inputs(layer, SEQUENCE), expected, rtol=1e-14, atol=1e-14)


def test_constants_may_differ_by_timestep_where_the_length_is_the_file_s(tmp_path: Path) -> None:
    places = np.arange(15.0).reshape(5, 1, 3)
    layer = fed(tmp_path, node("Add", ["x", "p"], ["s"]), shape=(5, "B", 3), p=places)
    np.testing.assert_array_equal(layer_inputs(layer, SEQUENCE), SEQUENCE + places[:, 0])
    with pytest.raises(InputError, match="does not fit what it is given"):
        layer_inputs(layer, SEQUENCE[:4])


@pytest.mark.parametrize(
    ("between", "why"),
    [
        ([node("Conv", ["x", "M"], ["s"])], "Conv stands between"),
        ([node("Softmax", ["x"], ["s"], axis=0)], "Softmax goes over another axis than the last."),
        (
            [
                node("Transpose", ["x"], ["t"], perm=[2, 1, 0]),
                node("MatMul", ["t", "square"], ["m"]),
                node("Transpose", ["m"], ["s"], perm=[2, 1, 0]),
            ],
            "MatMul",
        ),
        (
            [
                node("Slice", ["x", "zero", "end", "zero"], ["early"]),
                node("Slice", ["x", "one", "far", "zero"], ["late"]),
                node("Add", ["early", "late"], ["s"]),
            ],
            "Add mixes timesteps or sequences",
        ),
        ([node("Cast", ["x"], ["t"], to=7), node("Add", ["t", "one"], ["s"])], "Cast takes"),
        ([node("MatMul", ["x", "three"], ["s"])], "MatMul by a tensor of 3 dimensions"),
        ([node("Add", ["x", "x2"], ["s"])], "2 tensors at once"),
        ([node("Add", ["M", "M"], ["s"])], "it reads a constant, not a sequence."),
        ([node("Clip", ["x"], ["s"], min=0.0, mean=1.0)], "Clip with mean stands between"),
        ([node("Gemm", ["x", "square"], ["s"], transA=1)], "Gemm"),
        (
            [node("BatchNormalization", ["x", *"aaaa"], ["s"], training_mode=1)],
            "BatchNormalization in training",
        ),
        ([node("Reshape", ["x", "shape"], ["t"]), node("Relu", ["t"], ["s"])], "does not hand on"),
    ],
)
def test_what_mixes_rows_or_is_not_known_is_named(
    tmp_path: Path, between: list[onnx.NodeProto], why: str
) -> None:
    given = weights("RNN")
    given |= {
        "M": np.ones((3, 3), np.float32),
        "square": np.ones((5, 5), np.float32),
        "three": np.ones((2, 3, 3), np.float32),
        "a": np.ones(1, np.float32),
        "zero": np.array([0]),
        "one": np.array([1]),
        "end": np.array([-1]),
        "far": np.array([99]),
        "shape": np.array([-1, 3, 1]),
    }
    top = node("RNN", ["s", "W", "R", "B"], ["y"], hidden_size=HIDDEN_SIZE)
    inputs = {"x": (5, 2, INPUT_SIZE), "x2": (5, 2, INPUT_SIZE)}
    (layer,) = read_model(saved(tmp_path, make_model([*between, top], given, inputs))).layers
    assert why in layer.unfed
    assert layer.refusal == ""
    assert layer.stages == ()


def test_numbers_beyond_float64_are_refused(tmp_path: Path) -> None:
    layer = fed(tmp_path, node("Exp", ["x"], ["s"]))
    rows = np.zeros((3, INPUT_SIZE))
    rows[1] = 1e6
    with pytest.raises(InputError, match="gives a number at timestep 2 that is not finite"):
        layer_inputs(layer, rows)
