"""How exact the numbers of a layer are, told by its weights."""

from typing import get_args

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.models.model import Dtype, Layer, Model

_UPPER_HALF = np.uint32(0xFFFF0000)
"""The bits of a float32 that a bfloat16 has."""


def precision(model: Model, layer: Layer) -> Dtype:
    """The least exact type that `layer`, or one that feeds it, computes in.

    A file may hold layers of several types, and `model.dtype` is the least exact of all. A layer
    whose weights do not fit into it is of a more exact type: that of its weights. A file that says
    what a layer computes in is believed: weights of float32 are multiplied in float16 by some.
    """
    order: tuple[Dtype, ...] = get_args(Dtype)
    if layer.computed_in is not None:
        own = layer.computed_in
    else:
        found = [model.dtype]
        for strand in layer.strands.values():
            found += [_needed(W) for W in strand.parameters.weights.values()]
        own = max(found, key=order.index)
    if layer.below is None:
        return own
    return min(own, precision(model, layer.below), key=order.index)


def _needed(W: Array) -> Dtype:
    """The least exact type that holds all of `W`."""
    with np.errstate(over="ignore"):
        single = W.astype(np.float32)
        if not np.array_equal(single, W):
            return "float64"
        if np.array_equal((single.view(np.uint32) & _UPPER_HALF).view(np.float32), single):
            return "bfloat16"
        if np.array_equal(single.astype(np.float16), single):
            return "float16"
    return "float32"
