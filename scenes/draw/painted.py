"""A finished picture as plain data: outlines and how each is painted, from back to front."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import Outline
from gatereel.scenes.lay_out.geometry import Box

_SAME_PLACE = 3
"""Decimals of a pixel: outlines that agree so far are the same, however they were computed."""


@dataclass(frozen=True)
class Style:
    """Colours and line width in pixels; None for what is not painted."""

    fill: str | None
    stroke: str | None
    width: float

    def covers(self, other: "Style") -> bool:
        """Whether an outline painted like this hides the same outline painted like `other`."""
        if other.stroke is not None and (self.stroke is None or self.width < other.width):
            return False
        return other.fill is None or self.fill is not None


@dataclass(frozen=True, eq=False)
class Painted:
    """An outline in pixels and how it is painted: its fill first, its line over that."""

    outline: Outline
    style: Style

    @cached_property
    def box(self) -> Box:
        """What all points of the outline lie in. Raises ValueError where there are none."""
        (left, top), (right, bottom) = self.outline.min(axis=0), self.outline.max(axis=0)
        return Box(float(left), float(top), float(right), float(bottom))


def uncovered(painted: Sequence[Painted]) -> tuple[Painted, ...]:
    """What can be seen: without what has no paint, and without what later paint hides exactly."""
    seen: list[Painted] = []
    over: dict[bytes, list[Style]] = {}
    for item in reversed(painted):
        style = item.style
        has_line = style.stroke is not None and style.width > 0.0
        if len(item.outline) == 0 or not (has_line or style.fill is not None):
            continue
        place = np.round(item.outline, _SAME_PLACE) + 0.0  # of -0.0 and 0.0 one
        later = over.setdefault(place.tobytes(), [])
        if not any(other.covers(style) for other in later):
            seen.append(item)
        later.append(style)
    return tuple(reversed(seen))
