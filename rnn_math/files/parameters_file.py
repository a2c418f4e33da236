"""What a reader of parameters hands over."""

from collections.abc import Mapping

from numpy.typing import ArrayLike

from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True, eq=False)
class ParametersFile:
    """The content of a parameters file, in this package's layout, its shapes not yet checked."""

    cell: str | None
    """The cell's name; None when the file does not say it."""
    weights: Mapping[str, ArrayLike]
    """Node name to W, `(hidden_size, width of the operand)`."""
    biases: Mapping[str, ArrayLike]
    """Node name to b, `(hidden_size,)`."""
