"""The words of a directive."""

from pathlib import Path

import pytest

from gatereel.cli.embedding.reading_options import DARK_BY
from gatereel.cli.embedding.request import read_request
from gatereel.rnn_math import InputError


def test_a_directive_has_the_options_of_render_and_its_own(tmp_path: Path) -> None:
    words = "LSTM --hidden-size 2 --units 1 --to 2 --width 500 --once --style video --no-caption"
    request = read_request([*words.split(), "--dark", "safe", "--still"], tmp_path)
    assert (request.cell, request.source.hidden_size) == ("lstm", 2)
    assert (request.selection.units, request.selection.window.last) == ((1,), 2)
    assert (request.look.width, request.look.once) == (500, True)
    assert (request.style, request.caption, request.still) == ("video", False, True)
    assert request.reading.dark_theme is not None
    assert request.reading.dark_theme.name == "safe"


@pytest.mark.parametrize("by", DARK_BY)
def test_dark_says_whose_darkness_counts(by: str, tmp_path: Path) -> None:
    reading = read_request(["rnn", "--dark", by], tmp_path).reading
    assert (reading.dark_by, reading.dark_theme) == (by, None)


@pytest.mark.parametrize(
    ("given", "width"), [("600", "600"), ("600px", "600"), ("60%", "60%"), (" 60% ", "60%")]
)
def test_a_width_is_pixels_or_a_share(given: str, width: str, tmp_path: Path) -> None:
    assert read_request(["rnn", "--display-width", given], tmp_path).reading.display_width == width


def test_the_last_word_counts(tmp_path: Path) -> None:
    request = read_request(["--width", "500", "--caption", "rnn", "--width", "400"], tmp_path)
    assert request.look.width == 400


def test_files_are_looked_for_beside_the_post(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('base = "dark"\n[colours]\naccent = "#abcdef"\n')
    here = Path.cwd()
    request = read_request(["rnn", "--theme", "mine.toml"], tmp_path)
    assert request.look.theme is not None
    assert (request.look.theme.name, request.look.theme.accent) == ("mine", "#abcdef")
    assert Path.cwd() == here


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("lsmt", r"'lsmt' is none of rnn, .* Did you mean lstm\?"),
        ("lengend lstm", r"'lengend' is none of rnn, .* Did you mean legend\?"),
        ("--lang vi legend", "a directive whose first word is legend"),
        ("lstm --nothing", r"No such option.*--nothing"),
        ("lstm gru", "unexpected extra argument"),
        ("lstm --width wide", "'wide' is not a valid"),
        ("lstm --theme none.toml", r"none\.toml"),
        ("lstm --style flash", "'flash' is not one of 'picture', 'video', 'markdown'"),
        ("lstm -o x.gif", "No such option.*-o"),
        ("lstm --inputs -", "cannot read the standard input; name a file"),
        ("lstm --display-width wide", "'wide' is no width; give pixels, such as 600, or a share"),
        ("lstm --display-width 0", "'0' is no width"),
        ("lstm --link javascript:a()", "--link 'javascript:a.*' begins with javascript:"),
        ("lstm --link a<b", "--link 'a<b' holds '<'"),
        ("lstm --id 1x", "--id '1x' is no name"),
        ("lstm --describe all", "'all' is not one of 'text', 'table', 'none'"),
        ("lstm --help", "No such option.*--help"),
    ],
)
def test_words_that_cannot_be_used(words: str, message: str, tmp_path: Path) -> None:
    here = Path.cwd()
    with pytest.raises(InputError, match=message):
        read_request(words.split(), tmp_path)
    assert Path.cwd() == here
