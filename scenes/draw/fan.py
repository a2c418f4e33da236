"""A weighted sum's fan: a line for each weight, from an operand to a unit.

Where weights are known, a line is as wide as its weight is large, on one scale for the whole film,
and dashed where the weight is negative.
"""

from collections.abc import Callable
from math import hypot

import numpy as np

from gatereel.scenes.draw.outlines import Outline, dashes, join, line, polygon
from gatereel.scenes.draw.shapes import Shape
from gatereel.scenes.lay_out.diagram import REFERENCE_HIDDEN_SIZE, REFERENCE_INPUT_SIZE
from gatereel.scenes.lay_out.geometry import Point
from gatereel.scenes.lay_out.placed_rows import PlacedRow
from gatereel.scenes.tell.weights import Weights
from gatereel.scenes.theme.theme import Theme

# A fan of more lines is drawn with thinner ones, or it would close to a black patch.
_REFERENCE_LINES = REFERENCE_HIDDEN_SIZE * (REFERENCE_HIDDEN_SIZE + REFERENCE_INPUT_SIZE)
_THINNING = 0.75
"""Power of how many times more lines there are: between equal widths and equal ink."""

WIDEST = 5.0
"""Pixels of the line of a film's largest weight."""
NARROWEST = 0.6
"""Pixels of the line of a weight near 0, or of one that is not known."""
DASH, GAP = 7.0, 5.0
"""Pixels of a negative weight's line, and of what is left out between."""

_Drawn = Callable[[Point, Point, float | None], Outline]


def fan(
    operands: PlacedRow,
    units: PlacedRow,
    theme: Theme,
    backdrop: str,
    weights: Weights | None = None,
    largest: float = 0.0,
) -> Shape:
    """All lines of a weighted sum as one shape; `largest` is the size of the widest line's weight.

    Without `weights`, `(units, operands)`, all lines are alike.
    """
    lines = len(operands.discs) * len(units.discs)
    thinner = min(1.0, (_REFERENCE_LINES / lines) ** _THINNING)
    if weights is None:
        outline, anchor = _lines(operands, units, lambda start, end, _: line(start, end))
        return Shape("fan", outline, theme.line, backdrop, anchor=anchor, weight=thinner)

    def weighted(start: Point, end: Point, weight: float | None) -> Outline:
        share = abs(weight) / largest if weight is not None and largest > 0.0 else 0.0
        return stroke(start, end, max(NARROWEST, WIDEST * share) * thinner, (weight or 0.0) < 0.0)

    outline, anchor = _lines(operands, units, weighted, weights)
    return Shape("weights", outline, theme.line, backdrop, anchor=anchor)


def stroke(
    start: Point, end: Point, width: float, dashed: bool, *, dash: float = DASH, gap: float = GAP
) -> Outline:
    """A straight line of some width as what is filled, in pieces if it is dashed."""
    pieces = dashes((start, end), dash, gap) if dashed else [(start, end)]
    length = hypot(end[0] - start[0], end[1] - start[1])
    across = width / 2 / length
    x, y = (end[1] - start[1]) * across, (start[0] - end[0]) * across
    return join(
        [
            polygon([(ax + x, ay + y), (bx + x, by + y), (bx - x, by - y), (ax - x, ay - y)])
            for (ax, ay), (bx, by) in pieces
        ]
    )


def _lines(
    operands: PlacedRow, units: PlacedRow, drawn: _Drawn, weights: Weights | None = None
) -> tuple[Outline, Outline]:
    """Lines from the top of each operand to the bottom of each unit, and where each starts."""
    lines, starts = [], []
    for i, unit in enumerate(units.discs):
        for k, operand in enumerate(operands.discs):
            start, end = (operand.x, operand.y - operand.radius), (unit.x, unit.y + unit.radius)
            outline = drawn(start, end, weights[i][k] if weights else None)
            lines.append(outline)
            starts.append(np.broadcast_to(np.array(start), outline.shape))
    return join(lines), join(starts)
