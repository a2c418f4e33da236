"""The few movements a beat is made of. Each is a function of its own progress, 0 to 1.

`Movements` plays them together, each between two shares of the run time; nothing depends on the
frame rate.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from scenes.canvas import Canvas
from scenes.diagrams import Point
from scenes.outlines import NOTHING, Outline, circle, partial_path, point_along
from scenes.own_manim import Animation, Mobject, Scene, VMobject
from scenes.painted import Style
from scenes.shapes import UNIT_DOTS, Shape, wire_outlines
from scenes.theme import Theme, mix

Movement = Callable[[float], None]
Span = tuple[float, float]
"""Two shares of a run time, 0 to 1."""

_LANE_RAMP = 8.0
_RECOLOUR_FROM = 0.7
_NUMBER_RIDES = (0.12, 0.8)
"""Shares of the way: a number rides clear of the row it leaves and of the one it comes to."""
_UNIT_CIRCLE = circle(0.0, 0.0, 1.0)


def smooth(progress: float) -> float:
    """Ease in and out: speed nought at both ends."""
    return progress * progress * (3.0 - 2.0 * progress)


@dataclass(frozen=True)
class Timed:
    """A mobject's movement, and between which shares of the run time it happens."""

    mobject: VMobject
    span: Span
    move: Movement


class Movements(Animation):
    """Plays movements together on mobjects that are in the scene already."""

    def __init__(
        self, mobject: Mobject, movements: Sequence[Timed], frames: int, fps: float
    ) -> None:
        # Half a frame less, so that rounding cannot add one; of a single frame the renderer
        # takes no part.
        run_time = max(frames - 0.5, 1.0) / fps
        # An introducer is not added to the scene again: its members stand there in their order.
        super().__init__(mobject, run_time=run_time, rate_func=lambda alpha: alpha, introducer=True)
        self._movements = movements
        self._frames = frames

    def _setup_scene(self, scene: Scene) -> None:
        """Nothing to add."""

    def create_starting_mobject(self) -> Mobject:
        """Nothing: a movement knows where it starts, and a copy would cost time."""
        return Mobject()

    def interpolate_mobject(self, alpha: float) -> None:
        """Bring every movement to where it is at the end of the frame that begins at `alpha`.

        So the first frame has moved already and the last one has arrived: none is drawn twice.
        """
        begins = alpha * (self._frames - 0.5)
        progress = min(1.0, (begins + 1.0) / self._frames)
        for timed in self._movements:
            start, end = timed.span
            timed.move(smooth(min(1.0, max(0.0, (progress - start) / (end - start)))))


@dataclass(frozen=True)
class Part:
    """A shape and the mobject that shows it."""

    shape: Shape
    mobject: VMobject

    def restyled(self, first: Style, last: Style, canvas: Canvas) -> Movement:
        """From one style to another."""
        return lambda progress: canvas.restyle(self.mobject, _between(first, last, progress))


def appear(part: Part, shown: Style, canvas: Canvas) -> Movement:
    """Out of the backdrop."""
    backdrop = part.shape.backdrop
    hidden = Style(
        None if shown.fill is None else backdrop,
        None if shown.stroke is None else backdrop,
        shown.width,
    )
    return part.restyled(hidden, shown, canvas)


def grow(part: Part, canvas: Canvas) -> Movement:
    """Out of its anchors: a disc from its middle, a fan's lines from their operands."""
    outline, anchor = part.shape.outline, part.shape.anchor
    if anchor is None:
        raise ValueError(f"a {part.shape.kind} has no anchor to grow from")

    def move(progress: float) -> None:
        if progress <= 0.0:
            part.mobject.clear_points()
        else:
            canvas.reshape(part.mobject, anchor + progress * (outline - anchor))

    return move


def grow_wire(part: Part, canvas: Canvas) -> Movement:
    """A wire's line or head, from the source towards the target."""
    shape = part.shape
    is_head = shape.kind == "head"

    def move(progress: float) -> None:
        if progress <= 0.0:
            part.mobject.clear_points()
            return
        line, head = wire_outlines(partial_path(shape.path, progress), shape.gaps)
        canvas.reshape(part.mobject, head if is_head else line)

    return move


@dataclass(frozen=True)
class Waypoint:
    """Where a travelling row starts or ends: x, y and radius of each disc, and its colours."""

    discs: tuple[tuple[float, float, float], ...]
    colours: tuple[str, ...]

    @property
    def middle(self) -> Point:
        """Middle of the row."""
        (left, y, _), (right, _, _) = self.discs[0], self.discs[-1]
        return (left + right) / 2.0, y


@dataclass(frozen=True)
class Traveller:
    """One disc of a travelling row, and what rides with it: a number over it, or dots in it."""

    disc: VMobject
    number: VMobject | None = None
    number_outline: Outline | None = None
    """The number as it stands around the disc's middle, in pixels."""
    dots: VMobject | None = None

    @property
    def mobjects(self) -> tuple[VMobject, ...]:
        """All of it, from back to front."""
        return tuple(m for m in (self.disc, self.dots, self.number) if m is not None)


def travel(
    travellers: Sequence[Traveller],
    start: Waypoint,
    end: Waypoint,
    path: Sequence[Point],
    canvas: Canvas,
    theme: Theme,
    lane_width: float | None = None,
) -> Movement:
    """A row of discs along `path`, in a lane of `lane_width` pixels where it is narrow.

    What stands at either end is seen there alone: the travellers exist in between.
    """
    way = [start.middle, *path, end.middle]
    row_width = end.discs[-1][0] - end.discs[0][0] + 2.0 * end.discs[0][2]
    narrowest = 1.0 if lane_width is None else min(1.0, lane_width / row_width)

    def move(progress: float) -> None:
        if not 0.0 < progress < 1.0:
            for traveller in travellers:
                for mobject in traveller.mobjects:
                    mobject.clear_points()
            return
        x, y = point_along(way, progress)
        at_end = min(1.0, _LANE_RAMP * min(progress, 1.0 - progress))
        squeeze = 1.0 - (1.0 - narrowest) * at_end
        recolour = max(0.0, (progress - _RECOLOUR_FROM) / (1.0 - _RECOLOUR_FROM))
        rides = _NUMBER_RIDES[0] < progress < _NUMBER_RIDES[1]
        for i, traveller in enumerate(travellers):
            (ax, _, a_radius), (bx, _, b_radius) = start.discs[i], end.discs[i]
            offset = _mean(ax - start.middle[0], bx - end.middle[0], progress) * squeeze
            radius = _mean(a_radius, b_radius, progress) * squeeze
            middle = np.array([x + offset, y])
            canvas.reshape(traveller.disc, middle + radius * _UNIT_CIRCLE)
            colour = mix(start.colours[i], end.colours[i], recolour)
            stroke = theme.strokes.traveller * squeeze
            canvas.restyle(traveller.disc, Style(colour, theme.line, stroke))
            if traveller.dots is not None:
                canvas.reshape(traveller.dots, middle + radius * UNIT_DOTS)
                canvas.restyle(traveller.dots, Style(theme.letter_on(colour), None, 0.0))
            if traveller.number is not None and traveller.number_outline is not None:
                shown = traveller.number_outline + middle if rides else NOTHING
                canvas.reshape(traveller.number, shown)
                canvas.restyle(traveller.number, Style(theme.text, None, 0.0))

    return move


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
