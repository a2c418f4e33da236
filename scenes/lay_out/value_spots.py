"""Where the numbers of a row stand: each over the middle of its disc, on one line or more."""

from collections.abc import Sequence
from math import ceil

from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Point

_GAP = 4.0
"""Pixels from a disc to the number over it."""
_LINE = 0.86
"""From one line of numbers to the next, in type sizes."""
_BETWEEN = 1.5
"""Pixels between two numbers of a line."""


def lines_of(count: int, pitch: float, number_width: float) -> int:
    """How many lines `count` numbers take turns on, so that those of a line stand apart."""
    return min(count, ceil((number_width + _BETWEEN) / pitch))


def value_spots(
    middles: Sequence[float], y: float, radius: float, size: float, lines: int
) -> tuple[Point, ...]:
    """Middles in pixels of numbers of this `size` over discs with these `middles` at height `y`.

    Neighbours take turns on the lines, the first one next to the discs.
    """
    lowest = y - radius - _GAP - CAP_HEIGHT * size / 2
    return tuple((x, lowest - (i % lines) * _LINE * size) for i, x in enumerate(middles))
