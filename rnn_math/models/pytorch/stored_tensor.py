"""A tensor of a state dict, before its numbers are read."""

from collections.abc import Callable

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True, eq=False)
class StoredTensor:
    """A tensor as its file describes it."""

    shape: tuple[int, ...]
    dtype: str
    """Its type as PyTorch calls it: "float32"."""
    values: Callable[[], Array]
    """Reads it, exactly, as float64 of that shape."""
    problem: str = ""
    """Why it cannot be read, to follow its name: "claims more numbers than are stored"."""
