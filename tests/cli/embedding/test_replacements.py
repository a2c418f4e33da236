"""Old images become directives: which cell, which line, and what stays."""

import pytest

from gatereel.cli.embedding.replacements import Replaced, replaced
from gatereel.cli.posts import read_post

LSTM, GIF = "https://example.com/illustrated-lstm.gif", "https://example.com/picture.gif"


def replace(
    text: str, *old: str, cell: str | None = None, defaults: tuple[str, ...] = ()
) -> Replaced:
    return replaced(read_post(text.encode()), dict.fromkeys(old, cell), defaults)


def text_of(found: Replaced) -> str:
    assert found.post is not None
    return found.post.text


@pytest.mark.parametrize(
    ("text", "old", "cell", "directive"),
    [
        (f"![]({LSTM})", LSTM, None, "lstm"),
        (f"![A GRU]({LSTM})", LSTM, None, "lstm"),  # words name the wrong cell more often
        (f"![A GRU]({GIF})", GIF, None, "gru"),
        (f"![]({GIF})", GIF, "rnn", "rnn"),
        (f"![]({LSTM})", LSTM, "rnn", "rnn"),
    ],
)
def test_which_cell_takes_an_image_s_place(
    text: str, old: str, cell: str | None, directive: str
) -> None:
    found = replace(text, old, cell=cell)
    assert text_of(found) == f"<!-- gatereel: {directive} -->\n<!-- /gatereel -->"
    assert (found.problems, found.found) == ((), frozenset({old}))


def test_options_for_all_stand_in_the_directive() -> None:
    found = replace(f"![]({LSTM})\n", LSTM, defaults=("--style", "video", "--once"))
    assert text_of(found).startswith("<!-- gatereel: lstm --style video --once -->\n")


@pytest.mark.parametrize("alt", ["", "Two cells: RNN and GRU"])
def test_an_image_that_names_no_cell_stays(alt: str) -> None:
    found = replace(f"\n![{alt}]({GIF})\n", GIF)
    assert found.post is None
    ((line, reason),) = found.problems
    assert (line, reason.endswith("say which by --cell.")) == (2, True)


def test_lines_are_known_in_both_posts() -> None:
    text = f"one\n![]({LSTM})\nthree\n![GRU]({GIF})\nfive with ![GRU]({GIF}) in it\n![]({LSTM})"
    found = replace(text, LSTM, GIF)
    new = text_of(found).splitlines()
    assert found.lines == {2: 2, 5: 4, 8: 6}
    assert all(new[line - 1].startswith("<!-- gatereel: ") for line in found.lines)
    assert found.remaining == (5,)
    assert found.was == {2: f"![]({LSTM})", 4: f"![GRU]({GIF})", 6: f"![]({LSTM})"}


def test_nothing_to_replace() -> None:
    assert replace("text\n", LSTM) == Replaced()
