"""Cells that are drawn where a file has them: what is shown, told and refused of each."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gatereel.rnn_math import CELLS, LSTM, Cell, InputError, Projection, Trace, previous
from gatereel.rnn_math.cells import RELATIVES
from gatereel.rnn_math.cells.relatives.lstm_peepholes import LSTM_COUPLED, LSTM_PEEPHOLES
from gatereel.rnn_math.cells.relatives.lstm_projected import lstm_projected
from gatereel.rnn_math.gradients import FinalSum
from gatereel.rnn_math.printing import PLAIN
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw.legend import cards, told
from gatereel.scenes.fingerprint import fingerprint
from gatereel.scenes.language.files import load_language
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.tell.closeup import Rows, Terms
from gatereel.scenes.tell.excerpt import ProjectedExcerpt, choose_excerpt
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.tell.numbers import number
from tests.scenes.traces import narrate, random_trace
from tests.scenes.typst_text import written

WIDTHS = (1, 2, 6, 8)
"""Of a projected state: shown in full, or with more than there is room for."""

DRAWN: tuple[Cell, ...] = (
    *(cell for cell in RELATIVES.values() if not cell.projected),
    *map(lstm_projected, WIDTHS),
)

every_relative = pytest.mark.parametrize(
    "cell", DRAWN, ids=[f"{cell.name} {cell.projected or ''}".strip() for cell in DRAWN]
)


def large_trace(cell: Cell) -> Trace:
    return random_trace(cell, input_size=12, hidden_size=20)


@every_relative
@pytest.mark.parametrize(("input_size", "hidden_size"), [(1, 1), (3, 2), (8, 6), (12, 20)])
def test_a_relative_is_planned_in_every_size(cell: Cell, input_size: int, hidden_size: int) -> None:
    trace = random_trace(cell, input_size=input_size, hidden_size=hidden_size)
    for options in (Options(), Options(page="portrait"), Options(values=False)):
        planned = plan(trace, options)
        for row in planned.layout.rows.values():
            shown = sum(not disc.is_rest for disc in row.discs)
            assert len(row.value_spots) in (0, shown)
        for name, told_values in planned.storyboard.still.values.items():
            assert len(told_values) == sum(
                not disc.is_rest for disc in planned.layout.rows[name].discs
            )


@every_relative
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hidden_size", [2, 20])
def test_every_sentence_is_of_numbers_that_were_computed(
    cell: Cell, language: str, hidden_size: int
) -> None:
    trace = random_trace(cell, input_size=3, hidden_size=hidden_size)
    names = [*map(previous, cell.states), *(node.name for node in cell.nodes)]
    for beat in narrate(trace, language=load_language(language)).beats:
        t = beat.timestep - 1
        computed = {number(value) for name in names for value in trace.vector(name, t)}
        assert beat.telling.sentences, beat.telling.step
        for sentence in beat.telling.sentences:
            assert set(re.findall(r"−?\d+\.\d\d", sentence)) <= computed, sentence


@every_relative
def test_the_way_back_is_refused_by_name(cell: Cell) -> None:
    with pytest.raises(InputError, match=re.escape(f"way back through {cell.title} is not drawn")):
        plan(random_trace(cell), Options(backward=FinalSum()))


@every_relative
def test_a_relative_has_words_in_every_language(cell: Cell) -> None:
    for language in map(load_language, LANGUAGES):
        assert set(language.vectors[cell.name]) == {node.name for node in cell.nodes}
        assert language.titles[cell.name]
        assert language.long_names[cell.name]


def test_words_of_relatives_are_no_part_of_what_others_are_drawn_of() -> None:
    english = load_language()
    other = replace(english, titles={**english.titles, **dict.fromkeys(RELATIVES, "Other")})
    for cell in (LSTM, *RELATIVES.values()):
        trace = random_trace(cell)
        same = fingerprint(plan(trace)) == fingerprint(plan(trace, Options(language=other)))
        assert same == (cell.name in CELLS)


def test_a_language_of_ones_own_may_lack_words_for_relatives(tmp_path: Path) -> None:
    import gatereel.scenes.language as own

    text = (Path(own.__file__).parent / "en.toml").read_text(encoding="utf-8")
    text = re.sub(r"\[vectors\.lstm-.+\]\n(?:.+\n)+", "", text)
    text = re.sub(rf"^(?:{'|'.join(RELATIVES)}|projection) = .*\n", "", text, flags=re.MULTILINE)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    mine = load_language(path)
    for name in RELATIVES:
        assert name not in mine.titles
        assert not mine.vectors.get(name)
    for cell in RELATIVES.values():
        assert plan(random_trace(cell), Options(language=mine)).frames > 0


def test_a_coupled_cell_tells_of_one_gate_that_is_computed_and_one_that_is_what_is_left() -> None:
    trace = random_trace(LSTM_COUPLED)
    diagram = DIAGRAMS[LSTM_COUPLED.name]
    assert "f.in" not in {row.name for row in diagram.rows}
    (told_f,) = (beat for beat in narrate(trace).beats if beat.appears == ("f",))
    found = re.fullmatch(r"Unit (\d): 1 − (.+) leaves (.+)\.", told_f.telling.sentences[0])
    assert found is not None
    unit = int(found[1]) - 1
    assert found[2] == number(float(trace.vector("i", 0)[unit]))
    assert found[3] == number(float(trace.vector("f", 0)[unit]))
    together = [
        s for beat in narrate(trace).beats for s in beat.telling.sentences if "In unit" in s
    ]
    assert together
    assert not any("forget gate" in sentence for sentence in together)


def test_gates_with_peepholes_read_the_cell_state_and_the_candidate_does_not() -> None:
    trace = random_trace(LSTM_PEEPHOLES)
    rows = {row.name: row for row in plan(trace).layout.diagram.rows}
    read = {name: {part.role for part in rows[f"{name}.in"].stretches} for name in "figo"}
    assert read["f"] == read["i"] == {"hidden state in", "input", "cell state in"}
    assert read["o"] == {"hidden state in", "input", "cell state out"}
    assert read["g"] == {"hidden state in", "input"}


def test_what_some_sums_see_is_not_said_to_be_seen_by_all() -> None:
    for language in map(load_language, LANGUAGES):
        beats = narrate(random_trace(LSTM_PEEPHOLES), language=language).beats
        whole = language.consequences.joins
        for name, count in (("hx", 5), ("hxc", 7), ("hxn", 7)):
            (joined,) = (beat for beat in beats if beat.appears == (name,))
            (said,) = joined.telling.sentences
            assert str(count) in said
            assert len(said) < len(whole)
            assert not said.endswith(whole.partition(": ")[2] + ".")


def test_a_concatenation_in_another_is_written_and_seen_part_by_part() -> None:
    equation = PLAIN.text(LSTM_PEEPHOLES.formula("hxn"))
    assert equation.count("[") == 1
    planned = plan(random_trace(LSTM_PEEPHOLES), Options(page="portrait"))
    (seen,) = (b.closeup for b in planned.storyboard.beats if b.appears == ("hxc",))
    assert isinstance(seen, Rows)
    assert [len(row) for row in seen.rows] == [2, 3, 2]


# --- the projection ------------------------------------------------------------------------------


def test_units_and_projected_values_are_chosen_of_their_own() -> None:
    excerpt = choose_excerpt(large_trace(lstm_projected(8)))
    assert isinstance(excerpt, ProjectedExcerpt)
    assert len(excerpt.units) == len(excerpt.projected) == 2
    assert excerpt.counts() == {"hidden": (2, True), "input": (3, True), "projected": (2, True)}
    all_of_h = choose_excerpt(large_trace(lstm_projected(5)), units=(7, 19))
    assert isinstance(all_of_h, ProjectedExcerpt)
    assert (all_of_h.units, all_of_h.projected) == ((7, 19), (0, 1, 2, 3, 4))


def test_an_lstm_without_a_projection_is_cut_as_before() -> None:
    assert type(choose_excerpt(large_trace(LSTM))).__name__ == "Excerpt"


def test_what_is_left_out_of_a_projected_state_is_said() -> None:
    planned = plan(large_trace(lstm_projected(8)))
    full, brief = planned.storyboard.still.telling.shown
    assert "hidden state: units " in full
    assert "hidden state: 2 of 8 units" in brief
    assert " of h" in planned.metadata["comment"]
    shown_in_full = plan(large_trace(lstm_projected(5))).storyboard.still.telling.shown
    assert not any("hidden state" in form for form in shown_in_full)


def test_a_sentence_about_a_projected_state_names_it() -> None:
    sentences = [
        beat.telling.sentences[0]
        for beat in narrate(large_trace(lstm_projected(8))).beats
        if beat.appears == ("h",)
    ]
    assert sentences
    assert all(sentence.startswith("Hidden state: unit ") for sentence in sentences)


def test_a_projection_has_no_bias_in_what_is_told() -> None:
    trace = random_trace(lstm_projected(2), hidden_size=4)
    beats = [beat for beat in narrate(trace).beats if beat.appears == ("h",)]
    _, apart = beats[0].telling.numbers
    # Each product, and nothing after them.
    terms = re.split(r" [+-] ", written(apart).partition(" ≈ ")[0])
    assert len(terms) == len(trace.parameters.weights["h"][0])
    assert all(" ⋅ " in term for term in terms)
    planned = plan(trace, Options(page="portrait"))
    seen = [
        beat.closeup
        for beat in planned.storyboard.beats
        if isinstance(beat.closeup, Terms) and "h" in beat.appears
    ]
    assert seen
    assert all(each.bias is None for each in seen)


def test_the_legend_of_a_projected_cell_explains_the_projection() -> None:
    cell = lstm_projected(2)
    (card,) = (card for card in cards((cell,)) if isinstance(card.operation, Projection))
    assert (told(card).letter, told(card).has_fan) == ("P", True)
    assert not any(isinstance(card.operation, Projection) for card in cards())
