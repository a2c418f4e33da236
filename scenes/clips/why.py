"""Why sigmoid and why tanh: the same numbers in two lanes, column by column."""

from collections.abc import Callable

from gatereel.rnn_math import InputError
from gatereel.rnn_math.comparisons import COMPARISONS, GROWING_STEPS, Comparison, Entry, Lane
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.formulas import Formula
from gatereel.rnn_math.printing import PLAIN
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.clips.clip import (
    CLOSING_HOLD,
    LONGEST,
    MARGIN,
    OPENING_HOLD,
    WIDTH,
    Clip,
    ClipTold,
    Content,
    Shot,
    ToldRow,
    Values,
    whole_frames,
)
from gatereel.scenes.clips.pen import LINE, Pen
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import MINUS, number
from gatereel.scenes.theme.theme import Theme

_TITLE, _TITLE_BASELINE = 26.0, 44.0
_TOP = 66.0
_HEADING = 16.0
_HEADINGS = 34.0
"""Pixels of a panel's first line: what the lane has, and what columns are called."""
_NAMES = 150.0
"""Pixels left of the first column, for what the lane and its rows are called."""
_ROW_NAME, _RULE = 21.0, 17.0
_ROW_NAME_GAP = 26.0
"""From a row's name to its first disc."""
_SIGNS = {"times": "×", "is": "="}
_SIGN = 24.0
_ROW, _RADIUS = 66.0, 17.0
_NUMBER, _NUMBER_GAP = 16.0, 7.0
_PANEL_GAP = 16.0
_PADDING = 14.0
_ARROW_GAP = 7.0
_STEP_SIZE = 14.0
_ABOVE = _NUMBER_GAP + CAP_HEIGHT * _NUMBER + 4.0
"""Pixels that numbers above their discs take."""
_FED_ROW = 88.0
"""From a row to the one that is made of it: the numbers of both stand outside."""
_SENTENCE_SIZES = (19.0, 17.5, 16.0, 15.0)
_SENTENCE_LINES = 2
_ARROW, _GROWN = 0.4, 0.95
"""Of a column's motion: when the arrows are there, and when values are as large as they are."""
_MOVING_SHARE = 0.5
_LONGEST_COLUMN = 1.7
"""Seconds of a column, its standing included."""
_EXACT_DECIMALS = 4
_LARGE = 100.0
"""From here on numbers are written without decimals."""


@dataclass(frozen=True)
class Why(Content):
    """One of the comparisons by its name. Raises InputError for a name that is none."""

    comparison: str

    def __post_init__(self) -> None:
        """Check the name."""
        if self.comparison not in COMPARISONS:
            raise InputError(f"{self.comparison!r} is none of {one_of(COMPARISONS)}.")

    @property
    def compared(self) -> Comparison:
        """The numbers."""
        return COMPARISONS[self.comparison]()

    @property
    def name(self) -> str:
        """What its files are called after."""
        return f"why-{self.comparison}"

    @property
    def roles(self) -> tuple[str, ...]:
        """Those of its discs."""
        entries = (e for lane in self.compared.lanes for row in lane.rows for e in row)
        return tuple(dict.fromkeys(entry.role for entry in entries))

    def values(self) -> Values:
        """A column a row of a lane."""
        compared = self.compared
        return Values(
            {
                f"{lane.function or 'none'}: {_plain(compared, i)}": tuple(e.value for e in row)
                for lane in compared.lanes
                for i, row in enumerate(lane.rows)
            }
        )

    def told(self, language: Language) -> ClipTold:
        """What it comes to, and every row of numbers."""
        words, compared = language.why, self.compared
        rows = [
            ToldRow(
                (
                    _lane_name(compared, lane, language),
                    _plain(compared, i),
                    ", ".join(written(entry.value) for entry in row),
                )
            )
            for lane in compared.lanes
            for i, row in enumerate(lane.rows)
        ]
        return ClipTold(
            title=getattr(words, f"{self.comparison}_title"),
            sentences=(says(compared, language),),
            summary=words.summary,
            headings=(words.lane_heading, words.row_heading, words.numbers_heading),
            rows=tuple(rows),
        )

    def clip(self, theme: Theme, language: Language) -> Clip:
        """Both lanes at once, column by column."""
        pen, compared = Pen(theme), self.compared
        height = _height(compared)
        tops = [_TOP + i * (height + _PANEL_GAP) for i in range(len(compared.lanes))]
        panels = [
            _Panel(pen, language, Box(MARGIN, top, WIDTH - MARGIN, top + height), compared, lane)
            for lane, top in zip(compared.lanes, tops, strict=True)
        ]
        below = tops[-1] + height + 6.0
        said = pen.lines(
            says(compared, language),
            MARGIN,
            below,
            _SENTENCE_SIZES,
            WIDTH - 2 * MARGIN,
            most=_SENTENCE_LINES,
        )
        ground = [
            pen.words(
                getattr(language.why, f"{self.comparison}_title"),
                MARGIN,
                _TITLE_BASELINE,
                _TITLE,
                bold=True,
            ),
            *(item for panel in panels for item in panel.ground),
            *said,
        ]
        count = len(compared.lanes[0].rows[0])
        room = (LONGEST - OPENING_HOLD - CLOSING_HOLD) / count
        seconds = whole_frames(min(_LONGEST_COLUMN, room))
        moving = whole_frames(_MOVING_SHARE * seconds)
        shots = tuple(
            Shot(_coming(panels, column), moving, seconds - moving) for column in range(count)
        )
        bottom = below + LINE * _SENTENCE_SIZES[0] * len(said) + MARGIN
        return Clip(bottom, tuple(ground), shots)


