"""Keras's older `.h5` files: what Keras saved, Keras 2's own layout, CuDNN's, and weights alone."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError, unroll
from gatereel.rnn_math.models import Layer, read_model

h5py: Any = pytest.importorskip("h5py")

pytestmark = pytest.mark.usefixtures("arrays_read_once")

SAVED = Path(__file__).parents[2] / "models" / "keras"
Arrays = Mapping[str, np.ndarray]


def same(one: Layer, other: Layer) -> None:
    assert (one.kind, one.input_size, one.hidden_size) == (
        other.kind,
        other.input_size,
        other.hidden_size,
    )
    assert (one.refusal, list(one.strands)) == (other.refusal, list(other.strands))
    for direction, strand in one.strands.items():
        assert strand.cell is other.strands[direction].cell
        ours, theirs = strand.parameters, other.strands[direction].parameters
        for name, W in ours.weights.items():
            assert np.array_equal(W, theirs.weights[name])
            assert np.array_equal(ours.biases[name], theirs.biases[name])


@pytest.mark.parametrize("name", ["kinds", "directions", "nested", "tokens"])
def test_what_keras_saves_both_ways_is_read_as_one_model(name: str) -> None:
    """The `.h5` was saved by Keras of the model in the `.keras` beside it."""
    old, new = (read_model(SAVED / f"{name}{suffix}") for suffix in (".h5", ".keras"))
    assert [layer.module for layer in old.layers] == [layer.module for layer in new.layers]
    for one, other in zip(old.layers, new.layers, strict=True):
        same(one, other)
    assert old.embeddings.keys() == new.embeddings.keys()
    for key, rows in old.embeddings.items():
        assert np.array_equal(rows, new.embeddings[key])


# --- Keras 2 -------------------------------------------------------------------------------------


def cell(gates: int, units: int, inputs: int, seed: int, biases: int = 1) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {
        "kernel": random.normal(size=(inputs, gates * units)).astype(np.float32),
        "recurrent_kernel": random.normal(size=(units, gates * units)).astype(np.float32),
        "bias": random.normal(size=(biases * gates * units)).astype(np.float32),
    }


def keras_2(path: Path, config: Any, layers: Mapping[str, Arrays], *, whole: bool = True) -> Path:
    """A file as Keras 2 wrote it: texts as bytes, ":0" behind the names of variables."""
    stream = BytesIO()
    with h5py.File(stream, "w") as file:
        root = file
        if whole:
            file.attrs["keras_version"] = b"2.2.4"
            file.attrs["backend"] = b"tensorflow"
            file.attrs["model_config"] = json.dumps(config).encode()
            root = file.create_group("model_weights")
        root.attrs["layer_names"] = [name.encode() for name in layers]
        for name, arrays in layers.items():
            group = root.create_group(name)
            group.attrs["weight_names"] = [f"{key}:0".encode() for key in arrays]
            for key, array in arrays.items():
                group.create_dataset(f"{key}:0", data=array)
    path.write_bytes(stream.getvalue())
    return path


def sequential(*layers: tuple[str, dict[str, Any]], listed: bool = False) -> dict[str, Any]:
    items = [{"class_name": name, "config": config} for name, config in layers]
    return {
        "class_name": "Sequential",
        "config": items if listed else {"name": "s", "layers": items},
    }


def lstm(name: str = "lstm_1", units: int = 3, **options: Any) -> tuple[str, dict[str, Any]]:
    return "LSTM", {
        **{"name": name, "trainable": True, "units": units, "activation": "tanh"},
        **{"recurrent_activation": "sigmoid", "use_bias": True, "implementation": 1},
        **{"unit_forget_bias": True, "return_sequences": True, "dropout": 0.0, **options},
    }


def within(prefix: str, arrays: Arrays) -> dict[str, np.ndarray]:
    return {f"{prefix}/{name}": array for name, array in arrays.items()}


@pytest.mark.parametrize("suffix", [".h5", ".hdf5"])
@pytest.mark.parametrize("listed", [True, False])
def test_a_sequential_model_of_2016_and_after(tmp_path: Path, listed: bool, suffix: str) -> None:
    arrays = cell(4, 3, 2, 1)
    config = sequential(
        lstm(batch_input_shape=[None, 5, 2], dtype="float32"),
        ("Dropout", {"name": "dropout_1", "rate": 0.5}),
        ("Dense", {"name": "dense_1", "units": 1}),
        listed=listed,
    )
    dense = {"kernel": np.zeros((3, 1), np.float32), "bias": np.zeros(1, np.float32)}
    path = keras_2(
        tmp_path / f"a{suffix}",
        config,
        {"lstm_1": within("lstm_1", arrays), "dense_1": within("dense_1", dense)},
    )
    (layer,) = read_model(path).layers
    strand = layer.strands["forward"]
    assert (layer.module, layer.kind, strand.cell.name) == ("lstm_1", "LSTM", "lstm")
    K, U, b = arrays.values()
    for k, gate in enumerate("ifgo"):
        block = slice(3 * k, 3 * k + 3)
        wanted = np.hstack([U[:, block].T, K[:, block].T])
        assert np.array_equal(strand.parameters.weights[gate], wanted.astype(np.float64))
        assert np.array_equal(strand.parameters.biases[gate], b[block].astype(np.float64))


def test_a_gru_from_before_reset_after(tmp_path: Path) -> None:
    gru = ("GRU", {**lstm("gru_1")[1], "batch_input_shape": [None, None, 2]})
    del gru[1]["unit_forget_bias"]
    path = keras_2(tmp_path / "a.h5", sequential(gru), {"gru_1": within("gru_1", cell(3, 3, 2, 2))})
    (layer,) = read_model(path).layers
    assert layer.strands["forward"].cell.name == "gru-reset-before"


@pytest.mark.parametrize("version", ["2.1.3", "2.15.0", None, "3.4.1"])
def test_hard_sigmoid_is_the_one_of_the_version_that_saved_it(
    version: str | None, tmp_path: Path
) -> None:
    """The default of LSTM and GRU until Keras 2.3; Keras 3 computes another under its name."""
    config = sequential(lstm(recurrent_activation="hard_sigmoid"))
    path = keras_2(tmp_path / "a.h5", config, {"lstm_1": within("lstm_1", cell(4, 3, 2, 1))})
    with h5py.File(path, "r+") as file:
        file.attrs.pop("keras_version", None)
        if version is not None:
            file.attrs["keras_version"] = version
    strand = read_model(path).layers[0].strands["forward"]
    assert strand.cell.title == "LSTM (hard_sigmoid)"
    trace = unroll(strand.cell, strand.parameters, 0.1 * np.ones((2, 2)))
    steepness = 1 / 6 if version == "3.4.1" else 0.2
    for gate in "fio":
        s = trace.weighted_sums[gate]
        np.testing.assert_allclose(trace.values[gate], np.clip(steepness * s + 0.5, 0.0, 1.0))


def test_both_directions(tmp_path: Path) -> None:
    inner = {"class_name": "LSTM", "config": lstm("lstm_1")[1]}
    both = ("Bidirectional", {"name": "both", "layer": inner, "merge_mode": "concat"})
    arrays = {
        **within("both/forward_lstm_1", cell(4, 3, 2, 1)),
        **within("both/backward_lstm_1", cell(4, 3, 2, 2)),
    }
    (layer,) = read_model(keras_2(tmp_path / "a.h5", sequential(both), {"both": arrays})).layers
    forward, backward = (layer.strands[side].parameters for side in ("forward", "backward"))
    assert not np.array_equal(forward.weights["f"], backward.weights["f"])
    assert forward.biases["i"].tolist() == cell(4, 3, 2, 1)["bias"][:3].tolist()


# --- CuDNN ---------------------------------------------------------------------------------------


def for_cudnn(arrays: Arrays, bias: np.ndarray) -> dict[str, np.ndarray]:
    """A cell's weights as CuDNN has them: the other way round of Keras's own conversion."""
    units = len(arrays["recurrent_kernel"])
    gates = arrays["recurrent_kernel"].shape[1] // units

    def by_gate(matrix: np.ndarray, turn: Any) -> np.ndarray:
        return np.hstack([turn(block) for block in np.hsplit(matrix, gates)])

    return {
        "kernel": by_gate(arrays["kernel"], lambda k: k.T.reshape(k.shape, order="C")),
        "recurrent_kernel": by_gate(arrays["recurrent_kernel"], lambda k: k.T),
        "bias": bias,
    }


def test_a_cudnn_lstm_is_the_lstm_that_it_computes(tmp_path: Path) -> None:
    plain = cell(4, 3, 2, 1)
    first = np.random.default_rng(5).normal(size=12).astype(np.float32)
    turned = for_cudnn(plain, np.concatenate([first, plain["bias"] - first]))
    config = sequential(("CuDNNLSTM", {"name": "c", "units": 3, "return_sequences": True}))
    (layer,) = read_model(keras_2(tmp_path / "a.h5", config, {"c": within("c", turned)})).layers
    wanted = read_model(
        keras_2(tmp_path / "b.h5", sequential(lstm("c")), {"c": within("c", plain)})
    ).layers[0]
    assert layer.kind == "LSTM"
    ours, theirs = (each.strands["forward"].parameters for each in (layer, wanted))
    for gate in "ifgo":
        assert np.array_equal(ours.weights[gate], theirs.weights[gate])
        assert ours.biases[gate] == pytest.approx(theirs.biases[gate], abs=1e-6)


def test_a_cudnn_gru_is_a_gru_with_reset_after(tmp_path: Path) -> None:
    plain = cell(3, 3, 2, 1, biases=2)
    config = sequential(("CuDNNGRU", {"name": "c", "units": 3}))
    arrays = within("c", for_cudnn(plain, plain["bias"]))
    (layer,) = read_model(keras_2(tmp_path / "a.h5", config, {"c": arrays})).layers
    strand = layer.strands["forward"]
    assert strand.cell.name == "gru-reset-after"
    assert strand.parameters.biases["hn"].tolist() == plain["bias"][15:].tolist()


# --- weights alone, and damage -------------------------------------------------------------------


def test_weights_alone_are_told_by_their_shapes(tmp_path: Path) -> None:
    arrays = within("lstm_1", cell(4, 3, 2, 1))
    model = read_model(keras_2(tmp_path / "a.h5", {}, {"lstm_1": arrays}, whole=False))
    (layer,) = model.layers
    assert (layer.module, layer.kind, layer.hidden_size) == ("lstm_1", "LSTM", 3)
    assert model.assumptions


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "model_config cannot be read as JSON"),
        ("[]", "model_config is no JSON object"),
        ('{"class_name": "Mine", "config": {}}', "holds a model of the class 'Mine'"),
    ],
)
def test_a_configuration_of_something_else(tmp_path: Path, text: str, said: str) -> None:
    stream = BytesIO()
    with h5py.File(stream, "w") as file:
        file.attrs["model_config"] = text
        file.create_group("model_weights")
    path = tmp_path / "a.h5"
    path.write_bytes(stream.getvalue())
    with pytest.raises(InputError, match=said):
        read_model(path)


def test_a_layer_without_its_arrays(tmp_path: Path) -> None:
    path = keras_2(tmp_path / "a.h5", sequential(lstm()), {"lstm_1": {}})
    with pytest.raises(InputError, match="lstm_1"):
        read_model(path)
