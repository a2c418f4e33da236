"""What happens in a beat, as data: values travel, a vector is revealed, numbers change.

An act says what, never how: which shapes move, when in the beat and how they look is decided where
they are drawn.
"""

from collections.abc import Mapping
from typing import Literal

from gatereel.rnn_math.records import dataclass

Way = Literal["wire", "loop"]
"""How values travel: along the wire between two rows, or round the cell to the next timestep."""


@dataclass(frozen=True)
class Travel:
    """Values go from one vector's row to another's."""

    source: str
    target: str
    way: Way = "wire"


@dataclass(frozen=True)
class Reveal:
    """A vector becomes active: it comes up, or is lit again if it was built before."""

    name: str


@dataclass(frozen=True)
class Write:
    """Vectors get new numbers."""

    values: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Pass:
    """Vectors that came up in steps that are not told stand there, with their numbers."""

    values: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Focus:
    """A frame stands around a vector's row until the next beat."""

    name: str


@dataclass(frozen=True)
class Clear:
    """All numbers go, and what was computed waits again."""


@dataclass(frozen=True)
class Complete:
    """The whole cell stands there in full strength, with its numbers."""

    values: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Turn:
    """The way back begins: what was computed stands there pale, without its numbers."""


@dataclass(frozen=True)
class Send:
    """A gradient goes from a vector's row back to one that it was made of, or round the cell.

    `size` is the largest component of what is sent; `is_straight` says that it is on the way
    through the gate that keeps a state.
    """

    source: str
    target: str
    size: float
    is_straight: bool = False
    way: Way = "wire"


@dataclass(frozen=True)
class Receive:
    """Vectors have so much of a gradient by now."""

    values: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class CompleteBack:
    """The whole way back through the cell: all that is sent, and every gradient."""

    sends: tuple[Send, ...]
    values: Mapping[str, tuple[float, ...]]


Act = (
    Travel | Reveal | Write | Pass | Focus | Clear | Complete | Turn | Send | Receive | CompleteBack
)
