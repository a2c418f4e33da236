"""Functions that stand between layers, applied to whole rows, by the names of libraries.

Those that a cell can have, too, are in `rnn_math/functions.py`; these here cannot be told by their
results, or mix the values of a row.
"""

from collections.abc import Callable, Mapping
from math import erf, sqrt
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.functions import Relu6, Sigmoid, Softplus
from gatereel.rnn_math.models.activations import KERAS

Function = Callable[[Array], Array]
"""Of `(timesteps, width)` to the same shape."""

_SIGMOID, _SOFTPLUS, _RELU6 = Sigmoid(), Softplus(), Relu6()
_ERF = np.vectorize(erf, otypes=[np.float64])


def erf_of(s: Array) -> Array:
    """The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to s."""
    found: Array = _ERF(s)
    return found


def silu(s: Array) -> Array:
    """Compute s sigmoid(s), also called swish."""
    return s * _SIGMOID.apply(s)


def gelu(s: Array) -> Array:
    """Compute s Phi(s), with the normal distribution's Phi; not its approximation by tanh."""
    return s * 0.5 * (1.0 + erf_of(s / sqrt(2.0)))


def mish(s: Array) -> Array:
    """Compute s tanh(softplus(s))."""
    return s * np.tanh(_SOFTPLUS.apply(s))


def hard_silu(s: Array) -> Array:
    """Compute s relu6(s + 3) / 6, also called hard swish."""
    return s * _RELU6.apply(s + 3.0) / 6.0


def softmax(s: Array) -> Array:
    """Compute exp(s) / sum(exp(s)), the sum over the values of a row."""
    raised = np.exp(s - s.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def log_softmax(s: Array) -> Array:
    """Compute log(softmax(s))."""
    moved = s - s.max(axis=-1, keepdims=True)
    return np.asarray(moved - np.log(np.exp(moved).sum(axis=-1, keepdims=True)))


KERAS_BETWEEN: Mapping[str, Function] = MappingProxyType(
    {
        **{name: function.apply for name, function in KERAS.items()},
        "silu": silu,
        "swish": silu,
        "gelu": gelu,
        "mish": mish,
        "hard_silu": hard_silu,
        "hard_swish": hard_silu,
        "softmax": softmax,
        "log_softmax": log_softmax,
    }
)
"""Keras's activations of layers that are not recurrent, by name."""
