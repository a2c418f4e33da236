"""Fit a diagram to the sizes at hand: where each disc, number, wire, label and tag stands.

    lay_out(diagram, input_size, hidden_size, values=..., strip=...) -> Layout

Discs shrink into their row's slot. With values, numbers stand above their row, on as many lines
as they need; labels and wire ends make way for them. Nothing here knows a renderer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from rnn_math import InputError
from scenes.diagrams import (
    REFERENCE_HIDDEN_SIZE,
    REFERENCE_INPUT_SIZE,
    Diagram,
    Label,
    Point,
    Row,
    Tag,
    Wire,
)
from scenes.metrics import CAP_HEIGHT, text_width

MAX_INPUT_SIZE = 8
MAX_HIDDEN_SIZE = 6
STRIP_HEIGHT = 105
"""Pixels below the cell for the step's name, equation and numbers."""

WIDEST_NUMBER = "\N{MINUS SIGN}0.00"

_VALUE_GAP = 3.5
_VALUE_LINE = 0.86
_VALUE_SPACING = 6.0
_CLOSE_SPACING = 2.5
_MOST_DRIFT = 0.5
"""In pitches of the discs."""
_WIRE_GAP = 4.0
_LABEL_HEIGHT = 14.0
_LABEL_GAP = 7.0
_BODY_GAP = 6.0


@dataclass(frozen=True)
class Disc:
    """One unit: its middle and radius in pixels, its role, and which unit of the role it is."""

    x: float
    y: float
    radius: float
    role: str
    unit: int


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class PlacedRow:
    """A row of discs and the middles of their numbers."""

    name: str
    x: float
    y: float
    discs: tuple[Disc, ...]
    value_spots: tuple[Point, ...]
    extent: Box
    """Discs, numbers and label together: what a wire keeps clear of."""

    @property
    def radius(self) -> float:
        """Radius of the row's discs in pixels."""
        return self.discs[0].radius


@dataclass(frozen=True)
class Layout:
    """A whole picture in pixels. `strip` is None when the strip is switched off."""

    diagram: Diagram
    input_size: int
    hidden_size: int
    width: float
    height: float
    body: Box
    rows: Mapping[str, PlacedRow]
    wires: tuple[Wire, ...]
    labels: tuple[Label, ...]
    tags: tuple[Tag, ...]
    value_size: float
    strip: Box | None


def check_drawable(input_size: int, hidden_size: int) -> None:
    """Raise InputError when a vector has more units than can be drawn in full."""
    for name, size, limit in (
        ("input size", input_size, MAX_INPUT_SIZE),
        ("hidden size", hidden_size, MAX_HIDDEN_SIZE),
    ):
        if not 1 <= size <= limit:
            raise InputError(
                f"The {name} is {size}; a picture holds 1 to {limit}. "
                "`gatereel trace` computes any size."
            )


def lay_out(
    diagram: Diagram,
    input_size: int = REFERENCE_INPUT_SIZE,
    hidden_size: int = REFERENCE_HIDDEN_SIZE,
    *,
    values: bool = True,
    strip: bool = True,
    widest_number: str = WIDEST_NUMBER,
) -> Layout:
    """Place everything. Raises InputError for sizes that cannot be drawn in full.

    `widest_number` is the longest number to be shown: rows make room for it.
    """
    check_drawable(input_size, hidden_size)
    reference = {
        row.name: _place_row(
            diagram, row, REFERENCE_INPUT_SIZE, REFERENCE_HIDDEN_SIZE, None, diagram.labels
        )
        for row in diagram.rows
    }
    number_width = text_width(widest_number, diagram.value_size)
    rows = {
        row.name: _place_row(
            diagram,
            row,
            input_size,
            hidden_size,
            number_width if values and row.shows_values else None,
            diagram.labels,
        )
        for row in diagram.rows
    }
    labels = tuple(
        _place_label(
            diagram,
            label,
            reference[label.row],
            rows[label.row],
            number_width if values else None,
        )
        for label in diagram.labels
    )
    left, top, right, bottom = diagram.body
    inside = [row.extent.top for row in rows.values() if left < row.x < right]
    return Layout(
        diagram=diagram,
        input_size=input_size,
        hidden_size=hidden_size,
        width=diagram.width,
        height=diagram.height + (STRIP_HEIGHT if strip else 0),
        body=Box(left, min(top, *(edge - _BODY_GAP for edge in inside)), right, bottom),
        rows=rows,
        wires=tuple(_place_wire(wire, reference, rows) for wire in diagram.wires),
        labels=labels,
        tags=diagram.tags,
        value_size=diagram.value_size,
        strip=(
            Box(0, diagram.height, diagram.width, diagram.height + STRIP_HEIGHT) if strip else None
        ),
    )


def label_box(label: Label, size: float) -> Box:
    """The rectangle a label covers, set at `size` pixels."""
    half = text_width(label.text, size) / 2
    return Box(
        label.x - half, label.y - _LABEL_HEIGHT / 2, label.x + half, label.y + _LABEL_HEIGHT / 2
    )


