"""Fit a diagram to the sizes at hand: where each disc, number, wire, label and tag stands.

    lay_out(translate(diagram, language), input_size, hidden_size, values=..., ...) -> Layout

Discs shrink into their row's slot. With values, discs stand further apart and each has its number
over it; labels and wire ends make way for them. Where room is short, numbers take turns on two
lines and have fewer decimals. A disc with an ellipsis stands for the units
or inputs that are left out. Nothing here knows a renderer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from gatereel.rnn_math import InputError, Size
from gatereel.rnn_math.records import dataclass
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
from gatereel.scenes.lay_out.value_spots import lines_of, value_spots
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE
from gatereel.scenes.tell.numbers import DECIMALS

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
_ALONE = 1e-9
"""Instead of no distance at all."""
_SIDE_GAP = 9.0
"""Pixels between a row that is wider than the illustrated one and a wire at its side."""
_LABEL_HEIGHT = 14.0
_LABEL_GAP = 7.0
_BODY_GAP = 6.0
_SIGN, _SIGN_GAP = 12.0, 7.0
"""Width of an operation's sign at the left of its row, and pixels between the two."""


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
    decimals: int
    """Of the numbers over the discs."""
    strip: Box | None

    @property
    def has_values(self) -> bool:
        """Whether numbers stand over the discs."""
        return any(row.value_spots for row in self.rows.values())


