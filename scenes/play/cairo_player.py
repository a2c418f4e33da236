"""Draw tableaux in pixels with cairo: stills, steps and the legend, without a scene.

    Easel((1125, 850), (600, 453), "#ffffff").frame(painted) -> (453, 600, 4)

manim's camera draws with cairo, too. The same calls in the same units and the same order give the
film's frames to the byte.
"""

from collections.abc import Iterable, Sequence
from math import ceil, floor
from typing import NamedTuple, Self

import cairo
import numpy as np
from numpy.typing import NDArray

from gatereel.scenes.draw.outlines import POINTS_A_CURVE, Outline
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.pixels import OPAQUE, Frame, without_background
from gatereel.scenes.draw.tableau import Tableau
from gatereel.scenes.draw.viewport import UNITS_A_PIXEL, Viewport
from gatereel.scenes.lay_out.geometry import Point
from gatereel.scenes.plan import Plan
from gatereel.scenes.theme.theme import rgb

_SAME_PLACE, _SAME_SHARE = 1e-6, 1e-5
"""Units, and share of a coordinate, by which points may be apart and are still one to manim."""

_MITRE = 10.0
"""Half widths of a line that its corners reach out at most: cairo cuts them there."""

_KEPT = 2
"""Paths are looked through for some that are not needed when there are so many times those that
are shown."""


class FrameBox(NamedTuple):
    """Whole pixels from `left` and `top` to before `right` and `bottom`."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Its rows and columns, to index a frame with."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def meets(self, other: Self) -> bool:
        """Whether the two share a pixel."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, width: int, height: int) -> "FrameBox":
        """The part of it that is in a picture."""
        left, top = max(0, self.left), max(0, self.top)
        return FrameBox(left, top, min(width, self.right), min(height, self.bottom))


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
        pixel = np.array((*self._background, 0 if self._transparent else OPAQUE), np.uint8)
        return (
            np.full((height, width), pixel.view(np.uint32)[0])
            .view(np.uint8)
            .reshape(height, width, 4)
        )

    def brush(self, frame: Frame) -> "Brush":
        """What paints on a frame that `finished` has not seen, again and again."""
        return Brush(frame, self._viewport, self._matrix)

    def paint(self, frame: Frame, painted: Iterable[Painted]) -> None:
        """Paint on a frame that `finished` has not seen."""
        self.brush(frame).paint(painted)

    def finished(self, frame: Frame) -> Frame:
        """What is to be stored of a painted frame."""
        return without_background(frame, self._background) if self._transparent else frame

    def frame(self, painted: Iterable[Painted]) -> Frame:
        """A picture as a whole."""
        frame = self.blank()
        self.paint(frame, painted)
        return self.finished(frame)


