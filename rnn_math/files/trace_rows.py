"""What a trace file holds of a timestep, and what writes it, one timestep at a time."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import IO, Protocol

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.records import dataclass

GRADIENT = "dL_d"
"""What the name of a gradient begins with: dL_df is dL/df, dL_dW_f is dL/dW_f."""

Scratch = Callable[[], IO[bytes]]
"""Opens a temporary file, which its caller need not close."""


@dataclass(frozen=True, eq=False)
class Heading:
    """What is known before the first timestep is written."""

    cell: Cell
    widths: Mapping[str, int]
    """The width of each vector: "x", the previous states and all nodes, in that order; behind them
    the gradients, if there are any."""
    is_labelled: bool
    """Whether each timestep has a label."""
    is_excerpt: bool
    """Whether the timesteps are not 1, 2, 3, ..., so that a reader needs their numbers."""
    of_parameters: Mapping[str, Array] = field(default_factory=dict)
    """Gradients that belong to no timestep, by name: of W, b and the states before the first. They
    go where there is a place for them, which .csv and .jsonl have not."""

    @property
    def gradients(self) -> tuple[str, ...]:
        """The names of the vectors' gradients."""
        return tuple(name for name in self.widths if name.startswith(GRADIENT))


@dataclass(frozen=True, eq=False)
class Row:
    """One timestep."""

    timestep: int
    """Its place in the sequence, from 1."""
    label: str
    """Empty when it has none."""
    vectors: Mapping[str, Array]
    """All that `Heading.widths` names, `(width,)` each."""


class TraceStream(Protocol):
    """Writes a trace to the binary stream that it was made with, without keeping it in memory."""

    def write(self, row: Row) -> None:
        """Add a timestep."""

    def finish(self) -> None:
        """Write what is left to write. At least one timestep has been added."""


TraceWriter = Callable[[IO[bytes], Heading, Scratch], TraceStream]
"""Begins a trace."""
