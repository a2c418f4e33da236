"""What stands beside a picture says what the storyboard says, in the room that there is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatereel.rnn_math import CELLS, DEMOS, LSTM, RNN, Cell, demo
from gatereel.scenes.language.files import load_language
from gatereel.scenes.tell.beats import Storyboard
from gatereel.scenes.tell.description import LONGEST_ALT_TEXT, alt_text, caption, describe
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE, choose_excerpt
from gatereel.scenes.tell.language import LANGUAGES, Language
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.words import credit
from tests.scenes.traces import ENGLISH, demo_claims, demo_trace, narrate, random_trace

VIETNAMESE = load_language("vi")

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
every_demo = pytest.mark.parametrize("cell", [CELLS[name] for name in DEMOS], ids=list(DEMOS))
every_language = pytest.mark.parametrize(
    "language", [load_language(name) for name in LANGUAGES], ids=LANGUAGES
)

MOST_SENTENCES = 2


def told_demo(cell: Cell, language: Language = ENGLISH) -> Storyboard:
    return narrate(demo_trace(cell), language=language, claims=demo_claims(cell))


def storyboards(cell: Cell, language: Language) -> Iterator[Storyboard]:
    """Any sizes, timesteps, directions and excerpts, with a story and without."""
    yield told_demo(cell, language)
    for timesteps, (inputs, units) in product((1, 2, 12), ((1, 1), (3, 2), (8, 6), (300, 128))):
        trace = random_trace(cell, timesteps, inputs, units)
        for backward in (False, True):
            excerpts = [choose_excerpt(trace, backward=backward)]
            most = range(min(units, MAX_HIDDEN_SIZE)), range(min(inputs, MAX_INPUT_SIZE))
            if timesteps > 1:
                excerpts += [
                    choose_excerpt(trace, start=1, stop=2, backward=backward),
                    choose_excerpt(
                        trace,
                        units=most[0],
                        features=most[1],
                        stop=timesteps - 1,
                        backward=backward,
                    ),
                ]
            for excerpt in excerpts:
                yield narrate(trace, excerpt, language=language)


@dataclass(frozen=True)
class Stories:
    """A cell's storyboards in a language."""

    cell: Cell
    language: Language
    storyboards: tuple[Storyboard, ...]


@pytest.fixture(
    scope="module",
    params=list(product(CELLS, LANGUAGES)),
    ids=lambda names: "-".join(names),
)
def stories(request: pytest.FixtureRequest) -> Stories:
    """Each cell in each language, for all tests in turn: one after the other, not all at once."""
    cell, language = CELLS[request.param[0]], load_language(request.param[1])
    return Stories(cell, language, tuple(storyboards(cell, language)))


# --- the alternative text ------------------------------------------------------------------------


def test_an_alternative_text_is_short_plain_and_names_the_cell(stories: Stories) -> None:
    cell, language = stories.cell, stories.language
    for storyboard in stories.storyboards:
        for still in (False, True):
            text = alt_text(storyboard, language, still=still)
            assert text.startswith(language.titles[cell.name])
            assert len(text) <= LONGEST_ALT_TEXT, text
            assert text == " ".join(text.split())
            assert text.endswith(".")
            assert 1 <= len(re.findall(r"\.(?= |$)", text)) <= MOST_SENTENCES, text
            assert not re.search(r"[<>{}_^#\"]|image of|picture of", text), text


@every_cell
@every_language
def test_an_alternative_text_says_how_many_timesteps(cell: Cell, language: Language) -> None:
    for timesteps in (2, 3, 7, 12):
        storyboard = narrate(random_trace(cell, timesteps), language=language)
        assert str(timesteps) in alt_text(storyboard, language)
        assert str(timesteps) in alt_text(storyboard, language, still=True)


@every_demo
@every_language
def test_a_demo_s_text_tells_its_story(cell: Cell, language: Language) -> None:
    text = alt_text(told_demo(cell, language), language)
    if cell.name in ("rnn", "lstm", "gru", "rnn-relu"):
        for claim in demo(cell).claims:
            assert language.predicates[claim.verb] in text
    assert language.predicates[demo(cell).claims[0].verb] not in alt_text(
        told_demo(cell, language), language, still=True
    )


@pytest.mark.parametrize(
    ("name", "language", "still", "text"),
    [
        (
            "lstm",
            ENGLISH,
            False,
            "LSTM, 3 timesteps. In unit 1 the input gate opens at t = 1, the cell state keeps its "
            "value at t = 2 and the forget gate closes at t = 3.",
        ),
        (
            "lstm",
            ENGLISH,
            True,
            "LSTM at timestep 3 of 3: forget gate, input gate, candidate, cell state, output gate "
            "and hidden state. The hidden state is [−0.08, 0.44].",
        ),
        (
            "rnn",
            ENGLISH,
            True,
            "RNN at timestep 3 of 3: the input and the old hidden state make the new one. The "
            "hidden state is [0.40, 0.51].",
        ),
        (
            "lstm",
            VIETNAMESE,
            False,
            "LSTM, 3 bước thời gian. Ở đơn vị 1, cổng đầu vào mở ở t = 1, trạng thái ô giữ nguyên "
            "giá trị ở t = 2 và cổng quên đóng ở t = 3.",
        ),
        (
            "gru",
            VIETNAMESE,
            True,
            "GRU ở bước thời gian 3 trên 3: cổng đặt lại, cổng cập nhật, trạng thái ứng viên và "
            "trạng thái ẩn. Trạng thái ẩn là [0.17, 0.80].",
        ),
    ],
)
def test_the_demos_alternative_texts(name: str, language: Language, still: bool, text: str) -> None:
    assert alt_text(told_demo(CELLS[name], language), language, still=still) == text


