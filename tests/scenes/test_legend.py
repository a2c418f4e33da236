"""The legend holds a card for each symbol, in a grid that fits, under a title that fits."""

from itertools import combinations

import pytest

from gatereel.rnn_math import CELLS, LSTM, RNN, RNN_RELU, Cell, Tanh, WeightedSumRelu
from gatereel.scenes.draw.legend import cards, legend_shapes, legend_size
from gatereel.scenes.draw.outlines import Outline
from gatereel.scenes.draw.shapes import Shape
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.tell.language import LANGUAGES, Language
from gatereel.scenes.tell.words import legend_title
from gatereel.scenes.theme.files import load_theme

ILLUSTRATED = load_theme("illustrated")

MARGIN = 24
"""Pixels that the legend keeps free at its left and right."""

CARD = 347
"""Pixels: the width of a card."""

ENGLISH = load_language("en")

every_language = pytest.mark.parametrize(
    "language", [load_language(name) for name in LANGUAGES], ids=LANGUAGES
)
every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
choices = [
    choice for count in range(len(CELLS) + 1) for choice in combinations(CELLS.values(), count)
]


def edges(outlines: list[Outline]) -> tuple[float, float, float, float]:
    left, top = (min(outline[:, axis].min() for outline in outlines) for axis in (0, 1))
    right, bottom = (max(outline[:, axis].max() for outline in outlines) for axis in (0, 1))
    return left, top, right, bottom


def panels(shapes: list[Shape]) -> list[Outline]:
    return [shape.outline for shape in shapes if shape.kind == "box"]


def test_every_operation_of_every_cell_has_its_card_once() -> None:
    used = {type(node.operation) for cell in CELLS.values() for node in cell.nodes}
    shown = [type(card.operation) for card in cards()]
    assert set(shown) == used
    assert len(shown) == len(used)


@every_cell
def test_a_cell_s_legend_has_its_operations_in_the_order_of_all(cell: Cell) -> None:
    used = {type(node.operation) for node in cell.nodes}
    in_order = [card for card in cards() if type(card.operation) in used]
    assert list(cards([cell])) == in_order
    assert len(in_order) == len(used)


def test_several_cells_share_a_legend() -> None:
    shared = [card.operation for card in cards([LSTM, RNN_RELU])]
    assert Tanh() in shared
    assert WeightedSumRelu() in shared
    assert len(shared) == len(cards([LSTM])) + 1


@pytest.mark.parametrize(
    "cells", [[], [RNN], [RNN, RNN_RELU], *([cell] for cell in CELLS.values())]
)
@every_language
def test_the_cards_fill_the_picture_from_margin_to_margin(
    cells: list[Cell], language: Language
) -> None:
    shapes = legend_shapes(ILLUSTRATED, language, Typesetter(), cells)
    width, height = legend_size(cells)
    assert len(panels(shapes)) == len(cards(cells))
    left, _, right, _ = edges(panels(shapes))
    assert (left, right) == (MARGIN, width - MARGIN)
    left, top, right, bottom = edges([shape.outline for shape in shapes])
    assert left >= 0
    assert top >= 0
    assert right <= width
    assert bottom <= height


@every_language
def test_words_stand_apart(language: Language) -> None:
    """Names are narrower than their cards, and no line of text runs into another."""
    shapes = legend_shapes(ILLUSTRATED, language, Typesetter())
    texts = [edges([shape.outline]) for shape in shapes if shape.kind == "label"]
    assert all(right - left <= CARD for left, _, right, _ in texts)
    for (left, top, right, bottom), (a, b, c, d) in combinations(texts, 2):
        assert right <= a or c <= left or bottom <= b or d <= top


def test_a_last_row_that_is_not_full_stands_in_the_middle() -> None:
    cell = CELLS["gru-reset-after"]
    last = panels(legend_shapes(ILLUSTRATED, ENGLISH, Typesetter(), [cell]))[-1]
    left, _, right, _ = edges([last])
    assert len(cards([cell])) % 3 == 1
    assert (left + right) / 2 == legend_size([cell])[0] / 2


@every_language
def test_the_title_of_any_choice_of_cells_fits(language: Language) -> None:
    size = ILLUSTRATED.sizes.state_tag
    too_wide = [
        title
        for choice in choices
        for title in [legend_title(choice, language)]
        if text_width(title, size, bold=True) > legend_size(choice)[0] - 2 * MARGIN
    ]
    assert too_wide == []
