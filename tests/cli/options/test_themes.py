"""`--theme` and `--transparent`, of `gatereel render` and `gatereel legend`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gatereel.cli.app import WRONG_USE
from gatereel.scenes import render as scenes_render
from gatereel.scenes.export import Written
from gatereel.scenes.plan import Options, Plan
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import THEMES, rgb
from tests.cli.plans import demo_plan

Command = Callable[..., Any]

every_command = pytest.mark.parametrize("command", ["render", "legend"])


@pytest.mark.slow
@pytest.mark.parametrize("name", THEMES)
@every_command
def test_a_theme_colours_the_picture(
    gatereel: Command, folder: Path, command: str, name: str
) -> None:
    ended = gatereel(command, "rnn", "-o", "a.png", "--width", "300", "--theme", name)
    assert (ended.code, ended.err) == (0, "")
    theme = load_theme(name)
    with Image.open(folder / "a.png") as picture:
        assert picture.mode == "RGB"
        assert picture.getpixel((0, 0)) == rgb(theme.background)
        counts = picture.getcolors(picture.width * picture.height) or []
        colours = {colour for _, colour in counts}
    assert {rgb(theme.body), rgb(theme.fill("input", 0))} <= colours


@pytest.mark.slow
@every_command
def test_a_file_is_a_theme_too(gatereel: Command, folder: Path, command: str) -> None:
    text = 'base = "dark"\n[colours]\nbackground = "#123456"\n'
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    words = ("rnn", "-o", "a.png", "--width", "300", "--theme", "mine.toml")
    assert gatereel(command, *words).code == 0
    with Image.open(folder / "a.png") as picture:
        assert picture.getpixel((0, 0)) == (0x12, 0x34, 0x56)


@pytest.mark.slow
@every_command
def test_transparent_leaves_the_background_out(
    gatereel: Command, folder: Path, command: str
) -> None:
    assert gatereel(command, "rnn", "-o", "a.png", "--width", "300", "--transparent").code == 0
    with Image.open(folder / "a.png") as picture:
        assert picture.mode == "RGBA"
        assert picture.getpixel((0, 0)) == (0, 0, 0, 0)


def test_options_reach_the_film(gatereel: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Plan] = []

    def look(planned: Plan, *_: object, **__: object) -> tuple[Written, ...]:
        seen.append(planned)
        return ()

    monkeypatch.setattr(scenes_render, "render_plan", look)
    words = ("-o", "a.webp", "--theme", "dark", "--transparent")
    assert gatereel("render", "rnn", *words).code == 0
    options = Options(theme=load_theme("dark"), transparent=True)
    assert seen == [demo_plan("rnn", options)]


@every_command
def test_an_unknown_theme_is_refused_with_the_names(
    gatereel: Command, folder: Path, command: str
) -> None:
    ended = gatereel(command, "rnn", "--theme", "sfae")
    assert ended.code == WRONG_USE
    assert "Did you mean safe?" in ended.err
    assert all(name in ended.err for name in THEMES)
    assert list(folder.iterdir()) == []


@every_command
@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webm"])
def test_transparent_is_refused_where_the_format_cannot(
    gatereel: Command, folder: Path, command: str, suffix: str
) -> None:
    ended = gatereel(command, "rnn", "-o", "a.png", "-o", f"a{suffix}", "--transparent")
    assert ended.code == WRONG_USE
    assert f"a{suffix} cannot be transparent" in ended.err
    assert list(folder.iterdir()) == []


@every_command
def test_the_help_names_the_themes(gatereel: Command, command: str) -> None:
    said = gatereel(command, "--help").out
    assert all(name in said for name in THEMES)
