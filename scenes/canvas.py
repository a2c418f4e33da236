"""From pixels of a picture to the renderer's units, and from shapes to its mobjects."""

import numpy as np
from numpy.typing import NDArray

from scenes.outlines import Outline
from scenes.own_manim import ManimColor, VMobject
from scenes.painted import Painted, Style

_STROKE_UNITS_A_UNIT = 100.0
"""The renderer's stroke width 100 is one of its length units."""


class Canvas:
    """Fits a picture of `width` x `height` pixels into a frame, centred and in proportion."""

    def __init__(
        self, width: float, height: float, frame_width: float, frame_height: float
    ) -> None:
        self.scale = min(frame_width / width, frame_height / height)
        self._middle = np.array([width / 2.0, height / 2.0])

    def points(self, outline: Outline) -> NDArray[np.float64]:
        """Pixels, y downwards, to units, y upwards, `(points, 3)`."""
        flat = (outline - self._middle) * (self.scale, -self.scale)
        return np.column_stack([flat, np.zeros(len(flat))])

    def outline(self, points: NDArray[np.float64]) -> Outline:
        """Units back to pixels: what `points` was made from, but for the last bits."""
        outline: Outline = points[:, :2] / (self.scale, -self.scale) + self._middle
        return outline

    def mobject(self, outline: Outline, style: Style) -> VMobject:
        """A mobject with an outline and a style."""
        mobject = VMobject()
        self.reshape(mobject, outline)
        self.restyle(mobject, style)
        return mobject

    def reshape(self, mobject: VMobject, outline: Outline) -> None:
        """Give a mobject another outline."""
        mobject.set_points(self.points(outline))

    def restyle(self, mobject: VMobject, style: Style) -> None:
        """Give a mobject other colours and another line width."""
        mobject.set_fill(style.fill, opacity=0.0 if style.fill is None else 1.0, family=False)
        if style.stroke is None:
            mobject.set_stroke(width=0.0, family=False)
        else:
            width = style.width * self.scale * _STROKE_UNITS_A_UNIT
            mobject.set_stroke(style.stroke, width=width, family=False)

    def painted(self, mobject: VMobject) -> Painted:
        """A mobject turned back into an outline and a style."""
        fill = mobject.get_fill_color() if mobject.get_fill_opacity() else None
        width = mobject.get_stroke_width() / self.scale / _STROKE_UNITS_A_UNIT
        stroke = mobject.get_stroke_color() if width else None
        return Painted(self.outline(mobject.points), Style(_name(fill), _name(stroke), width))


def _name(colour: ManimColor | None) -> str | None:
    return None if colour is None else colour.to_hex().lower()
