"""The dashed ways round the cell, on which states go to the next timestep. They always stand there.

A way begins clear of all that belongs to the state that leaves, and ends so at the state before.
"""

from collections.abc import Sequence

from gatereel.rnn_math import previous
from gatereel.scenes.draw.outlines import arrow_head, dashes, join, line
from gatereel.scenes.draw.shapes import HEAD_LENGTH, HEAD_WIDTH, Shape
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.layout import Layout, tag_box
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.theme.theme import Theme

DASH, GAP = 8.0, 6.0
_CLEARANCE = 5.0
"""Pixels between a way and what it begins or ends at."""


def lanes(layout: Layout, theme: Theme, *, tags: bool = True) -> tuple[Shape, ...]:
    """A line and a head for each state; without `tags`, none are in the way."""
    shapes: list[Shape] = []
    for state, loop in layout.diagram.loops.items():
        source, target = state + OUT_SUFFIX, previous(state)
        path = lane(layout, source, target, loop, tags=tags)
        tip, before = path[-1], path[-2]
        colour = theme.core(theme.fill(layout.rows[source].discs[0].role, 0))
        pieces = [line(start, end) for start, end in dashes(path, DASH, GAP)]
        head = arrow_head(tip, before, HEAD_LENGTH, HEAD_WIDTH)
        shapes += [
            Shape("lane", join(pieces), colour, theme.background, path=tuple(path)),
            Shape("lane head", head, colour, theme.background, path=tuple(path)),
        ]
    return tuple(shapes)


def lane(
    layout: Layout, source: str, target: str, loop: Sequence[Point], *, tags: bool = True
) -> list[Point]:
    """A way round the cell, clear of all that belongs to the states at its ends."""
    path = _clear_of(loop, _column(layout, source, tags=tags))
    return _clear_of(path[::-1], _column(layout, target, tags=tags))[::-1]


def _column(layout: Layout, name: str, *, tags: bool) -> list[Box]:
    """What belongs to a state: its discs and numbers, its tags."""
    return [
        layout.rows[name].extent,
        *(tag_box(tag) for tag in layout.tags if tags and tag.row == name),
    ]


def _clear_of(path: Sequence[Point], taken: Sequence[Box]) -> list[Point]:
    """The way without its beginning among what is taken."""
    (x, y), (next_x, next_y) = path[0], path[1]
    if next_y > y:
        start = (x, max(box.bottom for box in taken) + _CLEARANCE)
    elif next_y < y:
        start = (x, min(box.top for box in taken) - _CLEARANCE)
    elif next_x > x:
        start = (max(box.right for box in taken) + _CLEARANCE, y)
    else:
        start = (min(box.left for box in taken) - _CLEARANCE, y)
    return [start, *path[1:]]
