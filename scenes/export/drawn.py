"""Pages drawn by cairo, which draws the films too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gatereel.scenes.draw.outlines import (
    POINTS_A_CURVE,
    SAME_POINT,
    Outline,
    contours,
    is_closed,
    straight,
)
from gatereel.scenes.draw.pages import DrawnPage

if TYPE_CHECKING:
    import cairo

_BRIGHTEST = 255.0


def draw_page(context: cairo.Context[Any], page: DrawnPage) -> None:
    """Draw `page` in its own units."""
    if page.background is not None:
        context.set_source_rgb(*_rgb(page.background))
        context.rectangle(0.0, 0.0, page.width, page.height)
        context.fill()
    for group in page.groups:
        context.save()
        context.translate(group.x, group.y)
        for item in group.painted:
            _trace(context, item.outline)
            style = item.style
            if style.fill is not None:
                context.set_source_rgb(*_rgb(style.fill))
                context.fill_preserve()
            if style.stroke is not None:
                context.set_source_rgb(*_rgb(style.stroke))
                context.set_line_width(style.width)
                context.stroke_preserve()
            context.new_path()
        context.restore()


def _trace(context: cairo.Context[Any], outline: Outline) -> None:
    curves = outline.reshape(-1, POINTS_A_CURVE, 2).tolist()
    # Of all contours at once: a line of text has a hundred, and each is short.
    lines = straight(outline, SAME_POINT).tolist()
    first = 0
    for contour in contours(outline):
        begin, first = first, first + len(contour) // POINTS_A_CURVE
        context.move_to(*curves[begin][0])
        for is_line, (_, a, b, end) in zip(lines[begin:first], curves[begin:first], strict=True):
            if is_line:
                context.line_to(*end)
            else:
                context.curve_to(*a, *b, *end)
        if is_closed(contour):
            context.close_path()


def _rgb(colour: str) -> tuple[float, float, float]:
    """The channels of "#rrggbb", 0 to 1."""
    r, g, b = (channel / _BRIGHTEST for channel in bytes.fromhex(colour.removeprefix("#")))
    return r, g, b
