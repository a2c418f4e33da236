"""The legend as shapes: a card for each symbol, with its name and its formula.

All symbols, those that some cells use, or the six that the illustrated cells' own legend explains.
A new symbol is an entry in `_CARDS`.
"""

from collections.abc import Callable, Sequence

from gatereel.rnn_math import (
    Activation,
    Addition,
    Cell,
    Concatenate,
    Multiplication,
    OneMinus,
    Operation,
    Projection,
    Tanh,
    WeightedSumAlone,
    WeightedSumOf,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
)
from gatereel.rnn_math.formulas import Formula, Name
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.reading_cards import reading_painted as reading
from gatereel.scenes.draw.shapes import Shape, discs, in_drawing_order, wire
from gatereel.scenes.draw.symbols import letter_of, symbol
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.legend_grid import MARGIN, Grid
from gatereel.scenes.lay_out.placed_rows import Disc, PlacedRow
from gatereel.scenes.tell import words
from gatereel.scenes.tell.formula_typst import typst
from gatereel.scenes.tell.language import READINGS, Language
from gatereel.scenes.tell.legend_description import ToldSymbol
from gatereel.scenes.theme.theme import Theme

_TITLE_BASELINE = 40.0
_NAME, _FORMULA = 30.0, 58.0
_LABEL_GAP = 10.0
_RADIUS, _PITCH = 14.0, 33.0
_CORNER = 1.0

_HIDDEN, _INPUT, _GATE, _STATE = "hidden state in", "input", "output gate", "cell state in"
_NEW_STATE, _NEW_HIDDEN = "cell state out", "hidden state out"
_KEPT, _LET_IN = "forget * cell state", "input * candidate"
_BOTH = (_HIDDEN, _HIDDEN, _INPUT, _INPUT, _INPUT)


@dataclass(frozen=True)
class _Drawing:
    """A symbol's picture in its panel: operand rows, wires, and the result's row."""

    operands: tuple[PlacedRow, ...]
    wires: tuple[tuple[Point, ...], ...]
    result: PlacedRow
    fan: PlacedRow | None = None
    label: str = ""
    """A key of a language's labels."""


@dataclass(frozen=True)
class Card:
    """One symbol: its operation, its operands' letters and how to draw it around a middle."""

    operation: Operation
    letters: tuple[str, ...]
    drawing: Callable[[float, float], _Drawing]


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
    above, below, across = y - 34, y + 34, x - 32
    # From the first disc to the last one, all of it stands in the middle.
    return _Drawing(
        (_row(x - 108, above, _HIDDEN, _HIDDEN), _row(x - 108, below, _INPUT, _INPUT, _INPUT)),
        (
            ((x - 70, above), (across, above), (across, y), (x - 14, y)),
            ((x - 54, below), (across, below), (across, y), (x - 14, y)),
        ),
        _row(x + 75, y, *_BOTH),
    )


def _weighted_sum(
    result: str, operands: tuple[str, ...] = _BOTH
) -> Callable[[float, float], _Drawing]:
    def drawing(x: float, y: float) -> _Drawing:
        return _Drawing((), (), _row(x, y - 54, result, result), fan=_row(x, y + 40, *operands))

    return drawing


def _pointwise(
    first: str, second: str, result: str, label: str
) -> Callable[[float, float], _Drawing]:
    def drawing(x: float, y: float) -> _Drawing:
        left, right, level, below = x - 61, x + 61, y - 14, y + 58
        return _Drawing(
            (_row(left, level, first, first), _row(right, below, second, second)),
            (((left + 42, level), (right - 40, level)), ((right, below - 22), (right, level + 21))),
            _row(right, level, result, result),
            label=label,
        )

    return drawing


def _one_operand(operand: str, result: str) -> Callable[[float, float], _Drawing]:
    def drawing(x: float, y: float) -> _Drawing:
        return _Drawing(
            (_row(x - 70, y, operand, operand),),
            (((x - 30, y), (x + 26, y)),),
            _row(x + 66, y, result, result),
        )

    return drawing


_CARDS = (
    Card(Concatenate(), ("a", "b"), _concatenate),
    Card(WeightedSumSigmoid(), ("v",), _weighted_sum(_GATE)),
    Card(WeightedSumTanh(), ("v",), _weighted_sum("candidate")),
    Card(Multiplication(), ("a", "b"), _pointwise(_STATE, _GATE, _KEPT, "multiplication")),
    Card(Addition(), ("a", "b"), _pointwise(_KEPT, _LET_IN, _NEW_STATE, "addition")),
    Card(OneMinus(), ("a",), _one_operand("update gate", "one minus update")),
    Card(WeightedSumRelu(), ("v",), _weighted_sum(_NEW_HIDDEN)),
    Card(WeightedSumAlone(), ("v",), _weighted_sum("input's part", (_INPUT, _INPUT, _INPUT))),
    Card(Tanh(), ("a",), _one_operand(_NEW_STATE, _NEW_STATE)),
)

_ILLUSTRATED = 6
"""So many cards, the first, are those of the illustrated cells' own legend; tanh alone is none of
them, for its letter is explained by the weighted sum."""


def legend_size(
    cells: Sequence[Cell] = (), *, illustrated: bool = False, readings: bool = False
) -> tuple[int, int]:
    """Width and height in pixels of the legend as it is placed."""
    symbols = Grid(len(cards(cells, illustrated=illustrated)))
    if not readings:
        return symbols.size
    width, height = _below(symbols).size
    return max(symbols.size[0], width), height