class Brush:
    """Paints on one frame, and keeps the paths of what it has painted."""

    def __init__(self, frame: Frame, viewport: Viewport, matrix: cairo.Matrix) -> None:
        height, width, _ = frame.shape
        self._surface = cairo.ImageSurface.create_for_data(
            frame.data, cairo.FORMAT_ARGB32, width, height
        )
        self._context = cairo.Context(self._surface)
        self._viewport = viewport
        self._matrix = matrix
        self._paths: dict[int, _Path] = {}

    def paint(self, painted: Iterable[Painted], rows: slice | None = None) -> None:
        """Paint from back to front, in all rows of pixels or in some."""
        context = self._context
        if rows is not None:
            context.new_path()
            context.rectangle(0, rows.start, self._surface.get_width(), rows.stop - rows.start)
            context.clip()
        for item in painted:
            path = self._path(item.outline)
            if path is not None:
                context.new_path()
                context.append_path(path.path)
                self._apply(item.style)
        context.reset_clip()
        self._surface.flush()

    def extent(self, painted: Painted) -> FrameBox | None:
        """The pixels that it can be seen in, or a few more; None where it cannot be seen."""
        style = painted.style
        has_line = style.stroke is not None and style.width > 0.0
        path = self._path(painted.outline) if has_line or style.fill is not None else None
        if path is None:
            return None
        reach = 1.0 + (self._line_width(style) * self._matrix.xx / 2 * _MITRE if has_line else 0.0)
        left, top, right, bottom = path.extents
        return FrameBox(
            floor(left - reach), floor(top - reach), ceil(right + reach), ceil(bottom + reach)
        )

    def keep(self, painted: Sequence[Painted]) -> None:
        """Forget the paths of what is not among these, if they have become many."""
        if len(self._paths) > _KEPT * len(painted):
            wanted = {id(item.outline) for item in painted}
            self._paths = {key: path for key, path in self._paths.items() if key in wanted}

    def _path(self, outline: Outline) -> "_Path | None":
        """An outline in pixels of the frame."""
        if not len(outline):
            return None
        found = self._paths.get(id(outline))
        if found is None:
            context = self._context
            context.set_matrix(self._matrix)
            self._trace(self._viewport.points(outline))
            context.identity_matrix()
            found = _Path(outline, context.copy_path(), context.path_extents())
            self._paths[id(outline)] = found
        return found

    def _trace(self, points: NDArray[np.float64]) -> None:
        """Make the points the context's path, lifting the pen where a curve begins elsewhere."""
        context = self._context
        curve_to = context.curve_to
        context.new_path()
        # Plain floats: most outlines that are traced again are a few curves that have moved.
        start = at = None
        for x, y, ax, ay, bx, by, end_x, end_y in points.reshape(-1, 2 * POINTS_A_CURVE).tolist():
            if at is None or (at != (x, y) and not _are_one(at, (x, y))):
                if start is not None and at is not None and _are_one(start, at):
                    context.close_path()
                context.new_sub_path()
                context.move_to(x, y)
                start = x, y
            curve_to(ax, ay, bx, by, end_x, end_y)
            at = end_x, end_y
        if start is not None and at is not None and _are_one(start, at):
            context.close_path()

    def _apply(self, style: Style) -> None:
        context = self._context
        if style.fill is not None:
            context.set_source_rgb(*_channels(style.fill))
            context.fill_preserve()
        if style.stroke is not None and style.width > 0.0:
            context.set_source_rgb(*_channels(style.stroke))
            context.set_matrix(self._matrix)
            context.set_line_width(self._line_width(style))
            context.stroke_preserve()
            context.identity_matrix()

    def _line_width(self, style: Style) -> float:
        """In length units."""
        return self._viewport.stroke_width(style.width) * UNITS_A_PIXEL


class _Path(NamedTuple):
    """A path in pixels of a frame, as cairo keeps it: in its own grid, so nothing is rounded again.

    The outline is kept, for its place in memory is what it is known by.
    """

    outline: Outline
    path: cairo.Path
    extents: tuple[float, float, float, float]


def easel_of(planned: Plan) -> Easel:
    """What a planned film is drawn on."""
    page = planned.page
    return Easel(
        (page.width, page.height),
        (planned.width, planned.height),
        planned.theme.background,
        transparent=planned.transparent,
    )


class Steps:
    """Draws the tableaux of a planned film, whose ground is drawn once."""

    def __init__(self, planned: Plan) -> None:
        self._easel = easel_of(planned)
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


def _are_one(first: Point, second: Point) -> bool:
    """Whether manim takes two points for the same."""
    (x, y), (other_x, other_y) = first, second
    return abs(x - other_x) <= _SAME_PLACE + _SAME_SHARE * abs(other_x) and abs(
        y - other_y
    ) <= _SAME_PLACE + _SAME_SHARE * abs(other_y)


def _channels(colour: str) -> tuple[float, float, float]:
    """The channels of "#rrggbb" as cairo takes them, 0 to 1.

    Frames hold red first, where cairo's pixels hold blue on machines that store the lowest byte
    first.
    """
    red, green, blue = (channel / OPAQUE for channel in rgb(colour))
    return blue, green, red
