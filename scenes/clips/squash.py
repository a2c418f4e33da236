"""Numbers that go through a function and come out: a card each, down to the curve and across."""

from collections.abc import Callable, Sequence
from math import ceil

import numpy as np

from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.squashing import squash, squashing
from gatereel.scenes.clips.clip import MARGIN, WIDTH, Clip, ClipTold, Content, Shot, ToldRow, Values
from gatereel.scenes.clips.curve import POINTS, Axes, curve, ground
from gatereel.scenes.clips.pen import LINE, Pen
from gatereel.scenes.draw.outlines import partial_path
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.symbols import letter_of
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import number, short_number
from gatereel.scenes.tell.words import capitalised
from gatereel.scenes.theme.theme import Theme

DEFAULT_FUNCTIONS = ("sigmoid", "tanh")
DEFAULT_VALUES = (5.0, 0.1, -0.5)
MOST_VALUES = 4
MOST_FUNCTIONS = 2
"""Side by side: a third would have no room."""

LARGEST = 1000.0
"""Of the numbers: the axis is as wide as the largest asks for."""

RESULT_DECIMALS = 4
"""Of what comes out, so that 0.9933 is told from 1."""

_LEAST_REACH, _BEYOND = 6.0, 1.1
"""The axis goes at least so far to either side, and beyond the largest number by this factor."""
_MARK = 2 / 3
"""Where on either side of the axis a number is written."""
_FAR = 1e6
"""What comes out of a number as large as this is as much as a function can say."""

_TITLE, _TITLE_BASELINE = 26.0, 44.0
_PANEL_TOP, _PANEL_HEIGHT = 70.0, 322.0
_PANEL_GAP = 20.0
_PADDING = 20.0
_BADGE = 21.0
_NAME = 20.0
_AXIS_ROOM = 52.0
"""Pixels left of the upright axis, for its numbers."""
_CARD_WIDTH, _CARD_HEIGHT, _CARD_GAP, _ARROW_ROOM = 96.0, 46.0, 14.0, 44.0
_IN_SIZE, _HEADING = 20.0, 15.0
_SENTENCE_SIZES = (19.0, 17.5, 16.0, 15.0)
_SENTENCE_LINES = 2
_DOT = 7.0
_WAY_WIDTH = 2.0
_MOVING, _STANDING = 1.6, 0.7
_WAYS = 0.9
"""Of a number's time it is on its way; then what comes out is written."""


@dataclass(frozen=True)
class Squash(Content):
    """Functions, one or two, and the numbers that go through each.

    Raises InputError for more, for none, and for numbers that no axis is for.
    """

    functions: tuple[str, ...] = DEFAULT_FUNCTIONS
    numbers: tuple[float, ...] = DEFAULT_VALUES

    def __post_init__(self) -> None:
        """Check what is asked for."""
        for name in self.functions:
            squashing(name)
        if not 1 <= len(self.functions) <= MOST_FUNCTIONS:
            raise InputError(
                f"{len(self.functions)} functions are asked for; one or two have room."
            )
        if not 1 <= len(self.numbers) <= MOST_VALUES:
            raise InputError(
                f"--values has {len(self.numbers)} numbers; 1 to {MOST_VALUES} have room."
            )
        for value in self.numbers:
            if not abs(value) <= LARGEST:
                raise InputError(
                    f"--values: {value:g} is too large; {-LARGEST:g} to {LARGEST:g} are accepted."
                )

    @property
    def name(self) -> str:
        """What its files are called after: "squash-tanh"."""
        if self.functions == DEFAULT_FUNCTIONS:
            return "squash"
        return "-".join(("squash", *self.functions))

    @property
    def roles(self) -> tuple[str, ...]:
        """Those of the badges."""
        return tuple(squashing(name).role for name in self.functions)

    def results(self, function: str) -> tuple[float, ...]:
        """What comes out."""
        return tuple(squash(function, self.numbers).tolist())

    def values(self) -> Values:
        """What goes in, and what comes out of each function."""
        return Values(
            {"value": self.numbers, **{name: self.results(name) for name in self.functions}}
        )

    def told(self, language: Language) -> ClipTold:
        """Each number with what becomes of it."""
        words = language.squash
        pairs = [
            (name, short_number(value), number(result, RESULT_DECIMALS))
            for name in self.functions
            for value, result in zip(self.numbers, self.results(name), strict=True)
        ]
        said = [
            words.becomes.format(function=name, value=value, result=result)
            for name, value, result in pairs
        ]
        return ClipTold(
            title=self._title(language),
            sentences=tuple(map(capitalised, said)),
            summary=words.summary,
            headings=(words.function_heading, words.goes_in, words.comes_out),
            rows=tuple(map(ToldRow, pairs)),
        )

    def clip(self, theme: Theme, language: Language) -> Clip:
        """A panel a function; the numbers go through all of them at once, one after the other."""
        pen = Pen(theme)
        panels = [
            _Panel(pen, language, box, name, self.numbers, self.results(name))
            for name, box in zip(self.functions, _boxes(len(self.functions)), strict=True)
        ]
        shots = []
        for place in range(len(self.numbers)):
            shots.append(Shot(_coming(panels, place), _MOVING, _STANDING))
        title = pen.words(self._title(language), MARGIN, _TITLE_BASELINE, _TITLE, bold=True)
        height = _PANEL_TOP + _PANEL_HEIGHT + LINE * _SENTENCE_SIZES[0] * _SENTENCE_LINES + MARGIN
        return Clip(
            height, (title, *(item for panel in panels for item in panel.ground)), tuple(shots)
        )

    def _title(self, language: Language) -> str:
        named = language.lists.joined(self.functions)
        return capitalised(language.squash.title.format(functions=named))


