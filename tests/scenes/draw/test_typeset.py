"""Text as outlines: every letter is there, and numbers are as wide as they were measured."""

import re
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageFont

from gatereel.rnn_math import CELLS
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw import typeset
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts import text_width as metrics
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, FONT_FOLDER, text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.diagram import translate
from gatereel.scenes.tell.language import LANGUAGES, Language
from gatereel.scenes.tell.numbers import MINUS, number
from gatereel.scenes.tell.words import legend_title
from tests.scenes.traces import demo_claims, demo_trace, lines_of, narrate

VIETNAMESE = (
    "ngăn xếp cổng quên trạng thái ẩn ứng viên đầu vào thời điểm học sâu"
    " ảạãàáẳặẵằắẩậẫầấẻẹẽèéểệễềếỉịĩìíỏọõòóổộỗồốởợỡờớủụũùúửựữừứỷỵỹỳý ĂÂĐÊÔƠƯ"
)

GLYPH_OFF = 0.5
"""Pixels a glyph: letters stand on whole pixels, so that they are drawn alike everywhere."""

KEPT = 256
"""Lines that a typesetter remembers."""

SAME = 1e-6
"""Pixels: outlines that come from the same glyph, set twice."""

HINTING = 0.02
"""Of a line's width: the set text is kerned, the measured one is not."""

LABEL_SIZE = 16.0


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter()


def words_in(language: Language) -> set[str]:
    boards = [
        narrate(demo_trace(cell), language=language, pace=2.0, claims=demo_claims(cell))
        for cell in CELLS
    ]
    told = [beat.telling for board in boards for beat in board.beats]
    said = {text for t in told for text in (t.title, t.timestep, t.step, *t.sentences) if text}
    for diagram in DIAGRAMS.values():
        drawn = translate(diagram, language)
        words = [label.text for label in drawn.labels]
        words += [tag.text for tag in drawn.tags if tag.kind != "state"]
        said |= {line for text in words for line in text.split("\n")}
    return said | {*language.operations.values(), legend_title((), language)}


def all_words() -> list[str]:
    """Everything the pictures say in words, in any language."""
    return sorted(set().union(*(words_in(load_language(name)) for name in LANGUAGES)))


@pytest.mark.parametrize("file", sorted(path.name for path in FONT_FOLDER.glob("*.ttf")))
def test_the_fonts_hold_every_letter_that_is_written(file: str) -> None:
    """A letter that is not in the font would be drawn as the font's box for missing ones."""
    font = ImageFont.truetype(str(FONT_FOLDER / file), 100)
    undrawn = {b"", bytes(font.getmask("\U0010ffff"))}  # nothing, or the box
    letters = sorted(set(VIETNAMESE + "".join(all_words()) + "0123456789.e×−()/,") - {" "})
    assert [letter for letter in letters if bytes(font.getmask(letter)) in undrawn] == []


@pytest.mark.parametrize("word", sorted(set(VIETNAMESE.split())))
@pytest.mark.parametrize("bold", [False, True])
def test_vietnamese_is_drawn_letter_by_letter(
    typesetter: Typesetter, word: str, bold: bool
) -> None:
    """Each letter has an outline of its own: no two marks are lost or drawn as one box."""
    outlines = [typesetter.glyphs(Text(letter, 20.0, bold)).outline for letter in set(word)]
    assert all(len(outline) for outline in outlines)
    different = {outline.round(3).tobytes() for outline in outlines}
    assert len(different) == len(set(word))
    width = typesetter.glyphs(Text(word, 20.0, bold)).width
    assert width == pytest.approx(text_width(word, 20.0, bold=bold), abs=GLYPH_OFF * len(word))


def test_a_missing_letter_would_be_noticed(typesetter: Typesetter) -> None:
    """Two letters that no bundled font has are drawn alike."""
    one, other = (typesetter.glyphs(Text(letter, 20.0)).outline for letter in "ꙮ𒀀")
    assert one.round(3).tobytes() == other.round(3).tobytes()


@given(st.floats(-999.99, 999.99), st.sampled_from((13.0, 15.0, 20.0)))
@settings(max_examples=50)
def test_numbers_are_as_wide_as_they_were_measured(value: float, size: float) -> None:
    text = number(value)
    glyphs = _SHARED.number(text, size)
    assert abs(glyphs.width - text_width(text, size)) <= GLYPH_OFF * len(text)


_SHARED = Typesetter()