def _height(compared: Comparison) -> float:
    """Of a panel."""
    rows = len(compared.lanes[0].rows)
    if compared.feeds:
        return _HEADINGS + _ABOVE + _FED_ROW + _ROW + _PADDING
    return _HEADINGS + rows * _ROW + _PADDING


class _Panel:
    """A lane: its columns from left to right, each out of the one before."""

    def __init__(
        self, pen: Pen, language: Language, box: Box, compared: Comparison, lane: Lane
    ) -> None:
        self._pen, self._lane, self._compared = pen, lane, compared
        left = box.left + _PADDING + _NAMES
        count = len(lane.rows[0])
        pitch = (box.right - left) / count
        self._xs = [left + (i + 0.5) * pitch for i in range(count)]
        first = box.top + _HEADINGS + _RADIUS
        if compared.feeds:
            first += _ABOVE
        apart = _FED_ROW if compared.feeds else _ROW
        self._ys = [first + i * apart for i in range(len(lane.rows))]
        baseline = box.top + (_HEADINGS + CAP_HEIGHT * _HEADING) / 2
        names = self._xs[0] - _RADIUS - _ROW_NAME_GAP
        below = baseline + LINE * _HEADING + 6.0
        self.ground = [
            pen.panel(box),
            pen.words(
                _lane_name(compared, lane, language),
                box.left + _PADDING,
                baseline,
                _HEADING,
                bold=True,
            ),
            pen.formula(
                lane.rule,
                box.left + _PADDING,
                below,
                _RULE,
                colour=pen.theme.quiet_text,
                align="left",
            ),
            *(
                pen.formula(name, names, y + CAP_HEIGHT * _ROW_NAME / 2, _ROW_NAME)
                for name, y in zip(compared.row_names, self._ys, strict=False)
            ),
            *(
                pen.formula(name, x, baseline, _ROW_NAME)
                for name, x in zip(compared.column_names, self._xs, strict=False)
            ),
        ]
        if not compared.column_names:
            self.ground += [
                pen.words(
                    f"t = {compared.first_timestep + i}",
                    x,
                    baseline,
                    _STEP_SIZE,
                    colour=pen.theme.quiet_text,
                    align="middle",
                )
                for i, x in enumerate(self._xs)
            ]
        self._columns = [self._column(i) for i in range(count)]

    def at(self, column: int, progress: float) -> list[Painted]:
        """Columns before this one stand there; it comes up as far as `progress` says."""
        painted = [item for whole in self._columns[:column] for item in whole]
        if progress >= 1.0:
            return [*painted, *self._columns[column]]
        painted += self._arrows(column, min(1.0, progress / _ARROW))
        share = max(0.0, min(1.0, (progress - _ARROW) / (_GROWN - _ARROW)))
        if share > 0.0:
            painted += self._discs(column, share)
        return painted

    def _column(self, i: int) -> list[Painted]:
        return [*self._arrows(i, 1.0), *self._discs(i, 1.0), *self._numbers(i)]

    def _arrows(self, i: int, share: float) -> list[Painted]:
        """What leads to a column: from the one before, and from row to row."""
        if share <= 0.0:
            return []
        pen, compared = self._pen, self._compared
        painted: list[Painted] = []
        if i > 0:
            start = self._xs[i - 1] + _RADIUS + _ARROW_GAP
            end = self._xs[i] - _RADIUS - _ARROW_GAP
            link = compared.links[i - 1] if compared.links else "becomes"
            rows = self._ys if compared.links else [self._ys[row] for row in compared.carried]
            if link == "becomes":
                tip = start + (end - start) * share
                painted += [part for y in rows for part in pen.arrow((start, y), (tip, y))]
            else:
                middle = (start + end) / 2
                painted += [
                    pen.words(
                        _SIGNS[link], middle, y + CAP_HEIGHT * _SIGN / 2, _SIGN, align="middle"
                    )
                    for y in rows
                ]
        if compared.feeds:
            above, below = self._ys[0] + _RADIUS + _ARROW_GAP, self._ys[1] - _RADIUS - _ARROW_GAP
            tip = above + (below - above) * share
            painted += pen.arrow((self._xs[i], above), (self._xs[i], tip))
        return painted

    def _discs(self, i: int, share: float) -> list[Painted]:
        return [
            part
            for row, y in zip(self._lane.rows, self._ys, strict=True)
            for part in self._pen.disc(
                self._xs[i],
                y,
                _RADIUS,
                row[i].role,
                share * row[i].value,
                is_share=row[i].is_share,
            )
        ]

    def _numbers(self, i: int) -> list[Painted]:
        below = _RADIUS + _NUMBER_GAP + CAP_HEIGHT * _NUMBER
        above = -_RADIUS - _NUMBER_GAP
        return [
            self._pen.words(
                written(row[i].value),
                self._xs[i],
                y + (above if self._compared.feeds and place == 0 else below),
                _NUMBER,
                bold=_is_over(row[i]),
                colour=self._pen.theme.accent if _is_over(row[i]) else None,
                align="middle",
            )
            for place, (row, y) in enumerate(zip(self._lane.rows, self._ys, strict=True))
        ]


