"""The legend: the six symbols with their names and formulas, as a still.

render_legend([Path("legend.png")]) -> (Written(...),)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rnn_math import (
    Addition,
    Concatenate,
    Multiplication,
    OneMinus,
    Operation,
    WeightedSumSigmoid,
    WeightedSumTanh,
)
from scenes import words
from scenes.diagrams import Point
from scenes.export import Film, Written, check_targets, open_files
from scenes.layout import Box, Disc, PlacedRow
from scenes.metadata import comment
from scenes.outlines import rounded_box
from scenes.render import check_width
from scenes.shapes import Shape, discs, in_drawing_order, wire
from scenes.symbols import Expression, symbol_of
from scenes.theme import ILLUSTRATED, Theme, rgb
from scenes.typeset import Text, Typesetter

WIDTH, HEIGHT = 1125, 584
STILL_SECONDS = 5
"""How long a film of the legend shows its one picture."""

_COLUMNS = 3
_MARGIN = 24.0
_GAP = 18.0
_TOP = 62.0
_TITLE_BASELINE = 40.0
_PANEL_HEIGHT = 172.0
_CARD_HEIGHT = 254.0
_NAME, _FORMULA = 30.0, 58.0
_NOTE = 8.0
_LABEL_GAP = 10.0
_RADIUS, _PITCH = 14.0, 33.0
_CORNER = 1.0
_FPS = 1

_HIDDEN, _INPUT, _GATE, _STATE = "hidden state in", "input", "output gate", "cell state in"
_KEPT, _CANDIDATE = "forget * cell state", "input * candidate"


@dataclass(frozen=True)
class _Drawing:
    """A symbol's picture in its panel: operand rows, wires, and the result's row."""

    operands: tuple[PlacedRow, ...]
    wires: tuple[tuple[Point, ...], ...]
    result: PlacedRow
    fan: PlacedRow | None = None
    label: str = ""


@dataclass(frozen=True)
class _Card:
    """One symbol: its operation, its operands' letters and how to draw it around a middle."""

    operation: Operation
    letters: tuple[str, ...]
    drawing: Callable[[float, float], _Drawing]
    note: str = ""


def _row(x: float, y: float, *roles: str) -> PlacedRow:
    """A row of discs around (x, y), one a role."""
    count = len(roles)
    placed = tuple(
        Disc(x + (i - (count - 1) / 2) * _PITCH, y, _RADIUS, role, roles[:i].count(role))
        for i, role in enumerate(roles)
    )
    half = (count - 1) / 2 * _PITCH + _RADIUS
    return PlacedRow("", x, y, placed, (), Box(x - half, y - _RADIUS, x + half, y + _RADIUS))


def _concatenate(x: float, y: float) -> _Drawing:
    above, below, across = y - 34, y + 34, x - 22
    return _Drawing(
        (_row(x - 98, above, _HIDDEN, _HIDDEN), _row(x - 98, below, _INPUT, _INPUT, _INPUT)),
        (
            ((x - 60, above), (across, above), (across, y), (x - 4, y)),
            ((x - 44, below), (across, below), (across, y), (x - 4, y)),
        ),
        _row(x + 84, y, _HIDDEN, _HIDDEN, _INPUT, _INPUT, _INPUT),
    )


def _weighted_sum(role: str) -> Callable[[float, float], _Drawing]:
    def drawing(x: float, y: float) -> _Drawing:
        operands = _row(x, y + 40, _HIDDEN, _HIDDEN, _INPUT, _INPUT, _INPUT)
        return _Drawing((), (), _row(x, y - 54, role, role), fan=operands)

    return drawing


def _pointwise(
    first: str, second: str, result: str, label: str
) -> Callable[[float, float], _Drawing]:
    def drawing(x: float, y: float) -> _Drawing:
        left, right, level, below = x - 74, x + 48, y - 14, y + 58
        return _Drawing(
            (_row(left, level, first, first), _row(right, below, second, second)),
            (((left + 42, level), (right - 40, level)), ((right, below - 22), (right, level + 21))),
            _row(right, level, result, result),
            label=label,
        )

    return drawing


def _one_minus(x: float, y: float) -> _Drawing:
    return _Drawing(
        (_row(x - 70, y, "update gate", "update gate"),),
        (((x - 30, y), (x + 26, y)),),
        _row(x + 66, y, "one minus update", "one minus update"),
    )


