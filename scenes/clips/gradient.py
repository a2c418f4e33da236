"""How much of the gradient arrives at each earlier timestep: a band a cell, on one scale.

A band is as high as the logarithm of what arrives; it comes about from the last timestep back.
"""

from collections.abc import Callable, Sequence
from math import ceil, floor, log10

from gatereel.rnn_math import InputError
from gatereel.rnn_math.gradients import Band, ForgetBias
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
)
from gatereel.scenes.clips.pen import LINE, Pen
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.tell.clip_words import GradientWords
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import factor, factor_text, short_number
from gatereel.scenes.tell.words import BETWEEN_PARTS, capitalised
from gatereel.scenes.theme.theme import GRADIENT, Theme

MOST_BANDS = 6
FEWEST_TIMESTEPS = 2
MOST_TIMESTEPS = 1000

LEAST = 1e-20
"""What is less is drawn as this; it is less than a float64 can add to 1 by far."""

MOST = 1e12
"""What is more is drawn as this."""

_TITLE, _TITLE_BASELINE = 26.0, 44.0
_SUBTITLE_SIZES = (16.5, 15.0, 14.0)
_NAMES = 190.0
"""Pixels left of the bands, for what they are of and their scale."""
_NAME_SIZES = (20.0, 18.0, 16.0, 15.0)
_QUIET = 15.0
_QUIET_SIZES = (_QUIET, 14.0, 13.0)
_INSET = 46.0
"""Pixels between a band's ends and its panel's: half of a factor."""
_BAND, _BAND_GAP = 118.0, 16.0
_FACTOR = 16.0
_FACTOR_ROOM = 26.0
"""Pixels at the top of a band, for factors."""
_TICK = 13.5
_MOST_TICKS = 4
_MOST_FACTORS, _MOST_NUMBERS = 8, 21
_AXIS = 56.0
"""Pixels below the bands, for timesteps and the way."""
_SENTENCE_SIZES = (18.5, 17.0, 16.0, 15.0)
_SENTENCE_LINES = 3
_STRAIGHT_WIDTH, _LIMIT_WIDTH = 3.2, 2.0
_KEY = 30.0
_CLEAR = 5.0
_MOVING_SHARE = 0.9


@dataclass(frozen=True)
class NamedBand:
    """A band with what it is called, the cell's name or a file's, and what was changed of it."""

    name: str
    band: Band
    accuracy: float | None = None
    """The share of sequences that a trained cell gets right."""
    scale: float | None = None
    """What its recurrent weights were multiplied by."""
    forget_bias: ForgetBias | None = None
    """The bias that was given to the gate that keeps."""

    def detail(self, words: GradientWords) -> str:
        """What was changed, in words."""
        said = []
        if self.scale is not None:
            said.append(words.scale.format(scale=short_number(self.scale, 3)))
        if self.forget_bias is not None:
            bias = self.forget_bias
            text = bias if isinstance(bias, str) else short_number(bias, 3)
            said.append(words.forget_bias.format(bias=text))
        return BETWEEN_PARTS.join(said)


