"""What PyTorch computed for the models in this folder; `make_pytorch.py` wrote both."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from gatereel.rnn_math import Array
from gatereel.rnn_math.models import Direction, Layer

FOLDER = Path(__file__).parent

FLOAT32_TOLERANCE = 1e-6
"""PyTorch rounds every sum to 24 bits; over the few timesteps here that adds up to 3e-7."""

FLOAT64_TOLERANCE = 1e-12
"""The order of a sum's terms is all that differs."""


def inputs_of(model: str) -> Array:
    """The inputs of a model, `(timesteps, input_size)`."""
    return _arrays()[f"{model}/inputs"]


def states_of(model: str, layer: Layer, direction: Direction) -> Mapping[str, Array]:
    """The states of a layer, `(timesteps, hidden_size)`, in the order in which it reads."""
    states = next(iter(layer.strands.values())).cell.states
    return {s: _arrays()[f"{model}/{s}/{layer.level}/{direction}"] for s in states}


@cache
def _arrays() -> Mapping[str, Array]:
    with np.load(FOLDER / "expected.npz") as archive:
        return dict(archive)
