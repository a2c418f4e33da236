"""The few movements a beat is made of. Each is a function of its own progress, 0 to 1."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gatereel.scenes.draw.levels import Form, Pieces
from gatereel.scenes.draw.outlines import NOTHING, Outline, circle, partial_path, point_along
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.shapes import UNIT_DOTS, Shape, wire_outlines
from gatereel.scenes.draw.tableau import Movement
from gatereel.scenes.lay_out.geometry import Point
from gatereel.scenes.theme.theme import Theme, mix

_LANE_RAMP = 8.0
_RECOLOUR_FROM = 0.7
_NUMBER_RIDES = (0.12, 0.8)
"""Shares of the way: a number rides clear of the row it leaves and of the one it comes to."""
_UNIT_CIRCLE = circle(0.0, 0.0, 1.0)


def restyle(first: Style, after: Painted) -> Movement:
    """From one style to another."""

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (after,)
        return (Painted(after.outline, _between(first, after.style, progress)),)

    return at


def appear(after: Painted, backdrop: str) -> Movement:
    """Out of the backdrop."""
    shown = after.style
    hidden = Style(
        None if shown.fill is None else backdrop,
        None if shown.stroke is None else backdrop,
        shown.width,
    )
    return restyle(hidden, after)


def come(after: Painted) -> Movement:
    """There at the end, and not before."""

    def at(progress: float) -> tuple[Painted, ...]:
        return (after if progress >= 1.0 else Painted(NOTHING, after.style),)

    return at


def grow_form(form: Form, after: Painted) -> Movement:
    """A level that rises, a core that grows."""

    def at(progress: float) -> tuple[Painted, ...]:
        return (after if progress >= 1.0 else form.body_grown(progress),)

    return at


def vanish(before: Painted) -> Movement:
    """A line that gets thinner until it is gone."""
    style = before.style

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (Painted(NOTHING, style),)
        width = style.width * (1.0 - progress)
        return (Painted(before.outline, Style(style.fill, style.stroke, width)),)

    return at


def grow(shape: Shape, after: Painted) -> Movement:
    """Out of its anchors: a disc from its middle, a fan's lines from their operands."""
    outline, anchor = shape.outline, shape.anchor
    if anchor is None:
        raise ValueError(f"a {shape.kind} has no anchor to grow from")

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (after,)
        grown = NOTHING if progress <= 0.0 else anchor + progress * (outline - anchor)
        return (Painted(grown, after.style),)

    return at


def grow_wire(shape: Shape, after: Painted) -> Movement:
    """A wire's line or head, from the source towards the target."""
    is_head = shape.kind == "head"

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (after,)
        if progress <= 0.0:
            return (Painted(NOTHING, after.style),)
        line, head = wire_outlines(partial_path(shape.path, progress), shape.gaps)
        return (Painted(head if is_head else line, after.style),)

    return at


@dataclass(frozen=True)
class Waypoint:
    """Where a travelling row starts or ends: x, y and radius of each disc, and its colours.

    `bodies` are the colours of what lies in the discs.
    """

    discs: tuple[tuple[float, float, float], ...]
    colours: tuple[str, ...]
    bodies: tuple[str, ...]

    @property
    def middle(self) -> Point:
        """Middle of the row."""
        (left, y, _), (right, _, _) = self.discs[0], self.discs[-1]
        return (left + right) / 2.0, y


@dataclass(frozen=True, eq=False)
class Traveller:
    """What rides with a disc of a travelling row: dots or a form in it, a number over it."""

    dots: bool = False
    form: Pieces | None = None
    number: Outline | None = None
    """As it stands around the disc's middle, in pixels."""

    @property
    def count(self) -> int:
        """How many outlines it has, its disc's among them."""
        return 1 + self.dots + 2 * (self.form is not None) + (self.number is not None)


def travel(
    travellers: Sequence[Traveller],
    start: Waypoint,
    end: Waypoint,
    path: Sequence[Point],
    theme: Theme,
    lane_width: float | None = None,
) -> Movement:
    """A row of discs along `path`, in a lane of `lane_width` pixels where it is narrow.

    What stands at either end is seen there alone: the travellers exist in between. Numbers are in
    front of all discs.
    """
    way = [start.middle, *path, end.middle]
    row_width = end.discs[-1][0] - end.discs[0][0] + 2.0 * end.discs[0][2]
    narrowest = 1.0 if lane_width is None else min(1.0, lane_width / row_width)
    number_style = Style(theme.text, None, 0.0)
    nothing = Painted(NOTHING, number_style)
    away = (nothing,) * sum(traveller.count for traveller in travellers)

    def at(progress: float) -> tuple[Painted, ...]:
        if not 0.0 < progress < 1.0:
            return away
        x, y = point_along(way, progress)
        at_end = min(1.0, _LANE_RAMP * min(progress, 1.0 - progress))
        squeeze = 1.0 - (1.0 - narrowest) * at_end
        recolour = max(0.0, (progress - _RECOLOUR_FROM) / (1.0 - _RECOLOUR_FROM))
        rides = _NUMBER_RIDES[0] < progress < _NUMBER_RIDES[1]
        discs, numbers = [], []
        for i, traveller in enumerate(travellers):
            (ax, _, a_radius), (bx, _, b_radius) = start.discs[i], end.discs[i]
            offset = _mean(ax - start.middle[0], bx - end.middle[0], progress) * squeeze
            # Whole pixels: discs that look alike repeat in a GIF's dictionary.
            radius = round(_mean(a_radius, b_radius, progress) * squeeze)
            middle = np.round([x + offset, y])
            colour = mix(start.colours[i], end.colours[i], recolour)
            stroke = theme.strokes.traveller * squeeze
            disc = Style(colour, theme.line, stroke)
            discs.append(Painted(middle + radius * _UNIT_CIRCLE, disc))
            if traveller.form is not None:
                body = mix(start.bodies[i], end.bodies[i], recolour)
                discs += [
                    Painted(middle + radius * traveller.form.body, Style(body, None, 0.0)),
                    Painted(middle + radius * traveller.form.mark, number_style),
                ]
            if traveller.dots:
                dots = Style(theme.letter_on(colour), None, 0.0)
                discs.append(Painted(middle + radius * UNIT_DOTS, dots))
            if traveller.number is not None:
                number = Painted(traveller.number + middle, number_style) if rides else nothing
                numbers.append(number)
        return (*discs, *numbers)

    return at


def _mean(first: float, last: float, progress: float) -> float:
    return first + (last - first) * progress


def _between(first: Style, last: Style, progress: float) -> Style:
    return Style(
        None if first.fill is None or last.fill is None else mix(first.fill, last.fill, progress),
        None
        if first.stroke is None or last.stroke is None
        else mix(first.stroke, last.stroke, progress),
        _mean(first.width, last.width, progress),
    )
