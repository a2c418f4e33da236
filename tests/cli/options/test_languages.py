"""`--lang`, of `gatereel render` and `gatereel legend`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gatereel.cli.app import WRONG_USE
from gatereel.scenes import legend as scenes_legend
from gatereel.scenes import render as scenes_render
from gatereel.scenes.export import Written
from gatereel.scenes.language.files import load_language
from gatereel.scenes.plan import Options, Plan
from gatereel.scenes.tell.language import LANGUAGES, Language
from tests.cli.plans import demo_plan

Command = Callable[..., Any]

every_command = pytest.mark.parametrize("command", ["render", "legend"])


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """The plans that would be drawn."""
    planned: list[Plan] = []

    def look(plan: Plan, *_: object, **__: object) -> tuple[Written, ...]:
        planned.append(plan)
        return ()

    monkeypatch.setattr(scenes_render, "render_plan", look)
    return planned


def test_a_language_reaches_the_film(gatereel: Command, seen: list[Plan]) -> None:
    assert gatereel("render", "lstm", "-o", "a.gif", "--lang", "vi").code == 0
    (planned,) = seen
    assert planned == demo_plan("lstm", Options(language=load_language("vi")))
    assert planned.language == load_language("vi")
    assert {tag.text for tag in planned.layout.tags} >= {"cổng quên", "đầu vào"}
    assert {label.text for label in planned.layout.labels} >= {"nhân từng vị trí", "ghép nối"}
    assert "cổng quên" in {beat.telling.step for beat in planned.storyboard.beats}
    assert planned.storyboard.still.telling.sentences[0].startswith("Ở đơn vị 1, cổng đầu vào mở")


def test_without_it_the_film_is_english(gatereel: Command, seen: list[Plan]) -> None:
    assert gatereel("render", "lstm", "-o", "a.gif").code == 0
    assert seen == [demo_plan("lstm", Options())]
    assert seen[0].language == load_language("en")


def test_a_language_reaches_the_legend(gatereel: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    languages: list[Language] = []

    def look(theme: object, language: Language, *_: object, illustrated: bool) -> list[object]:
        languages.append(language)
        return []

    monkeypatch.setattr(scenes_legend, "legend_shapes", look)
    assert gatereel("legend", "-o", "a.png", "--width", "300", "--lang", "vi").code == 0
    assert gatereel("legend", "-o", "a.png", "--width", "300").code == 0
    assert languages == [load_language("vi"), load_language("en")]


@pytest.mark.slow
@every_command
def test_a_language_changes_the_picture(gatereel: Command, folder: Path, command: str) -> None:
    for name in LANGUAGES:
        words = (command, "rnn", "-o", f"{name}.png", "--width", "400", "--lang", name)
        assert gatereel(*words).code == 0
    assert gatereel(command, "rnn", "-o", "default.png", "--width", "400").code == 0
    english, vietnamese, default = (
        (folder / f"{name}.png").read_bytes() for name in ("en", "vi", "default")
    )
    assert english == default
    assert english != vietnamese


def test_a_dry_run_quotes_the_picture_in_its_language(gatereel: Command) -> None:
    """What the command itself says stays English."""
    ended = gatereel("render", "lstm", "--dry-run", "--lang", "vi", "--hidden-size", "40")
    assert ended.code == 0
    assert "LSTM, 3 timesteps, input size 3, hidden size 40\n" in ended.out
    assert "start  seconds  t  moves" in ended.out
    assert "cổng quên" in ended.out
    assert "trong 40" in ended.out
    assert "forget gate" not in ended.out


def test_notes_stay_english(gatereel: Command, folder: Path, seen: list[Plan]) -> None:
    ended = gatereel("render", "lstm", "-o", "a.gif", "--lang", "vi", "--hidden-size", "40")
    assert ended.code == 0
    assert "drawn: units " in ended.err
    assert " of 40" in ended.err
    assert "trong 40" in seen[0].storyboard.still.telling.shown[0]


@every_command
def test_a_file_is_a_language_too(
    gatereel: Command, folder: Path, command: str, seen: list[Plan]
) -> None:
    text = 'base = "en"\ncode = "en-GB"\n[labels]\naddition = "sum"\n'
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    words = ("lstm", "-o", "a.png", "--width", "300", "--lang", "mine.toml")
    assert gatereel(command, *words).code == 0
    for planned in seen:
        assert planned.language.code == "en-GB"
        assert "sum" in {label.text for label in planned.layout.labels}


@every_command
def test_an_unknown_language_is_refused_with_the_names(
    gatereel: Command, folder: Path, command: str
) -> None:
    ended = gatereel(command, "rnn", "--lang", "vie")
    assert ended.code == WRONG_USE
    assert ended.err == (
        "gatereel: The language 'vie' is none of en or vi, and no .toml file. Did you mean vi?\n"
    )
    assert list(folder.iterdir()) == []


@every_command
def test_a_file_with_missing_entries_is_refused_with_all_of_them(
    gatereel: Command, folder: Path, command: str
) -> None:
    (folder / "mine.toml").write_text('code = "de"\nname = "Deutsch"\n', encoding="utf-8")
    ended = gatereel(command, "rnn", "--lang", "mine.toml")
    assert ended.code == WRONG_USE
    assert "mine.toml lacks [titles] rnn, lstm, gru" in ended.err
    assert "[description] one_timestep" in ended.err
    assert 'such as base = "en"' in ended.err
    assert [path.name for path in folder.iterdir()] == ["mine.toml"]


@every_command
def test_the_help_names_the_languages(gatereel: Command, command: str) -> None:
    said = gatereel(command, "--help").out
    assert "--lang LANG" in said
    assert "en or vi, or a .toml file" in " ".join(said.split())
