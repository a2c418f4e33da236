"""Formulas as HTML: every one that can be told, and nothing of the typesetter's left in it."""

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, random_parameters, unroll
from gatereel.rnn_math.formulas import (
    AFTER,
    BEFORE,
    NOW,
    ONE,
    Chain,
    Concatenation,
    Difference,
    Formula,
    Function,
    LeftOut,
    Link,
    MatrixProduct,
    Name,
    Number,
    NumberProduct,
    Product,
    SideBySide,
    Sum,
    Vector,
    Words,
)
from gatereel.scenes.language.files import load_language
from gatereel.scenes.tell.beats import Storyboard
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.formula_html import html
from gatereel.scenes.tell.language import LANGUAGES
from tests.scenes.traces import demo_claims, demo_trace, narrate, random_trace
from tests.scenes.typst_text import written

every_cell = pytest.mark.parametrize("cell", CELLS)
every_language = pytest.mark.parametrize("language", LANGUAGES)

SYNTAX = re.compile(r"[_^\"\\#$]|\b(?:wide|quad|dot|op)\b")
"""What means something to the typesetter."""

NUMBER = re.compile(r"\d+(?:\.\d+)?")


TAG = re.compile(r"<[^>]+>")


class Reader(HTMLParser):
    """The text of a snippet and its tags, which are to be closed in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not attrs
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


@cache
def storyboards(cell: str, language: str) -> tuple[Storyboard, ...]:
    """Small and large numbers, excerpts, both directions, sums taken apart and not."""
    words = load_language(language)
    large = random_trace(CELLS[cell], 3, 300, 128)
    huge = unroll(
        CELLS[cell],
        random_parameters(CELLS[cell], 3, 2, seed=0),
        np.array([[1e6, -1e12, 0.5], [0.0, -1e3, 2.0]]),
    )
    return (
        narrate(demo_trace(cell), language=words, claims=demo_claims(cell)),
        narrate(demo_trace(cell), language=words, pace=0.5),
        narrate(large, choose_excerpt(large, backward=True), language=words, pace=2.0),
        narrate(large, choose_excerpt(large, units=range(6)), language=words, pace=0.5),
        narrate(huge, language=words, pace=2.0),
    )


def formulas(cell: str, language: str) -> Iterator[Formula]:
    for storyboard in storyboards(cell, language):
        for beat in storyboard.beats:
            telling = beat.telling
            yield from (*telling.equations, *telling.numbers)
            yield from (line for pair in telling.formulas for line in pair if line is not None)


@every_cell
@every_language
def test_nothing_of_the_typesetter_is_left(cell: str, language: str) -> None:
    for formula in set(formulas(cell, language)):
        written = html(formula)
        reader = read(written)
        assert set(reader.tags) <= {"sub", "sup"}, formula
        assert not SYNTAX.search(reader.text), formula
        assert "-" not in reader.text, formula
        assert written.strip() == written


@every_cell
@every_language
def test_no_number_is_lost_or_changed(cell: str, language: str) -> None:
    for formula in set(formulas(cell, language)):
        text = TAG.sub(" ", html(formula))  # 10 to the 6 is no 106
        assert NUMBER.findall(text) == NUMBER.findall(written(formula)), formula


H_BEFORE, X = Name("h", BEFORE), Name("X", NOW)
W_F, B_F = Name("W", "f"), Name("b", "f")


@pytest.mark.parametrize(
    ("formula", "html_text", "typst_text"),
    [
        (Name("h", NOW), "h<sub>t</sub>", "h_t"),
        (
            Chain(H_BEFORE, (Link("≈", Vector((Number("0.50"), Number("-0.25")))),)),
            "h<sub>t−1</sub> ≈ [0.50, −0.25]",
            "h_(t-1) ≈ [0.50, −0.25]",
        ),
        (
            Chain(
                Name("f", NOW),
                (
                    Link(
                        "=",
                        Function(
                            "sigmoid",
                            Sum((MatrixProduct(W_F, Concatenation((H_BEFORE, X))), B_F)),
                        ),
                    ),
                ),
            ),
            "f<sub>t</sub> = σ(W<sub>f</sub> [h<sub>t−1</sub>, X<sub>t</sub>] + b<sub>f</sub>)",
            "f_t = σ(W_f [h_(t-1), X_t] + b_f)",
        ),
        (
            Product((Name("r", NOW), Sum((MatrixProduct(Name("W", "hn"), Name("h", AFTER)), B_F)))),
            "r<sub>t</sub> ⊙ (W<sub>hn</sub> h<sub>t+1</sub> + b<sub>f</sub>)",
            'r_t ⊙ (W_"hn" h_(t+1) + b_f)',
        ),
        (
            Function("relu", Vector((Number("0.50"), LeftOut()))),
            "relu([0.50, …])",
            'op("relu")([0.50, …])',
        ),
        (
            Chain(Name("h", 12), (Link("=", Difference(ONE, Name("z", NOW))),)),
            "h<sub>12</sub> = 1 − z<sub>t</sub>",
            "h_12 = 1 - z_t",
        ),
        (
            Chain(None, (Link("≈", Number("-1.2", 12)),)),
            "≈ −1.2 ⋅ 10<sup>12</sup>",
            "≈ −1.2 dot 10^(12)",
        ),
        (
            SideBySide((Name("a"), Name("b"))),
            "a\N{EM SPACE}\N{EM SPACE}b",
            "a wide b",
        ),
        (
            SideBySide((Words("unit 1:"), NumberProduct((Number("0.5"), Number("2")))), "narrow"),
            "unit 1:\N{EM SPACE}0.5 ⋅ 2",
            '"unit 1:" quad 0.5 ⋅ 2',
        ),
        (
            Function("tanh", Name("C", NOW)),
            "tanh(C<sub>t</sub>)",
            "tanh(C_t)",
        ),
        (Name("kept", NOW), "kept<sub>t</sub>", '"kept"_t'),
        (Name("#", 'a"b'), '#<sub>a"b</sub>', '"#"_"a\\"b"'),
    ],
)
def test_how_formulas_are_written(formula: Formula, html_text: str, typst_text: str) -> None:
    assert html(formula) == html_text
    assert written(formula) == typst_text


@pytest.mark.parametrize(
    "words", ["a < b & c > d", 'say "x"', "back\\slash \\n", "_^ # $ wide op("]
)
def test_words_in_a_formula_are_text(words: str) -> None:
    reader = read(html(SideBySide((Words(words), ONE), "narrow")))
    assert reader.text == f"{words}\N{EM SPACE}1"
    assert reader.tags == []
