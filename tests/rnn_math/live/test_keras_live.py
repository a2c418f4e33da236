"""Layers of Keras 3 in memory, against what they compute."""

from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.live import read_layer, trace

FLOAT32 = 1e-6
SEQUENCE = np.random.default_rng(4).normal(size=(6, 3)).astype(np.float32)


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> Any:
    pytest.importorskip("torch")  # what Keras computes with
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(1)
    return keras.layers


def built(layer: Any) -> Any:
    layer.build((None, None, 3))
    return layer


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("SimpleRNN", {}),
        ("LSTM", {"recurrent_activation": "hard_sigmoid"}),
        ("LSTM", {"use_bias": False, "go_backwards": True}),
        ("GRU", {}),
        ("GRU", {"reset_after": False, "activation": "elu"}),
    ],
)
def test_a_layer_agrees_with_itself(layers: Any, kind: str, options: dict[str, Any]) -> None:
    layer = built(getattr(layers, kind)(4, **options))
    for x in (SEQUENCE, SEQUENCE[None]):
        found = trace(layer, x)
        assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32


def test_both_directions(layers: Any) -> None:
    layer = built(layers.Bidirectional(layers.LSTM(4, return_sequences=True)))
    for direction in ("forward", "backward"):
        found = trace(layer, SEQUENCE, direction=direction)
        assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32


def test_a_model_s_layers_are_named(layers: Any) -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential(
        [keras.Input((6, 3)), layers.Dense(3), layers.LSTM(4, name="memory"), layers.Dense(1)]
    )
    assert read_layer(model).module == "memory"
    assert read_layer(model, "memory").hidden_size == 4
    with pytest.raises(InputError, match=r"'other' is none of the recurrent layers \(memory\)"):
        read_layer(model, "other")


def test_a_layer_without_weights_or_with_another_function_is_told(layers: Any) -> None:
    with pytest.raises(InputError, match="has no weights yet"):
        read_layer(layers.LSTM(4, name="new"))
    with pytest.raises(InputError, match="cannot be computed: it has activation='silu'"):
        read_layer(built(layers.LSTM(4, activation="swish")))
