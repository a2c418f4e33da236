"""The film of the gradient: order, numbers, words, seconds; no renderer."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, Cell, InputError, previous
from gatereel.rnn_math.gradients import FinalSum, Gradients, Loss, SquaredError, Unit, backpropagate
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.layout import STRIP_MARGIN
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.tell.acts import CompleteBack, Receive, Send, Turn
from gatereel.scenes.tell.backward import back_steps, narrate_backward, straight_ways
from gatereel.scenes.tell.beats import Storyboard
from gatereel.scenes.tell.description import (
    LONGEST_ALT_TEXT,
    alt_text,
    caption,
    describe,
    sentences,
)
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.tell.script import leaves
from gatereel.scenes.tell.tempo import MisfitError
from gatereel.scenes.tell.words import vector_name
from gatereel.scenes.theme.theme import TypeSizes
from tests.scenes.traces import demo_trace, random_trace

EXACT = 1e-12
LONGEST_FILM, MOST_MEGAPIXELS = 60.0, 200.0

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
every_language = pytest.mark.parametrize("language", LANGUAGES)


def gradients_of(cell: Cell, loss: Loss | None = None) -> Gradients:
    return backpropagate(demo_trace(cell.name), loss or FinalSum())


def told(cell: Cell, language: str = "en", **options: Any) -> Storyboard:
    found = gradients_of(cell)
    return narrate_backward(
        found,
        choose_excerpt(found.trace),
        language=load_language(language),
        **options,
    )


def planned(cell: str, language: str = "en") -> Plan:
    return plan(demo_trace(cell), Options(backward=FinalSum(), language=load_language(language)))


@every_cell
@pytest.mark.parametrize("drawn", [0, 1])
def test_nothing_sends_before_all_has_come_to_it(cell: Cell, drawn: int) -> None:
    """A vector sends when all that is made of it has sent; each sends once."""
    names = [name for step in back_steps(cell, drawn) for name in step.names]
    nodes = [name for name in names if not leaves(name)]
    assert sorted(nodes) == sorted(node.name for node in cell.nodes)
    assert {name for name in names if leaves(name)} == {s + OUT_SUFFIX for s in cell.states}
    for name in nodes:
        made_of_it = [node.name for node in cell.nodes if name in node.operands]
        if name in cell.states:
            made_of_it.append(name + OUT_SUFFIX)
        assert all(names.index(other) < names.index(name) for other in made_of_it)


@every_cell
def test_a_later_timestep_is_told_in_few_steps(cell: Cell) -> None:
    assert len(back_steps(cell, 0)) == len(cell.nodes) + len(cell.states)
    assert len(back_steps(cell, 1)) <= 5


def test_the_straight_way_is_read_off_the_cell() -> None:
    assert straight_ways(CELLS["rnn"]) == frozenset()
    assert straight_ways(CELLS["lstm"]) == {("c_out", "c"), ("c", "fc"), ("fc", "c_prev")}
    assert straight_ways(CELLS["gru"]) == {("h_out", "h"), ("h", "kept"), ("kept", "h_prev")}


@every_cell
def test_every_timestep_ends_with_the_gradients_themselves(cell: Cell) -> None:
    found, story = gradients_of(cell), told(cell)
    excerpt = story.excerpt
    shown: dict[str, tuple[float, ...]] = {}
    for beat, following in pairwise(story.beats):
        for act in beat.acts:
            if isinstance(act, Turn):
                shown.clear()
            if isinstance(act, Receive | CompleteBack):
                shown |= act.values
        if following.kind in ("before", "complete"):
            assert set(shown) == {*cell.vectors, *(s + OUT_SUFFIX for s in cell.states)}
            for name in cell.vectors:
                indices = list(excerpt.indices(cell, name).shown)
                whole = found.vector(name, beat.timestep - 1)
                np.testing.assert_allclose(shown[name], whole[indices], atol=EXACT)
    assert [beat.timestep for beat in story.beats if beat.kind == "before"] == [2, 1]


@every_cell
def test_what_is_sent_is_as_large_as_it_is(cell: Cell) -> None:
    for beat in told(cell).beats:
        sends = [act for act in beat.acts if isinstance(act, Send)]
        assert all(send.size >= 0.0 for send in sends)
        if beat.kind == "back":
            assert sends
        if beat.kind == "before":
            assert {send.way for send in sends} == {"loop"}
            assert {send.source for send in sends} == {previous(s) for s in cell.states}


@every_cell
@every_language
def test_a_film_stays_within_its_budget(cell: Cell, language: str) -> None:
    made = planned(cell.name, language)
    assert made.storyboard.duration <= LONGEST_FILM
    assert made.pictures * made.width * made.height / 1e6 <= MOST_MEGAPIXELS
    assert made.storyboard.beats[0].acts == made.storyboard.still.acts


@every_cell
@every_language
def test_every_step_says_what_it_comes_to_and_has_room(cell: Cell, language: str) -> None:
    made, sizes = planned(cell.name, language), TypeSizes()
    room = made.layout.width - 2 * STRIP_MARGIN
    for beat in made.storyboard.beats:
        telling = beat.telling
        assert telling.sentences
        assert "{" not in " ".join((*telling.sentences, telling.step))
        assert min(text_width(s, sizes.sentence) for s in telling.sentences) <= room, telling
        heading = (
            text_width(telling.step, sizes.step, bold=True)
            + text_width(telling.timestep, sizes.timestep)
            + text_width(telling.title, sizes.title, bold=True)
        )
        assert heading <= room, telling.step


def test_the_straight_way_is_told_with_its_share() -> None:
    (fc,) = (b for b in told(CELLS["lstm"]).beats if b.sends[:1] and b.sends[0].source == "fc")
    assert fc.telling.sentences == ("The straight way: unit 1 keeps 6 % of it, 0.02.",)
    straight = {(send.source, send.target): send.is_straight for send in fc.sends}
    assert straight == {("fc", "f"): False, ("fc", "c_prev"): True}


def test_where_ways_meet_the_sum_is_told() -> None:
    lstm = CELLS["lstm"]
    found = gradients_of(lstm, Unit("c", 0))
    story = narrate_backward(found, choose_excerpt(found.trace), language=load_language())
    said = [sentence for beat in story.beats for sentence in beat.telling.sentences]
    assert any(sentence.startswith("The loss is unit 1 of the cell state") for sentence in said)
    summed = told(CELLS["lstm"])
    back = [b for b in summed.beats if b.kind == "back" and b.sends[0].source == "c_out"]
    assert back[0].telling.sentences[0].startswith("Two ways meet in unit 1: 0.32 and 0.00 make")


def test_a_loss_in_the_middle_begins_there() -> None:
    found = gradients_of(CELLS["gru"], Unit("h", 1, timestep=1))
    story = narrate_backward(found, choose_excerpt(found.trace), language=load_language())
    (loss,) = (beat for beat in story.beats if beat.kind == "loss")
    assert loss.timestep == 2
    assert "unit 2 of the hidden state after timestep 2" in loss.telling.sentences[0]
    assert {beat.timestep for beat in story.beats if beat.kind == "back"} == {1, 2}


def test_a_loss_after_what_is_drawn_comes_from_there() -> None:
    trace = random_trace(CELLS["lstm"], 6)
    found = backpropagate(trace, FinalSum())
    story = narrate_backward(
        found, choose_excerpt(trace, start=1, stop=3), language=load_language()
    )
    (loss,) = (beat for beat in story.beats if beat.kind == "loss")
    assert loss.telling.sentences == ("This is what timestep 4 and all after it send back.",)


def test_a_squared_error_is_told_as_such() -> None:
    found = gradients_of(CELLS["rnn"], SquaredError(np.zeros((3, 2))))
    story = narrate_backward(found, choose_excerpt(found.trace), language=load_language())
    (loss,) = (beat for beat in story.beats if beat.kind == "loss")
    assert "half the squared error of the hidden state" in loss.telling.sentences[0]


@every_cell
@every_language
def test_words_beside_the_picture_tell_the_way_back(cell: Cell, language: str) -> None:
    story, words = told(cell, language), load_language(language)
    assert len(alt_text(story, words)) <= LONGEST_ALT_TEXT
    assert 2 <= len(sentences(story, words)) <= 4
    assert len(describe(story, words).rows) == len(story.beats) - 1
    assert caption(story, words)
    if language == "en":
        assert "then the gradient of the loss goes back" in alt_text(story, words)
        *_, back, ends = sentences(story, words)
        assert back.startswith("At timestep 3 it goes back through hidden state")
        assert all(vector_name(cell, node.name, words) in back for node in cell.nodes)
        assert ends.startswith("Before timestep 1: ")
    steps = [row.html for row in describe(story, words).rows]
    assert any("∂L/∂" in equation for _, _, equation, _ in steps)


def test_a_pace_and_a_limit_are_kept() -> None:
    lstm = CELLS["lstm"]
    slow = told(lstm, pace=3.0)
    assert slow.duration > told(lstm).duration
    assert told(lstm, most_seconds=40.0).duration <= 40.0
    with pytest.raises(MisfitError, match="takes at least"):
        told(lstm, most_seconds=10.0)
    with pytest.raises(MisfitError, match=r"takes \d+ s at 3 s a step"):
        told(lstm, pace=3.0, most_seconds=40.0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"page": "portrait"}, "--layout portrait"),
        ({"values": False}, "film without numbers"),
        ({"levels": False}, "film without numbers"),
    ],
)
def test_what_the_way_back_has_not_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=f"--backward has no {message}"):
        plan(demo_trace("lstm"), Options(backward=FinalSum(), **options))


def test_captions_can_be_left_to_who_speaks() -> None:
    assert not any(beat.telling.sentences for beat in told(CELLS["rnn"], captions=False).beats)