def test_without_a_story_the_state_at_the_end_is_told() -> None:
    trace = random_trace(LSTM, 5)
    ends = [number(value) for value in trace.values["h"][4]]
    text = alt_text(narrate(trace), ENGLISH)
    assert text == (
        "LSTM, 5 timesteps: forget gate, input gate, candidate, cell state, output gate and "
        f"hidden state. At the end the hidden state is [{', '.join(ends)}]."
    )


def test_a_window_says_which_timesteps_it_shows_and_that_units_are_left_out() -> None:
    trace = random_trace(RNN, 9, 300, 128)
    excerpt = choose_excerpt(trace, start=2, stop=5, backward=True)
    text = alt_text(narrate(trace, excerpt), ENGLISH)
    assert text.startswith("RNN, timesteps 7 to 5 of 9, read backward: ")
    assert text.endswith(", …].")
    one = choose_excerpt(trace, start=2, stop=3)
    assert alt_text(narrate(trace, one), ENGLISH).startswith("RNN, timestep 3 of 9: ")


@settings(max_examples=30)
@given(st.integers(1, 400), st.booleans())
def test_a_cell_of_any_name_is_cut_to_the_length(length: int, still: bool) -> None:
    """A language may say anything; then the text falls back, and in the end is cut."""
    named = replace(ENGLISH, titles={**ENGLISH.titles, "rnn": "M" * length})
    text = alt_text(narrate(_TINY, language=named), named, still=still)
    assert len(text) <= LONGEST_ALT_TEXT
    assert text.startswith("M" * min(length, LONGEST_ALT_TEXT - 1))


_TINY = random_trace(RNN, 2, 1, 1)


# --- the long description ------------------------------------------------------------------------


def texts(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))


def test_every_number_of_every_beat_is_there(stories: Stories) -> None:
    language = stories.language
    for storyboard in stories.storyboards:
        rows = describe(storyboard, language).rows
        beats = storyboard.beats[1:]
        assert len(rows) == len(beats)
        for row, beat in zip(rows[:-1], beats[:-1], strict=True):
            told = texts(row.numbers)
            for values in beat.values.values():
                assert ", ".join(map(number, values[:1])) in told
                assert all(number(value) in told for value in values)
        # The complete cell's numbers are those of the last timestep's rows.
        everything = " ".join(texts(row.numbers) for row in rows)
        for values in storyboard.still.values.values():
            assert all(number(value) in everything for value in values)


@every_cell
@every_language
def test_rows_come_in_the_order_of_the_beats(cell: Cell, language: Language) -> None:
    storyboard = told_demo(cell, language)
    rows = describe(storyboard, language).rows
    told = [beat.telling for beat in storyboard.beats[1:]]
    assert [(row.timestep, row.step) for row in rows] == [(t.timestep, t.step) for t in told]
    assert [row.step for row in rows].count(language.long_names[cell.name]) == 1
    assert rows[-1].step == language.long_names[cell.name]


@every_cell
def test_a_row_has_the_equation_of_its_step(cell: Cell) -> None:
    storyboard = told_demo(cell)
    for row, beat in zip(describe(storyboard, ENGLISH).rows, storyboard.beats[1:], strict=True):
        computed = beat.kind in ("compute", "complete")
        assert bool(row.equation) == computed
        assert row.numbers
        if computed:
            assert not re.search(r"\d\.\d", row.equation)


def test_a_step_in_full() -> None:
    rows = describe(told_demo(LSTM), ENGLISH).rows
    forget = next(row for row in rows if row.step == "forget gate")
    assert forget.timestep == "t = 1 of 3"
    assert forget.equation == (
        "f<sub>t</sub> = σ(W<sub>f</sub> [h<sub>t−1</sub>, X<sub>t</sub>] + b<sub>f</sub>)"
    )
    apart, first_unit = forget.numbers.split("<br>")
    assert apart == "= σ([−0.01, −0.62]) ≈ [0.50, 0.35]"
    assert first_unit == (
        "unit 1:\N{EM SPACE}0.8 ⋅ (−0.30) + 0.6 ⋅ 0.50 + 1.2 ⋅ 0.90 + 1.7 ⋅ (−0.30) − 3.2 ⋅ 0.20 "
        "+ 0 = −0.01"
    )


@every_language
def test_it_is_opened_by_what_it_is(language: Language) -> None:
    described = describe(told_demo(LSTM, language), language)
    assert "LSTM" in described.summary
    words = language.description
    assert described.headings == (
        words.timestep_heading,
        words.step_heading,
        words.equation_heading,
        words.numbers_heading,
    )
    trace = random_trace(LSTM, 2, 300, 128)
    summary = describe(narrate(trace, language=language), language).summary
    assert "128" in summary
    assert "300" in summary


# --- the caption ---------------------------------------------------------------------------------


def test_a_caption_is_one_line_and_gives_credit(stories: Stories) -> None:
    cell, language = stories.cell, stories.language
    for storyboard in stories.storyboards:
        line = caption(storyboard, language)
        assert line == " ".join(line.split())
        assert line.startswith(language.titles[cell.name])
        assert line.endswith(f". {credit(language)}.")


def test_a_caption_speaks_of_gates_where_there_are_some() -> None:
    by = 'After "Animated RNN, LSTM and GRU" by Raimi Karim (2018).'
    assert caption(told_demo(LSTM), ENGLISH) == (
        f"LSTM, 3 timesteps: gates, states and their values. {by}"
    )
    assert caption(narrate(random_trace(RNN, 1)), ENGLISH) == (
        f"RNN, one timestep: states and their values. {by}"
    )
