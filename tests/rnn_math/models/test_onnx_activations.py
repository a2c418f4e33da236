"""Activations, clipping, peepholes and coupled gates of ONNX, against ONNX Runtime itself."""

from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math.models import read_model
from tests.rnn_math.models.onnx_builders import (
    HIDDEN_SIZE,
    hidden_states,
    one_node,
    saved,
    with_constant,
)

FLOAT32 = 2e-6
"""Relative and absolute: ONNX Runtime sums in float32."""

SEQUENCE = np.random.default_rng(6).uniform(-1.0, 1.0, (5, 3)).astype(np.float32)

ALONE: tuple[tuple[str, dict[str, list[float]]], ...] = (
    ("Tanh", {}),
    ("Relu", {}),
    ("Sigmoid", {}),
    ("Softsign", {}),
    ("Softplus", {}),
    ("Elu", {"activation_alpha": [0.7]}),
    ("LeakyRelu", {"activation_alpha": [0.2]}),
    ("ThresholdedRelu", {"activation_alpha": [0.1]}),
    ("HardSigmoid", {"activation_alpha": [0.3], "activation_beta": [0.4]}),
    ("ScaledTanh", {"activation_alpha": [1.2], "activation_beta": [0.7]}),
    ("Affine", {"activation_alpha": [0.6], "activation_beta": [0.1]}),
)


onnxruntime: Any = import_module("onnxruntime")  # it has no types


def agree(folder: Path, made: Any) -> None:
    path = saved(folder, made)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (theirs,) = session.run(None, {"x": SEQUENCE[:, np.newaxis]})
    (layer,) = read_model(path).layers
    assert layer.refusal == ""
    ours = hidden_states(layer, SEQUENCE.astype(float))
    np.testing.assert_allclose(ours, theirs[:, :, 0], rtol=FLOAT32, atol=FLOAT32)


@pytest.mark.parametrize(("name", "options"), ALONE, ids=[name for name, _ in ALONE])
@pytest.mark.parametrize("clip", [None, 0.4])
def test_a_plain_rnn_with_every_activation(
    name: str, options: dict[str, Any], clip: float | None, tmp_path: Path
) -> None:
    more: dict[str, Any] = {} if clip is None else {"clip": clip}
    agree(tmp_path, one_node("RNN", hidden_size=HIDDEN_SIZE, activations=[name], **options, **more))


@pytest.mark.parametrize(
    ("gates", "contents"),
    [*product(("Sigmoid", "HardSigmoid"), ("Tanh", "Softsign", "Elu"))],
)
@pytest.mark.parametrize("after", [0, 1])
@pytest.mark.parametrize("clip", [None, 0.3])
def test_a_gru(gates: str, contents: str, after: int, clip: float | None, tmp_path: Path) -> None:
    more: dict[str, Any] = {} if clip is None else {"clip": clip}
    names = [gates, contents]
    agree(
        tmp_path,
        one_node(
            "GRU", hidden_size=HIDDEN_SIZE, activations=names, linear_before_reset=after, **more
        ),
    )


@pytest.mark.parametrize("names", [["HardSigmoid", "Tanh", "Tanh"], ["Sigmoid", "Softsign", "Elu"]])
@pytest.mark.parametrize("coupled", [0, 1])
@pytest.mark.parametrize("peepholes", [False, True])
@pytest.mark.parametrize("clip", [None, 0.3])
def test_an_lstm(
    names: list[str], coupled: int, peepholes: bool, clip: float | None, tmp_path: Path
) -> None:
    more: dict[str, Any] = {} if clip is None else {"clip": clip}
    reads = ("", "", "", "P") if peepholes else ()
    made = one_node(
        "LSTM", reads, hidden_size=HIDDEN_SIZE, activations=names, input_forget=coupled, **more
    )
    if peepholes:
        random = np.random.default_rng(1)
        P = random.uniform(-0.8, 0.8, (1, 3 * HIDDEN_SIZE)).astype(np.float32)
        made = with_constant(made, "P", P)
    agree(tmp_path, made)


def test_two_directions_take_their_numbers_in_order(tmp_path: Path) -> None:
    agree(
        tmp_path,
        one_node(
            "RNN",
            hidden_size=HIDDEN_SIZE,
            direction="bidirectional",
            activations=["HardSigmoid", "LeakyRelu"],
            activation_alpha=[0.3, 0.1],
            activation_beta=[0.45],
        ),
    )


def test_an_activation_that_is_none_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path, one_node("RNN", hidden_size=HIDDEN_SIZE, activations=["Swish"]))
    (layer,) = read_model(path).layers
    assert "swish" in layer.refusal
    assert "hardsigmoid" in layer.refusal
