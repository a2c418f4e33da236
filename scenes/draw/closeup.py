"""The close-up of a step: one unit's numbers, large, beside or below the cell.

    closeup_parts(closeup, box, unit, theme, language, typesetter) -> parts, from back to front

Lengths are units of the close-up, of which the page says how many pixels each has.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.fan import stroke
from gatereel.scenes.draw.levels import forms
from gatereel.scenes.draw.outlines import Outline, circle, rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.shapes import UNIT_DOTS, Shape
from gatereel.scenes.draw.symbols import LETTER_SIZE, SIGNS, letter_of
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.page import SMALLEST_TEXT
from gatereel.scenes.lay_out.placed_rows import Disc
from gatereel.scenes.tell.closeup import Closeup, Mark, Meeting, Rows, Term, Terms
from gatereel.scenes.tell.formula_typst import typst
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import number, short_number
from gatereel.scenes.theme.theme import Theme

_CAPTION, _NUMBER, _RESULT, _WEIGHT = 34.0, 40.0, 56.0, 36.0
_LINE = 1.2
_GAP = 12.0
_WIDEST_LINE, _NARROWEST_LINE = 11.0, 2.0
_DASH, _DASH_GAP = 18.0, 12.0
_WEIGHT_AT = 0.3
"""Where on a line its weight stands, from the operand up: as low as it may, lines are far apart."""
_HALO = 2.0
"""How many times as wide as in the cell: letters are larger."""

# Of a sum, in units from its top.
_SUM_HEIGHT = 506.0
_SUM_RESULT_Y, _SUM_RESULT_RADIUS = 62.0, 56.0
_SUM_TERMS_Y, _SUM_TERM_RADIUS = 322.0, 44.0
_SUM_PITCH = 190.0
_BESIDE = 22.0

_MEETING_RADIUS, _MEETING_SIGN = 74.0, 64.0
_MEETING_HEIGHT = 285.0

_ROW_RADIUS, _ROW_PITCH, _ROW_HEIGHT = 60.0, 190.0, 250.0
_BELOW_A_DISC = 2 * _GAP + CAP_HEIGHT * _NUMBER + _LINE * _CAPTION
"""Units that a number and what it is of take below a disc."""
_ROW_NAME = 44.0
_ROW_LEFT, _ROW_RIGHT = 150.0, 30.0
"""Units that a row keeps for what the vector is called, and free at its right."""

_CORNER = 1.0

How = Literal["stands", "grows", "comes"]


@dataclass(frozen=True, eq=False)
class Part:
    """What is painted; it stands there, grows out of its anchors, or comes at the end."""

    painted: Painted
    how: How = "stands"
    shape: Shape | None = None


def ground(box: Box, theme: Theme) -> Painted:
    """What is behind a close-up."""
    outline = rounded_box(box.left, box.top, box.right, box.bottom, _CORNER)
    return Painted(outline, Style(theme.body, theme.line, theme.strokes.body))


def closeup_parts(
    closeup: Closeup,
    box: Box,
    unit: float,
    theme: Theme,
    language: Language,
    typesetter: Typesetter,
    *,
    largest_weight: float,
    levels: bool = True,
) -> tuple[Part, ...]:
    """All that is seen of a close-up in its box, from back to front.

    `largest_weight` has the widest line; with `levels`, values are form, too.
    """
    drawer = _Drawer(box, unit, theme, language, typesetter, largest_weight, levels=levels)
    match closeup:
        case Terms():
            return tuple(drawer.terms(closeup))
        case Meeting():
            return tuple(drawer.meeting(closeup))
        case Rows():
            return tuple(drawer.rows(closeup))


class _Drawer:
    def __init__(
        self,
        box: Box,
        unit: float,
        theme: Theme,
        language: Language,
        typesetter: Typesetter,
        largest: float,
        *,
        levels: bool,
    ) -> None:
        self.unit, self.theme, self.typesetter = unit, theme, typesetter
        self.words = language.closeup
        self.largest = largest
        self.levels = levels
        self.x, self.y = box.left, box.top
        self.width = (box.right - box.left) / unit
        self.height = (box.bottom - box.top) / unit

    # --- the three kinds -------------------------------------------------------------------------

    def terms(self, sum_: Terms) -> Iterator[Part]:
        """A sum: its terms below, as wide lines as their weights are large, its result above."""
        top = (self.height - _SUM_HEIGHT) / 2
        middle = self.width / 2
        end = (middle, top + _SUM_RESULT_Y + _SUM_RESULT_RADIUS)
        count = len(sum_.terms) + (sum_.rest_count > 0)
        pitch = min(_SUM_PITCH, self.width / count)
        y = top + _SUM_TERMS_Y
        xs = [middle + (i - (count - 1) / 2) * pitch for i in range(count)]
        starts = [(x, y - _SUM_TERM_RADIUS) for x in xs]
        for term, start in zip(sum_.terms, starts, strict=False):
            yield self._weight_line(term, start, end)
        if sum_.rest_count:
            yield self._grown(starts[-1], stroke(starts[-1], end, _NARROWEST_LINE, False))
        for term, start in zip(sum_.terms, starts, strict=False):
            yield from self._weight(term, start, end)
        size = self._common_size([term.mark for term in sum_.terms], pitch)
        for term, x in zip(sum_.terms, xs, strict=False):
            yield from self._disc(term.mark, x, y, _SUM_TERM_RADIUS)
            yield from self._below(
                term.mark, x, y + _SUM_TERM_RADIUS, pitch, by_name=True, size=size
            )
        if sum_.rest_count:
            yield from self._rest(sum_, xs[-1], y, pitch)
        yield from self._sum_result(sum_, middle, top + _SUM_RESULT_Y)

    def meeting(self, meeting: Meeting) -> Iterator[Part]:
        """Operands side by side, the sign between them, and what they become."""
        marks = (*meeting.operands, meeting.result)
        pitch = self.width / len(marks)
        y = (self.height - _MEETING_HEIGHT) / 2 + _MEETING_RADIUS
        sign = SIGNS.get(type(meeting.operation), "")
        becomes = "=" if len(meeting.operands) > 1 else "\N{RIGHTWARDS ARROW}"
        for place, mark in enumerate(marks):
            x = (place + 0.5) * pitch
            is_result = place == len(marks) - 1
            how: How = "comes" if is_result else "stands"
            radius = min(_MEETING_RADIUS, pitch / 2 - _MEETING_SIGN / 2)
            yield from self._disc(mark, x, y, radius, how)
            yield from self._below(
                mark, x, y + radius, pitch, how, size=_RESULT, by_name=True, bold=is_result
            )
            if place:
                text = Text(plain(becomes if is_result else sign), self._size(_MEETING_SIGN))
                yield self._text(text, x - pitch / 2, y + _MEETING_SIGN * CAP_HEIGHT / 2)

    def rows(self, rows: Rows) -> Iterator[Part]:
        """Vectors one below the other, what each is called at its left."""
        height = min(_ROW_HEIGHT, self.height / len(rows.rows))
        top = (self.height - height * len(rows.rows)) / 2
        most = max(map(len, rows.rows))
        names = [Text(typst(r[0].vector), self._size(_ROW_NAME), math=True) for r in rows.rows]
        widest = max(self.typesetter.glyphs(name).width for name in names) / self.unit
        left = 0.0 if rows.by_name else max(_ROW_LEFT, widest + 2 * _GAP)
        pitch = (self.width - left - _ROW_RIGHT) / most
        pitch = pitch if rows.by_name else min(_ROW_PITCH, pitch)
        first = left + (self.width - left - _ROW_RIGHT - pitch * most) / 2 + pitch / 2
        room = height - _BELOW_A_DISC - (_LINE * _CAPTION if rows.by_name else _GAP)
        radius = min(_ROW_RADIUS, room / 2, (pitch - _GAP) / 2)
        size = self._common_size([mark for marks in rows.rows for mark in marks], pitch - _GAP)
        for place, marks in enumerate(rows.rows):
            y = top + place * height + radius + _GAP
            if not rows.by_name:
                yield self._text(names[place], left / 2, y + _ROW_NAME * CAP_HEIGHT / 2)
            for i, mark in enumerate(marks):
                x = first + i * pitch
                yield from self._disc(mark, x, y, radius)
                yield from self._below(
                    mark, x, y + radius, pitch - _GAP, by_name=rows.by_name, size=size
                )

    # --- what they are made of -------------------------------------------------------------------

    def _disc(
        self, mark: Mark, x: float, y: float, radius: float, how: How = "stands"
    ) -> Iterator[Part]:
        """A component's disc with its level or core, and its operation's letter."""
        theme = self.theme
        (cx, cy), r = self._point(x, y), radius * self.unit
        disc = Disc(cx, cy, r, mark.role, mark.shown_as)
        fill = theme.fill(mark.role, mark.shown_as)
        shown = theme.hollow(fill) if self.levels else fill
        style = Style(shown, theme.line, theme.strokes.outline)
        yield Part(Painted(circle(cx, cy, r), style), how)
        letter = "" if mark.operation is None else letter_of(mark.operation)
        if self.levels:
            for form in forms(
                (disc,), (mark.value,), theme, is_share=mark.is_share, has_letter=bool(letter)
            ):
                for painted in form.painted():
                    yield Part(painted, how)
        if letter:
            size = LETTER_SIZE * r if len(letter) == 1 else r
            glyphs = self.typesetter.bold(letter, round(size, 1))
            outline = glyphs.moved(cx - glyphs.width / 2, cy + CAP_HEIGHT * size / 2)
            colour = theme.letter_on(shown)
            if self.levels:
                behind = theme.letter_beside(colour)
                halo = Style(behind, behind, _HALO * theme.strokes.halo)
                yield Part(Painted(outline, halo), how)
            yield Part(Painted(outline, Style(colour, None, 0.0)), how)

    def _below(
        self,
        mark: Mark,
        x: float,
        y: float,
        room: float,
        how: How = "stands",
        *,
        by_name: bool,
        size: float = _NUMBER,
        bold: bool = False,
    ) -> Iterator[Part]:
        """A component's number, and below it what it is of."""
        digits = number(mark.value)
        size = self._fitted(digits, size, room, bold=bold)
        baseline = y + _GAP + CAP_HEIGHT * size
        text = Text(plain(digits), self._size(size), bold=bold)
        yield self._text(text, x, baseline, how)
        if by_name:
            baseline += _LINE * _CAPTION
            named = Text(typst(mark.vector), self._size(_CAPTION), math=True)
            # A part of a sum has no letter, and its formula perhaps no room.
            if self.typesetter.glyphs(named).width <= room * self.unit:
                yield self._text(named, x, baseline, how)
        if mark.size == "input":
            caption = self.words.input.format(input=mark.index + 1)
        else:
            caption = self.words.unit.format(unit=mark.index + 1)
        if text_width(caption, SMALLEST_TEXT) > room - _GAP / 2:
            caption = str(mark.index + 1)
        if room > text_width(caption, SMALLEST_TEXT):
            baseline += _LINE * _CAPTION
            size = self._fitted(caption, _CAPTION, room)
            text = Text(plain(caption), self._size(size))
            yield self._text(text, x, baseline, how, self.theme.quiet_text)

    def _weight_line(self, term: Term, start: Point, end: Point) -> Part:
        share = abs(term.weight) / self.largest if self.largest else 0.0
        width = max(_NARROWEST_LINE, min(1.0, share) * _WIDEST_LINE)
        is_negative = term.weight < 0.0
        outline = stroke(start, end, width, is_negative, dash=_DASH, gap=_DASH_GAP)
        return self._grown(start, outline)

    def _grown(self, start: Point, outline: Outline) -> Part:
        placed = self._placed(outline)
        anchor = placed * 0.0 + self._point(*start)
        shape = Shape("weights", placed, self.theme.line, self.theme.body, anchor=anchor)
        return Part(Painted(placed, Style(self.theme.line, None, 0.0)), "grows", shape)

    def _weight(self, term: Term, start: Point, end: Point) -> Iterator[Part]:
        """A weight over its line, on a ground that leaves the line out."""
        digits = short_number(term.weight)
        x, y = (a + (b - a) * _WEIGHT_AT for a, b in zip(start, end, strict=True))
        half = text_width(digits, _WEIGHT) / 2 + _GAP / 2
        tall = CAP_HEIGHT * _WEIGHT / 2 + _GAP / 2
        patch = rounded_box(x - half, y - tall, x + half, y + tall, _GAP / 2)
        yield Part(Painted(self._placed(patch), Style(self.theme.body, None, 0.0)))
        text = Text(plain(digits), self._size(_WEIGHT))
        yield self._text(text, x, y + CAP_HEIGHT * _WEIGHT / 2)

    def _rest(self, sum_: Terms, x: float, y: float, room: float) -> Iterator[Part]:
        """What stands for the products that are not told one by one."""
        (cx, cy), r = self._point(x, y), _SUM_TERM_RADIUS * self.unit
        style = Style(
            self.theme.hollow(self.theme.quiet_text), self.theme.line, self.theme.strokes.outline
        )
        yield Part(Painted(circle(cx, cy, r), style))
        dots = np.array([cx, cy]) + r * UNIT_DOTS
        yield Part(Painted(dots, Style(self.theme.text, None, 0.0)))
        lines = (number(sum_.rest), self.words.rest.format(count=sum_.rest_count))
        baseline = y + _SUM_TERM_RADIUS + _GAP + CAP_HEIGHT * _NUMBER
        for line, size in zip(lines, (_NUMBER, _CAPTION), strict=True):
            text = Text(plain(line), self._size(self._fitted(line, size, room)))
            yield self._text(text, x, baseline)
            baseline += _LINE * _CAPTION

    def _sum_result(self, sum_: Terms, x: float, y: float) -> Iterator[Part]:
        """The result's disc, the sum that goes into it at its left, its value at its right."""
        yield from self._disc(sum_.result, x, y, _SUM_RESULT_RADIUS, "comes")
        left = x - _SUM_RESULT_RADIUS - _BESIDE
        right = x + _SUM_RESULT_RADIUS + _BESIDE
        total = self.words.sum.format(sum=number(sum_.total))
        yield self._text(Text(plain(total), self._size(_NUMBER)), left, y, "comes", align="right")
        if sum_.bias is not None:
            bias = self.words.bias.format(bias=short_number(sum_.bias))
            yield self._text(
                Text(plain(bias), self._size(_CAPTION)),
                left,
                y + _LINE * _CAPTION,
                "comes",
                self.theme.quiet_text,
                align="right",
            )
        value = number(sum_.result.value)
        size = self._fitted(value, _RESULT, self.width - right, bold=True)
        yield self._text(
            Text(plain(value), self._size(size), bold=True),
            right,
            y + CAP_HEIGHT * size / 2,
            "comes",
            align="left",
        )

    # --- from units to pixels --------------------------------------------------------------------

    def _point(self, x: float, y: float) -> Point:
        return self.x + x * self.unit, self.y + y * self.unit

    def _placed(self, outline: Outline) -> Outline:
        placed: Outline = outline * self.unit + (self.x, self.y)
        return placed

    def _size(self, size: float) -> float:
        return round(size * self.unit, 1)

    def _common_size(self, marks: Sequence[Mark], room: float) -> float:
        """The size that the widest of their numbers has room for: all have the same."""
        sizes = (self._fitted(number(mark.value), _NUMBER, room) for mark in marks)
        return min(sizes, default=_NUMBER)

    def _fitted(self, text: str, size: float, room: float, *, bold: bool = False) -> float:
        """A size at which text has room, if that can be read."""
        width = text_width(text, size, bold=bold)
        return max(SMALLEST_TEXT, min(size, size * (room - _GAP / 2) / width))

    def _text(
        self,
        text: Text,
        x: float,
        baseline: float,
        how: How = "stands",
        colour: str | None = None,
        *,
        align: Literal["middle", "left", "right"] = "middle",
    ) -> Part:
        glyphs = self.typesetter.glyphs(text)
        px, py = self._point(x, baseline)
        px -= {"middle": glyphs.width / 2, "left": 0.0, "right": glyphs.width}[align]
        style = Style(colour or self.theme.text, None, 0.0)
        return Part(Painted(glyphs.moved(px, py), style), how)
