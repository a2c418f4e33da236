"""Rows of discs that go from one place to another, each disc with what lies in it and its number.

journey(travellers, start, end, path, theme) -> a movement along a wire
with a `lane`: round the cell, spread so far there that numbers ride beside their discs
with a `meeting`: to the side of where it goes, and from there into the other operand
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import hypot

import numpy as np

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.levels import Pieces, mark_style
from gatereel.scenes.draw.outlines import (
    NOTHING,
    Outline,
    circle,
    path_lengths,
    point_along,
    rounded_box,
)
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.shapes import UNIT_DOTS
from gatereel.scenes.draw.tableau import Movement, steady
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.theme.theme import Theme, mix

_RECOLOUR_FROM = 0.7
_NUMBER_RIDES = (0.12, 0.8)
"""Shares of the way: a number rides clear of the row it leaves and of the one it comes to."""
_UNIT_CIRCLE = circle(0.0, 0.0, 1.0)

_NARROW_PITCH, _NARROW_RADIUS = 22.0, 9.0
_LANE_RADIUS = 10.0
_NUMBER_GAP = 4.0
_BETWEEN = 10.0
"""Pixels between a number and the next disc in a lane."""
_SQUEEZED_AFTER = 30.0
"""Pixels from its row after which a row has become narrow."""


@dataclass(frozen=True)
class Waypoint:
    """Where a travelling row starts or ends: x, y and radius of each disc, and its colours.

    `bodies` are the colours of what lies in the discs.
    """

    discs: tuple[tuple[float, float, float], ...]
    colours: tuple[str, ...]
    bodies: tuple[str, ...]
    numbers: tuple[Box, ...] = ()
    """What numbers over the discs cover."""

    def is_under(self, disc: tuple[float, float, float]) -> bool:
        """Whether a disc lies on one of the row's, or on a number."""
        x, y, radius = disc
        around = Box(x - radius, y - radius, x + radius, y + radius)
        return any(hypot(x - at, y - down) < radius + r for at, down, r in self.discs) or any(
            around.overlaps(number) for number in self.numbers
        )

    @property
    def middle(self) -> Point:
        """Middle of the row."""
        (left, y, _), (right, _, _) = self.discs[0], self.discs[-1]
        return (left + right) / 2.0, y

    def moved(self, by: Point, share: float = 1.0) -> "Waypoint":
        """The same further to the right and down, by a share of so many pixels."""
        x, y = by[0] * share, by[1] * share
        return replace(self, discs=tuple((at + x, down + y, r) for at, down, r in self.discs))


@dataclass(frozen=True, eq=False)
class Traveller:
    """What rides with a disc of a travelling row: dots or a form in it, a number with it."""

    dots: bool = False
    form: Pieces | None = None
    number: Outline | None = None
    """As it stands around the disc's middle; in a lane from its own left end, in pixels."""
    width: float = 0.0
    """Pixels of the number in a lane, which has a ground to hide the dashes behind it."""

    @property
    def count(self) -> int:
        """How many outlines it has, its disc's among them."""
        has_number = self.number is not None
        return 1 + self.dots + 2 * (self.form is not None) + has_number + (self.width > 0.0)


@dataclass(frozen=True, eq=False)
class MeetingPoint:
    """Where an operand waits for the other one, by `aside` from where it goes; with a sign.

    It is there for the first `way` of the motion, and from `waits` on it goes in.
    """

    aside: Point
    way: float
    waits: float
    sign: Painted | None = None
    has_numbers: bool = True
    """Whether there is room for numbers where it waits."""


@dataclass(frozen=True)
class Stand:
    """A row on its way: the middle and the radius of each disc."""

    discs: tuple[tuple[float, float, float], ...]
    rides: bool
    """Whether numbers are seen."""


