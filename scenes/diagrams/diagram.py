"""What a cell's diagram says: rows of discs, wires, labels and tags, in pixels, origin top left.

A diagram is written for the reference sizes (input 3, hidden 2) without values; `scenes.layout`
fits it to other sizes and makes room for the numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Point = tuple[float, float]

REFERENCE_INPUT_SIZE = 3
REFERENCE_HIDDEN_SIZE = 2

OPERANDS_SUFFIX = ".in"
"""A weighted sum "f" is drawn as two rows: its operands "f.in" and, above them, the units "f"."""

OUT_SUFFIX = "_out"
"""A state "c" that has left the cell stands at the right edge as the row "c_out"."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of a row: discs of one role, as many as a size says."""

    role: str
    size: Literal["hidden", "input"]


@dataclass(frozen=True)
class Row:
    """A vector's row of discs.

    `slot` is the width in pixels that the discs may take, `room` the width that their numbers
    may take on one line above them. Where they fit into `beside`, they stand to the right.
    """

    name: str
    x: float
    y: float
    stretches: tuple[Stretch, ...]
    slot: float
    room: float
    shows_values: bool = True
    beside: float = 0.0


@dataclass(frozen=True)
class Wire:
    """An arrow from row to row; the head is at the last point of `path`."""

    source: str
    target: str
    path: tuple[Point, ...]


@dataclass(frozen=True)
class Label:
    """The name of an operation, beside its row. `row` is also what it appears with."""

    text: str
    row: str
    x: float
    y: float
    side: Literal["above", "below", "left"]


@dataclass(frozen=True)
class Tag:
    """A box with text. `row` is what it appears with; `lines` are Typst markup."""

    lines: tuple[str, ...]
    row: str
    kind: Literal["state", "caption", "gate"]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Diagram:
    """One cell's picture. `loops` maps a state to its way from the right edge back to the left."""

    cell: str
    width: float
    height: float
    body: tuple[float, float, float, float]
    radius: float
    pitch: float
    value_size: float
    label_size: float
    rows: tuple[Row, ...]
    wires: tuple[Wire, ...]
    labels: tuple[Label, ...]
    tags: tuple[Tag, ...]
    loops: Mapping[str, tuple[Point, ...]]


def read_backward(diagram: Diagram) -> Diagram:
    """The diagram where the sequence is read from its end: the state before t is that of t + 1."""
    tags = tuple(
        replace(tag, lines=tuple(line.replace(_BEFORE, _AFTER) for line in tag.lines))
        for tag in diagram.tags
    )
    return replace(diagram, tags=tags)


_BEFORE, _AFTER = "sub[t-1]", "sub[t+1]"

HIDDEN_IN = Stretch("hidden state in", "hidden")
INPUT_STRETCH = Stretch("input", "input")


def hidden(role: str) -> tuple[Stretch, ...]:
    """A row of hidden units with one role."""
    return (Stretch(role, "hidden"),)


def state_tags(
    row: str, symbol: str, caption: tuple[str, ...], x: float, y: float, caption_y: float
) -> tuple[Tag, Tag]:
    """A state's two tags: its symbol and, below, its name in words."""
    height = _CAPTION_HEIGHT if len(caption) == 1 else _TALL_CAPTION_HEIGHT
    return (
        Tag((symbol,), row, "state", x, y, _STATE_TAG_WIDTH, _STATE_TAG_HEIGHT),
        Tag(caption, row, "caption", x, caption_y, _CAPTION_WIDTH, height),
    )


_STATE_TAG_WIDTH = 72
_STATE_TAG_HEIGHT = 35
_CAPTION_WIDTH = 115
_CAPTION_HEIGHT = 35
_TALL_CAPTION_HEIGHT = 67
