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

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.fonts.text_width import text_width
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
from gatereel.scenes.lay_out.placed_rows import (
    LABEL_GAP,
    LABEL_HEIGHT,
    REFERENCE_COUNTS,
    REMEMBERED,
    SIGN,
    Counts,
    PlacedRow,
    counts_of,
    lines_taken,
    marks_of,
    measures_of,
    place_row,
)
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
_SIDE_GAP = 9.0
"""Pixels between a row that is wider than the illustrated one and a wire at its side."""
_BODY_GAP = 6.0


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
    counts = counts_of(input_size, hidden_size, rest_features, rest_units, projected)
    if values:
        diagram = _roomy(diagram, counts)
    measures, marks = measures_of(diagram), marks_of(diagram)
    reference = {
        row.name: place_row(measures, row, marks[row.name], REFERENCE_COUNTS, None, moved=False)
        for row in diagram.rows
    }
    widths = [text_width(number, diagram.value_size) for number in widest_numbers]
    numbered = [row for row in diagram.rows if values and row.shows_values]
    with_numbers = {row.name for row in numbered}
    fewer = next(
        (
            i
            for i, width in enumerate(widths)
            if all(lines_taken(measures, row, counts, width) <= row.lines for row in numbered)
        ),
        len(widths) - 1,
    )
    number_width = widths[fewer]
    rows = {
        row.name: place_row(
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
    tall = (LABEL_HEIGHT + lines * TEXT_LINE * size) / 2
    return Box(label.x - half, label.y - tall, label.x + half, label.y + tall)


def _label_width(label: Label, size: float) -> float:
    return max(text_width(line, size) for line in label.text.split("\n"))


def tag_box(tag: Tag) -> Box:
    """The rectangle a tag covers."""
    return Box(
        tag.x - tag.width / 2, tag.y - tag.height / 2, tag.x + tag.width / 2, tag.y + tag.height / 2
    )


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
    counts = counts_of(input_size, hidden_size, rest_features, rest_units, projected)
    return _roomy(diagram, counts)


def _roomy(diagram: Diagram, counts: Counts) -> Diagram:
    if diagram.roomier is None:
        return diagram
    width = text_width(WIDEST_NUMBER, diagram.value_size)
    narrow, wide = (
        sum(lines_taken(measures, row, counts, width) for row in each.rows if row.shows_values)
        for each in (diagram, diagram.roomier)
        for measures in [measures_of(each)]
    )
    return diagram.roomier if wide < narrow else diagram


def _place_label(
    diagram: Diagram, label: Label, reference: PlacedRow, row: PlacedRow, number_width: float | None
) -> Label:
    if label.sign and number_width is not None:
        return replace(label, text=label.sign, side="left", x=row.extent.left + SIGN / 2, y=row.y)
    if label.side == "above":
        return replace(label, y=row.extent.top + LABEL_HEIGHT / 2)
    if label.side == "left":
        half = _label_width(label, diagram.label_size) / 2
        middle = label.x - half + row.extent.left - reference.extent.left
        if number_width is not None:
            numbers = min(x for x, _ in row.value_spots) - number_width / 2
            middle = min(middle, numbers - LABEL_GAP - half)
        return replace(label, x=middle, y=label.y + row.y - reference.y)
    return replace(label, y=label.y + row.y - reference.y)


def _place_tag(tag: Tag, rows: Mapping[str, Row], moved: bool) -> Tag:
    """A state's tags stand under its row, wherever that has gone."""
    if not moved or tag.kind == "gate":
        return tag
    row = rows[tag.row]
    return replace(tag, x=tag.x + row.right, y=tag.y + row.lower)


@lru_cache(REMEMBERED)
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
