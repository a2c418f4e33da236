"""Values as form: a gate's disc is filled to its level, any other value is a core in its disc.

    pieces(0.35, "#cccccc", theme, is_share=True) -> what lies in a disc of radius 1

A level rises with the share of the disc's height, a core's area with the size of the value; a bar
says that the value is negative, a ring that it is larger than the core can be.
"""

from collections.abc import Sequence
from math import acos, cos, pi, sin, sqrt, tan

import numpy as np

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import NOTHING, Outline, circle, join, polygon
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.lay_out.placed_rows import Disc
from gatereel.scenes.tell.numbers import MINUS, number
from gatereel.scenes.theme.theme import Theme

LARGEST = 1.0
"""The size of a value whose core fills its disc; what is larger has a ring in it."""

INNER = 0.92
"""What lies in a disc ends before its outline: this share of the radius."""

_RING, _RING_WIDTH = 0.62, 0.16
_BAR, _SHORT_BAR, _BAR_WIDTH = 1.0, 0.7, 0.2
RIM = 1.1
"""Pixels of a line around a bar that its core would hide."""
_BELOW_A_LETTER = 0.66
"""In radii of the disc."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """What lies in a disc, in radii around its middle, y downwards."""

    body: Outline
    """The level or the core."""
    mark: Outline
    """The bar of a negative value and the ring of a large one."""


def pieces(value: float, *, is_share: bool, has_letter: bool = False) -> Pieces:
    """The form of a value: of a share, 0 to 1, its level; of any other its core.

    Under a letter, a bar is short and stands below it.
    """
    if is_share:
        return Pieces(_segment(min(1.0, max(0.0, value))), NOTHING)
    size = min(1.0, abs(value) / LARGEST)
    radius = INNER * sqrt(size)
    marks = []
    if number(value).startswith(MINUS):
        length, y = (_SHORT_BAR, _BELOW_A_LETTER) if has_letter else (_BAR, 0.0)
        marks.append(_bar(length / 2, y - _BAR_WIDTH / 2, y + _BAR_WIDTH / 2))
    if abs(value) > LARGEST:
        marks += [circle(0, 0, _RING), circle(0, 0, _RING - _RING_WIDTH)[::-1]]
    return Pieces(circle(0.0, 0.0, radius) if radius else NOTHING, join(marks))


def _bar(half: float, top: float, bottom: float) -> Outline:
    return polygon([(-half, top), (half, top), (half, bottom), (-half, bottom)])


def _segment(level: float) -> Outline:
    """The lower part of a disc, up to `level` of its height."""
    if level <= 0.0:
        return NOTHING
    if level >= 1.0:
        return circle(0.0, 0.0, INNER)
    # From the right end of the chord over the bottom to its left end.
    half = acos(1.0 - 2.0 * level)
    curves = max(1, round(half / (pi / 4)))
    step = 2.0 * half / curves
    handle = 4.0 / 3.0 * tan(step / 4.0)
    arc = []
    for i in range(curves):
        start = pi / 2 - half + i * step
        end = start + step
        arc += [
            (cos(start), sin(start)),
            (cos(start) - handle * sin(start), sin(start) + handle * cos(start)),
            (cos(end) + handle * sin(end), sin(end) - handle * cos(end)),
            (cos(end), sin(end)),
        ]
    first, last = arc[0], arc[-1]
    chord = [
        tuple(last[k] + (first[k] - last[k]) * share / 3 for k in range(2)) for share in range(4)
    ]
    return INNER * np.array([*arc, *chord])


@dataclass(frozen=True, eq=False)
class Form:
    """What lies in the discs of one colour of a row: its bodies, and the marks over them."""

    discs: tuple[Disc, ...]
    values: tuple[float, ...]
    is_share: bool
    has_letter: bool
    body: Style
    mark: Style

    def painted(self) -> tuple[Painted, Painted]:
        """Bodies, and the marks over them."""
        marks = [_in_disc(each.mark, disc) for each, disc in self._pieces(1.0)]
        return self.body_grown(1.0), Painted(join(marks), self.mark)

    def body_grown(self, share: float) -> Painted:
        """Bodies as far as they have grown, 0 to 1."""
        bodies = [_in_disc(each.body, disc) for each, disc in self._pieces(share)]
        return Painted(join(bodies), self.body)

    def _pieces(self, share: float) -> list[tuple[Pieces, Disc]]:
        return [
            (pieces(value * share, is_share=self.is_share, has_letter=self.has_letter), disc)
            for value, disc in zip(self.values, self.discs, strict=True)
        ]


def forms(
    discs: Sequence[Disc],
    values: Sequence[float],
    theme: Theme,
    *,
    is_share: bool,
    has_letter: bool = False,
) -> tuple[Form, ...]:
    """The forms of a row's values, one a colour; a disc for what is left out has no value."""
    by_colour: dict[str, list[tuple[Disc, float]]] = {}
    shown = (disc for disc in discs if not disc.is_rest)
    for disc, value in zip(shown, values, strict=True):
        by_colour.setdefault(theme.fill(disc.role, disc.unit), []).append((disc, value))
    return tuple(
        Form(
            tuple(disc for disc, _ in group),
            tuple(value for _, value in group),
            is_share,
            has_letter,
            Style(theme.level(colour) if is_share else theme.core(colour), None, 0.0),
            mark_style(theme.core(colour), theme),
        )
        for colour, group in by_colour.items()
    )


def mark_style(inside: str, theme: Theme) -> Style:
    """How a bar or a ring is painted over a core of this colour."""
    mark = theme.mark(inside)
    return Style(mark.fill, mark.rim, 0.0 if mark.rim is None else RIM)


def _in_disc(outline: Outline, disc: Disc) -> Outline:
    """An outline in radii as it lies in a disc, in pixels."""
    moved: Outline = disc.radius * outline + (disc.x, disc.y)
    return moved