def tag_box(tag: Tag) -> Box:
    """The rectangle a tag covers."""
    return Box(
        tag.x - tag.width / 2, tag.y - tag.height / 2, tag.x + tag.width / 2, tag.y + tag.height / 2
    )


def value_box(spot: Point, text: str, size: float) -> Box:
    """The rectangle a number covers."""
    half_width, half_height = text_width(text, size) / 2, CAP_HEIGHT * size / 2
    x, y = spot
    return Box(x - half_width, y - half_height, x + half_width, y + half_height)


def _place_row(
    diagram: Diagram,
    row: Row,
    input_size: int,
    hidden_size: int,
    number_width: float | None,
    labels: tuple[Label, ...],
) -> PlacedRow:
    sizes: dict[Literal["hidden", "input"], int] = {"hidden": hidden_size, "input": input_size}
    units = [
        (stretch.role, unit) for stretch in row.stretches for unit in range(sizes[stretch.size])
    ]
    count = len(units)
    pitch = min(diagram.pitch, row.slot / count)
    radius = diagram.radius * pitch / diagram.pitch
    discs = tuple(
        Disc(row.x + (i - (count - 1) / 2) * pitch, row.y, radius, role, unit)
        for i, (role, unit) in enumerate(units)
    )
    half = (count - 1) / 2 * pitch + radius
    top, bottom = row.y - radius, row.y + radius
    spots: tuple[Point, ...] = ()
    if number_width is not None:
        spots = _value_spots(row, count, pitch, radius, number_width, diagram.value_size)
        top = min(top, *(y - CAP_HEIGHT * diagram.value_size / 2 for _, y in spots))
    for label in labels:
        if label.row == row.name and label.side == "above":
            top = min(label.y, top - _LABEL_GAP - _LABEL_HEIGHT / 2) - _LABEL_HEIGHT / 2
        if label.row == row.name and label.side == "below":
            bottom = max(bottom, label.y + _LABEL_HEIGHT / 2)
    return PlacedRow(
        row.name, row.x, row.y, discs, spots, Box(row.x - half, top, row.x + half, bottom)
    )


def _value_spots(
    row: Row, count: int, pitch: float, radius: float, number_width: float, size: float
) -> tuple[Point, ...]:
    """Middles of a row's numbers: beside it if they fit there, or else above it.

    Above, neighbours take turns on several lines when one is full.
    """
    step = number_width + _VALUE_SPACING
    if count * step <= row.beside:
        first = row.x + (count - 1) / 2 * pitch + radius + _VALUE_SPACING + number_width / 2
        return tuple((first + i * step, row.y) for i in range(count))
    # From the first number's middle to the last one's.
    gaps, length = count - 1, row.room - number_width
    lines = max(1, ceil(gaps * (number_width + _CLOSE_SPACING) / length))
    # The long rows of a concatenation drift away from their discs sooner than the others.
    if lines == 1 and len(row.stretches) > 1 and gaps / 2 * (step - pitch) > _MOST_DRIFT * pitch:
        lines = 2
    spread = min(max(pitch, step / lines), length / max(1, gaps))
    lowest = row.y - radius - _VALUE_GAP - CAP_HEIGHT * size / 2
    return tuple(
        (row.x + (i - (count - 1) / 2) * spread, lowest - (i % lines) * _VALUE_LINE * size)
        for i in range(count)
    )


def _place_label(
    diagram: Diagram, label: Label, reference: PlacedRow, row: PlacedRow, number_width: float | None
) -> Label:
    if label.side == "above":
        return replace(label, y=row.extent.top + _LABEL_HEIGHT / 2)
    if label.side == "left":
        x = label.x + row.extent.left - reference.extent.left
        if number_width is not None:
            numbers = min(x for x, _ in row.value_spots) - number_width / 2
            x = min(x, numbers - _LABEL_GAP - text_width(label.text, diagram.label_size) / 2)
        return replace(label, x=x)
    return label


def _place_wire(
    wire: Wire, reference: Mapping[str, PlacedRow], rows: Mapping[str, PlacedRow]
) -> Wire:
    points = list(wire.path)
    points[0] = _attach(points[0], reference[wire.source], rows[wire.source])
    points[-1] = _attach(points[-1], reference[wire.target], rows[wire.target])
    return replace(wire, path=tuple(points))


def _attach(point: Point, reference: PlacedRow, row: PlacedRow) -> Point:
    """Move a wire's end with the row's edge, and out of the way of its numbers and label."""
    x, y = point
    if x >= reference.extent.right:
        return x + row.extent.right - reference.extent.right, y
    if x <= reference.extent.left:
        return x + row.extent.left - reference.extent.left, y
    shrunk = reference.radius - row.radius
    if y < row.y:
        return x, min(y + shrunk, row.extent.top - _WIRE_GAP)
    return x, max(y - shrunk, row.extent.bottom + _WIRE_GAP)
