"""The legend's second part: how values are read off a picture, drawn by what films use.

reading_painted("levels", panel, theme, typesetter) -> levels of gates, with their numbers
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from gatereel.scenes.draw.fan import fan
from gatereel.scenes.draw.levels import forms
from gatereel.scenes.draw.outlines import join, rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.shapes import Look, Shape, discs, in_drawing_order, style, wire
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.placed_rows import Disc, PlacedRow
from gatereel.scenes.tell.language import READINGS
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.theme.theme import Theme

_RADIUS, _PITCH = 18.0, 66.0
_NUMBER_SIZE, _NUMBER_GAP = 16.0, 10.0
_GATE, _STATE, _INPUT = "forget gate", "cell state in", "input"
_LEVELS = (0.04, 0.35, 0.67, 0.96)
_CORES = (0.18, 0.59, -0.40, 1.80)
_WEIGHTS = ((0.4, 1.7, -0.8, -3.2),)
_CLEAR = 3.0
"""Pixels around a number on a line."""
_TO_UNIT = 0.28
"""At which share of a line, from its operand to its unit, its number stands."""
_LINE_UP, _LINE_DOWN, _LINE_NUMBER = 50.0, 48.0, 8.0
"""Pixels from a panel's middle up to a unit, down to its operands and to their lines' numbers."""
_BELOW_NUMBERS = 12.0
"""Pixels from a panel's middle down to discs with numbers over them."""
_FOCUS = 30.0
"""Pixels around the middle of an active row that its frame leaves free."""


def reading_painted(
    name: str, panel: Box, theme: Theme, typesetter: Typesetter
) -> tuple[Painted, ...]:
    """What stands in a card's panel, from back to front."""
    x, y = (panel.left + panel.right) / 2, (panel.top + panel.bottom) / 2
    return tuple(_DRAWINGS[name](x, y, theme, typesetter))


def _row(x: float, y: float, role: str, count: int) -> PlacedRow:
    placed = tuple(
        Disc(x + (i - (count - 1) / 2) * _PITCH, y, _RADIUS, role, 0) for i in range(count)
    )
    half = (count - 1) / 2 * _PITCH + _RADIUS
    return PlacedRow("", x, y, placed, (), Box(x - half, y - _RADIUS, x + half, y + _RADIUS))


def _in_look(shapes: Sequence[Shape], look: Look, theme: Theme) -> list[Painted]:
    ordered = in_drawing_order(shapes)
    return [Painted(shape.outline, style(shape, look, theme)) for shape in ordered]


def _numbers(
    row: PlacedRow, values: Sequence[float], theme: Theme, typesetter: Typesetter
) -> Painted:
    outlines = []
    for disc, value in zip(row.discs, values, strict=True):
        glyphs = typesetter.number(number(value), _NUMBER_SIZE)
        baseline = disc.y - disc.radius - _NUMBER_GAP
        outlines.append(glyphs.moved(disc.x - glyphs.width / 2, baseline))
    return Painted(join(outlines), Style(theme.text, None, 0.0))


def _values(
    row: PlacedRow, values: Sequence[float], theme: Theme, typesetter: Typesetter, *, is_share: bool
) -> list[Painted]:
    hollow = _in_look(discs(row.discs, theme, theme.body, hollow=True), "full", theme)
    found = forms(row.discs, values, theme, is_share=is_share)
    bodies = [each for form in found for each in form.painted()]
    return [*hollow, *bodies, _numbers(row, values, theme, typesetter)]


def _levels(x: float, y: float, theme: Theme, typesetter: Typesetter) -> list[Painted]:
    return _values(_row(x, y + _BELOW_NUMBERS, _GATE, 4), _LEVELS, theme, typesetter, is_share=True)


def _cores(x: float, y: float, theme: Theme, typesetter: Typesetter) -> list[Painted]:
    return _values(
        _row(x, y + _BELOW_NUMBERS, _STATE, 4), _CORES, theme, typesetter, is_share=False
    )


def _weights(x: float, y: float, theme: Theme, typesetter: Typesetter) -> list[Painted]:
    below, above = _row(x, y + _LINE_DOWN, _INPUT, 4), _row(x, y - _LINE_UP, _GATE, 1)
    lines = fan(below, above, theme, theme.body, _WEIGHTS, max(abs(w) for w in _WEIGHTS[0]))
    shapes = [lines, *discs(below.discs, theme, theme.body), *discs(above.discs, theme, theme.body)]
    painted = _in_look(shapes, "full", theme)
    ground = Style(theme.body, None, 0.0)
    for disc, weight in zip(below.discs, _WEIGHTS[0], strict=True):
        glyphs = typesetter.number(number(weight), _NUMBER_SIZE)
        middle_x, middle_y = disc.x + (x - disc.x) * _TO_UNIT, y + _LINE_NUMBER
        left, half = middle_x - glyphs.width / 2, CAP_HEIGHT * _NUMBER_SIZE / 2
        right, top, bottom = left + glyphs.width, middle_y - half, middle_y + half
        box = rounded_box(left - _CLEAR, top - _CLEAR, right + _CLEAR, bottom + _CLEAR, 0)
        painted += [
            Painted(box, ground),
            Painted(glyphs.moved(left, middle_y + half), Style(theme.text, None, 0.0)),
        ]
    return painted


def _waiting(x: float, y: float, theme: Theme, typesetter: Typesetter) -> list[Painted]:
    row = _row(x + 40, y, _STATE, 2)
    arrow = wire(((x - 110, y), (row.extent.left - 8, y)), (), theme, theme.body)
    shapes = [*arrow, *discs(row.discs, theme, theme.body, hollow=True)]
    return _in_look(shapes, "waiting", theme)


def _active(x: float, y: float, theme: Theme, typesetter: Typesetter) -> list[Painted]:
    row = _row(x + 40, y + 10, _STATE, 2)
    arrow = wire(((x - 120, y + 10), (row.extent.left - 14, y + 10)), (), theme, theme.body)
    frame = rounded_box(
        row.extent.left - 8, row.extent.top - _FOCUS, row.extent.right + 8, row.extent.bottom + 6, 9
    )
    accent = Style(None, theme.accent, theme.strokes.focus)
    values = _values(row, _CORES[:2], theme, typesetter, is_share=False)
    return [*_in_look(arrow, "active", theme), *values, Painted(frame, accent)]


_DRAWINGS: Mapping[str, Callable[[float, float, Theme, Typesetter], list[Painted]]] = (
    MappingProxyType(
        dict(zip(READINGS, (_levels, _cores, _weights, _waiting, _active), strict=True))
    )
)