@dataclass(frozen=True)
class Gradient(Content):
    """Bands over the same timesteps, and in words what their cells are.

    Raises InputError for none, for too many, or for bands of different lengths.
    """

    bands: tuple[NamedBand, ...]
    trained_letters: int | None = None
    """Of the task on which all cells were trained; None for other cells."""
    random_units: int | None = None
    """How many units the cells have, if their weights are random; None for other cells."""

    def __post_init__(self) -> None:
        """Check that it can be drawn."""
        if not 1 <= len(self.bands) <= MOST_BANDS:
            raise InputError(
                f"{len(self.bands)} bands are asked for; 1 to {MOST_BANDS} have room in a picture."
            )
        lengths = {each.band.timesteps for each in self.bands}
        if len(lengths) > 1:
            raise InputError("The cells have read sequences of different lengths.")
        (timesteps,) = lengths
        if not FEWEST_TIMESTEPS <= timesteps <= MOST_TIMESTEPS:
            raise InputError(
                f"The sequence has {timesteps} timesteps; {FEWEST_TIMESTEPS} to {MOST_TIMESTEPS} "
                "can be drawn."
            )

    @property
    def timesteps(self) -> int:
        """How many all bands have."""
        return self.bands[0].band.timesteps

    @property
    def name(self) -> str:
        """What its files are called after."""
        cells = dict.fromkeys(each.band.cell.name for each in self.bands)
        return "-".join(("gradient", *cells))

    @property
    def roles(self) -> tuple[str, ...]:
        """The gradient's."""
        return (GRADIENT,)

    def values(self) -> Values:
        """A row a timestep, columns for each band."""
        columns: dict[str, tuple[float | int | str, ...]] = {
            "timestep": tuple(range(1, self.timesteps + 1))
        }
        for each in self.bands:
            changed = (("scale", each.scale), ("forget bias", each.forget_bias))
            said = (f"{what} {value}" for what, value in changed if value is not None)
            called = ", ".join((each.name, *said))
            band = each.band
            columns[f"{called}: arrives"] = band.arrives
            if band.straight is not None:
                columns[f"{called}: straight way"] = band.straight
            if band.limit is not None:
                columns[f"{called}: bound"] = band.limit
            if band.clipping is not None:
                columns[f"{called}: clipped"] = band.left
        return Values(columns)

    def told(self, language: Language) -> ClipTold:
        """What arrives at the first timestep, and at some between."""
        words = language.gradient
        marks = _marks(self.timesteps, _MOST_FACTORS)
        rows = [
            ToldRow(
                (
                    _called(each, language),
                    language.states[each.band.state],
                    language.lists.comma.join(
                        words.at_timestep.format(
                            timestep=t + 1, value=factor_text(each.band.left[t])
                        )
                        for t in marks
                    ),
                )
            )
            for each in self.bands
        ]
        subtitle = _subtitle(self, language)
        return ClipTold(
            title=words.title,
            sentences=(
                *([f"{capitalised(subtitle)}."] if subtitle else []),
                *_says(self, language),
            ),
            summary=words.summary,
            headings=(words.band_heading, words.state_heading, words.numbers_heading),
            rows=tuple(rows),
        )

    def clip(self, theme: Theme, language: Language) -> Clip:
        """All bands at once, from the last timestep back to the first."""
        pen, words = Pen(theme), language.gradient
        ground = [pen.words(words.title, MARGIN, _TITLE_BASELINE, _TITLE, bold=True)]
        subtitle = _subtitle(self, language)
        top = _TITLE_BASELINE + 8.0
        if subtitle:
            said = pen.lines(
                capitalised(subtitle),
                MARGIN,
                top - 4.0,
                _SUBTITLE_SIZES,
                WIDTH - 2 * MARGIN,
                colour=theme.quiet_text,
            )
            ground += said
            top += LINE * _SUBTITLE_SIZES[0] * len(said)
        top += 10.0
        scale = _scale(self.bands)
        panels = []
        for i, each in enumerate(self.bands):
            y = top + i * (_BAND + _BAND_GAP)
            box = Box(MARGIN + _NAMES, y, WIDTH - MARGIN, y + _BAND)
            panels.append(_Panel(pen, language, box, each, scale))
        bottom = top + len(self.bands) * (_BAND + _BAND_GAP) - _BAND_GAP
        ground += [item for panel in panels for item in panel.ground]
        ground += _axis(pen, language, panels[0].xs, bottom)
        y = bottom + _AXIS
        ground += _key(pen, language, self.bands, y)
        y += _KEY
        for sentence in _says(self, language):
            said = pen.lines(
                sentence,
                MARGIN,
                y,
                _SENTENCE_SIZES,
                WIDTH - 2 * MARGIN,
                most=_SENTENCE_LINES,
            )
            ground += said
            y += LINE * _SENTENCE_SIZES[0] * len(said)
        moving = _MOVING_SHARE * (LONGEST - OPENING_HOLD - CLOSING_HOLD)
        return Clip(y + MARGIN, tuple(ground), (Shot(_growing(panels), moving, 0.0),))


@dataclass(frozen=True)
class _Scale:
    """Powers of ten from bottom to top of a band, and those that are written."""

    low: int
    high: int
    ticks: tuple[int, ...]


