"""`--for` and `--max-seconds`: what is planned, what is told, what is written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageSequence

from gatereel.rnn_math import CELLS
from gatereel.scenes.places import PLACES

Command = Callable[..., Any]

SMALL = ("--width", "200", "--timesteps", "1", "--fps", "10")
"""Nothing is fitted where all of this was asked for."""

CLOUDFLARE = (
    "gatereel: Cloudflare Images shows up to 50 megapixels (width x height x frames); 720 pixels "
    "wide instead of 1125, 15 frames a second instead of 25\n"
)


def test_what_a_place_takes_is_told_on_the_side(gatereel: Command) -> None:
    ended = gatereel("render", "lstm", "--for", "cloudflare", "--dry-run")
    assert (ended.code, ended.err) == (0, CLOUDFLARE)
    assert "\n720x544, " in ended.out
    assert gatereel("render", "lstm", "--for", "cloudflare", "--dry-run", "--quiet").err == ""


def test_a_place_with_room_enough_changes_and_tells_nothing(gatereel: Command) -> None:
    plain = gatereel("render", "all", "--dry-run")
    assert (plain.code, plain.err) == (0, "")
    for place in (name for name in PLACES if name != "cloudflare"):
        assert gatereel("render", "all", "--for", place, "--dry-run") == plain, place


def test_the_seconds_are_kept_and_what_they_take_is_told(gatereel: Command) -> None:
    ended = gatereel("render", "all", "--max-seconds", "5", "--once", "--dry-run")
    assert ended.out.count(" 5.0 s, 125 frame times") == len(CELLS)
    assert "gatereel: 5 s are enough for 1 of 3 timesteps\n" in ended.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lstm", "--for", "nowhere"), "github"),
        (("lstm", "--for", "medium", "-o", "a.mp4"), "does not show .mp4 files; .gif and .png"),
        (("lstm", "--for", "medium", "--width", "1600"), "Medium shows up to 1400 pixels"),
        (
            ("lstm", "--for", "cloudflare", "--width", "1125", "--timesteps", "3"),
            "With 720 pixels in width it would fit.",
        ),
        (
            ("lstm", "--for", "cloudflare", "--width", "1125", "--to", "3"),
            "With 720 pixels in width it would fit.",
        ),
        (("gru", "--max-seconds", "5", "--timesteps", "3"), "With 1 timestep it would fit."),
        (("gru", "--max-seconds", "5", "--pace", "1"), "With a pace of 0.27 s it would fit."),
        (("gru", "--max-seconds", "1"), "1 s are too few"),
        (("gru", "--max-seconds", "nan"), "give a number"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_is_refused_with_the_next_step(
    gatereel: Command, folder: Path, words: tuple[str, ...], told: str
) -> None:
    ended = gatereel("render", *words)
    assert ended.code == 2
    assert told in ended.err
    assert list(folder.iterdir()) == []


def test_names_with_capitals_are_mentioned_where_they_count(gatereel: Command) -> None:
    ended = gatereel("render", "rnn", "--for", "pages", "-o", "RNN.gif", "--dry-run")
    assert "link to RNN.gif exactly so" in ended.err


@pytest.mark.slow
def test_all_cells_for_a_place(gatereel: Command, folder: Path) -> None:
    ended = gatereel("render", "all", "--for", "devto", "-o", "media/", *SMALL, "--pace", "0.2")
    assert (ended.code, ended.err) == (0, "")
    made = sorted(path.name for path in (folder / "media").iterdir())
    assert made == sorted(f"{name}.gif" for name in CELLS)


@pytest.mark.slow
def test_a_short_film_really_lasts_its_seconds_and_plays_once(
    gatereel: Command, folder: Path
) -> None:
    words = ("--max-seconds", "4", "--once", "--width", "200", "-o", "rnn.gif", "-o", "rnn.webp")
    assert gatereel("render", "rnn", *words).code == 0
    for name, loops in (("rnn.gif", None), ("rnn.webp", 1)):
        with Image.open(folder / name) as image:
            assert image.info.get("loop") == loops
            milliseconds = 0
            for page in ImageSequence.Iterator(image):
                page.load()
                milliseconds += page.info["duration"]
        assert 3900 <= milliseconds <= 4000


@pytest.mark.slow
def test_a_file_that_came_out_too_large_is_not_written(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the estimate had been too small."""
    tight = replace(PLACES["github"], most_bytes=2_000)
    monkeypatch.setattr("gatereel.cli.options.look.PLACES", {"github": tight})
    monkeypatch.setattr("gatereel.scenes.fitting.estimated_bytes", lambda planned, suffix: 0)
    (folder / "rnn.gif").write_bytes(b"old")
    ended = gatereel("render", "rnn", "--for", "github", *SMALL)
    assert ended.code == 2
    assert "rnn.gif has 0.1 MB; GitHub shows up to 0.002 MB. It was not written" in ended.err
    assert [path.name for path in folder.iterdir()] == ["rnn.gif"]
    assert (folder / "rnn.gif").read_bytes() == b"old"
