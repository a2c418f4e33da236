"""`gatereel render` with its options for stills; shapes from `gatereel legend`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

import gatereel.scenes.render as scenes_render
from gatereel.cli.app import WRONG_USE
from gatereel.rnn_math import CELLS
from gatereel.scenes.export import Written
from gatereel.scenes.stills import Order, Stills

Command = Callable[..., Any]

SMALL = ("--width", "300", "--timesteps", "1")


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], Stills]]:
    """What the command would have drawn."""
    seen: list[tuple[list[str], Stills]] = []

    def look(planned: object, order: Order, **_: object) -> tuple[Written, ...]:
        stills = order.stills
        for path in (*order.paths, *(p for p in (stills.storyboard, stills.card) if p)):
            path.write_text("drawn", encoding="utf-8")
        if stills.steps is not None:
            assert stills.steps.is_dir()
        seen.append(([path.as_posix() for path in order.paths], stills))
        return ()

    monkeypatch.setattr(scenes_render, "render_plan", look)
    return seen


@pytest.mark.parametrize(
    ("words", "paths", "stills"),
    [
        (("rnn", "--still"), ["rnn.png"], Stills(still=True)),
        (("rnn", "--still", "-o", "a.svg"), ["a.svg"], Stills(still=True)),
        (("rnn", "--still", "-o", "new/"), ["new/rnn.png"], Stills(still=True)),
        (("rnn", "--storyboard", "a.pdf"), [], Stills(storyboard=Path("a.pdf"))),
        (
            ("rnn", "--storyboard", "new/"),
            [],
            Stills(storyboard=Path("new/rnn-storyboard.png")),
        ),
        (
            ("rnn", "--storyboard", "a.pdf", "--paper", "letter"),
            [],
            Stills(storyboard=Path("a.pdf"), paper="letter"),
        ),
        (("rnn", "--steps", "new"), [], Stills(steps=Path("new"))),
        (("rnn", "--steps", "new/"), [], Stills(steps=Path("new"))),
        (
            ("rnn", "--steps", "new", "-o", "a.gif", "--storyboard", "new/"),
            ["a.gif"],
            Stills(storyboard=Path("new/rnn-storyboard.png"), steps=Path("new")),
        ),
        (("rnn", "--card", "a.png"), [], Stills(card=Path("a.png"))),
        (("rnn", "--card", "new/"), [], Stills(card=Path("new/rnn-card.png"))),
        (
            ("rnn", "--still", "--steps", "new", "--pace", "2"),
            ["rnn.png"],
            Stills(still=True, steps=Path("new")),
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_options_reach_the_drawing(
    gatereel: Command,
    planned: list[tuple[list[str], Stills]],
    words: tuple[str, ...],
    paths: list[str],
    stills: Stills,
) -> None:
    ended = gatereel("render", *words)
    assert (ended.code, ended.err) == (0, "")
    assert planned == [(paths, stills)]


def test_all_cells_share_a_folder(
    gatereel: Command, planned: list[tuple[list[str], Stills]]
) -> None:
    assert gatereel("render", "all", "--storyboard", "sheets/", "--steps", "sheets").code == 0
    assert [stills.storyboard for _, stills in planned] == [
        Path(f"sheets/{name}-storyboard.png") for name in CELLS
    ]
    assert {stills.steps for _, stills in planned} == {Path("sheets")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--still", "-o", "film.mp4"), "film.mp4 would be a film"),
        (("--still", "--fps", "10"), "--fps is for a film"),
        (("--still", "--once"), "--once is for a film"),
        (("--still", "--pace", "2"), "--pace is for a film"),
        (("--steps", "new", "--once"), "--once is for a film"),
        (("--card", "a.png", "--pace", "2"), "--pace is for a film"),
        (("--card", "a.svg"), "a.svg: a card is a .png"),
        (("--card", "a.png", "--storyboard", "a.png"), "a.png is named twice"),
        (("--storyboard", "a.gif"), "a.gif: a storyboard is one of .png, .svg or .pdf"),
        (("--storyboard", "a"), "a: a storyboard is one of .png, .svg or .pdf"),
        (("--storyboard", ""), "--storyboard is empty"),
        (("--storyboard", "no/a.pdf"), "the folder no does not exist"),
        (("--storyboard", "no/new/"), "--storyboard no/new: the folder no does not exist"),
        (("--steps", ""), "--steps is empty"),
        (("--steps", "taken"), "--steps taken is a file, not a folder"),
        (("--steps", "no/new"), "--steps no/new: the folder no does not exist"),
        (("--paper", "letter"), "--paper is for the pages of a storyboard in .pdf"),
        (("--paper", "a4", "--storyboard", "a.png"), "--paper is for the pages"),
        (("--storyboard", "a.png", "-o", "a.png"), "a.png is named twice"),
        (("-o", "a.avi"), ".svg or .pdf"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_does_not_go_together_is_refused(
    gatereel: Command, folder: Path, words: tuple[str, ...], said: str
) -> None:
    (folder / "taken").write_text("", encoding="utf-8")
    ended = gatereel("render", "rnn", *words)
    assert ended.code == WRONG_USE
    assert said in ended.err
    assert [path.name for path in folder.iterdir()] == ["taken"]


@pytest.mark.parametrize("words", [("--storyboard", "a.pdf"), ("--card", "a.png")])
def test_one_file_for_all_cells_is_refused(gatereel: Command, words: tuple[str, str]) -> None:
    ended = gatereel("render", "all", *words)
    assert ended.code == WRONG_USE
    assert "name a folder, such as sheets/" in ended.err


@pytest.mark.slow
def test_stills_sheet_and_steps_are_written_and_told(gatereel: Command, folder: Path) -> None:
    words = ("--still", "-o", "a.svg", "-o", "a.pdf", "--storyboard", "b.pdf", "--steps", "c")
    ended = gatereel("render", "rnn", *SMALL, *words)
    assert (ended.code, ended.err) == (0, "")
    told = [re.split("  +", line) for line in ended.out.splitlines()]
    assert [(path, size, pages) for path, _, size, pages in told] == [
        ("a.svg", "300x256", "1 frame"),
        ("a.pdf", "225x192", "1 page"),
        ("b.pdf", "842x595", "5 pages"),
        ("c", "300x256", "5 pictures"),
    ]
    steps = sorted((folder / "c").iterdir())
    assert len(steps) == 5
    with Image.open(steps[1]) as picture:
        assert (picture.size, picture.info["Title"]) == (
            (300, 256),
            "RNN: recurrent neural network",
        )


@pytest.mark.slow
def test_a_still_without_a_name_is_a_png(gatereel: Command, folder: Path) -> None:
    ended = gatereel("render", "rnn", "--still", *SMALL)
    assert (ended.code, ended.err) == (0, "")
    with Image.open(folder / "rnn.png") as picture:
        assert picture.format == "PNG"


def test_the_legend_comes_as_shapes(gatereel: Command, folder: Path) -> None:
    words = ("-o", "a.svg", "-o", "a.pdf", "--theme", "print", "--no-readings")
    ended = gatereel("legend", "rnn", *words)
    assert (ended.code, ended.err) == (0, "")
    root = ElementTree.parse(folder / "a.svg").getroot()
    assert (root.get("width"), root.get("height")) == ("760", "330")
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Symbols of the RNN"
    data = (folder / "a.pdf").read_bytes()
    assert re.findall(rb"/MediaBox \[ 0 0 (\S+) (\S+) \]", data) == [(b"570", b"247.5")]
    first = (folder / "a.svg").read_bytes()
    gatereel("legend", "rnn", *words, "-o", "a.png")
    assert (folder / "a.svg").read_bytes() == first
    assert (folder / "a.pdf").read_bytes() == data
    assert (folder / "a.png").is_file()