class _Panel:
    """A band: what arrives as an area, the straight way and the bound as lines."""

    def __init__(
        self, pen: Pen, language: Language, box: Box, named: NamedBand, scale: _Scale
    ) -> None:
        self._pen, self._box, self._scale = pen, box, scale
        self._band = named.band
        theme = pen.theme
        count = named.band.timesteps
        pitch = (box.right - box.left - 2 * _INSET) / (count - 1)
        self.xs = [box.left + _INSET + i * pitch for i in range(count)]
        self.ground = [pen.panel(box), *self._lines(), *self._names(language, named)]
        self._colour = theme.fill(GRADIENT, 0)
        self._pale = theme.hollow(self._colour)
        self._factors = [
            (
                t,
                pen.formula(
                    factor(self._band.left[t]),
                    self.xs[t],
                    box.top + 6.0 + CAP_HEIGHT * _FACTOR,
                    _FACTOR,
                ),
            )
            for t in _marks(count, _MOST_FACTORS)
        ]

    def at(self, progress: float) -> list[Painted]:
        """From the last timestep back, as far as `progress` says."""
        pen, band = self._pen, self._band
        reached = (band.timesteps - 1) * (1.0 - progress)
        left = self._points(band.left, reached)
        floor_y = self._box.bottom
        painted = [
            pen.area([(left[0][0], floor_y), *left, (left[-1][0], floor_y)], self._pale),
            pen.stroke(left, self._colour, self._pen.theme.strokes.wire),
        ]
        if band.clipping is not None and band.clipping.share < 1.0:
            points = self._points(band.arrives, reached)[::-1]
            painted.append(pen.stroke(points, self._colour, _LIMIT_WIDTH, dashed=True))
        if band.limit is not None:
            points = self._points(band.limit, reached)[::-1]
            painted.append(pen.stroke(points, pen.theme.text, _LIMIT_WIDTH, dashed=True))
        if band.straight is not None:
            points = self._points(band.straight, reached)
            painted.append(pen.stroke(points, self._colour, _STRAIGHT_WIDTH + 1.0))
        painted += [word for t, word in self._factors if t >= reached - _ROUNDING]
        return painted

    def _points(self, values: Sequence[float], reached: float) -> list[Point]:
        """A curve from where it has come to up to the last timestep."""
        first = ceil(reached - _ROUNDING)
        points = [(self.xs[t], self._y(values[t])) for t in range(first, len(values))]
        if first - reached > _ROUNDING:
            share = first - reached
            x = self.xs[first] + (self.xs[first - 1] - self.xs[first]) * share
            y = self._y(values[first]) * (1 - share) + self._y(values[first - 1]) * share
            points.insert(0, (x, y))
        if len(points) == 1:
            points = [points[0], points[0]]
        return points

    def _y(self, value: float) -> float:
        """How high a value stands: as its logarithm, within the scale."""
        scale = self._scale
        power = min(max(log10(max(value, LEAST)), scale.low), scale.high)
        top = self._box.top + _FACTOR_ROOM
        share = (power - scale.low) / (scale.high - scale.low)
        return self._box.bottom - share * (self._box.bottom - top)

    def _lines(self) -> list[Painted]:
        """A line at each power of ten that is written; the one at 1 is whole."""
        pen, box = self._pen, self._box
        painted = []
        for power in self._scale.ticks:
            y = self._y(10.0**power)
            is_one = power == 0
            colour = pen.theme.line if is_one else pen.theme.quiet_text
            if box.top < y < box.bottom:
                painted.append(
                    pen.stroke([(box.left, y), (box.right, y)], colour, 1.0, dashed=not is_one)
                )
            baseline = y + CAP_HEIGHT * _TICK / 2
            painted.append(
                pen.power_of_ten(
                    power,
                    box.left - 8.0,
                    baseline,
                    _TICK,
                    colour=pen.theme.quiet_text,
                    align="right",
                )
            )
        return painted

    def _names(self, language: Language, named: NamedBand) -> list[Painted]:
        """What the band is of, which state, and how good its cell is."""
        pen, words = self._pen, language.gradient
        quiet_text = pen.theme.quiet_text
        room = _NAMES - 64.0
        y = self._box.top + 2.0
        painted = pen.lines(
            _title(named, language), MARGIN, y, _NAME_SIZES, room, most=2, bold=True
        )
        y += LINE * _NAME_SIZES[0] * len(painted)
        quiet = [language.states[named.band.state]]
        if detail := named.detail(words):
            quiet.insert(0, detail)
        if named.accuracy is not None:
            quiet.append(words.right.format(share=_percent(named.accuracy, language)))
        for text in quiet:
            lines = pen.lines(text, MARGIN, y, _QUIET_SIZES, room, colour=quiet_text)
            painted += lines
            y += LINE * _QUIET * len(lines)
        return painted


_ROUNDING = 1e-9


def _title(named: NamedBand, language: Language) -> str:
    cell = named.band.cell
    return language.titles[cell.name] if named.name == cell.name else named.name


def _called(named: NamedBand, language: Language) -> str:
    detail = named.detail(language.gradient)
    return " ".join(filter(None, (_title(named, language), detail)))


def _percent(share: float, language: Language) -> str:
    return language.consequences.percent.format(number=f"{100 * share:.0f}")


def _scale(bands: Sequence[NamedBand]) -> _Scale:
    """One for all, so that bands can be compared."""
    shown = [
        value
        for each in bands
        for values in (
            each.band.left,
            each.band.arrives,
            each.band.straight or (),
            each.band.limit or (),
        )
        for value in values
    ]
    low = floor(log10(max(min(shown), LEAST)) + _ROUNDING)
    high = ceil(log10(min(max(shown), MOST)) - _ROUNDING)
    low, high = min(low, -1), max(high, 0)
    step = ceil((high - low) / _MOST_TICKS)
    ticks = {0, *range(0, high + 1, step), *range(0, low - 1, -step)}
    return _Scale(low, high, tuple(sorted(ticks)))