@pytest.mark.parametrize(
    ("text", "size"), list(product(["0.00", f"{MINUS}8.88", "1.0e12"], (13, 15)))
)
def test_a_numbers_outline_lies_within_its_width_and_height(
    typesetter: Typesetter, text: str, size: float
) -> None:
    glyphs = typesetter.number(text, size)
    (left, top), (right, bottom) = glyphs.outline.min(axis=0), glyphs.outline.max(axis=0)
    assert left >= -GLYPH_OFF
    assert right <= glyphs.width + GLYPH_OFF
    assert top >= -CAP_HEIGHT * size - 1
    assert bottom <= 1


def test_digits_of_a_number_are_the_same_wherever_they_stand(typesetter: Typesetter) -> None:
    once, twice = typesetter.number("7", 13.0).outline, typesetter.number("77", 13.0).outline
    first, second = np.split(twice, 2)
    assert np.allclose(first, once, atol=SAME)
    shift = second - first
    assert np.allclose(shift, shift[0], atol=SAME)
    assert shift[0][0] == round(shift[0][0])


@pytest.mark.parametrize("line", all_words())
def test_words_are_as_wide_as_they_were_measured(typesetter: Typesetter, line: str) -> None:
    set_width = typesetter.glyphs(Text(plain(line), LABEL_SIZE)).width
    measured = text_width(line, LABEL_SIZE)
    assert set_width == pytest.approx(measured, rel=HINTING, abs=GLYPH_OFF)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_can_be_set(typesetter: Typesetter, cell: str, language: str) -> None:
    board = narrate(demo_trace(cell), language=load_language(language), pace=2.0)
    formulas = {
        line for beat in board.beats for pair in lines_of(beat.telling) for line in pair if line
    }
    texts = [Text(line, 18.5, math=True) for line in sorted(formulas)]
    typesetter.prepare(texts)
    for text in texts:
        glyphs = typesetter.glyphs(text)
        assert glyphs.width > 0, text.markup
        assert len(glyphs.outline) > 0, text.markup


@pytest.mark.parametrize(
    "text",
    [
        Text("#nobody[a]", 16.0),
        Text("f_", 16.0, math=True),
        Text("unknownword", 16.0, math=True),
    ],
)
def test_markup_that_typst_does_not_know_raises(text: Text) -> None:
    with pytest.raises(typst.TypstError):
        Typesetter().glyphs(text)


def test_a_line_is_set_once_while_it_is_among_the_last_that_were_asked_for() -> None:
    typesetter = Typesetter()
    asked, passing = Text("asked", 16.0), Text("passing", 16.0)
    typesetter.prepare([asked, passing])
    first, was = typesetter.glyphs(asked), typesetter.glyphs(passing)
    for at in range(0, 2 * KEPT, KEPT // 4):
        typesetter.prepare(Text(str(line), 16.0) for line in range(at, at + KEPT // 4))
        assert typesetter.glyphs(asked) is first
    again = typesetter.glyphs(passing)
    assert again is not was
    assert np.allclose(again.outline, was.outline, atol=SAME)


def test_typesetters_share_what_was_set_and_no_more_than_so_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[int] = []
    original = typeset._run

    def counting(texts: Sequence[Text]) -> object:
        runs.append(len(texts))
        return original(texts)

    monkeypatch.setattr(typeset, "_run", counting)
    texts = [Text("shared", 17.25), Text("a/b + sigma(x_1)", 17.25, math=True), Text("", 17.25)]
    one, other = Typesetter(), Typesetter()
    one.prepare(texts)
    assert runs == [3]
    for text in texts:
        np.testing.assert_array_equal(other.glyphs(text).outline, one.glyphs(text).outline)
    assert runs == [3]
    for at in range(0, typeset._LINES_KEPT + 64, 64):
        one.prepare(Text(str(line), 17.25) for line in range(at, at + 64))
    assert len(typeset._LINES) == typeset._LINES_KEPT
    Typesetter().glyphs(texts[0])
    assert runs[-1] == 1


def test_many_lines_at_once_are_all_there() -> None:
    typesetter = Typesetter()
    lines = [Text(str(line), 16.0) for line in range(KEPT + 3)]
    typesetter.prepare(lines)
    first = typesetter.glyphs(lines[0])
    assert typesetter.glyphs(lines[0]) is first
    assert len(typesetter._set) <= KEPT + 3


@pytest.mark.parametrize("size", [13.0, 16.0])
def test_twice_the_size_is_twice_the_width(size: float) -> None:
    assert text_width("cell state", 2 * size) == pytest.approx(2 * text_width("cell state", size))
    assert text_width("cell state", size, bold=True) > text_width("cell state", size)


def test_the_fonts_come_with_their_licence() -> None:
    assert Path(metrics.FONT_FOLDER, "LICENSE-LiberationSans.txt").is_file()
    digits = re.findall(r"\d", "0123456789")
    widths = {text_width(digit, 1000.0) for digit in digits}
    assert len(widths) == 1, "digits of one width: a number does not jump when it changes"
