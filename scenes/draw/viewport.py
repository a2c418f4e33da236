"""From pixels of a picture to the length units that both players draw in."""

import numpy as np
from numpy.typing import NDArray

from gatereel.scenes.draw.outlines import Outline

UNITS_A_PIXEL = 0.01
"""Length units in a pixel of the picture. They are manim's, whose stroke widths count in them."""


class Viewport:
    """Fits a picture of `width` x `height` pixels into a frame, centred and in proportion."""

    def __init__(
        self, width: float, height: float, frame_width: float, frame_height: float
    ) -> None:
        self.scale = min(frame_width / width, frame_height / height)
        self._middle = np.array([width / 2.0, height / 2.0])

    def points(self, outline: Outline) -> NDArray[np.float64]:
        """Pixels, y downwards, to units, y upwards, `(points, 2)`."""
        points: NDArray[np.float64] = (outline - self._middle) * (self.scale, -self.scale)
        return points

    def stroke_width(self, width: float) -> float:
        """Pixels to the renderer's stroke width, of which 100 are one unit."""
        return width * self.scale / UNITS_A_PIXEL
