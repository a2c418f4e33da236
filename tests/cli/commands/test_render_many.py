"""`gatereel render` of several pictures: which, where, each once, and what of the others."""

import errno
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

import gatereel.scenes.render as scenes_render
from gatereel.cli.app import FAILURE, WRONG_USE
from gatereel.cli.many import planning
from gatereel.rnn_math import RNN, random_parameters
from gatereel.rnn_math.files import write_parameters
from gatereel.scenes.export import Written
from gatereel.scenes.fingerprint import fingerprint_in
from gatereel.scenes.plan import Plan
from gatereel.scenes.stills import Order

Command = Callable[..., Any]

SMALL = ("--still", "--width", "200", "--timesteps", "1")
FILM = ("--width", "240", "--fps", "5", "--pace", "0.2", "--timesteps", "1", "--plain")


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def models(folder: Path, *stems: str) -> None:
    for seed, stem in enumerate(stems):
        (folder / stem).parent.mkdir(exist_ok=True)
        write_parameters(folder / f"{stem}.npz", random_parameters(RNN, 3, 2, seed=seed), RNN)


# --- which, and where ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("rnn gru", ["gru.png", "rnn.png"]),
        ("rnn rnn --theme dark", ["rnn.png"]),
        ("rnn --theme dark --theme print", ["rnn-dark.png", "rnn-print.png"]),
        ("rnn --lang en --lang vi -o new/", ["new/rnn-en.png", "new/rnn-vi.png"]),
        ("rnn gru -o {cell}/{theme}.svg", ["gru/illustrated.svg", "rnn/illustrated.svg"]),
        ("rnn gru -o {n}.svg -o {n}.png", ["1.png", "1.svg", "2.png", "2.svg"]),
        ("--weights a.npz --weights b.npz", ["rnn-a.png", "rnn-b.png"]),
        ("rnn --weights a.npz --weights b.npz -o {weights}.png", ["a.png", "b.png"]),
        ("rnn -o {cell}-x.png", ["rnn-x.png"]),
        ("rnn gru --card new/", ["gru.png", "new/gru-card.png", "new/rnn-card.png", "rnn.png"]),
    ],
)
@pytest.mark.slow
def test_every_combination_is_drawn(
    gatereel: Command, folder: Path, words: str, names: list[str]
) -> None:
    models(folder, "a", "b")
    ended = gatereel("render", *words.split(), *SMALL, "-q")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert [name for name in files(folder) if not name.endswith(".npz")] == names


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("rnn gru -o a.png", "a.png would be written for rnn and for gru; name a folder"),
        ("rnn gru --card a.png", "a.png would be written for rnn and for gru"),
        ("--weights a.npz --weights b/a.npz", "rnn-a.png would be written for two pictures that"),
        ("rnn gru -o {cel}.png", "{cel} is no placeholder"),
        ("rnn gru -o {seed}.png", "has no {seed}; give --seed"),
        ("rnn gru --inputs -", "The standard input can be read for one picture alone"),
        ("rnn gru --width 1", "gatereel: The width is 1; 200 to 4096 are accepted.\n"),
        ("rnn gru -o {cell}.xyz", "rnn.xyz: the suffix '.xyz' names no format"),
        ("rnn gru -o no/{cell}.png", "the folder no does not exist"),
        ("--theme dark --theme print", "a name is missing"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_drawn(
    gatereel: Command, folder: Path, words: str, message: str
) -> None:
    models(folder, "a", "b/a")
    before = files(folder)
    ended = gatereel("render", *words.split(), *SMALL[:1], *SMALL[3:])
    assert (ended.code, ended.out) == (WRONG_USE, "")
    assert message in ended.err
    assert files(folder) == before


def test_what_is_wrong_costs_no_other_picture(gatereel: Command, folder: Path) -> None:
    models(folder, "good")
    for name in ("bad", "worse"):
        Path(f"{name}.npz").write_text("no archive", encoding="utf-8")
    words = [f"--weights={each}.npz" for each in ("bad", "good", "worse")]
    ended = gatereel("render", *words, "--still", "--width", "200")
    assert ended.code == FAILURE
    told = [line.split(":")[1] for line in ended.err.splitlines() if "no archive" not in line]
    assert told[-2:] == [" bad", " worse"]
    assert [path.name for path in folder.glob("*.png")] == ["rnn-good.png"]
    worse = gatereel("render", *words[::2], "--still")
    assert (worse.code, worse.out) == (WRONG_USE, "")


def test_a_dry_run_tells_every_story(gatereel: Command, folder: Path) -> None:
    ended = gatereel("render", "rnn", "gru", "--lang", "en", "--lang", "vi", "--dry-run")
    assert ended.code == 0
    assert ended.out.count("RNN, 3 timesteps") == ended.out.count("GRU, 3 timesteps") == 2
    assert files(folder) == {}


@pytest.mark.slow
def test_processes_plan_the_same_as_one(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PROCESSES_FROM", 2)
    monkeypatch.setattr(planning, "PLANNED_AT_ONCE", 2)
    models(folder, "a", "b")
    words = ("--weights=a.npz", "--weights=b.npz", "--lang=en", "--lang=vi", "--for=pages")
    for code, others in ((0, ()), (WRONG_USE, ("rnn", "gru"))):
        one, two = (
            gatereel("render", *words, *others, "--dry-run", "--jobs", jobs) for jobs in ("1", "2")
        )
        assert one == two
        assert one.code == code
        assert one.err


# --- each once, and not again --------------------------------------------------------------------


@pytest.mark.slow
def test_what_is_up_to_date_is_left_alone(gatereel: Command, folder: Path) -> None:
    words = ("render", "rnn", "gru", *SMALL)
    first = gatereel(*words)
    assert len(first.out.splitlines()) == 2
    before = files(folder)
    second = gatereel(*words)
    assert (second.code, second.out, second.err) == (0, "2 pictures up to date\n", "")
    assert files(folder) == before

    (folder / "gru.png").write_bytes(before["gru.png"][:-1])  # cut
    third = gatereel(*words)
    assert [line.split()[0] for line in third.out.splitlines()] == ["gru.png", "1"]
    assert files(folder) == before

    assert len(gatereel(*words, "--seed", "1").out.splitlines()) == 2
    assert files(folder)["rnn.png"] != before["rnn.png"]
    assert len(gatereel(*words, "--seed", "1", "--force").out.splitlines()) == 2


@pytest.mark.slow
def test_every_kind_of_file_is_known_again(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["render", "rnn", "gru", *FILM[:-1]]
    for suffix in (".gif", ".mp4", ".webm", ".webp", ".png", ".svg", ".pdf"):
        words += ["-o", f"{{cell}}{suffix}"]
    words += ["--storyboard", "{cell}-sheet.pdf", "--steps", "{cell}", "--card", "{cell}-card.png"]
    assert gatereel(*words).code == 0
    drawn: list[Path] = []

    def draw(planned: Plan, order: Order, **_: object) -> tuple[Written, ...]:
        drawn.extend(order.paths)
        return ()

    monkeypatch.setattr(scenes_render, "render_plan", draw)
    assert gatereel(*words).out == "2 pictures up to date\n"
    assert drawn == []
    letter = gatereel(*words, "--paper", "letter")
    assert (letter.code, "up to date" in letter.out) == (0, False)
    assert {path.name for path in drawn} >= {"rnn.pdf", "gru.pdf"}


@pytest.mark.slow
def test_a_film_and_a_still_of_it_are_two_things(gatereel: Command, folder: Path) -> None:
    words = ("rnn", "gru", "--width", "240", "--timesteps", "1", "--plain", "-o", "{cell}.gif")
    assert gatereel("render", *words, "--pace", "0.2").code == 0
    film = files(folder)
    assert "up to date" not in gatereel("render", *words, "--still").out
    assert files(folder)["rnn.gif"] != film["rnn.gif"]


@pytest.mark.slow
def test_a_single_picture_is_drawn_again_and_has_no_mark(gatereel: Command, folder: Path) -> None:
    for _ in range(2):
        assert gatereel("render", "rnn", *SMALL).out.startswith("rnn.png ")
    assert fingerprint_in(folder / "rnn.png") is None


# --- others are done -----------------------------------------------------------------------------


def test_a_failure_is_told_and_the_others_are_done(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_once(planned: Plan, order: Order, **_: object) -> tuple[Written, ...]:
        if planned.storyboard.cell.name == "gru":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(order.paths[0]))
        return (Written(order.paths[0], 10, 20, 30, 1, 0.0),)

    monkeypatch.setattr(scenes_render, "render_plan", fail_once)
    ended = gatereel("render", "rnn", "gru", "lstm", "--theme", "dark", "--theme", "safe")
    assert ended.code == FAILURE
    assert [line.split()[0] for line in ended.out.splitlines()] == [
        f"{cell}-{theme}.gif" for cell in ("rnn", "lstm") for theme in ("dark", "safe")
    ]
    assert ended.err.splitlines() == [
        f"gatereel: gru-{theme}: gru-{theme}.gif: Input/output error." for theme in ("dark", "safe")
    ]


@pytest.mark.slow
def test_processes_draw_the_same_bytes_as_one(gatereel: Command, folder: Path) -> None:
    words = ("render", "rnn", "gru", *FILM, "--lang", "en", "--lang", "vi")
    found = []
    for jobs in ("1", "2"):
        assert (
            gatereel(*words, "-o", f"{jobs}/", "--steps", f"{jobs}/{{n}}", "--jobs", jobs).code == 0
        )
        found.append(files(folder / jobs))
    assert len(found[0]) > 4
    assert found[0] == found[1]


LONG = ("--width", "240", "--fps", "5", "--pace", "2", "--plain")
DEADLINE = 600.0
"""Seconds after which a render is taken to hang that has not begun to write."""


def drawing_process(folder: Path) -> int:
    """The number of a process that draws, which its temporary file tells."""
    deadline = time.monotonic() + DEADLINE
    while not (found := list(folder.glob(".gatereel-*.gif"))):
        assert time.monotonic() < deadline, "the drawing never began"
        time.sleep(0.02)
    return int(found[0].name.split("-")[2])


@pytest.mark.slow
def test_a_process_that_is_killed_changes_nothing_but_time(
    gatereel: Command, start: Callable[[Sequence[str]], "Popen[str]"], folder: Path
) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
    words = ("render", "rnn", "gru", *LONG)
    assert gatereel(*words, "-o", "one/", "--jobs", "1").code == 0
    with start([*words, "-o", "two/", "--jobs", "2"]) as process:
        os.kill(drawing_process(folder / "two"), signal.SIGKILL)
        _, err = process.communicate(timeout=DEADLINE)
    assert (process.returncode, err) == (0, "")
    assert files(folder / "two") == files(folder / "one")


@pytest.mark.slow
def test_an_interruption_leaves_what_was_finished(
    gatereel: Command, start: Callable[[Sequence[str]], "Popen[str]"], folder: Path
) -> None:
    words = ["render", "rnn", "gru", "lstm", *LONG, "--jobs", "2"]
    with start(words) as process:
        drawing_process(folder)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=DEADLINE)
    assert (process.returncode, err) == (128 + signal.SIGINT, "gatereel: interrupted\n")
    left = files(folder)
    assert len(left) == len(out.splitlines()) < 3
    assert not [name for name in left if name.startswith(".")]


def test_numbers_that_hang_on_something_are_told_by_name(gatereel: Command, folder: Path) -> None:
    models(folder, "a", "b")
    ended = gatereel("render", "--weights=a.npz", "--weights=b.npz", "--dry-run")
    assert ended.err.count("inputs: random, seed 0") == 1