_CARDS = (
    _Card(Concatenate(), ("a", "b"), _concatenate),
    _Card(WeightedSumSigmoid(), ("v",), _weighted_sum(_GATE)),
    _Card(WeightedSumTanh(), ("v",), _weighted_sum("candidate"), words.PLAIN_TANH),
    _Card(Multiplication(), ("a", "b"), _pointwise(_STATE, _GATE, _KEPT, "multiplication")),
    _Card(Addition(), ("a", "b"), _pointwise(_KEPT, _CANDIDATE, "cell state out", "addition")),
    _Card(OneMinus(), ("a",), _one_minus),
)


def legend_shapes(theme: Theme, typesetter: Typesetter) -> list[Shape]:
    """Everything on the legend, from back to front, in pixels."""
    title = typesetter.glyphs(Text(words.LEGEND_TITLE, theme.sizes.state_tag, bold=True))
    shapes = [Shape("label", title.moved(_MARGIN, _TITLE_BASELINE), theme.text, theme.background)]
    width = (WIDTH - 2 * _MARGIN - (_COLUMNS - 1) * _GAP) / _COLUMNS
    for i, card in enumerate(_CARDS):
        left = _MARGIN + (i % _COLUMNS) * (width + _GAP)
        top = _TOP + (i // _COLUMNS) * _CARD_HEIGHT
        panel = Box(left, top, left + width, top + _PANEL_HEIGHT)
        shapes += in_drawing_order(_card_shapes(card, panel, theme, typesetter))
    return shapes


def render_legend(paths: Sequence[Path], width: int | None = None) -> tuple[Written, ...]:
    """Draw the legend and write it to every path; the suffix chooses the format.

    `width` is in pixels. Raises InputError for a width or a path that cannot be used, OSError
    when a file cannot be written; then no file is touched.
    """
    paths = [Path(path) for path in paths]
    check_targets(paths)
    theme = ILLUSTRATED
    pixel_width = WIDTH if width is None else check_width(width)
    height = round(HEIGHT * pixel_width / WIDTH)
    film = Film(
        width=pixel_width,
        height=height,
        fps=_FPS,
        background=rgb(theme.background),
        exact_colours=theme.exact_colours(),
        metadata={"title": words.LEGEND_TITLE, "comment": comment(words.LEGEND_TITLE)},
    )
    from scenes.film import draw_shapes

    with open_files(paths, film) as files:
        shapes = legend_shapes(theme, Typesetter())
        frame = draw_shapes(shapes, theme, (WIDTH, HEIGHT), (pixel_width, height))
        files.write(frame, STILL_SECONDS * _FPS)
    return files.written


def _card_shapes(card: _Card, panel: Box, theme: Theme, typesetter: Typesetter) -> list[Shape]:
    middle = (panel.left + panel.right) / 2
    drawing = card.drawing(middle, (panel.top + panel.bottom) / 2)
    symbol = symbol_of(card.operation)
    ground = rounded_box(panel.left, panel.top, panel.right, panel.bottom, _CORNER)
    shapes = [Shape("box", ground, theme.body, theme.background)]
    for row in drawing.operands:
        shapes += discs(row.discs, theme, theme.body)
    for path in drawing.wires:
        shapes += wire(path, (), theme, theme.body)
    shapes += symbol.shapes(drawing.result, drawing.fan, theme, typesetter, theme.body)
    formula = symbol.formula("", [Expression(letter) for letter in card.letters]).text
    label_baseline = drawing.result.extent.top - _LABEL_GAP
    lines = (
        (Text(drawing.label, theme.sizes.label), drawing.result.x, label_baseline),
        (Text(card.operation.title, theme.sizes.title, bold=True), middle, panel.bottom + _NAME),
        (Text(formula, theme.sizes.equation, math=True), middle, panel.bottom + _FORMULA),
        (Text(card.note, theme.sizes.gist), middle, panel.bottom - _NOTE),
    )
    for text, x, baseline in lines:
        if text.markup:
            glyphs = typesetter.glyphs(text)
            outline = glyphs.moved(x - glyphs.width / 2, baseline)
            shapes.append(Shape("label", outline, theme.text, theme.background))
    return shapes
