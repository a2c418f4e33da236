"""What a trace file holds of a timestep, and what writes it, one timestep at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Protocol

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell

Scratch = Callable[[], IO[bytes]]
"""Opens a temporary file, which its caller need not close."""


@dataclass(frozen=True, eq=False)
class Heading:
    """What is known before the first timestep is written."""

    cell: Cell
    widths: Mapping[str, int]
    """The width of each vector: "x", the previous states and all nodes, in that order."""
    is_labelled: bool
    """Whether each timestep has a label."""
    is_excerpt: bool
    """Whether the timesteps are not 1, 2, 3, ..., so that a reader needs their numbers."""


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