def _marks(timesteps: int, most: int) -> tuple[int, ...]:
    """Timesteps from 0, spread evenly, the first and the last among them."""
    count = min(timesteps, most)
    return tuple(round(i * (timesteps - 1) / (count - 1)) for i in range(count))


def _axis(pen: Pen, language: Language, xs: Sequence[float], bottom: float) -> list[Painted]:
    """Timesteps below the bands, and the way that the gradient goes."""
    quiet = pen.theme.quiet_text
    baseline = bottom + 8.0 + CAP_HEIGHT * _TICK
    words = language.gradient
    painted = [
        pen.words(str(t + 1), xs[t], baseline, _TICK, colour=quiet, align="middle")
        for t in _marks(len(xs), _MOST_NUMBERS if len(xs) <= _MOST_NUMBERS else _MOST_FACTORS)
    ]
    left = MARGIN + _NAMES - 8.0
    painted.append(pen.words(words.timestep, left, baseline, _TICK, colour=quiet, align="right"))
    colour = pen.theme.fill(GRADIENT, 0)
    text = pen.width(words.backwards, _QUIET)
    y = baseline + 24.0
    end = (xs[0] + xs[-1]) / 2
    painted.append(pen.words(words.backwards, end, y, _QUIET, colour=quiet, align="middle"))
    painted += pen.arrow((xs[-1], y - _CLEAR), (end + text / 2 + 16.0, y - _CLEAR), colour)
    painted += pen.arrow((end - text / 2 - 16.0, y - _CLEAR), (xs[0], y - _CLEAR), colour)
    return painted


def _key(pen: Pen, language: Language, bands: Sequence[NamedBand], top: float) -> list[Painted]:
    """What areas and lines are, of those that there are."""
    words, theme = language.gradient, pen.theme
    colour = theme.fill(GRADIENT, 0)
    entries = [("area", words.all_ways)]
    if any(each.band.straight is not None for each in bands):
        entries.append(("line", words.straight_way))
    if any(each.band.limit is not None for each in bands):
        entries.append(("dashes", words.limit))
    if any(each.band.clipping is not None for each in bands):
        entries.append(("before", words.unclipped))
    painted: list[Painted] = []
    x, baseline = MARGIN, top + CAP_HEIGHT * _QUIET
    middle = baseline - CAP_HEIGHT * _QUIET / 2
    for kind, text in entries:
        end = x + 26.0
        match kind:
            case "area":
                corners = [(x, middle - 7), (end, middle - 7), (end, middle + 7), (x, middle + 7)]
                painted.append(pen.area(corners, theme.hollow(colour)))
                painted.append(pen.stroke(corners[:2], colour, theme.strokes.wire))
            case "line":
                painted.append(
                    pen.stroke([(x, middle), (end, middle)], colour, _STRAIGHT_WIDTH + 1.0)
                )
            case "dashes":
                painted.append(
                    pen.stroke([(x, middle), (end, middle)], theme.text, _LIMIT_WIDTH, dashed=True)
                )
            case "before":
                painted.append(
                    pen.stroke([(x, middle), (end, middle)], colour, _LIMIT_WIDTH, dashed=True)
                )
        painted.append(pen.words(text, end + 8.0, baseline, _QUIET, colour=theme.quiet_text))
        x = end + 8.0 + pen.width(text, _QUIET) + 28.0
    return painted


def _subtitle(gradient: Gradient, language: Language) -> str:
    words = language.gradient
    if gradient.trained_letters is not None:
        return words.trained.format(timesteps=gradient.trained_letters)
    if gradient.random_units is not None:
        return words.untrained.format(units=gradient.random_units)
    return words.models if len(gradient.bands) > 1 else ""


def _says(gradient: Gradient, language: Language) -> list[str]:
    """What arrives at the first timestep; what clipping does to that."""
    words = language.gradient
    parts = []
    for each in gradient.bands:
        value = factor_text(each.band.left[0])
        part = words.part.format(name=_called(each, language), value=value)
        if each.band.straight is not None:
            straight = factor_text(each.band.straight[0])
            part = words.of_straight.format(part=part, value=straight)
        parts.append(part)
    steps = gradient.timesteps - 1
    said = [words.arrives.format(steps=steps, parts=language.lists.joined(parts))]
    clippings = [each.band.clipping for each in gradient.bands if each.band.clipping is not None]
    if clippings:
        said.append(words.clipped.format(threshold=f"{clippings[0].threshold:g}"))
    return said


def _growing(panels: Sequence[_Panel]) -> Callable[[float], tuple[Painted, ...]]:
    def at(progress: float) -> tuple[Painted, ...]:
        return tuple(item for panel in panels for item in panel.at(progress))

    return at