def _boxes(count: int) -> list[Box]:
    width = (WIDTH - 2 * MARGIN - (count - 1) * _PANEL_GAP) / count
    lefts = [MARGIN + i * (width + _PANEL_GAP) for i in range(count)]
    return [Box(x, _PANEL_TOP, x + width, _PANEL_TOP + _PANEL_HEIGHT) for x in lefts]


class _Panel:
    """One function: its curve, the numbers' cards, and their ways over the curve."""

    def __init__(
        self,
        pen: Pen,
        language: Language,
        box: Box,
        function: str,
        numbers: Sequence[float],
        results: Sequence[float],
    ) -> None:
        self._pen = pen
        self._numbers, self._results = numbers, results
        theme = pen.theme
        # Colours that tell numbers apart: those of what flows through the cells.
        roles = ("cell state out", "gru hidden state out", "input", "hidden state in")
        self._colours = [theme.level(theme.fill(role, 0)) for role in roles]
        cards = 2 * _CARD_WIDTH + _ARROW_ROOM
        self._in_left = box.right - _PADDING - cards
        self._out_left = box.right - _PADDING - _CARD_WIDTH
        column = len(numbers) * (_CARD_HEIGHT + _CARD_GAP) - _CARD_GAP
        middle = (box.top + box.bottom) / 2 + _BADGE
        self._tops = [middle - column / 2 + i * (_CARD_HEIGHT + _CARD_GAP) for i in range(4)]
        reach = max(_LEAST_REACH, ceil(max(abs(value) for value in numbers) * _BEYOND))
        operation = squashing(function)
        low, high = _range(function, results)
        room = Box(
            box.left + _AXIS_ROOM,
            box.top + 2 * _PADDING + 2 * _BADGE,
            self._in_left - 2 * _PADDING,
            box.bottom - 2 * _PADDING,
        )
        self._axes = Axes(room, -reach, reach, low, high)
        xs: list[float] = np.linspace(-reach, reach, POINTS + 1).tolist()
        mark = float(round(reach * _MARK))
        badge_y = box.top + _PADDING + _BADGE
        role = operation.role if operation.role != "gate" else "output gate"
        top = self._tops[0] - _HEADING
        words = language.squash
        headings = (
            (words.goes_in, self._in_left + _CARD_WIDTH / 2),
            (words.comes_out, self._out_left + _CARD_WIDTH / 2),
        )
        self.ground = [
            pen.panel(box),
            *pen.badge(letter_of(operation), box.left + _PADDING + _BADGE, badge_y, _BADGE, role),
            pen.words(
                function,
                box.left + _PADDING + 2 * _BADGE + 12.0,
                badge_y + CAP_HEIGHT * _NAME / 2,
                _NAME,
                bold=True,
            ),
            *ground(pen, self._axes, (-mark, mark), (low, (low + high) / 2, high)),
            *curve(pen, self._axes, xs, squash(function, xs).tolist(), theme.line),
            *(
                pen.words(text, x, top, _HEADING, colour=theme.quiet_text, align="middle")
                for text, x in headings
            ),
            *(item for i in range(len(numbers)) for item in self._in_card(i)),
            *pen.lines(
                _says(function, language) or " ",
                box.left,
                box.bottom + 6.0,
                _SENTENCE_SIZES,
                box.right - box.left,
                most=_SENTENCE_LINES,
            ),
        ]
        self._out_cards = [self._out_card(i) for i in range(len(numbers))]

    def at(self, place: int, progress: float) -> list[Painted]:
        """Numbers before `place` have come out; this one is as far as `progress` says."""
        painted: list[Painted] = []
        for i in range(place + 1):
            share = min(1.0, progress / _WAYS) if i == place else 1.0
            painted += self._way(i, share)
            if i < place or progress >= 1.0:
                painted += self._out_cards[i]
        return painted

    def _way(self, i: int, share: float) -> list[Painted]:
        """Up from the axis to the curve, and left to the upright axis."""
        pen, axes, colour = self._pen, self._axes, self._colours[i]
        x, y = axes.x(self._numbers[i]), axes.y(self._results[i])
        start = axes.y(min(max(0.0, axes.low), axes.high))
        up = share if self._results[i] == 0.0 else min(1.0, 2 * share)
        across = max(0.0, 2 * share - 1.0)
        painted = [
            self._pen.stroke(
                partial_path([(x, start), (x, y)], up), colour, _WAY_WIDTH, dashed=True
            )
        ]
        if across > 0.0:
            way = partial_path([(x, y), (axes.box.left, y)], across)
            painted.append(pen.stroke(way, colour, _WAY_WIDTH, dashed=True))
        dot_y = start + (y - start) * up
        painted.append(pen.dot(x, dot_y, _DOT, colour))
        return painted

    def _in_card(self, i: int) -> list[Painted]:
        return self._card(i, self._in_left, short_number(self._numbers[i], 3), bold=False)

    def _out_card(self, i: int) -> list[Painted]:
        pen = self._pen
        y = self._tops[i] + _CARD_HEIGHT / 2
        left = self._in_left + _CARD_WIDTH
        return [
            *pen.arrow((left + 6.0, y), (self._out_left - 6.0, y)),
            *self._card(i, self._out_left, number(self._results[i], RESULT_DECIMALS), bold=True),
        ]

    def _card(self, i: int, left: float, text: str, *, bold: bool) -> list[Painted]:
        pen = self._pen
        top = self._tops[i]
        box = Box(left, top, left + _CARD_WIDTH, top + _CARD_HEIGHT)
        baseline = (box.top + box.bottom + CAP_HEIGHT * _IN_SIZE) / 2
        x = (box.left + box.right) / 2
        return [
            pen.card(box, self._colours[i]),
            pen.words(text, x, baseline, _IN_SIZE, bold=bold, align="middle"),
        ]


def _coming(panels: Sequence[_Panel], place: int) -> Callable[[float], tuple[Painted, ...]]:
    def at(progress: float) -> tuple[Painted, ...]:
        return tuple(item for panel in panels for item in panel.at(place, progress))

    return at


def _range(function: str, results: Sequence[float]) -> tuple[float, float]:
    """From where to where a function goes; what has no bound goes as far as the results."""
    low, high = squash(function, (-_FAR, _FAR)).tolist()
    largest = max(1.0, *map(abs, results))
    return max(low, -ceil(largest)), min(high, ceil(largest))


def _says(function: str, language: Language) -> str:
    """What a function makes of numbers, by how far it goes."""
    words = language.squash
    low, high = squash(function, (-_FAR, _FAR)).tolist()
    if squashing(function).is_share:
        return words.share
    if high > 1.0:
        return words.rectified if low == 0.0 else ""
    return words.signed
