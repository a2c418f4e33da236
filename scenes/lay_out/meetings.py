"""Where two operands wait for each other before they become one row: in nobody's way.

    meeting_place(layout, target, first, second) -> MeetingPlace

Side by side if there is room. Wide rows stand one below the other: the one that comes from below
waits below, or the one from above waits above. Where even that is too close to something, they
leave their numbers, which stand where they come from, behind.
"""

from collections.abc import Iterator

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.layout import WIDEST_NUMBER, Layout, label_box, tag_box
from gatereel.scenes.lay_out.placed_rows import PlacedRow

SIGN_ROOM = 22.0
"""Pixels between two operands, where the operation's sign stands."""

_BODY_GAP = 4.0
_LINE_GAP = 6.0
"""Pixels between two operands one below the other."""
_A_CORNER = 150.0
"""Square pixels: less than a number covers, and so little that both are read."""


@dataclass(frozen=True)
class MeetingPlace:
    """Pixels from the middle of the operation's row to the middles of operands and sign."""

    first: Point
    second: Point
    sign: Point
    has_numbers: bool = True


def meeting_place(layout: Layout, target: str, first: str, second: str) -> MeetingPlace:
    """Where `first`, which comes from the left, and `second` stand before they become `target`."""
    row, body = layout.rows[target], layout.body
    inside = Box(body.left + _BODY_GAP, body.top, body.right - _BODY_GAP, body.bottom)
    blocked = _taken(layout, target)

    def in_the_way(place: MeetingPlace) -> float:
        boxes = waiting_boxes(layout, row, place)
        outside = sum(_outside(box, inside) for box in boxes)
        shared = sum(_shared(box, other) for box in boxes for other in blocked)
        return max(0.0, outside + shared - _A_CORNER)

    places = [
        place
        for has_numbers in (True, False)
        for place in _places(layout, row, (first, second), has_numbers=has_numbers)
    ]
    return min(places, key=in_the_way)


def waiting_boxes(layout: Layout, row: PlacedRow, place: MeetingPlace) -> list[Box]:
    """What two operands that wait to become `row` cover, numbers included."""
    half, top = _size(layout, row, has_numbers=place.has_numbers)
    return [
        Box(row.x + x - half, row.y + y - top, row.x + x + half, row.y + y + row.radius)
        for x, y in (place.first, place.second)
    ]


def _places(
    layout: Layout, row: PlacedRow, operands: tuple[str, str], *, has_numbers: bool
) -> Iterator[MeetingPlace]:
    """What is possible, the first one best: of two that are as good, it is taken."""
    half, top = _size(layout, row, has_numbers=has_numbers)
    aside = half + SIGN_ROOM / 2
    yield MeetingPlace((-aside, 0.0), (aside, 0.0), (0.0, 0.0), has_numbers)
    low = layout.body.left + _BODY_GAP - (row.x - aside - half)
    high = layout.body.right - _BODY_GAP - (row.x + aside + half)
    shift = max(low, 0.0) + min(high, 0.0)
    yield MeetingPlace((shift - aside, 0.0), (shift + aside, 0.0), (shift, 0.0), has_numbers)
    across = top + row.radius + _LINE_GAP
    left = -half - SIGN_ROOM / 2
    for i, name in enumerate(operands):
        for way in _directions(layout, name, row.name):
            there, here = (0.0, way * across), (0.0, 0.0)
            sign = (left, way * across / 2)
            yield MeetingPlace(*((there, here) if i == 0 else (here, there)), sign, has_numbers)
            upper, lower = (0.0, -across / 2), (0.0, across / 2)
            is_upper = (way < 0) == (i == 0)
            both = (upper, lower) if is_upper else (lower, upper)
            yield MeetingPlace(*both, (left, 0.0), has_numbers)


def _directions(layout: Layout, source: str, target: str) -> tuple[int, ...]:
    """Down where the operand comes from below, up where it comes from above."""
    wire = next(w for w in layout.wires if (w.source, w.target) == (source, target))
    (_, before), (_, tip) = wire.path[-2:]
    if before == tip:
        return ()
    return (1,) if before > tip else (-1,)


def _size(layout: Layout, row: PlacedRow, *, has_numbers: bool = True) -> tuple[float, float]:
    """Pixels from a row's middle to its ends, and up to the top of its numbers."""
    number = text_width(WIDEST_NUMBER, layout.value_size) / 2
    cap = CAP_HEIGHT * layout.value_size / 2
    spots = row.value_spots if has_numbers else ()
    half = max(row.radius, number if spots else 0.0) + row.discs[-1].x - row.x
    return half, row.y - min((y - cap for _, y in spots), default=row.y - row.radius)


def _taken(layout: Layout, target: str) -> list[Box]:
    """Discs with their numbers, labels and tags, but for the row itself and its sign."""
    rows = [row for name, row in layout.rows.items() if name != target]
    labels = [label for label in layout.labels if (label.row, label.text) != (target, label.sign)]
    return [
        *(
            Box(row.x - half, row.y - top, row.x + half, row.y + row.radius)
            for row in rows
            for half, top in [_size(layout, row)]
        ),
        *(label_box(label, layout.diagram.label_size) for label in labels),
        *map(tag_box, layout.tags),
    ]


def _shared(one: Box, other: Box) -> float:
    """Square pixels that two boxes share."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, width) * max(0.0, height)


def _outside(box: Box, around: Box) -> float:
    """Square pixels of a box that are outside another."""
    return (box.right - box.left) * (box.bottom - box.top) - _shared(box, around)
