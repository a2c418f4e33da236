"""What is said beside a legend: all that is drawn, in any language."""

import re
from itertools import combinations

import pytest

from gatereel.rnn_math import CELLS, LSTM, RNN, Cell
from gatereel.scenes.draw.legend import cards, told
from gatereel.scenes.language.files import load_language
from gatereel.scenes.tell.description import LONGEST_ALT_TEXT
from gatereel.scenes.tell.language import LANGUAGES, Language
from gatereel.scenes.tell.legend_description import (
    ToldSymbol,
    describe_legend,
    legend_alt,
    legend_caption,
    tell_legend,
)

ENGLISH = load_language("en")

every_language = pytest.mark.parametrize(
    "language", [load_language(name) for name in LANGUAGES], ids=LANGUAGES
)


def symbols(*cells: Cell) -> tuple[ToldSymbol, ...]:
    return tuple(map(told, cards(cells)))


@every_language
def test_the_alt_text_of_any_choice_of_cells_is_short(language: Language) -> None:
    for count in range(len(CELLS) + 1):
        for cells in combinations(CELLS.values(), count):
            alt = legend_alt(cells, symbols(*cells), language)
            assert len(alt) <= LONGEST_ALT_TEXT
            assert alt.endswith(".")


def test_the_alt_text_names_the_symbols_or_counts_them() -> None:
    assert legend_alt([RNN], symbols(RNN), ENGLISH) == (
        "Symbols of the RNN: concatenate and weighted sum + tanh."
    )
    assert legend_alt([], symbols(), ENGLISH) == (
        "Symbols of the recurrent cells: 9 symbols with their names and formulas."
    )


@every_language
def test_every_card_is_described_in_its_order(language: Language) -> None:
    described = describe_legend(symbols(), language)
    assert [row.name for row in described.rows] == [
        language.operations[card.operation.title] for card in cards()
    ]
    assert all(len(row.html) == len(described.headings) for row in described.rows)
    looks = [row.symbol for row in described.rows]
    assert len(set(looks)) == len(looks)
    for sentence, row in zip(tell_legend(symbols(), language), described.rows, strict=True):
        assert row.name in sentence.lower() or row.name.lower() in sentence.lower()
        assert row.formula in sentence
        assert not re.search("[{}]", sentence)


def test_symbols_in_full() -> None:
    rows = {row.name: row for row in describe_legend(symbols(), ENGLISH).rows}
    gate = rows["weighted sum + sigmoid"]
    assert (gate.symbol, gate.formula) == ("discs marked S above a fan of lines", "σ(W v + b)")
    assert rows["weighted sum"].symbol == "discs above a fan of lines"
    assert rows["one minus"].symbol == "discs marked 1-"
    assert rows["addition"].symbol == "discs labelled “addition”"
    assert rows["concatenate"].symbol == "the discs of both, side by side"


def test_the_caption_credits_the_picture() -> None:
    assert legend_caption([LSTM], ENGLISH) == (
        'Symbols of the LSTM, with names and formulas. After "Animated RNN, LSTM and GRU" by '
        "Raimi Karim (2018)."
    )
