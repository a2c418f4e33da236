"""A curve between two axes, in a box: where a number stands on it, and its ticks."""

from collections.abc import Iterable, Sequence

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.clips.pen import Pen
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.tell.numbers import short_number

TICK_SIZE = 14.0
POINTS = 160
"""Of a curve: so many straight pieces look round."""

_TICK_GAP = 8.0
_CURVE_WIDTH = 3.4


@dataclass(frozen=True)
class Axes:
    """Numbers from `left` to `right` and from `low` to `high`, in a box of pixels."""

    box: Box
    left: float
    right: float
    low: float
    high: float

    def x(self, value: float) -> float:
        """Where a number stands on the lower axis."""
        share = (value - self.left) / (self.right - self.left)
        return self.box.left + share * (self.box.right - self.box.left)

    def y(self, value: float) -> float:
        """How high a number stands."""
        share = (value - self.low) / (self.high - self.low)
        return self.box.bottom - share * (self.box.bottom - self.box.top)

    def points(self, xs: Iterable[float], ys: Iterable[float]) -> list[Point]:
        """A curve, where it is within the box."""
        return [
            (self.x(x), self.y(y))
            for x, y in zip(xs, ys, strict=True)
            if self.low <= y <= self.high and self.left <= x <= self.right
        ]


def ground(
    pen: Pen, axes: Axes, across: Sequence[float], upwards: Sequence[float]
) -> list[Painted]:
    """Both axes through nought or the edge, and dotted lines at the numbers that are written."""
    theme, box = pen.theme, axes.box
    faint = theme.quiet_text
    painted = [
        pen.stroke([(box.left, axes.y(value)), (box.right, axes.y(value))], faint, 1.0, dashed=True)
        for value in upwards
    ]
    nought = min(max(0.0, axes.low), axes.high)
    painted += [
        pen.stroke([(box.left, axes.y(nought)), (box.right, axes.y(nought))], theme.line, 1.4),
        pen.stroke([(axes.x(0.0), box.top), (axes.x(0.0), box.bottom)], theme.line, 1.4),
    ]
    for value in upwards:
        baseline = axes.y(value) + CAP_HEIGHT * TICK_SIZE / 2
        text = short_number(value)
        painted.append(
            pen.words(text, box.left - _TICK_GAP, baseline, TICK_SIZE, colour=faint, align="right")
        )
    baseline = box.bottom + _TICK_GAP + CAP_HEIGHT * TICK_SIZE
    for value in across:
        text = short_number(value)
        painted.append(
            pen.words(text, axes.x(value), baseline, TICK_SIZE, colour=faint, align="middle")
        )
    return painted


def curve(
    pen: Pen, axes: Axes, xs: Iterable[float], ys: Iterable[float], colour: str
) -> list[Painted]:
    """A curve as far as it is within the box."""
    points = axes.points(xs, ys)
    return [pen.stroke(points, colour, _CURVE_WIDTH)] if len(points) > 1 else []