def _below(symbols: Grid) -> Grid:
    """Where the cards of how values are read stand."""
    return Grid(len(READINGS), above=symbols.bottom)


def reading_painted(
    theme: Theme,
    language: Language,
    typesetter: Typesetter,
    cells: Sequence[Cell] = (),
    *,
    illustrated: bool = False,
) -> list[Painted]:
    """The legend's second part, below the symbols: how values are read off a picture."""
    grid = _below(Grid(len(cards(cells, illustrated=illustrated))))
    title = typesetter.glyphs(
        Text(plain(language.readings.title), theme.sizes.state_tag, bold=True)
    )
    written = Style(theme.text, None, 0.0)
    painted = [Painted(title.moved(MARGIN, grid.above + _TITLE_BASELINE), written)]
    for i, name in enumerate(READINGS):
        panel = grid.panel(i)
        ground = rounded_box(panel.left, panel.top, panel.right, panel.bottom, _CORNER)
        painted.append(Painted(ground, Style(theme.body, theme.line, theme.strokes.body)))
        painted += reading(name, panel, theme, typesetter)
        called, means = language.readings.card(name)
        middle = (panel.left + panel.right) / 2
        for text, below in (
            (Text(plain(called), theme.sizes.title, bold=True), _NAME),
            (Text(plain(means), theme.sizes.label), _FORMULA),
        ):
            glyphs = typesetter.glyphs(text)
            outline = glyphs.moved(middle - glyphs.width / 2, panel.bottom + below)
            painted.append(Painted(outline, written))
    return painted


def legend_shapes(
    theme: Theme,
    language: Language,
    typesetter: Typesetter,
    cells: Sequence[Cell] = (),
    *,
    illustrated: bool = False,
) -> list[Shape]:
    """Everything on the legend of `cells`, of all without them, from back to front, in pixels."""
    title = plain(words.legend_title(cells, language))
    glyphs = typesetter.glyphs(Text(title, theme.sizes.state_tag, bold=True))
    shapes = [Shape("label", glyphs.moved(MARGIN, _TITLE_BASELINE), theme.text, theme.background)]
    shown = cards(cells, illustrated=illustrated)
    grid = Grid(len(shown))
    for i, card in enumerate(shown):
        shapes += in_drawing_order(_card_shapes(card, grid.panel(i), theme, language, typesetter))
    return shapes


def cards(cells: Sequence[Cell] = (), *, illustrated: bool = False) -> tuple[Card, ...]:
    """The legend's cards in its order: all, or those of the symbols that `cells` use.

    Where `illustrated` is true, those of the illustrated cells' own legend alone.
    """
    operations = dict.fromkeys(node.operation for cell in cells for node in cell.nodes)
    used = set(map(type, operations))
    accepted = _CARDS[:_ILLUSTRATED] if illustrated else _CARDS
    found = [card for card in accepted if not cells or type(card.operation) in used]
    return (*found, *(card for each in operations if (card := _of_own_kind(each)) is not None))


def _of_own_kind(operation: Operation) -> Card | None:
    """The card of what no cell in the full legend has: a projection, a library's own function."""
    match operation:
        case Projection():
            return Card(operation, ("v",), _weighted_sum(_NEW_HIDDEN, (_LET_IN,) * 3))
        case WeightedSumOf(function):
            result = _GATE if function.is_share else "candidate"
            return Card(operation, ("v",), _weighted_sum(result))
        case Activation():
            return Card(operation, ("a",), _one_operand(_NEW_STATE, _NEW_STATE))
    return None


def told(card: Card) -> ToldSymbol:
    """A card for those who do not see it."""
    drawing = card.drawing(0.0, 0.0)
    return ToldSymbol(
        operation=card.operation.title,
        formula=_formula(card),
        letter=letter_of(card.operation),
        has_fan=drawing.fan is not None,
        label=drawing.label,
    )


def _formula(card: Card) -> Formula:
    return card.operation.formula("", [Name(letter) for letter in card.letters])


def _card_shapes(
    card: Card, panel: Box, theme: Theme, language: Language, typesetter: Typesetter
) -> list[Shape]:
    middle = (panel.left + panel.right) / 2
    drawing = card.drawing(middle, (panel.top + panel.bottom) / 2)
    ground = rounded_box(panel.left, panel.top, panel.right, panel.bottom, _CORNER)
    shapes = [Shape("box", ground, theme.body, theme.background)]
    for row in drawing.operands:
        shapes += discs(row.discs, theme, theme.body)
    for path in drawing.wires:
        shapes += wire(path, (), theme, theme.body)
    shapes += symbol(card.operation, drawing.result, drawing.fan, theme, typesetter, theme.body)
    formula = typst(_formula(card))
    label_baseline = drawing.result.extent.top - _LABEL_GAP
    name = plain(words.operation_name(card.operation.title, language))
    label = plain(language.labels[drawing.label]) if drawing.label else ""
    lines = (
        (Text(label, theme.sizes.label), drawing.result.x, label_baseline),
        (Text(name, theme.sizes.title, bold=True), middle, panel.bottom + _NAME),
        (Text(formula, theme.sizes.equation, math=True), middle, panel.bottom + _FORMULA),
    )
    for text, x, baseline in lines:
        if text.markup:
            glyphs = typesetter.glyphs(text)
            outline = glyphs.moved(x - glyphs.width / 2, baseline)
            shapes.append(Shape("label", outline, theme.text, theme.background))
    return shapes
