"""How steep sigmoid and tanh are: what a gradient is multiplied by, once a timestep."""

from collections.abc import Callable

import numpy as np

from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.squashing import slopes, squashing
from gatereel.scenes.clips.clip import MARGIN, WIDTH, Clip, ClipTold, Content, Shot, ToldRow, Values
from gatereel.scenes.clips.curve import POINTS, Axes, curve, ground
from gatereel.scenes.clips.pen import LINE, Pen
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.symbols import letter_of
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import factor_text, number, short_number
from gatereel.scenes.theme.theme import GRADIENT, Theme

FUNCTIONS = ("sigmoid", "tanh")
TIMESTEPS = 10
"""Of the closing sentence: so many slopes multiplied."""

_REACH = 5.0
_MARKS = (-4.0, 4.0)
_TABLE = (-4.0, -2.0, 0.0, 2.0, 4.0)
"""Numbers whose slopes a long description says."""

_TITLE, _TITLE_BASELINE = 26.0, 44.0
_PANEL_TOP, _PANEL_HEIGHT, _PANEL_GAP = 70.0, 330.0, 20.0
_PADDING, _BADGE = 20.0, 21.0
_NAME, _VALUE = 20.0, 19.0
_AXIS_ROOM = 52.0
_SENTENCE_SIZES = (19.0, 17.5, 16.0, 15.0)
_SENTENCE_LINES = 2
_DOT, _DOT_GAP = 7.0, 14.0
_MOVING, _STANDING = 5.0, 0.5


@dataclass(frozen=True)
class Slopes(Content):
    """The slopes of both functions."""

    @property
    def name(self) -> str:
        """What its files are called after."""
        return "why-slopes"

    @property
    def roles(self) -> tuple[str, ...]:
        """The gradient's, and those of the badges."""
        return (GRADIENT, *(squashing(name).role for name in FUNCTIONS))

    def values(self) -> Values:
        """Slopes at some numbers."""
        return Values(
            {"value": _TABLE, **{name: tuple(slopes(name, _TABLE).tolist()) for name in FUNCTIONS}}
        )

    def told(self, language: Language) -> ClipTold:
        """What follows of them, and slopes at some numbers."""
        rows = [
            ToldRow((language.why.slope.format(function=name), short_number(s), number(slope)))
            for name in FUNCTIONS
            for s, slope in zip(_TABLE, slopes(name, _TABLE).tolist(), strict=True)
        ]
        words = language.why
        return ClipTold(
            title=words.slopes_title,
            sentences=(_says(language),),
            summary=words.summary,
            headings=(words.lane_heading, words.row_heading, words.numbers_heading),
            rows=tuple(rows),
        )

    def clip(self, theme: Theme, language: Language) -> Clip:
        """A panel a function; a dot runs over both curves."""
        pen = Pen(theme)
        width = (WIDTH - 2 * MARGIN - _PANEL_GAP) / 2
        bottom = _PANEL_TOP + _PANEL_HEIGHT
        panels = [
            _Panel(pen, language, Box(left, _PANEL_TOP, left + width, bottom), name)
            for name, left in zip(FUNCTIONS, (MARGIN, MARGIN + width + _PANEL_GAP), strict=True)
        ]
        said = pen.lines(
            _says(language),
            MARGIN,
            bottom + 6.0,
            _SENTENCE_SIZES,
            WIDTH - 2 * MARGIN,
            most=_SENTENCE_LINES,
        )
        title = pen.words(language.why.slopes_title, MARGIN, _TITLE_BASELINE, _TITLE, bold=True)
        return Clip(
            bottom + 6.0 + LINE * _SENTENCE_SIZES[0] * len(said) + MARGIN,
            (title, *(item for panel in panels for item in panel.ground), *said),
            (Shot(_running(panels), _MOVING, _STANDING),),
        )


class _Panel:
    """One function's slope, as far as a dot has run over it."""

    def __init__(self, pen: Pen, language: Language, box: Box, function: str) -> None:
        self._pen, self._function = pen, function
        theme = pen.theme
        self._colour = theme.fill(GRADIENT, 0)
        room = Box(
            box.left + _AXIS_ROOM,
            box.top + 2 * _PADDING + 2 * _BADGE,
            box.right - _AXIS_ROOM,
            box.bottom - 2 * _PADDING,
        )
        self._axes = Axes(room, -_REACH, _REACH, 0.0, 1.0)
        self._xs: list[float] = np.linspace(-_REACH, _REACH, POINTS + 1).tolist()
        self._ys: list[float] = slopes(function, self._xs).tolist()
        operation = squashing(function)
        self._largest = operation.steepest
        role = operation.role if operation.role != "gate" else "output gate"
        y = box.top + _PADDING + _BADGE
        x = box.left + _PADDING + _BADGE
        self.ground = [
            pen.panel(box),
            *pen.badge(letter_of(operation), x, y, _BADGE, role),
            pen.words(
                language.why.slope.format(function=function),
                x + _BADGE + 12.0,
                y + CAP_HEIGHT * _NAME / 2,
                _NAME,
                bold=True,
            ),
            *ground(pen, self._axes, _MARKS, (0.0, self._largest)),
        ]
        top = language.why.at_most.format(value=short_number(self._largest))
        self._mark = pen.words(
            top,
            self._axes.x(0.0) + _DOT_GAP + _DOT,
            self._axes.y(self._largest) - _DOT,
            _VALUE,
            bold=True,
            colour=self._colour,
        )

    def at(self, progress: float) -> list[Painted]:
        """The curve from the left as far as `progress` says, the dot at its end."""
        pen, axes = self._pen, self._axes
        count = max(2, round(progress * POINTS) + 1)
        xs, ys = self._xs[:count], self._ys[:count]
        points = axes.points(xs, ys)
        floor = axes.y(0.0)
        pale = pen.theme.hollow(self._colour)
        painted = [
            pen.area([(points[0][0], floor), *points, (points[-1][0], floor)], pale),
            *curve(pen, axes, xs, ys, self._colour),
        ]
        if xs[-1] >= 0.0:
            painted += [
                pen.dot(axes.x(0.0), axes.y(self._largest), _DOT, self._colour),
                self._mark,
            ]
        if progress < 1.0:
            x, y = points[-1]
            painted.append(pen.dot(x, y, _DOT, self._colour))
        return painted


def _says(language: Language) -> str:
    largest = squashing(FUNCTIONS[0]).steepest
    return language.why.slopes_say.format(
        steps=TIMESTEPS, sigmoid=short_number(largest), left=factor_text(largest**TIMESTEPS)
    )


def _running(panels: list[_Panel]) -> Callable[[float], tuple[Painted, ...]]:
    def at(progress: float) -> tuple[Painted, ...]:
        return tuple(item for panel in panels for item in panel.at(progress))

    return at