def journey(
    travellers: Sequence[Traveller],
    start: Waypoint,
    end: Waypoint,
    path: Sequence[Point],
    theme: Theme,
    *,
    lane: tuple[float, float] | None = None,
    meeting: MeetingPoint | None = None,
    words: Sequence[Box] = (),
) -> tuple[Movement, int]:
    """A row of discs along `path`, and how many outlines it has.

    A number that comes under `words` is not seen there: the two would be read as one.
    In a `lane`, it is from one share of the motion to another: states go side by side.
    What stands at either end is seen there alone: the travellers exist in between. Numbers are in
    front of all discs.
    """
    aside = end if meeting is None else end.moved(meeting.aside)
    way = [start.middle, *path, aside.middle]
    sign = None if meeting is None else meeting.sign
    count = sum(traveller.count for traveller in travellers) + (sign is not None)
    away = (Painted(NOTHING, Style(theme.text, None, 0.0)),) * count
    place: Callable[[float], Stand] = _OnWire(travellers, start, aside, way)
    if lane is not None:
        place = _InLane(travellers, start, end, way, lane)

    def at(progress: float) -> tuple[Painted, ...]:
        if not 0.0 < progress < 1.0:
            return away
        if meeting is None:
            stand, share = place(steady(progress)), steady(progress)
            # A state that goes round leaves no disc with a value behind.
            source = None if lane is not None else start
            return _painted(travellers, start, end, stand, share, theme, source, words)
        if progress < meeting.way:
            share = steady(progress / meeting.way)
            painted = _painted(travellers, start, start, place(share), share, theme, start, words)
            return (*painted, away[0]) if sign is not None else painted
        going = max(0.0, progress - meeting.waits) / (1.0 - meeting.waits)
        discs = aside.moved(meeting.aside, -going).discs
        painted = _painted(
            travellers, start, start, Stand(discs, meeting.has_numbers and going <= 0.0), 1.0, theme
        )
        return (*painted, sign if going <= 0.0 else away[0]) if sign is not None else painted

    return at, count


def lane_of(way: Sequence[Point]) -> tuple[float, float]:
    """Where the longest stretch of a way begins and ends, in pixels along it."""
    lengths = path_lengths(way)
    longest = int(np.argmax(np.diff(lengths)))
    return float(lengths[longest]), float(lengths[longest + 1])


class _OnWire:
    """From row to row, as wide as the two are."""

    def __init__(
        self,
        travellers: Sequence[Traveller],
        start: Waypoint,
        end: Waypoint,
        way: Sequence[Point],
    ) -> None:
        self.start, self.end, self.way = start, end, way
        numbers = (traveller.number for traveller in travellers)
        widths = (float(np.ptp(n[:, 0])) for n in numbers if n is not None and len(n))
        self.number_width = max(widths, default=0.0)

    def __call__(self, progress: float) -> Stand:
        x, y = point_along(self.way, progress)
        discs = tuple(
            (x + _mean(ax - self.start.middle[0], bx - self.end.middle[0], progress), y, radius)
            for (ax, _, a), (bx, _, b) in zip(self.start.discs, self.end.discs, strict=True)
            for radius in [_mean(a, b, progress)]
        )
        pitch = min((b[0] - a[0] for a, b in pairwise(discs)), default=self.number_width)
        rides = _NUMBER_RIDES[0] < progress < _NUMBER_RIDES[1]
        return Stand(discs, rides and pitch >= self.number_width)


class _InLane:
    """Round the cell: narrow beside it, and in the long lane spread, with numbers beside discs."""

    def __init__(
        self,
        travellers: Sequence[Traveller],
        start: Waypoint,
        end: Waypoint,
        way: Sequence[Point],
        pace: tuple[float, float],
    ) -> None:
        self.start, self.end, self.way = start, end, way
        lengths = path_lengths(way)
        self.length = float(lengths[-1])
        self.lane = lane_of(way)
        self.pace = pace
        count = len(travellers)
        self.narrow = [(i - (count - 1) / 2) * _NARROW_PITCH for i in range(count)]
        widths = [
            2 * _LANE_RADIUS + (t.width + _NUMBER_GAP if t.width else 0.0) for t in travellers
        ]
        self.half = (sum(widths) + (count - 1) * _BETWEEN) / 2
        lefts = [sum(widths[:i]) + i * _BETWEEN - self.half for i in range(count)]
        self.spread = [left + _LANE_RADIUS for left in lefts]

    def __call__(self, progress: float) -> Stand:
        at = float(np.interp(progress, (0.0, *self.pace, 1.0), (0.0, *self.lane, self.length)))
        squeezed = min(1.0, min(at, self.length - at) / _SQUEEZED_AFTER)
        first, last = self.lane
        spread = min(1.0, max(0.0, min(at - first, last - at) / self.half))
        anchor = self._anchor(min(1.0, max(0.0, (at - first) / (last - first))))
        x, y = point_along(self.way, at / self.length)
        discs = []
        for i, narrow in enumerate(self.narrow):
            (ax, _, a), (bx, _, b) = self.start.discs[i], self.end.discs[i]
            natural = _mean(ax - self.start.middle[0], bx - self.end.middle[0], progress)
            lane = self.spread[i] + anchor
            offset = _mean(_mean(natural, narrow, squeezed), lane, spread)
            radius = _mean(_mean(a, b, progress), _NARROW_RADIUS, squeezed)
            discs.append((x + offset, y, _mean(radius, _LANE_RADIUS, spread)))
        return Stand(tuple(discs), spread >= 1.0)

    def _anchor(self, share: float) -> float:
        """How far the spread row is aside: discs spread by falling back, and close by waiting.

        So none of them ever is faster than the row.
        """
        (ax, _), (bx, _) = (point_along(self.way, at / self.length) for at in self.lane)
        ahead, behind = (0, -1) if bx < ax else (-1, 0)
        at_first = self.narrow[ahead] - self.spread[ahead]
        at_last = self.narrow[behind] - self.spread[behind]
        return _mean(at_first, at_last, share)


