"""Directives that ask for a clip: squash, why, gradient."""

from pathlib import Path

import pytest

from gatereel.cli.embedding.clip_request import CLIP_DIRECTIVES, ClipRequest
from gatereel.cli.embedding.illustration import illustrate
from gatereel.cli.embedding.kinds import kind_of, with_defaults
from gatereel.cli.embedding.request import check_files_within, read_other_request
from gatereel.rnn_math import InputError
from gatereel.scenes.clips import Gradient, Slopes, Squash, Why


def read(words: str, folder: Path) -> ClipRequest:
    found = read_other_request(words.split(), folder)
    assert isinstance(found, ClipRequest)
    return found


def test_each_is_read_as_its_command(tmp_path: Path) -> None:
    assert read("squash tanh --values 1,-2", tmp_path).content == Squash(("tanh",), (1.0, -2.0))
    assert read("why gate", tmp_path).content == Why("gate")
    assert read("Why slopes --once", tmp_path).content == Slopes()
    request = read("gradient rnn lstm --timesteps 30 --no-caption", tmp_path)
    assert isinstance(request.content, Gradient)
    assert [each.name for each in request.content.bands] == ["rnn", "lstm"]
    assert request.content.timesteps == 30
    assert not request.caption


@pytest.mark.parametrize("kind", CLIP_DIRECTIVES)
def test_the_first_word_says_it(kind: str) -> None:
    assert kind_of([kind.upper(), "x"]) == kind
    assert kind_of(["lstm", kind]) is None


def test_of_options_for_all_it_gets_those_that_it_has() -> None:
    defaults = ("--style", "video", "--max-seconds", "5", "--lang", "vi", "--once")
    assert with_defaults(defaults, ["squash", "tanh"]) == (
        *("squash", "--style", "video", "--lang", "vi", "--once", "tanh"),
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("squash --weights a.pt", "--weights is not for `squash`"),
        ("why", "Missing argument"),
        ("why because", "'because' is none of"),
        ("gradient --narrow portrait", "--narrow portrait: a clip has one form"),
        ("squash --still --style video", "--still has no film"),
        ("squash --for github --style video", "GitHub does not take --style video"),
    ],
)
def test_what_cannot_be_used_is_told(words: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        illustrate(words.split(), tmp_path)


def test_it_reads_files_of_its_site_alone(tmp_path: Path) -> None:
    check_files_within(["gradient", "--weights", "a.pt"], tmp_path, tmp_path)
    for words in (
        ["gradient", "--weights", "a.pt", "--weights", "../b.pt"],
        ["gradient", "--inputs", "../x.csv"],
        ["squash", "--theme", "../t.toml"],
    ):
        with pytest.raises(InputError, match="outside of the site"):
            check_files_within(words, tmp_path, tmp_path)


def test_a_clip_has_a_film_and_a_still_and_dark_ones(tmp_path: Path) -> None:
    found = illustrate(["why", "state"], tmp_path)
    assert found.light.suffixes == (".gif", ".png")
    assert found.light.file_name(".gif").startswith("why-state-")
    assert found.dark is not None
    assert found.dark.subject.plan.theme.name == "dark"
    assert found.narrow == ()
    assert found.subject.alt().startswith("A state times 3 in every timestep.")
    assert found.subject.caption() == "A state times 3 in every timestep."
    assert found.subject.cell is None
