"""Sentences of consequence: what they say of the demos, and that no number in them is invented."""

import re

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, DEMOS, Trace, previous, random_parameters, unroll
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.layout import STRIP_MARGIN
from gatereel.scenes.tell.beats import Beat
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.script import operands
from gatereel.scenes.tell.storyboard import narrate
from gatereel.scenes.theme.theme import TypeSizes

ENGLISH = load_language()


def told(trace: Trace, language: str = "en") -> list[Beat]:
    storyboard = narrate(trace, choose_excerpt(trace), language=load_language(language))
    return [beat for beat in storyboard.beats if beat.kind != "complete"]


def trace_of(cell: str, hidden_size: int = 2, input_size: int = 3, seed: int = 0) -> Trace:
    random = np.random.default_rng(seed)
    parameters = random_parameters(CELLS[cell], input_size, hidden_size, seed)
    return unroll(CELLS[cell], parameters, random.normal(size=(3, input_size)))


def demo(cell: str) -> Trace:
    shown = DEMOS[cell]
    return unroll(shown.cell, shown.parameters, shown.inputs, shown.initial)


@pytest.mark.parametrize(
    ("name", "t", "sentence"),
    [
        ("f", 1, "Unit 1 is partly open (0.50): part of the cell state −0.60 is kept."),
        ("fc", 1, "Unit 1 keeps 50 % of −0.60: −0.30."),
        ("g", 1, "Unit 1 proposes 0.93."),
        ("ig", 1, "Unit 1 lets 96 % of 0.93 through: 0.89."),
        ("c", 1, "Unit 1: −0.30 kept and 0.89 new make 0.59."),
        ("tc", 1, "Unit 1: 0.59 is squashed to 0.53."),
        ("h", 1, "Unit 1 lets 82 % of 0.53 through: 0.43."),
        (
            "i",
            2,
            "In unit 1 the forget gate opens (0.96), the input gate closes (0.04) and the output "
            "gate is partly open (0.39).",
        ),
        ("c", 2, "Unit 1: 0.57 kept and 0.03 new make 0.60."),
    ],
)
def test_the_lstm_demo_in_sentences(name: str, t: int, sentence: str) -> None:
    beats = [beat for beat in told(demo("lstm")) if beat.timestep == t and name in beat.appears]
    assert beats[0].telling.sentences[0] == sentence


def test_a_gate_that_differs_in_another_unit_tells_of_both() -> None:
    (beat,) = (beat for beat in told(demo("lstm")) if beat.appears == ("i",))
    full, brief, shortest = beat.telling.sentences
    assert full == (
        "Unit 1 opens (0.96): the candidate gets through. "
        "Unit 2 is partly open (0.34): part of the candidate gets through."
    )
    assert brief == shortest + " Unit 2 is partly open (0.34)."


def test_states_of_zeros_are_called_empty() -> None:
    begins, *_ = told(trace_of("gru"))
    assert begins.telling.sentences == ("Nothing is remembered yet: all states are 0.",)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("hidden_size", "input_size"), [(1, 1), (2, 3), (6, 8), (20, 12)])
@pytest.mark.parametrize("cell", CELLS)
def test_every_step_has_a_sentence_of_numbers_that_were_computed(
    cell: str, hidden_size: int, input_size: int, language: str
) -> None:
    trace = trace_of(cell, hidden_size, input_size)
    room = DIAGRAMS[cell].width - 2 * STRIP_MARGIN
    names = [*map(previous, trace.cell.states), *(node.name for node in trace.cell.nodes)]
    for beat in told(trace, language):
        t = beat.timestep - 1
        computed = {number(value) for name in names for value in trace.vector(name, t)}
        sentences = beat.telling.sentences
        assert sentences, beat.telling.step
        assert text_width(sentences[-1], TypeSizes().sentence) <= room, sentences[-1]
        for sentence in sentences:
            assert set(re.findall(r"−?\d+\.\d\d", sentence)) <= computed, sentence


def test_the_check_for_numbers_can_fail() -> None:
    trace = trace_of("rnn")
    computed = {number(value) for value in trace.vector("h", 0)}
    assert not set(re.findall(r"−?\d+\.\d\d", "Unit 1 goes from 0.00 to 7.77.")) <= computed


def test_shares_are_the_gates_own() -> None:
    trace = demo("gru")
    for beat in told(trace):
        for name in beat.appears:
            found = re.search(r"Unit (\d) (?:keeps|lets) (\d+) %", beat.telling.sentences[0])
            if found and name in beat.appears[-1:] and name in dict(trace.values):
                gate = operands(trace.cell, name)[0]
                share = trace.vector(gate, beat.timestep - 1)[int(found[1]) - 1]
                assert found[2] == f"{100 * share:.0f}"