def _painted(
    travellers: Sequence[Traveller],
    start: Waypoint,
    end: Waypoint,
    stand: Stand,
    share: float,
    theme: Theme,
    source: Waypoint | None = None,
    words: Sequence[Box] = (),
) -> tuple[Painted, ...]:
    """What stands there when a share of the way is behind: colours become the target's.

    A disc is seen as soon as it is clear of the `source` that it comes from.
    """
    recolour = max(0.0, (share - _RECOLOUR_FROM) / (1.0 - _RECOLOUR_FROM))
    text = Style(theme.text, None, 0.0)
    nothing = Painted(NOTHING, text)
    discs: list[Painted] = []
    numbers: list[Painted] = []
    for i, (traveller, (x, y, exact)) in enumerate(zip(travellers, stand.discs, strict=True)):
        if source is not None and source.is_under((x, y, exact)):
            hidden = (nothing,) * (traveller.count - (traveller.number is not None))
            discs += hidden
            numbers += [nothing] * (traveller.number is not None)
            continue
        # Whole pixels: discs that look alike repeat in a GIF's dictionary.
        radius, middle = round(exact), np.round([x, y])
        colour = mix(start.colours[i], end.colours[i], recolour)
        disc = Style(colour, theme.line, theme.strokes.traveller)
        discs.append(Painted(middle + radius * _UNIT_CIRCLE, disc))
        if traveller.form is not None:
            body = mix(start.bodies[i], end.bodies[i], recolour)
            discs += [
                Painted(middle + radius * traveller.form.body, Style(body, None, 0.0)),
                Painted(middle + radius * traveller.form.mark, mark_style(body, theme)),
            ]
        if traveller.dots:
            dots = Style(theme.letter_on(colour), None, 0.0)
            discs.append(Painted(middle + radius * UNIT_DOTS, dots))
        if traveller.number is None:
            continue
        if traveller.width:
            middle = middle + np.array([radius + _NUMBER_GAP, 0.0])
            numbers.append(_ground(traveller, middle, theme) if stand.rides else nothing)
        outline = traveller.number + middle
        is_read = stand.rides and not _is_on_words(outline, words)
        numbers.append(Painted(outline, text) if is_read else nothing)
    return (*discs, *numbers)


def _is_on_words(outline: Outline, words: Sequence[Box]) -> bool:
    if not words:
        return False
    around = _around(outline)
    return any(around.overlaps(box) for box in words)


def _around(outline: Outline) -> Box:
    (left, top), (right, bottom) = outline.min(axis=0), outline.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def _ground(traveller: Traveller, middle: Outline, theme: Theme) -> Painted:
    """What hides a lane's dashes behind a number and beside it: one there would be a minus."""
    x, y = float(middle[0]), float(middle[1])
    right = x + traveller.width + _BETWEEN - 1.0
    box = Box(x - _NUMBER_GAP, y - _LANE_RADIUS, right, y + _LANE_RADIUS)
    outline = rounded_box(box.left, box.top, box.right, box.bottom, 0.0)
    return Painted(outline, Style(theme.background, None, 0.0))


def _mean(first: float, last: float, progress: float) -> float:
    return first + (last - first) * progress
