"""What Keras's config.json tells: hand-made ones, of versions and layers beyond the saved files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import Layer, at_layer
from gatereel.rnn_math.models.keras.config import KerasLayer, parse_config, to_snake_case
from gatereel.rnn_math.models.keras.config import layers_of as read_layers
from gatereel.rnn_math.models.keras.graph import model_of_config
from gatereel.rnn_math.models.keras.hdf5 import Hdf5, StoredArray

UNITS, INPUT_SIZE = 2, 3
PATH = Path("model.keras")

Json = dict[str, Any]


def read_config(data: bytes, where: str) -> dict[str, KerasLayer]:
    return read_layers(parse_config(data, where), where)


def configured(class_name: str, name: str, module: str = "keras.layers", **options: Any) -> Json:
    config = {"name": name, **options}
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


def lstm(name: str = "lstm", **options: Any) -> Json:
    return configured("LSTM", name, **{"units": UNITS, "return_sequences": True, **options})


def sequential(*layers: Json) -> Json:
    model = configured("Sequential", "sequential", module="keras")
    model["config"]["layers"] = list(layers)
    return model


def called(layer: Json, *sources: str, **options: Any) -> Json:
    """`layer` with one call, on the first outputs of `sources`."""
    tensors = [tensor(each) for each in sources]
    layer["inbound_nodes"] = [{"args": tensors, "kwargs": options}]
    return layer


def tensor(layer: str, output: int = 0) -> Json:
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [layer, 0, output]}}


def functional(*layers: Json, name: str = "model", inputs: str = "x", outputs: str = "") -> Json:
    model = configured("Functional", name, module="keras.src.models.functional")
    entry = configured("InputLayer", inputs)
    entry["inbound_nodes"] = []
    model["config"] |= {
        "layers": [entry, *layers],
        "input_layers": [[inputs, 0, 0]],
        "output_layers": [[outputs or layers[-1]["config"]["name"], 0, 0]],
    }
    return model


def stored(values: np.ndarray) -> StoredArray:
    return StoredArray(values.shape, "float32", values)


def weights(*sizes: tuple[str, int]) -> Hdf5:
    """LSTM cells of `UNITS` units at paths, with the width of what each reads."""
    arrays = {}
    for path, input_size in sizes:
        arrays[f"{path}/cell/vars/0"] = stored(np.full((input_size, 4 * UNITS), 0.1))
        arrays[f"{path}/cell/vars/1"] = stored(np.full((UNITS, 4 * UNITS), 0.2))
        arrays[f"{path}/cell/vars/2"] = stored(np.full(4 * UNITS, 0.3))
    return Hdf5(arrays, {}, frozenset())


def layers_of(config: Json, h5: Hdf5) -> dict[str, Layer]:
    layers = read_config(json.dumps(config).encode(), "model.keras")
    return {each.name: each for each in model_of_config(layers, h5, PATH).layers}


ONE = weights(("layers/lstm", INPUT_SIZE))
TWO = weights(("layers/lstm", INPUT_SIZE), ("layers/lstm_1", UNITS))


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("LSTM", "lstm"),
        ("SimpleRNN", "simple_rnn"),
        ("GRU", "gru"),
        ("Bidirectional", "bidirectional"),
        ("ConvLSTM2D", "conv_lstm2d"),
        ("InputLayer", "input_layer"),
    ],
)
def test_class_names_are_written_as_keras_writes_them(name: str, snake: str) -> None:
    assert to_snake_case(name) == snake


def test_layers_of_a_class_are_counted_whatever_they_are_called() -> None:
    layers = layers_of(sequential(lstm("zebra"), lstm("lstm")), TWO)
    assert [(each.name, each.input_size) for each in layers.values()] == [("zebra", 3), ("lstm", 2)]
    assert layers["lstm"].below is layers["zebra"]


@pytest.mark.parametrize(
    "between",
    [
        configured("Dropout", "between", rate=0.5),
        configured("Activation", "between", activation="linear"),
        configured("Identity", "between"),
        configured("TimeDistributed", "between", layer=configured("Dropout", "inner")),
    ],
)
def test_what_does_nothing_outside_training_is_passed(between: Json) -> None:
    layers = layers_of(sequential(lstm(), between, lstm("upper")), TWO)
    assert layers["upper"].below is layers["lstm"]


@pytest.mark.parametrize(
    "between",
    [
        configured("LayerNormalization", "between"),
        configured("TimeDistributed", "between", layer=configured("Conv1D", "inner")),
        configured("TimeDistributed", "between", layer=configured("Masking", "inner")),
        configured("Flatten", "between"),
        configured("Lambda", "between", function={"class_name": "__lambda__", "config": {}}),
        {**configured("Dropout", "between"), "registered_name": "Custom>Dropout"},
        configured("Dropout", "between", module="somewhere"),
    ],
)
def test_what_computes_in_between_is_named(between: Json) -> None:
    upper = layers_of(sequential(lstm(), between, lstm("upper")), TWO)["upper"]
    assert upper.unfed == (
        f"below it stands the {between['class_name']} layer 'between', which is not computed."
    )


def test_rows_at_a_layer_are_assumed_to_have_no_masked_timestep() -> None:
    masking = configured("Masking", "silence")
    layers = layers_of(sequential(masking, configured("Dropout", "drop"), lstm()), ONE)
    assert layers["lstm"].assumptions == ()
    (said,) = at_layer(layers["lstm"]).assumptions
    assert "no timestep is one that silence masks" in said
    assert at_layer(layers_of(sequential(lstm()), ONE)["lstm"]).assumptions == ()


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (lstm(activation="swish"), "it has activation='swish'; sigmoid, tanh, relu"),
        (lstm(activation={"class_name": "function", "config": "mine"}), "activation='mine'"),
        (lstm(recurrent_activation=7), "recurrent_activation=7"),
        (lstm(time_major=True), "time_major=True"),
        (lstm(use_bias="yes"), "use_bias is neither true nor false"),
        ({**lstm(), "registered_name": "Custom>LSTM"}, "'LSTM', which is not Keras's own"),
        (configured("CuDNNLSTM", "lstm"), "'CuDNNLSTM', which is not computed"),
        (configured("TimeDistributed", "lstm", layer=lstm()), "'TimeDistributed', which is not"),
        (
            configured("Bidirectional", "lstm", layer=configured("ConvLSTM1D", "inner")),
            "'ConvLSTM1D', which is not computed",
        ),
        (
            configured("Bidirectional", "lstm", layer=lstm(go_backwards=True)),
            "forward layer has go_backwards",
        ),
    ],
)
def test_options_that_no_cell_computes_are_refused_by_name(layer: Json, reason: str) -> None:
    assert reason in layers_of(sequential(layer), ONE)["lstm"].refusal


def test_directions_that_are_not_merged_stop_what_is_above() -> None:
    h5 = weights(
        ("layers/bidirectional/forward_layer", INPUT_SIZE),
        ("layers/bidirectional/backward_layer", INPUT_SIZE),
        ("layers/lstm", UNITS),
    )
    both = configured("Bidirectional", "both", layer=lstm(), merge_mode=None)
    layers = layers_of(sequential(both, lstm("upper")), h5)
    assert list(layers["both"].strands) == ["forward", "backward"]
    assert "'both' below does not merge" in layers["upper"].unfed


def test_models_inside_models_are_laid_open() -> None:
    inner = functional(called(lstm(), "x"), name="encoder")
    outer = functional(called(inner, "x"), called(lstm("upper"), "encoder"))
    h5 = weights(("layers/functional/layers/lstm", INPUT_SIZE), ("layers/lstm", UNITS))
    layers = layers_of(outer, h5)
    assert layers["upper"].below is layers["encoder/lstm"]


def test_operations_are_not_counted_as_layers() -> None:
    operation = configured("LSTM", "odd", module="keras.src.ops.numpy")
    model = functional(called(operation, "x"), called(lstm("mine"), "x"))
    layers = layers_of(model, ONE)
    assert layers["mine"].strands
    assert "not Keras's own" in layers["odd"].refusal


def test_calls_of_keras_2_are_read() -> None:
    lower, upper, given = lstm("lower"), lstm("upper"), lstm("given")
    lower["inbound_nodes"] = [[["x", 0, 0, {}]]]
    upper["inbound_nodes"] = [[["lower", 0, 0, {"training": False}]]]
    given["inbound_nodes"] = [[["x", 0, 0, {"initial_state": [["lower", 0, 1]]}]]]
    three = weights(*((f"layers/lstm{k}", w) for k, w in (("", 3), ("_1", UNITS), ("_2", 3))))
    layers = layers_of(functional(lower, upper, given), three)
    assert layers["upper"].below is layers["lower"]
    assert layers["given"].unstarted == "it starts from what lower hands over."
    given["inbound_nodes"] = [[["x", 0, 0, {"initial_state": "lower"}]]]
    layers = layers_of(functional(lower, upper, given), three)
    assert "an initial_state that is not understood" in layers["given"].refusal


@pytest.mark.parametrize(
    ("layer", "reason"),
    [
        (called(lstm("upper"), "lstm", training=True), "called with training=True"),
        (called(lstm("upper"), "lstm", "x"), "called with 2 inputs"),
        (called(lstm("upper"), "lstm", mask=tensor("lstm")), "a mask that is not its embedding's"),
        (called(lstm("upper"), "lstm", *"xxx"), "called with 4 inputs"),
    ],
)
def test_unusual_calls_are_refused(layer: Json, reason: str) -> None:
    assert reason in layers_of(functional(called(lstm(), "x"), layer), TWO)["upper"].refusal


@pytest.mark.parametrize(
    "layer",
    [
        called(lstm("upper"), "lstm", initial_state=[tensor("lstm", 1), tensor("lstm", 2)]),
        called(lstm("upper"), "lstm", "lstm", "lstm"),
    ],
)
def test_states_of_another_layer_are_told(layer: Json) -> None:
    upper = layers_of(functional(called(lstm(), "x"), layer), TWO)["upper"]
    assert upper.unstarted == "it starts from what lstm hands over."
    assert upper.refusal == upper.unfed == ""
    assert upper.below is not None


def test_states_and_last_timesteps_are_no_sequence() -> None:
    upper = lstm("upper")
    upper["inbound_nodes"] = [{"args": [tensor("lstm", 1)], "kwargs": {}}]
    layers = layers_of(functional(called(lstm(), "x"), upper), TWO)
    assert "reads a last state of the layer 'lstm'" in layers["upper"].unfed
    last = sequential(lstm(return_sequences=False), lstm("upper"))
    assert "its last timestep only" in layers_of(last, TWO)["upper"].unfed


@pytest.mark.parametrize(
    ("config", "h5", "reason"),
    [
        (sequential(lstm()), weights(), "holds 0 arrays"),
        (sequential(lstm(units=3)), ONE, "not have the shapes that its options ask for"),
        (sequential(lstm(use_bias=False)), ONE, "not have the shapes"),
        (sequential(configured("GRU", "g", units=2)), weights(("layers/gru", 3)), "not have the"),
        (
            sequential(lstm(), lstm("upper")),
            weights(("layers/lstm", 3), ("layers/lstm_1", 5)),
            "reads 5 values a timestep, but is fed 2",
        ),
        (
            sequential(lstm()),
            Hdf5(ONE.arrays, {"layers/lstm/vars": "other"}, frozenset()),
            "stand those of 'other'",
        ),
        (sequential(configured("Dense", "dense")), ONE, "no recurrent layer such as LSTM"),
        (sequential(), ONE, "no recurrent layer"),
        (sequential(lstm(), lstm()), TWO, "two layers called 'lstm'"),
        (sequential(lstm("a\nb")), ONE, "no usable name"),
        (sequential(lstm("\ud800")), ONE, "no usable name"),
        (functional(called(lstm(), "lstm")), ONE, "uses 'lstm' before it is there"),
        (functional(lstm()), ONE, "lacks a list"),
        (configured("MyModel", "m", module="mine"), ONE, "the class 'MyModel', whose own code"),
    ],
)
def test_what_does_not_fit_together_is_an_error(config: Json, h5: Hdf5, reason: str) -> None:
    with pytest.raises(InputError, match=r"model\.keras.*" + reason):
        layers_of(config, h5)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff", b"[]", b"null", b"[" * 100_000, b'{"a":' * 5000, b"1" * 10_000]
)
def test_what_is_no_model_is_an_error(data: bytes) -> None:
    with pytest.raises(InputError, match=r"model\.keras"):
        read_config(data, "model.keras")


def test_models_are_nested_within_bounds() -> None:
    model = sequential(lstm())
    for k in range(50):
        model["config"]["name"] = f"m{k}"
        model = sequential(model)
    with pytest.raises(InputError, match="models inside one another"):
        read_config(json.dumps(model).encode(), "model.keras")


def test_mixed_precision_is_told() -> None:
    policy = {"class_name": "DTypePolicy", "config": {"name": "mixed_float16"}}
    layers = read_config(json.dumps(sequential(lstm(dtype=policy))).encode(), "model.keras")
    model = model_of_config(layers, ONE, PATH)
    assert model.dtype == "float16"
    assert "mixed_float16" in model.notes[0]


def test_a_fixed_length_is_told_at_the_bottom_alone() -> None:
    lower, upper = lstm("lower"), lstm("upper")
    for each, width in ((lower, INPUT_SIZE), (upper, UNITS)):
        each["build_config"] = {"input_shape": [None, 7, width]}
    config = sequential(lower, upper)
    layers = read_config(json.dumps(config).encode(), "model.keras")
    assert model_of_config(layers, TWO, PATH).notes == (
        "lower: the model is made for 7 timesteps; no other number runs in its own library.",
    )
    del lower["build_config"]
    layers = read_config(json.dumps(config).encode(), "model.keras")
    assert model_of_config(layers, TWO, PATH).notes == ()
