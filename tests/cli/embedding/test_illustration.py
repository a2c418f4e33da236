"""What a directive comes to: which pictures, under which names, in which words."""

import re
from pathlib import Path

import pytest

from gatereel.cli.embedding.illustration import Illustration, block, illustrate
from gatereel.cli.embedding.subjects import LegendSubject
from gatereel.cli.sites.conventions import DEFAULT_CONVENTIONS
from gatereel.rnn_math import InputError


def legend(words: str = "legend", post_cells: tuple[str, ...] | None = ()) -> Illustration:
    return illustrate(words.split(), Path(), post_cells)


def symbols(illustration: Illustration) -> list[str]:
    assert isinstance(illustration.subject, LegendSubject)
    return [symbol.operation for symbol in illustration.subject.plan.symbols]


def test_a_legend_has_the_symbols_of_its_post() -> None:
    assert len(symbols(legend())) == 9
    assert symbols(legend(post_cells=("rnn",))) == ["concatenate", "weighted sum + tanh"]
    assert symbols(legend("legend rnn", ("lstm", "gru"))) == symbols(legend(post_cells=("rnn",)))


def test_the_three_illustrated_cells_have_the_six_of_their_own_legend() -> None:
    assert symbols(legend(post_cells=("gru", "rnn", "lstm"))) == [
        *("concatenate", "weighted sum + sigmoid", "weighted sum + tanh"),
        *("multiplication", "addition", "one minus"),
    ]
    assert "tanh" in symbols(legend("legend rnn lstm gru"))
    assert "tanh" in symbols(legend(post_cells=("lstm", "gru")))


def test_the_order_of_a_post_makes_no_other_picture() -> None:
    one, other = (legend(post_cells=cells) for cells in (("lstm", "gru"), ("gru", "lstm")))
    assert one.light.fingerprint == other.light.fingerprint


def test_without_all_cells_known_they_must_be_named() -> None:
    with pytest.raises(InputError, match="name the cells: <!-- gatereel: legend lstm gru -->"):
        legend(post_cells=None)
    assert symbols(legend("legend rnn", None))


def test_names_tell_cells_legends_and_themes() -> None:
    shown = legend("legend lstm")
    names = [variant.file_name(suffix) for variant in shown.variants for suffix in (".png",)]
    assert [name[:-12] for name in names] == ["legend-", "legend-dark-"]
    assert shown.card is None
    cell = illustrate(["rnn", "--timesteps", "1", "--still", "--theme", "safe"], Path())
    assert cell.card is not None
    assert cell.card.file_name(".png").startswith("rnn-card-safe-")


def test_every_choice_makes_another_file() -> None:
    words = (
        *("legend", "legend lstm", "legend gru", "legend --width 500", "legend --lang vi"),
        *("legend --theme safe", "legend --transparent"),
    )
    marks = [legend(each).light.fingerprint for each in words]
    assert len(set(marks)) == len(words)
    assert legend("legend --format svg").light.suffixes == (".svg",)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("legend --for devto --format svg", "dev.to does not show .svg"),
        ("legend --for medium --width 1500", "Medium shows up to 1400"),
        ("legend --for devto --style picture", "dev.to does not take --style picture"),
    ],
)
def test_places_have_their_say(words: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        legend(words)


@pytest.mark.parametrize(
    ("words", "where"),
    [("--for github", "GitHub"), ("--style video", "a <video>")],
)
def test_where_no_style_sheet_follows_the_page_it_is_told(words: str, where: str) -> None:
    shown = illustrate(("rnn", *words.split(), "--dark", "page"), Path())
    (note,) = (note for note in shown.notes if note.startswith("--dark page"))
    assert where in note
    assert not illustrate(("rnn", "--dark", "page"), Path()).notes


def test_narrow_screens_get_a_film_of_their_own() -> None:
    shown = illustrate(("lstm",), Path())
    assert [variant.subject.name for variant in shown.variants] == [
        *("lstm", "lstm", "lstm-portrait", "lstm-portrait"),
    ]
    markup = block(shown, lambda name: name, DEFAULT_CONVENTIONS, in_paragraph=False)
    sources = re.findall(r'<source media="([^"]*)" srcset="([^"]*)"', markup)
    narrow, wide = sources[:4], sources[4:]
    assert all("(max-width: 600px)" in media and "portrait" in name for media, name in narrow)
    assert not any("max-width" in media or "portrait" in name for media, name in wide)
    assert narrow[-1][0] == "(max-width: 600px)"
    assert 'width="720" height="900"' in markup


@pytest.mark.parametrize(
    "words", ["--narrow none", "--still", "--style markdown", "--for github", "--plain"]
)
def test_where_there_is_no_other_film_all_screens_get_one(words: str) -> None:
    assert not illustrate(("lstm", *words.split()), Path()).narrow


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("--still", "--still has no film"),
        ("--style video", "--style picture alone"),
        ("--for github", "--for takes one picture"),
        ("--layout wide", "--layout wide is for all screens"),
        ("--no-strip", "the picture has no numbers or words"),
    ],
)
def test_what_was_asked_for_narrow_screens_and_cannot_be_is_told(words: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        illustrate(("lstm", *words.split(), "--narrow", "square"), Path())