def lay_out(
    diagram: Diagram,
    input_size: int = REFERENCE_INPUT_SIZE,
    hidden_size: int = REFERENCE_HIDDEN_SIZE,
    *,
    rest_features: bool = False,
    rest_units: bool = False,
    projected: tuple[int, bool] | None = None,
    values: bool = True,
    strip: bool = True,
    strip_width: float | None = None,
    widest_numbers: Sequence[str] = (WIDEST_NUMBER,),
) -> Layout:
    """Place everything in a translated diagram. Raises InputError for sizes that cannot be drawn.

    `input_size` and `hidden_size` count what is shown; `rest_features` and `rest_units` say
    whether there is more, for which each stretch gets one more disc; `projected` says both of a
    projected state, which is shown as the units are unless it is given. `widest_numbers` are the
    longest number to be shown and what it is with fewer and fewer decimals: rows make room for
    the first that they have it for. The strip is as wide as the diagram, or `strip_width` pixels.
    """
    counts = _counted(input_size, hidden_size, rest_features, rest_units, projected)
    if values:
        diagram = _roomy(diagram, counts)
    measures, marks = _measures(diagram), _marks(diagram)
    reference = {
        row.name: _place_row(measures, row, marks[row.name], _REFERENCE_COUNTS, None, moved=False)
        for row in diagram.rows
    }
    widths = [text_width(number, diagram.value_size) for number in widest_numbers]
    numbered = [row for row in diagram.rows if values and row.shows_values]
    with_numbers = {row.name for row in numbered}
    fewer = next(
        (
            i
            for i, width in enumerate(widths)
            if all(_lines(measures, row, counts, width) <= row.lines for row in numbered)
        ),
        len(widths) - 1,
    )
    number_width = widths[fewer]
    rows = {
        row.name: _place_row(
            measures,
            row,
            marks[row.name],
            counts,
            number_width if row.name in with_numbers else None,
            moved=values,
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
    drawn = {row.name: row for row in diagram.rows}
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
        wires=tuple(
            _place_wire(
                wire,
                (reference[wire.source], rows[wire.source]),
                (reference[wire.target], rows[wire.target]),
            )
            for wire in diagram.wires
        ),
        labels=labels,
        tags=tuple(_place_tag(tag, drawn, values) for tag in diagram.tags),
        value_size=diagram.value_size,
        decimals=DECIMALS - fewer,
        strip=(
            Box(0, diagram.height, strip_width or diagram.width, diagram.height + STRIP_HEIGHT)
            if strip
            else None
        ),
    )


def label_box(label: Label, size: float) -> Box:
    """The rectangle that a placed label covers, set at `size` pixels."""
    half = _label_width(label, size) / 2
    lines = label.text.count("\n")
    tall = (_LABEL_HEIGHT + lines * TEXT_LINE * size) / 2
    return Box(label.x - half, label.y - tall, label.x + half, label.y + tall)


def _label_width(label: Label, size: float) -> float:
    return max(text_width(line, size) for line in label.text.split("\n"))


def tag_box(tag: Tag) -> Box:
    """The rectangle a tag covers."""
    return Box(
        tag.x - tag.width / 2, tag.y - tag.height / 2, tag.x + tag.width / 2, tag.y + tag.height / 2
    )


class _Counts(NamedTuple):
    """How many of each size are shown, and whether there is more."""

    input: tuple[int, bool]
    hidden: tuple[int, bool]
    projected: tuple[int, bool]

    def of(self, size: Size) -> tuple[int, bool]:
        found: tuple[int, bool] = getattr(self, size)
        return found


_REFERENCE_COUNTS = _Counts(
    input=(REFERENCE_INPUT_SIZE, False),
    hidden=(REFERENCE_HIDDEN_SIZE, False),
    projected=(REFERENCE_HIDDEN_SIZE, False),
)


class _Measures(NamedTuple):
    """What all rows of a diagram have in common, in pixels."""

    radius: float
    pitch: float
    value_radius: float
    value_pitch: float
    value_size: float


def _measures(diagram: Diagram) -> _Measures:
    return _Measures(
        radius=diagram.radius,
        pitch=diagram.pitch,
        value_radius=diagram.value_radius,
        value_pitch=diagram.value_pitch,
        value_size=diagram.value_size,
    )


class _Mark(NamedTuple):
    """Where a label of a row stands, whatever its words are."""

    side: str
    sign: str
    y: float


def _marks(diagram: Diagram) -> dict[str, tuple[_Mark, ...]]:
    """Those of each row, by its name."""
    found: dict[str, tuple[_Mark, ...]] = {row.name: () for row in diagram.rows}
    for label in diagram.labels:
        found[label.row] += (_Mark(label.side, label.sign, label.y),)
    return found


_REMEMBERED = 1 << 13
"""Rows: a film that is fitted has the same ones in each plan, every language has."""


def roomy(
    diagram: Diagram,
    input_size: int,
    hidden_size: int,
    *,
    rest_features: bool = False,
    rest_units: bool = False,
    projected: tuple[int, bool] | None = None,
) -> Diagram:
    """The diagram that `lay_out` takes for numbers of these sizes: itself or the roomier one.

    Raises InputError for sizes that cannot be drawn.
    """
    counts = _counted(input_size, hidden_size, rest_features, rest_units, projected)
    return _roomy(diagram, counts)


def _roomy(diagram: Diagram, counts: _Counts) -> Diagram:
    if diagram.roomier is None:
        return diagram
    width = text_width(WIDEST_NUMBER, diagram.value_size)
    narrow, wide = (
        sum(_lines(measures, row, counts, width) for row in each.rows if row.shows_values)
        for each in (diagram, diagram.roomier)
        for measures in [_measures(each)]
    )
    return diagram.roomier if wide < narrow else diagram


def _counted(
    input_size: int,
    hidden_size: int,
    rest_features: bool,
    rest_units: bool,
    projected: tuple[int, bool] | None,
) -> _Counts:
    of_state, has_rest = projected or (hidden_size, rest_units)
    return _Counts(
        input=(_checked("inputs", input_size, MAX_INPUT_SIZE), rest_features),
        hidden=(_checked("units", hidden_size, MAX_HIDDEN_SIZE), rest_units),
        projected=(_checked("projected units", of_state, MAX_HIDDEN_SIZE), has_rest),
    )


def _checked(name: str, count: int, limit: int) -> int:
    if not 1 <= count <= limit:
        raise InputError(f"A picture holds 1 to {limit} {name}, not {count}.")
    return count


_Units = list[tuple[str, int, bool]]


def _units(row: Row, counts: _Counts) -> _Units:
    """Role and number of each of a row's discs, and whether it stands for what is left out."""
    units: _Units = []
    for stretch in row.stretches:
        shown, has_rest = counts.of(stretch.size)
        units += [(stretch.role, unit, False) for unit in range(shown)]
        units += [(stretch.role, shown, True)] * has_rest
    return units


def _numbered(units: _Units) -> list[int]:
    """The places of a row that have a number."""
    return [i for i, (_, _, is_rest) in enumerate(units) if not is_rest]


def _pitch(measures: _Measures, row: Row, units: _Units, number_width: float | None) -> float:
    """From disc to disc, in pixels."""
    count = len(units)
    if number_width is None:
        return min(measures.pitch, row.slot / count)
    half_disc = measures.radius / measures.pitch
    first, last, end = _ends(units)
    return min(
        measures.value_pitch,
        row.room / (count - 1 + 2 * half_disc),
        (row.room - number_width) / max(last - first, _ALONE),
        (row.room - number_width / 2) / (end - first + half_disc),
    )


def _ends(units: _Units) -> tuple[int, int, int]:
    """The places of a row's first number, its last number and its last disc."""
    places = _numbered(units)
    return places[0], places[-1], len(units) - 1


@lru_cache(_REMEMBERED)
def _lines(measures: _Measures, row: Row, counts: _Counts, number_width: float) -> int:
    """On how many lines the numbers of a row stand."""
    units = _units(row, counts)
    pitch = _pitch(measures, row, units, number_width)
    return lines_of(len(_numbered(units)), pitch, number_width)


def _shift(row: Row, left: float, right: float) -> float:
    """How far a row moves to the right so that what lies `left` and `right` of it is in its room.

    That are its outer numbers, and the disc of what is left out, in pixels from its middle.
    """
    half = row.room / 2
    return max(0.0, left - half) - max(0.0, right - half)


@lru_cache(_REMEMBERED)
def _place_row(
    measures: _Measures,
    row: Row,
    marks: tuple[_Mark, ...],
    counts: _Counts,
    number_width: float | None,
    *,
    moved: bool,
) -> PlacedRow:
    units = _units(row, counts)
    count = len(units)
    pitch = _pitch(measures, row, units, number_width)
    has_numbers = number_width is not None
    largest = measures.value_radius if has_numbers else measures.radius
    radius = min(largest, measures.radius * pitch / measures.pitch)
    x, row_y = (row.x + row.right, row.y + row.lower) if moved else (row.x, row.y)
    if number_width is not None:
        middle = (count - 1) / 2
        first, last, end = _ends(units)
        left = (middle - first) * pitch + number_width / 2
        right = max((last - middle) * pitch + number_width / 2, (end - middle) * pitch + radius)
        x += _shift(row, left, right)
    discs = tuple(
        Disc(x + (i - (count - 1) / 2) * pitch, row_y, radius, role, unit, is_rest)
        for i, (role, unit, is_rest) in enumerate(units)
    )
    half = (count - 1) / 2 * pitch + radius
    left, top, bottom = x - half, row_y - radius, row_y + radius
    spots: tuple[Point, ...] = ()
    if number_width is not None:
        middles = [disc.x for disc in discs if not disc.is_rest]
        lines = lines_of(len(middles), pitch, number_width)
        spots = value_spots(middles, row_y, radius, measures.value_size, lines)
        top = min(top, *(y - CAP_HEIGHT * measures.value_size / 2 for _, y in spots))
    for mark in marks:
        if mark.sign and number_width is not None:
            left = min(left, discs[0].x - number_width / 2) - _SIGN_GAP - _SIGN
        elif mark.side == "above":
            top = (
                min(mark.y + row_y - row.y, top - _LABEL_GAP - _LABEL_HEIGHT / 2)
                - _LABEL_HEIGHT / 2
            )
        if mark.side == "below":
            bottom = max(bottom, mark.y + row_y - row.y + _LABEL_HEIGHT / 2)
    return PlacedRow(row.name, x, row_y, discs, spots, Box(left, top, x + half, bottom))


def _place_label(
    diagram: Diagram, label: Label, reference: PlacedRow, row: PlacedRow, number_width: float | None
) -> Label:
    if label.sign and number_width is not None:
        return replace(label, text=label.sign, side="left", x=row.extent.left + _SIGN / 2, y=row.y)
    if label.side == "above":
        return replace(label, y=row.extent.top + _LABEL_HEIGHT / 2)
    if label.side == "left":
        half = _label_width(label, diagram.label_size) / 2
        middle = label.x - half + row.extent.left - reference.extent.left
        if number_width is not None:
            numbers = min(x for x, _ in row.value_spots) - number_width / 2
            middle = min(middle, numbers - _LABEL_GAP - half)
        return replace(label, x=middle, y=label.y + row.y - reference.y)
    return replace(label, y=label.y + row.y - reference.y)


def _place_tag(tag: Tag, rows: Mapping[str, Row], moved: bool) -> Tag:
    """A state's tags stand under its row, wherever that has gone."""
    if not moved or tag.kind == "gate":
        return tag
    row = rows[tag.row]
    return replace(tag, x=tag.x + row.right, y=tag.y + row.lower)


@lru_cache(_REMEMBERED)
def _place_wire(
    wire: Wire, source: tuple[PlacedRow, PlacedRow], target: tuple[PlacedRow, PlacedRow]
) -> Wire:
    """A wire between rows, of each of which it is said where it was and where it stands."""
    path = _from_row(wire.path, *source)
    # A level wire between two rows has gone with the first one already.
    gone = path[-1][1] - wire.path[-1][1]
    back = _from_row(path[::-1], *target, gone)
    return replace(wire, path=back[::-1])


def _from_row(
    path: tuple[Point, ...], reference: PlacedRow, row: PlacedRow, gone: float = 0.0
) -> tuple[Point, ...]:
    """A way that begins at the edge of a row, wherever the row has gone; so far it is `gone`."""
    (x, y), lower = path[0], row.y - reference.y - gone
    if path[0][1] == path[1][1]:
        level = list(takewhile(lambda point: point[1] == y, path))
        return (
            (_beside(x, reference.extent, row.extent), y + lower),
            *((at, y + lower) for at, _ in level[1:]),
            *path[len(level) :],
        )
    grown = row.radius - reference.radius
    if y < reference.y:
        return ((x, min(y + lower - grown, row.extent.top - _WIRE_GAP)), *path[1:])
    return ((x, max(y + min(0.0, lower) + grown, row.extent.bottom + _WIRE_GAP)), *path[1:])


def _beside(x: float, reference: Box, extent: Box) -> float:
    """As far from the side of a row as it was, or closer where the row has become wide."""
    widened = extent.right - extent.left > reference.right - reference.left
    if x >= reference.right:
        gap = x - reference.right
        return extent.right + (min(gap, _SIDE_GAP) if widened else gap)
    gap = reference.left - x
    return extent.left - (min(gap, _SIDE_GAP) if widened else gap)
