"""The legend holds a card for each symbol, in a grid that fits, under a title that fits."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from gatereel.rnn_math import (
    CELLS,
    GRU,
    LSTM,
    RNN,
    RNN_RELU,
    Cell,
    InputError,
    Tanh,
    WeightedSumRelu,
)
from gatereel.scenes.draw.legend import cards, legend_shapes, legend_size
from gatereel.scenes.draw.outlines import Outline
from gatereel.scenes.draw.shapes import Shape
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.fingerprint import fingerprint, fingerprint_in, marked
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.legend import LegendPlan, draw_legend, plan_legend
from gatereel.scenes.places import PLACES
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


def test_the_illustrated_legend_is_two_rows_of_three() -> None:
    cells = [RNN, LSTM, GRU]
    shown = cards(cells, illustrated=True)
    assert [card.operation.title for card in shown] == [
        *("concatenate", "weighted sum + sigmoid", "weighted sum + tanh"),
        *("multiplication", "addition", "one minus"),
    ]
    shapes = legend_shapes(ILLUSTRATED, ENGLISH, Typesetter(), cells, illustrated=True)
    assert len(panels(shapes)) == len(shown)
    assert legend_size(cells, illustrated=True) == (1125, 584)


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


# --- planned and drawn -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        plan_legend(cells=[LSTM]),
        plan_legend(cells=[RNN, LSTM]),
        plan_legend(cells=[LSTM, RNN, GRU], illustrated=True),
        plan_legend(500),
        plan_legend(theme=load_theme("dark")),
        plan_legend(language=load_language("vi")),
        plan_legend(transparent=True),
    ],
)
def test_another_legend_has_another_fingerprint(other: LegendPlan) -> None:
    assert fingerprint(other) != fingerprint(plan_legend())
    assert fingerprint(other) == fingerprint(replace(other, place=PLACES["github"]))


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_the_files_carry_the_fingerprint(tmp_path: Path, suffix: str) -> None:
    planned = plan_legend(240, [RNN])
    path = tmp_path / f"legend{suffix}"
    draw_legend(marked(planned, fingerprint(planned)), [path])
    assert fingerprint_in(path) == fingerprint(planned)


def test_a_place_has_its_say_in_the_width() -> None:
    narrow = replace(PLACES["medium"], widest=700)
    assert plan_legend(place=narrow).width == 700
    with pytest.raises(InputError, match="The width is 701; Medium shows up to 700"):
        plan_legend(701, place=narrow)


def test_a_file_too_large_for_its_place_does_not_appear(tmp_path: Path) -> None:
    narrow = replace(PLACES["pypi"], most_bytes=1000)
    with pytest.raises(InputError, match="PyPI shows up to"):
        draw_legend(plan_legend(240, [RNN], place=narrow), [tmp_path / "a.png"])
    assert list(tmp_path.iterdir()) == []
