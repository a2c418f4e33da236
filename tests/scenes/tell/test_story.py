"""A demo's claims as a sentence, in the words of a language."""

import re
from dataclasses import replace

import pytest

from gatereel.rnn_math import CELLS, DEMOS, RNN, Claim, demo
from gatereel.scenes.language.files import load_language
from gatereel.scenes.tell.claims import story as story_of
from gatereel.scenes.tell.language import LANGUAGES
from tests.scenes.traces import ENGLISH

every_demo = pytest.mark.parametrize("name", DEMOS)


@pytest.mark.parametrize(
    ("name", "story"),
    [
        (
            "rnn",
            "In unit 1 the hidden state rises at timestep 1, fades at timestep 2 "
            "and still holds some of it at timestep 3.",
        ),
        (
            "lstm",
            "In unit 1 the input gate opens at timestep 1, the cell state keeps its value "
            "at timestep 2 and the forget gate closes at timestep 3.",
        ),
        (
            "gru",
            "In unit 1 the update gate opens at timestep 1, the hidden state keeps its value "
            "at timestep 2 and the reset gate closes at timestep 3.",
        ),
        (
            "rnn-relu",
            "In unit 1 the hidden state rises at timestep 1, fades at timestep 2 "
            "and is cut to 0 at timestep 3.",
        ),
        (
            "gru-reset-before",
            "In unit 1 the update gate closes at timestep 1, the hidden state keeps its value "
            "at timestep 2 and the reset gate closes at timestep 3.",
        ),
        (
            "gru-reset-after",
            "In unit 1 the update gate closes at timestep 1, the hidden state keeps its value "
            "at timestep 2 and the reset gate closes at timestep 3.",
        ),
    ],
)
def test_the_story_is_one_sentence_made_of_the_claims(name: str, story: str) -> None:
    cell = CELLS[name]
    assert story_of(cell, demo(cell).claims, ENGLISH) == story
    timesteps = [int(t) - 1 for t in re.findall(r"timestep (\d)", story)]
    assert timesteps == [claim.timestep for claim in demo(CELLS[name]).claims]


@pytest.mark.parametrize(
    ("claims", "story"),
    [
        ((), ""),
        ((Claim("h", 0, 0, "rises"),), "In unit 1 the hidden state rises at timestep 1."),
        ((Claim("h", 1, 1, "stops"),), "In unit 2 the hidden state is cut to 0 at timestep 2."),
        (
            (Claim("h", 0, 0, "rises"), Claim("h", 1, 1, "fades")),
            "In unit 1 the hidden state rises at timestep 1 and in unit 2 the hidden state fades "
            "at timestep 2.",
        ),
    ],
    ids=["none", "one", "another", "of two units"],
)
def test_a_story_of_few_claims(claims: tuple[Claim, ...], story: str) -> None:
    assert story_of(RNN, claims, ENGLISH) == story


def test_a_story_of_a_cell_that_has_no_names() -> None:
    told = story_of(replace(RNN, name="other"), demo(RNN).claims, ENGLISH)
    assert told.startswith("In unit 1 the hidden state rises at timestep 1,")


@every_demo
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_names_every_unit_node_and_timestep(name: str, language: str) -> None:
    words, cell = load_language(language), CELLS[name]
    for in_brief in (False, True):
        told = story_of(cell, demo(cell).claims, words, in_brief=in_brief)
        for claim in demo(cell).claims:
            assert words.predicates[claim.verb] in told
            assert words.vectors[name][claim.node] in told
        assert re.findall(r"\d", told.replace(words.predicates["stops"], "")) == ["1", *"123"]
        assert told[0].isupper()
        assert told.endswith(".")


@every_demo
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_brief_a_story_is_shorter(name: str, language: str) -> None:
    words, cell = load_language(language), CELLS[name]
    claims = demo(cell).claims
    brief = story_of(cell, claims, words, in_brief=True)
    assert len(brief) < len(story_of(cell, claims, words))


def test_the_story_in_vietnamese() -> None:
    assert story_of(RNN, demo(RNN).claims, load_language("vi")) == (
        "Ở đơn vị 1, trạng thái ẩn tăng ở bước thời gian 1, giảm dần ở bước thời gian 2 "
        "và vẫn còn giữ một phần ở bước thời gian 3."
    )
