"""Models in `.safetensors`: they give PyTorch's numbers, and damaged files are refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import read_model, run, with_nonlinearity
from tests.models.pytorch.expected import (
    FLOAT32_TOLERANCE,
    FLOAT64_TOLERANCE,
    FOLDER,
    inputs_of,
    states_of,
)
from tests.rnn_math.models.torch_tensors import damaged, shapes_of

MODELS = sorted(path.stem for path in FOLDER.glob("*.safetensors"))
PROJECTED = "lstm-projected"

MUTATIONS = 400


@pytest.mark.parametrize("name", [name for name in MODELS if name != PROJECTED])
def test_the_numbers_are_pytorch_s(name: str) -> None:
    model = read_model(FOLDER / f"{name}.safetensors")
    if "relu" in name:
        model = with_nonlinearity(model, "relu")
    assert (model.dtype == "float64") == ("float64" in name)
    tolerance = FLOAT64_TOLERANCE if model.dtype == "float64" else FLOAT32_TOLERANCE
    for layer in model.layers:
        for direction in layer.strands:
            trace = run(layer, direction, inputs_of(name))
            for state, values in states_of(name, layer, direction).items():
                np.testing.assert_allclose(trace.values[state], values, rtol=0, atol=tolerance)


def test_the_models_are_of_all_kinds() -> None:
    layers = [
        layer for name in MODELS for layer in read_model(FOLDER / f"{name}.safetensors").layers
    ]
    kinds = {"nn.RNN", "nn.GRU", "nn.LSTM", "nn.LSTMCell", "nn.GRUCell"}
    assert {layer.kind for layer in layers} == kinds
    assert {layer.levels for layer in layers} == {1, 2}
    assert {len(layer.strands) for layer in layers if not layer.refusal} == {1, 2}


def test_tanh_in_place_of_relu_gives_other_numbers() -> None:
    model = read_model(FOLDER / "rnn-relu.safetensors")
    trace = run(model.layers[0], "forward", inputs_of("rnn-relu"))
    expected = states_of("rnn-relu", model.layers[0], "forward")["h"]
    assert np.abs(trace.values["h"] - expected).max() > FLOAT32_TOLERANCE


def test_an_embedding_feeds_the_layer() -> None:
    model = read_model(FOLDER / "words.safetensors")
    with np.load(FOLDER / "expected.npz") as expected:
        tokens = expected["words/tokens"].astype(int)
    rows = model.embeddings["encoder.embedding.weight"][tokens]
    np.testing.assert_array_equal(rows, inputs_of("words"))


def file_of(header: object, data: bytes) -> bytes:
    """A file with this header and these bytes."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entries(dtype: str, width: int) -> tuple[dict[str, object], int]:
    """The header of a GRU of this type, and the bytes that it needs."""
    header: dict[str, object] = {}
    start = 0
    for name, shape in shapes_of("gru").items():
        end = start + int(np.prod(shape)) * width
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}
        start = end
    return header, start


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("dtype", "one", "name"),
    [
        ("F64", b"\0\0\0\0\0\0\xf8\x3f", "float64"),
        ("F32", b"\0\0\xc0\x3f", "float32"),
        ("F16", b"\0\x3e", "float16"),
        ("BF16", b"\xc0\x3f", "bfloat16"),
    ],
)
def test_every_type_of_floats_is_read_exactly(
    tmp_path: Path, dtype: str, one: bytes, name: str
) -> None:
    header, size = entries(dtype, len(one))
    data = file_of(header, one * (size // len(one)))
    model = read_model(written(tmp_path / "m.safetensors", data))
    assert model.dtype == name
    weights = model.layers[0].strands["forward"].parameters.weights
    assert np.unique(weights["z"]).tolist() == [1.5]


def test_other_types_are_refused_by_name(tmp_path: Path) -> None:
    header, size = entries("F8_E4M3", 1)
    path = written(tmp_path / "m.safetensors", file_of(header, bytes(size)))
    assert "holds F8_E4M3" in read_model(path).layers[0].refusal


def test_a_signalling_nan_is_refused_without_a_warning(tmp_path: Path) -> None:
    header, size = entries("F32", 4)
    path = written(tmp_path / "m.safetensors", file_of(header, b"\1\0\x80\x7f" * (size // 4)))
    with pytest.raises(InputError, match="not finite"):
        read_model(path)


DEEP = b"[" * 100_000
HUGE = 2**62


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        (2**63).to_bytes(8, "little") + b"{}",
        len(DEEP).to_bytes(8, "little") + DEEP,
        file_of({"a": {"dtype": "F32", "shape": [HUGE, HUGE], "data_offsets": [0, 4]}}, b"1234"),
        file_of({"a": {"dtype": "F32", "shape": [HUGE], "data_offsets": [0, HUGE]}}, b""),
        file_of({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, b"1234"),
        file_of({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}}, b"1234"),
        file_of({"a": {"dtype": "\x1b[2J", "shape": [1], "data_offsets": [0, 4]}}, b"1234"),
        file_of({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"1234more"),
        file_of([], b""),
        file_of({"__metadata__": {"a": 1}}, b""),
        b"\x10\0\0\0\0\0\0\0\xff\xfe{}            ",
    ],
)
def test_a_header_that_lies_is_refused(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path / "m.safetensors", data)
    with pytest.raises(InputError, match=r"not a readable \.safetensors file") as refusal:
        read_model(path)
    assert str(refusal.value).isprintable()


@pytest.mark.parametrize("name", ["lstm-two-both", "words"])
def test_damaged_files_end_in_an_input_error_or_a_model(tmp_path: Path, name: str) -> None:
    whole = (FOLDER / f"{name}.safetensors").read_bytes()
    refused = 0
    for data in damaged(whole, MUTATIONS):
        path = written(tmp_path / "m.safetensors", data)
        try:
            read_model(path)
        except InputError:
            refused += 1
    assert refused > MUTATIONS / 2