def says(compared: Comparison, language: Language) -> str:
    """What it comes to, in a sentence with its own numbers."""
    words = language.why
    first, second = (lane.rows for lane in compared.lanes)

    def end(rows: tuple[tuple[Entry, ...], ...], row: int, decimals: int = 2) -> str:
        return written(rows[row][-1].value, decimals)

    match compared.name:
        case "state":
            return words.state_says.format(
                free=end(first, 0), steps=GROWING_STEPS, bounded=end(second, 0, _EXACT_DECIMALS)
            )
        case "gate":
            content, kept = first[-1][-2], first[-1][-1]
            return words.gate_says.format(
                share=written(kept.value),
                content=written(content.value),
                turned_content=written(second[-1][-2].value),
                turned=end(second, -1),
            )
        case "candidate":
            return words.candidate_says.format(signed=end(first, -1), growing=end(second, -1))
        case "output":
            return words.output_says.format(
                memory=end(first, 0), bounded=end(first, -1), free=end(second, -1)
            )


def written(value: float, decimals: int = 2) -> str:
    """A number as it stands in a lane; a large one has no decimals, and all its digits."""
    if abs(value) >= _LARGE:
        return f"{value:.0f}".replace("-", MINUS)
    return number(value, decimals)


def _is_over(entry: Entry) -> bool:
    """Whether a hidden state is larger than one of a cell can be."""
    return entry.role.startswith("hidden state") and abs(entry.value) > 1.0


def _lane_name(compared: Comparison, lane: Lane, language: Language) -> str:
    words = language.why
    if lane.function:
        return words.with_function.format(function=lane.function)
    other = next(each.function for each in compared.lanes if each.function)
    return words.without_function.format(function=other)


def _plain(compared: Comparison, row: int) -> str:
    names: tuple[Formula, ...] = compared.row_names
    return PLAIN.text(names[row]) if names else str(row + 1)


def _coming(panels: list[_Panel], column: int) -> Callable[[float], tuple[Painted, ...]]:
    def at(progress: float) -> tuple[Painted, ...]:
        return tuple(item for panel in panels for item in panel.at(column, progress))

    return at
