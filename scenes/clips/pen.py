"""What clips are drawn with: words, panels, arrows, discs with values. Lengths in pixels."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

from gatereel.rnn_math.formulas import Formula
from gatereel.scenes.draw.fitted import fitted_lines
from gatereel.scenes.draw.levels import forms
from gatereel.scenes.draw.outlines import (
    Outline,
    arrow_head,
    circle,
    join,
    line,
    path_lengths,
    points_along,
    polygon,
    polyline,
    rounded_box,
)
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.symbols import LETTER_SIZE
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.placed_rows import Disc
from gatereel.scenes.tell.formula_typst import typst
from gatereel.scenes.theme.theme import Theme

Align = Literal["left", "middle", "right"]

LINE = 1.28
"""From baseline to baseline, in type sizes."""

_CORNER = 1.0
_HEAD_LENGTH, _HEAD_WIDTH = 10.0, 8.0
_DASH, _GAP = 6.0, 4.0


class Pen:
    """Draws in one theme."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._typesetter = Typesetter()

    def words(
        self,
        text: str,
        x: float,
        baseline: float,
        size: float,
        *,
        bold: bool = False,
        colour: str | None = None,
        align: Align = "left",
    ) -> Painted:
        """A line of text."""
        return self._set(Text(plain(text), size, bold=bold), x, baseline, colour, align)

    def formula(
        self,
        formula: Formula,
        x: float,
        baseline: float,
        size: float,
        *,
        colour: str | None = None,
        align: Align = "middle",
    ) -> Painted:
        """A formula on a line."""
        return self._set(Text(typst(formula), size, math=True), x, baseline, colour, align)

    def width(self, text: str, size: float) -> float:
        """How wide a line of text is."""
        return self._typesetter.glyphs(Text(plain(text), size)).width

    def lines(
        self,
        text: str,
        x: float,
        top: float,
        sizes: Sequence[float],
        room: float,
        *,
        most: int = 2,
        bold: bool = False,
        colour: str | None = None,
    ) -> list[Painted]:
        """A sentence below `top`, in at most so many lines, at the largest size that has room."""
        found, size = fitted_lines((text,), sizes, room, most, bold=bold)
        return [
            self.words(each, x, top + (i + 1) * LINE * size, size, bold=bold, colour=colour)
            for i, each in enumerate(found)
        ]

    def panel(self, box: Box) -> Painted:
        """What numbers stand on, as on the cell's body."""
        theme = self.theme
        outline = rounded_box(box.left, box.top, box.right, box.bottom, _CORNER)
        return Painted(outline, Style(theme.body, theme.line, theme.strokes.body))

    def card(self, box: Box, colour: str) -> Painted:
        """What a single number stands on."""
        outline = rounded_box(box.left, box.top, box.right, box.bottom, 4 * _CORNER)
        return Painted(outline, Style(self.theme.background, colour, self.theme.strokes.wire))

    def stroke(
        self, points: Sequence[Point], colour: str, width: float, *, dashed: bool = False
    ) -> Painted:
        """A line from point to point."""
        style = Style(None, colour, width)
        return Painted(_dashed(points) if dashed else polyline(points), style)

    def area(self, points: Sequence[Point], colour: str) -> Painted:
        """What lies within a closed line."""
        return Painted(polygon(points), Style(colour, None, 0.0))

    def arrow(self, start: Point, end: Point, colour: str | None = None) -> tuple[Painted, ...]:
        """A straight arrow."""
        ink, width = colour or self.theme.line, self.theme.strokes.wire
        (x, y), (to_x, to_y) = start, end
        length = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
        back = max(0.0, length - _HEAD_LENGTH) / length
        shaft = (x + (to_x - x) * back, y + (to_y - y) * back)
        head = arrow_head(end, start, min(_HEAD_LENGTH, length), _HEAD_WIDTH)
        return (
            Painted(line(start, shaft), Style(None, ink, width)),
            Painted(head, Style(ink, None, 0.0)),
        )

    def dot(self, x: float, y: float, radius: float, colour: str) -> Painted:
        """A point on a curve, with a rim that sets it off."""
        style = Style(colour, self.theme.light_letter, self.theme.strokes.wire)
        return Painted(circle(x, y, radius), style)

    def disc(
        self, x: float, y: float, radius: float, role: str, value: float, *, is_share: bool = False
    ) -> tuple[Painted, ...]:
        """A value as form, as discs of the cells have it."""
        theme = self.theme
        hollow = theme.hollow(theme.fill(role, 0))
        style = Style(hollow, theme.line, theme.strokes.outline)
        found = forms((Disc(x, y, radius, role, 0),), (value,), theme, is_share=is_share)
        return (
            Painted(circle(x, y, radius), style),
            *(each for form in found for each in form.painted()),
        )

    def badge(self, letter: str, x: float, y: float, radius: float, role: str) -> list[Painted]:
        """A symbol: a disc with its letter."""
        theme = self.theme
        fill = theme.fill(role, 0)
        style = Style(fill, theme.line, theme.strokes.outline)
        size = LETTER_SIZE * radius
        glyphs = self._typesetter.bold(letter, round(size, 1))
        outline = glyphs.moved(x - glyphs.width / 2, y + CAP_HEIGHT * size / 2)
        return [
            Painted(circle(x, y, radius), style),
            Painted(outline, Style(theme.letter_on(fill), None, 0.0)),
        ]

    def power_of_ten(
        self,
        power: int,
        x: float,
        baseline: float,
        size: float,
        *,
        colour: str | None = None,
        align: Align = "middle",
    ) -> Painted:
        """10 to a power; 1 is 1."""
        markup = f"10^({power})" if power else "1"
        return self._set(Text(markup, size, math=True), x, baseline, colour, align)

    def _set(
        self, text: Text, x: float, baseline: float, colour: str | None, align: Align
    ) -> Painted:
        glyphs = self._typesetter.glyphs(text)
        left = x - {"left": 0.0, "middle": glyphs.width / 2, "right": glyphs.width}[align]
        outline: Outline = glyphs.moved(left, baseline)
        return Painted(outline, Style(colour or self.theme.text, None, 0.0))


def _dashed(points: Sequence[Point]) -> Outline:
    """Dashes along a whole line, round its corners as well."""
    reached = path_lengths(points).tolist()
    whole = reached[-1]
    dashes, at = list[tuple[float, float]](), 0.0
    while at < whole:
        dashes.append((at, min(at + _DASH, whole)))
        at += _DASH + _GAP
    ends = points_along(points, [end / whole for dash in dashes for end in dash])
    pieces = []
    for place, (at, end) in enumerate(dashes):
        # The corners between the ends of a dash: those at its ends are there already.
        first, behind = bisect_right(reached, at), bisect_left(reached, end)
        pieces.append(polyline([ends[2 * place], *points[first:behind], ends[2 * place + 1]]))
    return join(pieces)
