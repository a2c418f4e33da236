"""Where operands meet: side by side in the illustrated sizes, in nobody's way in all."""

from dataclasses import replace
from functools import cache
from itertools import product

import pytest

from gatereel.rnn_math import CELLS
from gatereel.rnn_math.cells import RELATIVES
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import Layout, label_box, lay_out, tag_box
from gatereel.scenes.lay_out.meetings import MeetingPlace, meeting_place, waiting_boxes
from gatereel.scenes.tell.script import meets_another
from tests.scenes.traces import ENGLISH_DIAGRAMS

A_CORNER = 150.0
"""Square pixels: so much of a number may be covered, and it is still read."""

FROM_THE_EDGE = 5.0
"""Pixels by which a pair may stand aside so as not to touch the body's outline."""

SIZES = [(3, 2, False), (1, 1, False), (4, 3, False), (6, 2, True), (3, 4, False), (8, 6, False)]
"""Inputs and units shown, and whether there are more units."""

DRAWN = {**CELLS, **RELATIVES}

MEETINGS = [
    (cell, node.name)
    for cell in ENGLISH_DIAGRAMS
    for node in DRAWN[cell].nodes
    if meets_another(DRAWN[cell], node.name)
]

every_meeting = pytest.mark.parametrize(("cell", "target"), MEETINGS)


@cache
def layout_of(cell: str, inputs: int = 3, units: int = 2, rest: bool = False) -> Layout:
    return lay_out(ENGLISH_DIAGRAMS[cell], inputs, units, rest_units=rest)


def from_left_to_right(layout: Layout, cell: str, target: str) -> tuple[str, str]:
    def start(name: str) -> float:
        wire = next(w for w in layout.wires if (w.source, w.target) == (name, target))
        return wire.path[-2][0]

    first, second = sorted(DRAWN[cell].node(target).operands, key=start)
    return first, second


def place_of(layout: Layout, cell: str, target: str) -> MeetingPlace:
    return meeting_place(layout, target, *from_left_to_right(layout, cell, target))


def shared(one: Box, other: Box) -> float:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, width) * max(0.0, height)


def covered(layout: Layout, target: str, boxes: list[Box]) -> float:
    """Square pixels of discs, labels, tags and of what is not the cell's body."""
    others = [
        *(
            Box(
                row.discs[0].x - row.radius,
                row.y - row.radius,
                row.discs[-1].x + row.radius,
                row.y + row.radius,
            )
            for name, row in layout.rows.items()
            if name != target
        ),
        *(
            label_box(label, layout.diagram.label_size)
            for label in layout.labels
            if (label.row, label.text) != (target, label.sign)
        ),
        *map(tag_box, layout.tags),
    ]
    area = sum((box.right - box.left) * (box.bottom - box.top) for box in boxes)
    return (
        area
        - sum(shared(box, layout.body) for box in boxes)
        + sum(shared(box, other) for box, other in product(boxes, others))
    )


@every_meeting
def test_operands_meet_side_by_side_in_the_illustrated_size(cell: str, target: str) -> None:
    place = place_of(layout_of(cell), cell, target)
    (left, level), (right, other_level) = place.first, place.second
    sign, sign_level = place.sign
    assert (level, other_level, sign_level) == (0.0, 0.0, 0.0)
    assert left < sign < right
    assert left + right == pytest.approx(2 * sign)
    assert abs(sign) < FROM_THE_EDGE
    assert place.has_numbers


@every_meeting
@pytest.mark.parametrize(("inputs", "units", "rest"), SIZES)
def test_operands_that_wait_are_in_nobodys_way(
    cell: str, target: str, inputs: int, units: int, rest: bool
) -> None:
    layout = layout_of(cell, inputs, units, rest)
    place = place_of(layout, cell, target)
    boxes = waiting_boxes(layout, layout.rows[target], place)
    assert covered(layout, target, boxes) <= A_CORNER
    assert shared(*boxes) == 0.0


@every_meeting
@pytest.mark.parametrize(("inputs", "units", "rest"), SIZES)
def test_the_sign_stands_beside_or_between_the_operands(
    cell: str, target: str, inputs: int, units: int, rest: bool
) -> None:
    layout = layout_of(cell, inputs, units, rest)
    row, place = layout.rows[target], place_of(layout, cell, target)
    x, y = row.x + place.sign[0], row.y + place.sign[1]
    sign = Box(x - 5.0, y - 5.0, x + 5.0, y + 5.0)
    assert all(shared(sign, box) == 0.0 for box in waiting_boxes(layout, row, place))
    ys = sorted((place.first[1], place.second[1]))
    assert ys[0] <= place.sign[1] <= ys[1]


def test_what_is_in_the_way_is_seen() -> None:
    layout = layout_of("lstm", 8, 6)
    row = layout.rows["h"]
    beside = replace(place_of(layout_of("lstm"), "lstm", "h"), first=(-90.0, 0.0))
    boxes = waiting_boxes(layout, row, replace(beside, second=(90.0, 0.0)))
    assert covered(layout, "h", boxes) > A_CORNER
