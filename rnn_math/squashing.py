"""The functions that weighted sums go through, by name: what they make of a number, how steep."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.functions import (
    Elu,
    Exponential,
    HardSigmoid,
    HardTanh,
    LeakyRelu,
    Relu6,
    Selu,
    Softplus,
    Softsign,
)
from gatereel.rnn_math.operations import (
    WeightedSum,
    WeightedSumOf,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
)

SQUASHING: Mapping[str, WeightedSum] = MappingProxyType(
    {
        operation.activation: operation
        for operation in (
            WeightedSumSigmoid(),
            WeightedSumTanh(),
            WeightedSumRelu(),
            *map(WeightedSumOf, (HardSigmoid(), HardTanh(), Elu(), Selu(), LeakyRelu())),
            *map(WeightedSumOf, (Softsign(), Softplus(), Relu6(), Exponential())),
        )
    }
)
"""The operation of each, by the name of its function."""


def squashing(name: str) -> WeightedSum:
    """The operation of that function. Raises InputError where there is none."""
    if name not in SQUASHING:
        raise InputError(f"The function {name!r} is none of {one_of(SQUASHING)}.")
    return SQUASHING[name]


def squash(name: str, s: ArrayLike) -> Array:
    """What a function makes of numbers, one by one."""
    return squashing(name).activate(np.asarray(s, dtype=float))


def slopes(name: str, s: ArrayLike) -> Array:
    """How steep a function is at numbers, one by one."""
    operation = squashing(name)
    return operation.slope(operation.activate(np.asarray(s, dtype=float)))
