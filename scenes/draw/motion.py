"""The few movements a beat is made of. Each is a function of its own progress, 0 to 1."""

from gatereel.scenes.draw.levels import Form
from gatereel.scenes.draw.outlines import NOTHING, partial_path
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.shapes import Shape, wire_outlines
from gatereel.scenes.draw.tableau import Movement, Span
from gatereel.scenes.theme.theme import mix

WHOLE: Span = (0.0, 1.0)
# Looks change within one frame: each frame of a fade would redraw, and store, every outline.
AT_ONCE: Span = (0.0, 1e-6)
AT_THE_END: Span = (1.0 - 1e-6, 1.0)

_ERASING = 2.0
"""Pixels of a line in the backdrop's colour that take a glyph's soft edges with it."""


def restyle(first: Style, after: Painted) -> Movement:
    """From one style to another."""

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (after,)
        return (Painted(after.outline, _between(first, after.style, progress)),)

    return at


def appear(after: Painted, backdrop: str) -> Movement:
    """Out of the backdrop."""
    shown = after.style
    hidden = Style(
        None if shown.fill is None else backdrop,
        None if shown.stroke is None else backdrop,
        shown.width,
    )
    return restyle(hidden, after)


def come(after: Painted) -> Movement:
    """There at the end, and not before."""

    def at(progress: float) -> tuple[Painted, ...]:
        return (after if progress >= 1.0 else Painted(NOTHING, after.style),)

    return at


def hide(after: Painted, backdrop: str) -> Movement:
    """Gone while something else happens there, its pale self that waits as well."""
    erased = Painted(after.outline, Style(backdrop, backdrop, _ERASING))

    def at(progress: float) -> tuple[Painted, ...]:
        return (after if progress >= 1.0 else erased,)

    return at


def grow_form(form: Form, after: Painted) -> Movement:
    """A level that rises, a core that grows."""

    def at(progress: float) -> tuple[Painted, ...]:
        return (after if progress >= 1.0 else form.body_grown(progress),)

    return at


def vanish(before: Painted) -> Movement:
    """A line that gets thinner until it is gone."""
    style = before.style

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (Painted(NOTHING, style),)
        width = style.width * (1.0 - progress)
        return (Painted(before.outline, Style(style.fill, style.stroke, width)),)

    return at


def grow(shape: Shape, after: Painted) -> Movement:
    """Out of its anchors: a disc from its middle, a fan's lines from their operands."""
    outline, anchor = shape.outline, shape.anchor
    if anchor is None:
        raise ValueError(f"a {shape.kind} has no anchor to grow from")

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (after,)
        grown = NOTHING if progress <= 0.0 else anchor + progress * (outline - anchor)
        return (Painted(grown, after.style),)

    return at


def grow_wire(shape: Shape, after: Painted) -> Movement:
    """A wire's line or head, from the source towards the target."""
    is_head = shape.kind == "head"

    def at(progress: float) -> tuple[Painted, ...]:
        if progress >= 1.0:
            return (after,)
        if progress <= 0.0:
            return (Painted(NOTHING, after.style),)
        line, head = wire_outlines(partial_path(shape.path, progress), shape.gaps)
        return (Painted(head if is_head else line, after.style),)

    return at


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
