"""Themes of the user's own: what a file may leave out, and how a wrong one is refused."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatereel.rnn_math import InputError
from gatereel.scenes.theme.files import load_theme, roles
from gatereel.scenes.theme.theme import ROLES, THEMES, Strengths, Strokes, TypeSizes
from tests.scenes.toml_files import toml_files_read


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def refused(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_theme(path)
    return str(caught.value).replace(str(path), "mine.toml")


def complete() -> str:
    dark = load_theme("dark")
    colours = (
        "background body line text quiet_text dark_letter light_letter accent "
        "state_tag caption_tag gate_tag strip strip_line"
    )
    lines = [f'{name} = "{getattr(dark, name)}"' for name in colours.split()]
    fills = [f'"{role}" = "{dark.fill(role, 0)}"' for role in roles()]
    return "\n".join(["[colours]", *lines, "[fills]", *fills])


# --- what is accepted ----------------------------------------------------------------------------


def test_a_file_with_a_base_changes_what_it_says(mine: Path) -> None:
    mine.write_text(
        'base = "dark"\n'
        '[colours]\naccent = "#FF0000"\n'
        '[fills]\n"forget gate" = ["#111111", "#222222"]\n'
        "[strengths]\npast_line = 0\n"
        "[strokes]\nwire = 2.5\n"
        "[sizes]\nlabel = 17\n",
        encoding="utf-8",
    )
    dark, theme = load_theme("dark"), load_theme(mine)
    assert theme.name == "mine"
    assert theme.accent == "#ff0000"
    assert theme.fills["forget gate"] == ("#111111", "#222222")
    assert (theme.strengths.past_line, theme.strokes.wire, theme.sizes.label) == (0, 2.5, 17)
    assert (theme.background, theme.text) == (dark.background, dark.text)
    assert theme.fill("input", 0) == dark.fill("input", 0)
    assert theme.strengths.waiting_fill == dark.strengths.waiting_fill
    assert load_theme("dark") == dark


def test_a_complete_file_needs_no_base(mine: Path) -> None:
    mine.write_text(complete(), encoding="utf-8")
    dark, theme = load_theme("dark"), load_theme(str(mine))
    assert set(theme.fills) == set(dark.fills)
    alike = replace(theme, strengths=dark.strengths)
    assert alike.exact_colours(()) == dark.exact_colours(())
    assert (theme.strengths, theme.strokes, theme.sizes) == (Strengths(), Strokes(), TypeSizes())


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_can_be_a_base(mine: Path, name: str) -> None:
    mine.write_text(f'base = "{name}"', encoding="utf-8")
    assert load_theme(mine).exact_colours(roles()) == load_theme(name).exact_colours(roles())


@pytest.mark.parametrize(
    ("more", "read"), [("", 0), ("gatereel.scenes.theme.files.load_theme()", 1)]
)
def test_nothing_is_read_before_it_is_needed(more: str, read: int) -> None:
    assert toml_files_read(more) == read


# --- what is refused -----------------------------------------------------------------------------


def test_all_that_is_missing_is_named_at_once(mine: Path) -> None:
    said = refused(mine, complete().replace('text = "#', 'quiet_text = "#', 1))
    assert said.startswith("mine.toml is not TOML")
    lines = [line for line in complete().splitlines() if not line.startswith(("line", '"input"'))]
    assert refused(mine, "\n".join(line for line in lines if not line.startswith("body"))) == (
        "mine.toml lacks [colours] body and line; [fills] input. Add what is missing, or name a "
        'theme to take it from, such as base = "illustrated", in the first line.'
    )
    said = refused(mine, "[sizes]\nlabel = 17")
    assert all(role in said for role in ROLES)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[colours]\nbackgruond = "#000000"\n[fills]\n"inptu" = "#000000"\nzebra = "#000000"\n'
            '"a b" = 1',
            "mine.toml: [colours] backgruond (did you mean background?), [fills] inptu (did you "
            'mean input?), [fills] zebra and [fills] "a b" are no entries of a theme.',
        ),
        (
            '[colors]\ntext = "#000000"',
            "mine.toml: colors (did you mean colours?) is no entry of a theme.",
        ),
        (
            '[colours]\ntext = "black"\nline = 3\n[fills]\ninput = []',
            "mine.toml: [colours] text = 'black', [colours] line = 3 and [fills] input = [] cannot "
            'be used; a colour is written "#rrggbb", such as "#1f6feb", and an entry of [fills] is '
            "one or a list of them.",
        ),
        (
            "[strokes]\nwire = -1\nfan = true\n[strengths]\npast_fan = nan",
            "mine.toml: [strokes] wire = -1, [strokes] fan = True and [strengths] past_fan = nan "
            "cannot be used; accepted are 0 to 12 in [strokes] and 0 to 1 in [strengths].",
        ),
        (
            "colours = 3",
            "mine.toml: colours must be a table, such as [colours] on a line of its own with its "
            "entries below.",
        ),
        (
            'base = "drak"',
            "mine.toml: base is 'drak'; accepted are illustrated, dark, safe and print. Did you "
            "mean dark?",
        ),
        ("base = 3", "mine.toml: base is 3; accepted are illustrated, dark, safe and print."),
    ],
)
def test_what_is_wrong_is_named_with_what_is_accepted(mine: Path, text: str, said: str) -> None:
    assert refused(mine, text) == said


@pytest.mark.parametrize("colour", ["#fff", "fff000", "#12345g", "#1234567", "", "#12345\\n"])
def test_what_is_no_colour_is_refused(mine: Path, colour: str) -> None:
    assert "[colours] text = " in refused(mine, f'base = "dark"\n[colours]\ntext = "{colour}"')


@pytest.mark.parametrize(
    "text", ["", "[colours", "a = " + "[" * 10_000, "\x00", "base = 'dark'\n" * 2]
)
def test_what_is_no_theme_is_refused(mine: Path, text: str) -> None:
    assert refused(mine, text).startswith("mine.toml ")


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml does not exist"):
        load_theme(tmp_path / "none.toml")
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        load_theme(tmp_path / "folder.toml")
    (tmp_path / "latin.toml").write_bytes(b"\xe9 = 1")
    with pytest.raises(InputError, match="is not UTF-8"):
        load_theme(tmp_path / "latin.toml")


@pytest.mark.parametrize(
    ("name", "hint"), [("drak", " Did you mean dark?"), ("PRINT", " Did you mean print?"), ("", "")]
)
def test_an_unknown_name_is_refused_with_the_names(name: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        load_theme(name)
    assert str(caught.value) == (
        f"The theme {name!r} is none of illustrated, dark, safe or print, and no .toml file.{hint}"
    )
