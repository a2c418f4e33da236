"""A picture goes to whoever draws it as its plan, and comes out as the same one."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatereel.cli.drawing.task import Task, task_of, unpacked
from gatereel.cli.embedding.illustration import illustrate
from gatereel.cli.embedding.subjects import AnySubject
from gatereel.rnn_math import CELLS, InputError

HERE = Path()
MOST_BYTES = 100_000
"""Of a film of three timesteps: files of models would be many times as large."""


def subject(words: str) -> AnySubject:
    return illustrate(words.split(), HERE, ("lstm",)).subject


def as_task(picture: AnySubject) -> Task:
    return task_of("1", picture, [Path("/a.gif")], picture.frames)


@pytest.mark.parametrize(
    "words",
    [
        *CELLS,
        "lstm --backward",
        "gru --layout portrait --title-card A",
        "rnn --seed 1 --hidden-size 20 --timesteps 12",
        "legend",
        "squash",
        "why state",
        "gradient rnn --timesteps 5 --seed 1",
    ],
)
def test_every_picture_comes_out_as_it_went_in(words: str) -> None:
    picture = subject(words)
    task = as_task(picture)
    assert len(task.packed) < MOST_BYTES
    back = unpacked(task)
    assert type(back) is type(picture)
    assert (
        "fingerprint" not in vars(unpacked(replace(task))) or back.fingerprint == task.fingerprint
    )
    assert back.fingerprint == picture.fingerprint


def test_a_card_comes_out_as_it_went_in() -> None:
    card = illustrate(["lstm"], HERE).card
    assert card is not None
    assert unpacked(as_task(card.subject)).fingerprint == card.fingerprint


def test_the_fingerprint_is_found_anew_by_who_unpacks() -> None:
    task = as_task(subject("rnn"))
    with pytest.raises(InputError, match="another gatereel"):
        unpacked(replace(task, fingerprint="0" * 64))
