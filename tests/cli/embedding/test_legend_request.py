"""The words of a directive that asks for the legend."""

from pathlib import Path

import pytest

from gatereel.cli.embedding.kinds import kind_of, with_defaults
from gatereel.cli.embedding.legend_request import LegendRequest
from gatereel.cli.embedding.request import check_files_within, read_other_request
from gatereel.rnn_math import InputError

DEFAULTS = (
    *("--style", "video", "--lang", "vi", "--theme", "dark", "--width", "600", "--for", "pages"),
    *("--max-seconds", "5", "--once", "--no-caption"),
)
"""All that `gatereel embed` can say for every directive."""


def test_it_has_the_options_of_the_legend_and_of_blocks(tmp_path: Path) -> None:
    words = "Legend LSTM gru lstm --width 500 --style markdown --no-caption --format svg"
    request = read_other_request([*words.split(), "--dark", "safe"], tmp_path)
    assert isinstance(request, LegendRequest)
    assert [cell.name for cell in request.cells] == ["lstm", "gru"]
    assert (request.width, request.format) == (500, "svg")
    assert (request.style, request.caption) == ("markdown", False)
    assert request.reading.dark_theme is not None
    assert request.reading.dark_theme.name == "safe"


@pytest.mark.parametrize(
    ("words", "asked"),
    [(["legend"], True), (["LEGEND", "lstm"], True), (["lstm", "legend"], False), ([], False)],
)
def test_the_first_word_says_it(words: list[str], asked: bool) -> None:
    assert (kind_of(words) == "legend") == asked


def test_of_options_for_all_it_gets_those_that_a_still_has() -> None:
    words = with_defaults(DEFAULTS, ["legend", "lstm", "--lang", "en"])
    assert words == (
        *("legend", "--lang", "vi", "--theme", "dark", "--width", "600", "--for", "pages"),
        *("--no-caption", "lstm", "--lang", "en"),
    )
    assert with_defaults(DEFAULTS, ["lstm", "--once"]) == (*DEFAULTS, "lstm", "--once")


@pytest.mark.parametrize("option", ["--weights", "--timesteps", "--still", "--once", "--units"])
def test_an_option_of_cells_is_an_error_that_names_it(option: str, tmp_path: Path) -> None:
    for words in (["legend", option, "3"], ["legend", f"{option}=3"]):
        with pytest.raises(InputError, match=rf"{option} is not for a legend; .*--format"):
            read_other_request(words, tmp_path)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("legend lsmt", "'lsmt'.*lstm"),
        ("legend --format gif", "'gif' is not one of 'png', 'svg'"),
        ("legend --style video", "'video' is not one of 'picture', 'markdown'"),
        ("legend --lang none.toml", r"none\.toml"),
        ("legend \0", "U\\+0000"),
    ],
)
def test_words_that_cannot_be_used(words: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        read_other_request(words.split(" "), tmp_path)


@pytest.mark.parametrize("option", ["--lang", "--theme", "--dark"])
def test_it_reads_files_of_its_site_alone(option: str, tmp_path: Path) -> None:
    check_files_within(["legend", option, "mine.toml"], tmp_path, tmp_path)
    with pytest.raises(InputError, match=f"{option} .*outside of the site"):
        check_files_within(["legend", option, "../mine.toml"], tmp_path, tmp_path)
