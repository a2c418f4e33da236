"""Fit a diagram to the sizes at hand: where each disc, number, wire, label and tag stands.

    lay_out(translate(diagram, language), input_size, hidden_size, values=..., ...) -> Layout

Discs shrink into their row's slot. With values, numbers stand above their row, on as many lines
as they need; labels and wire ends make way for them. A disc with an ellipsis stands for the units
or inputs that are left out. Nothing here knows a renderer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gatereel.rnn_math import InputError, Size
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.lay_out.diagram import (
    REFERENCE_HIDDEN_SIZE,
    REFERENCE_INPUT_SIZE,
    Diagram,
    Label,
    Row,
    Tag,
    Wire,
)
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.value_spots import value_spots
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE

STRIP_HEIGHT = 105
"""Pixels below the cell for the step's name, equation and numbers."""

STRIP_MARGIN = 24.0
"""Pixels that the strip keeps free at its left and right."""

STRIP_GAP = 16.0
"""Pixels between pieces of text on the strip's first line."""

WIDEST_NUMBER = "\N{MINUS SIGN}0.00"

TEXT_LINE = 1.22
"""From one line of a text to the next, in type sizes."""

_WIRE_GAP = 4.0
_LABEL_HEIGHT = 14.0
_LABEL_GAP = 7.0
_BODY_GAP = 6.0


@dataclass(frozen=True)
class Disc:
    """One unit: its middle and radius in pixels, its role, and which disc of the role it is.

    `is_rest` marks the disc that stands for all units left out.
    """

    x: float
    y: float
    radius: float
    role: str
    unit: int
    is_rest: bool = False


@dataclass(frozen=True)
class PlacedRow:
    """A row of discs and the middles of their numbers; what is left out has a disc, no number."""

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
    """A whole picture in pixels. `strip` is None when the strip is switched off.

    A placed label's `x` is always the middle.

    `input_size` and `hidden_size` count what is shown.
    """

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


def lay_out(
    diagram: Diagram,
    input_size: int = REFERENCE_INPUT_SIZE,
    hidden_size: int = REFERENCE_HIDDEN_SIZE,
    *,
    rest_features: bool = False,
    rest_units: bool = False,
    values: bool = True,
    strip: bool = True,
    widest_number: str = WIDEST_NUMBER,
) -> Layout:
    """Place everything in a translated diagram. Raises InputError for sizes that cannot be drawn.

    `input_size` and `hidden_size` count what is shown; `rest_features` and `rest_units` say
    whether there is more, for which each stretch gets one more disc. `widest_number` is the
    longest number to be shown: rows make room for it.
    """
    counts: _Counts = {
        "input": (_checked("inputs", input_size, MAX_INPUT_SIZE), rest_features),
        "hidden": (_checked("units", hidden_size, MAX_HIDDEN_SIZE), rest_units),
    }
    reference = {
        row.name: _place_row(diagram, row, _REFERENCE_COUNTS, None) for row in diagram.rows
    }
    number_width = text_width(widest_number, diagram.value_size)
    rows = {
        row.name: _place_row(
            diagram, row, counts, number_width if values and row.shows_values else None
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


def _label_width(label: Label, size: float) -> float:
    return max(text_width(line, size) for line in label.text.split("\n"))


def tag_box(tag: Tag) -> Box:
    """The rectangle a tag covers."""
    return Box(
        tag.x - tag.width / 2, tag.y - tag.height / 2, tag.x + tag.width / 2, tag.y + tag.height / 2
    )


_Counts = Mapping[Size, tuple[int, bool]]
"""How many of each size are shown, and whether there is more."""

_REFERENCE_COUNTS: _Counts = {
    "input": (REFERENCE_INPUT_SIZE, False),
    "hidden": (REFERENCE_HIDDEN_SIZE, False),
}


def _checked(name: str, count: int, limit: int) -> int:
    if not 1 <= count <= limit:
        raise InputError(f"A picture holds 1 to {limit} {name}, not {count}.")
    return count


def _place_row(
    diagram: Diagram, row: Row, counts: _Counts, number_width: float | None
) -> PlacedRow:
    units: list[tuple[str, int, bool]] = []
    for stretch in row.stretches:
        shown, has_rest = counts[stretch.size]
        units += [(stretch.role, unit, False) for unit in range(shown)]
        units += [(stretch.role, shown, True)] * has_rest
    count = len(units)
    pitch = min(diagram.pitch, row.slot / count)
    radius = diagram.radius * pitch / diagram.pitch
    discs = tuple(
        Disc(row.x + (i - (count - 1) / 2) * pitch, row.y, radius, role, unit, is_rest)
        for i, (role, unit, is_rest) in enumerate(units)
    )
    half = (count - 1) / 2 * pitch + radius
    top, bottom = row.y - radius, row.y + radius
    spots: tuple[Point, ...] = ()
    if number_width is not None:
        places = [i - (count - 1) / 2 for i, disc in enumerate(discs) if not disc.is_rest]
        spots = value_spots(diagram, row, places, count, pitch, number_width)
        top = min(top, *(y - CAP_HEIGHT * diagram.value_size / 2 for _, y in spots))
    for label in diagram.labels:
        if label.row == row.name and label.side == "above":
            top = min(label.y, top - _LABEL_GAP - _LABEL_HEIGHT / 2) - _LABEL_HEIGHT / 2
        if label.row == row.name and label.side == "below":
            bottom = max(bottom, label.y + _LABEL_HEIGHT / 2)
    return PlacedRow(
        row.name, row.x, row.y, discs, spots, Box(row.x - half, top, row.x + half, bottom)
    )


def _place_label(
    diagram: Diagram, label: Label, reference: PlacedRow, row: PlacedRow, number_width: float | None
) -> Label:
    if label.side == "above":
        return replace(label, y=row.extent.top + _LABEL_HEIGHT / 2)
    if label.side == "left":
        half = _label_width(label, diagram.label_size) / 2
        middle = label.x - half + row.extent.left - reference.extent.left
        if number_width is not None:
            numbers = min(x for x, _ in row.value_spots) - number_width / 2
            middle = min(middle, numbers - _LABEL_GAP - half)
        return replace(label, x=middle)
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
