"""Clipping: a gradient that is too long keeps its direction and gets shorter."""

from collections.abc import Sequence

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError


def clip(gradients: Sequence[Array], threshold: float) -> tuple[Array, ...]:
    """G * min(1, threshold / |g|), |g| over all of them together.

    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
    2013. Raises InputError for a threshold that is not positive.
    """
    if not threshold > 0.0 or not np.isfinite(threshold):
        raise InputError(f"The threshold is {threshold:g}; a positive number is accepted.")
    norm = float(np.sqrt(sum(float((g * g).sum()) for g in gradients)))
    share = min(1.0, threshold / norm) if norm > 0.0 else 1.0
    return tuple(gradient * share for gradient in gradients)
