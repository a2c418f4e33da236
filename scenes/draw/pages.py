"""A page of outlines: what the formats of stills that hold shapes instead of pixels take."""

from __future__ import annotations

from collections.abc import Sequence

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.painted import Painted, uncovered

POINTS_A_PIXEL = 0.75
"""A point of print is 1/72 inch, a pixel 1/96 inch as in CSS."""


@dataclass(frozen=True, eq=False)
class Group:
    """What is painted together, `x` and `y` away from the page's upper left corner."""

    painted: tuple[Painted, ...]
    x: float = 0.0
    y: float = 0.0

    @classmethod
    def seen(cls, painted: Sequence[Painted], x: float = 0.0, y: float = 0.0) -> Group:
        """Group what can be seen of `painted`."""
        return cls(uncovered(painted), x, y)


@dataclass(frozen=True, eq=False)
class DrawnPage:
    """One picture: its groups from back to front in a room of `width` x `height` units.

    A unit is `scale` pixels large. Without a `background` the page shows through.
    """

    width: float
    height: float
    groups: tuple[Group, ...]
    background: str | None = None
    scale: float = 1.0

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in whole pixels."""
        return round(self.width * self.scale), round(self.height * self.scale)

    @property
    def points(self) -> tuple[float, float]:
        """Width and height in points of print."""
        size = self.scale * POINTS_A_PIXEL
        return self.width * size, self.height * size
