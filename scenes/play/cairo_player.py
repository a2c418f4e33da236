"""Draw tableaux in pixels with cairo: stills, steps and the legend, without a scene.

    Easel((1125, 850), (600, 453), "#ffffff").frame(painted) -> (453, 600, 4)

manim's camera draws with cairo, too. The same calls in the same units and the same order give the
film's frames to the byte.
"""

from collections.abc import Iterable

import cairo
import numpy as np
from numpy.typing import NDArray

from gatereel.scenes.draw.outlines import POINTS_A_CURVE
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.pixels import OPAQUE, Frame, without_background
from gatereel.scenes.draw.tableau import Tableau
from gatereel.scenes.draw.viewport import UNITS_A_PIXEL, Viewport
from gatereel.scenes.plan import Plan
from gatereel.scenes.theme.theme import rgb

_SAME_PLACE, _SAME_SHARE = 1e-6, 1e-5
"""Units, and share of a coordinate, by which points may be apart and are still one to manim."""


class Easel:
    """Draws a `picture` of width x height pixels at another size in `pixels`."""

    def __init__(
        self,
        picture: tuple[float, float],
        pixels: tuple[int, int],
        background: str,
        *,
        transparent: bool = False,
    ) -> None:
        self._background = rgb(background)
        self._transparent = transparent
        self._pixels = pixels
        width, height = pixels
        frame_width, frame_height = (length * UNITS_A_PIXEL for length in picture)
        self._viewport = Viewport(*picture, frame_width, frame_height)
        frame_height = frame_width / (width / height)  # as manim's camera takes it
        across, down = width / frame_width, height / frame_height
        self._matrix = cairo.Matrix(across, 0, 0, -down, width / 2, height / 2)

    def blank(self) -> Frame:
        """The background alone; of a transparent picture its colour without a share."""
        width, height = self._pixels
        frame = np.empty((height, width, 4), np.uint8)
        frame[:, :] = (*self._background, 0 if self._transparent else OPAQUE)
        return frame

    def paint(self, frame: Frame, painted: Iterable[Painted]) -> None:
        """Paint on a frame that `finished` has not seen."""
        height, width, _ = frame.shape
        surface = cairo.ImageSurface.create_for_data(frame.data, cairo.FORMAT_ARGB32, width, height)
        context = cairo.Context(surface)
        context.set_matrix(self._matrix)
        for item in painted:
            if len(item.outline):
                self._trace(context, self._viewport.points(item.outline))
                self._apply(context, item.style)
        surface.flush()
        surface.finish()

    def finished(self, frame: Frame) -> Frame:
        """What is to be stored of a painted frame."""
        return without_background(frame, self._background) if self._transparent else frame

    def frame(self, painted: Iterable[Painted]) -> Frame:
        """A picture as a whole."""
        frame = self.blank()
        self.paint(frame, painted)
        return self.finished(frame)

    def _trace(
        self, context: "cairo.Context[cairo.ImageSurface]", points: NDArray[np.float64]
    ) -> None:
        context.new_path()
        starts, ends = points[POINTS_A_CURVE::POINTS_A_CURVE], points[POINTS_A_CURVE - 1 : -1]
        apart = ~_are_one(ends[::POINTS_A_CURVE], starts).all(axis=1)
        splits = ((np.flatnonzero(apart) + 1) * POINTS_A_CURVE).tolist()
        flat = points.tolist()
        for start, end in zip([0, *splits], [*splits, len(flat)], strict=True):
            context.new_sub_path()
            context.move_to(*flat[start])
            for i in range(start, end, POINTS_A_CURVE):
                _, first, second, last = flat[i : i + POINTS_A_CURVE]
                context.curve_to(*first, *second, *last)
            if _are_one(points[start], points[end - 1]).all():
                context.close_path()

    def _apply(self, context: "cairo.Context[cairo.ImageSurface]", style: Style) -> None:
        if style.fill is not None:
            context.set_source_rgb(*_channels(style.fill))
            context.fill_preserve()
        if style.stroke is not None and style.width > 0.0:
            context.set_source_rgb(*_channels(style.stroke))
            context.set_line_width(self._viewport.stroke_width(style.width) * UNITS_A_PIXEL)
            context.stroke_preserve()


class Steps:
    """Draws the tableaux of a planned film, whose ground is drawn once."""

    def __init__(self, planned: Plan) -> None:
        page = planned.page
        self._easel = Easel(
            (page.width, page.height),
            (planned.width, planned.height),
            planned.theme.background,
            transparent=planned.transparent,
        )
        self._ground: tuple[tuple[Painted, ...], Frame] | None = None

    def frame(self, tableau: Tableau) -> Frame:
        """In pixels, `(height, width, 4)`, as the film shows it."""
        if self._ground is None or self._ground[0] is not tableau.ground:
            blank = self._easel.blank()
            self._easel.paint(blank, tableau.ground)
            self._ground = tableau.ground, blank
        frame = self._ground[1].copy()
        self._easel.paint(frame, tableau.items)
        return self._easel.finished(frame)


def _are_one(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which coordinates manim takes for the same."""
    close: NDArray[np.bool_] = np.abs(first - second) <= _SAME_PLACE + _SAME_SHARE * np.abs(second)
    return close


def _channels(colour: str) -> tuple[float, float, float]:
    """The channels of "#rrggbb" as cairo takes them, 0 to 1.

    Frames hold red first, where cairo's pixels hold blue on machines that store the lowest byte
    first.
    """
    red, green, blue = (channel / OPAQUE for channel in rgb(colour))
    return blue, green, red
