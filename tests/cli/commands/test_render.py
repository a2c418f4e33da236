"""`gatereel render`: plans, files and lines. The films are small and short."""

import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import Popen
from typing import Any

import numpy as np
import pytest
from PIL import Image

import gatereel.scenes.render as scenes_render
from gatereel.cli.app import WRONG_USE
from gatereel.rnn_math import CELLS
from gatereel.scenes.export import ENCODERS, Written
from gatereel.scenes.plan import Options, Plan
from gatereel.scenes.stills import Order
from tests.cli.plans import demo_plan

Command = Callable[..., Any]
Start = Callable[[Sequence[str]], "Popen[str]"]

SHORT = ("--width", "300", "--fps", "5", "--pace", "0.2", "--timesteps", "1")
LOOPS = b"NETSCAPE2.0"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- without drawing -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", CELLS)
def test_a_dry_run_tells_the_story_and_draws_nothing(
    gatereel: Command, folder: Path, name: str
) -> None:
    ended = gatereel("render", name, "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"{CELLS[name].title}, 3 timesteps, input size 3, hidden size 2\n")
    for node in CELLS[name].nodes:
        assert f"→ {node.name} " in ended.out
    assert names(folder) == []


def test_a_dry_run_has_a_line_a_beat(gatereel: Command) -> None:
    ended = gatereel("render", "rnn", "--dry-run", "--timesteps", "2", "--pace", "1", "--fps", "10")
    size, blank, headings, *beats = ended.out.splitlines()[1:]
    starts = [float(line.split()[0]) for line in beats]
    lengths = [float(line.split()[1]) for line in beats]
    seconds = starts[-1] + lengths[-1]
    assert f"{seconds:.1f} s, {round(seconds * 10)} frame times at 10 a second" in size
    assert blank == ""
    assert headings.split() == ["start", "seconds", "t", "moves", "values", "told"]
    # Opening and closing, and twice: input, two nodes, and the state that leaves.
    assert len(beats) == 2 + 2 * 4
    assert starts == sorted(starts)


def test_a_dry_run_of_all_has_every_cell(gatereel: Command) -> None:
    ended = gatereel("render", "all", "--dry-run")
    for name in CELLS:
        assert f"{CELLS[name].title}, 3 timesteps" in ended.out


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        ((), {}),
        (("--width", "400"), {"width": 400}),
        (("--fps", "20"), {"fps": 20, "smooth": True}),
        (("--pace", "0.5"), {"pace": 0.5}),
        (("--no-values",), {"values": False}),
        (("--no-strip",), {"strip": False}),
        (("--plain",), {"values": False, "strip": False}),
        (("--plain", "--no-strip"), {"values": False, "strip": False}),
        (("--once",), {"loop": False}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_options_reach_the_film(
    gatereel: Command,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    changed: dict[str, Any],
) -> None:
    seen: list[Plan] = []

    def look(planned: Plan, *_: object, **__: object) -> tuple[Written, ...]:
        seen.append(planned)
        return ()

    monkeypatch.setattr(scenes_render, "render_plan", look)
    assert gatereel("render", "rnn", *words).code == 0
    assert seen == [demo_plan("rnn", Options(**changed))]


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (("rnn",), ["rnn.gif"]),
        (("gru", "-o", "a.GIF"), ["a.GIF"]),
        (("gru", "-o", "a.gif", "-o", "b.mp4"), ["a.gif", "b.mp4"]),
        (("gru", "-o", "new/"), ["new/gru.gif"]),
        (("gru", "-o", "."), ["gru.gif"]),
        (("gru", "-o", "old"), ["old/gru.gif"]),
        (("all",), [f"{name}.gif" for name in CELLS]),
        (("all", "-o", "new/"), [f"new/{name}.gif" for name in CELLS]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_targets(
    gatereel: Command,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    paths: list[str],
) -> None:
    seen: list[str] = []

    def look(planned: object, order: Order, **_: object) -> tuple[Written, ...]:
        for path in order.paths:
            path.write_text("drawn", encoding="utf-8")
            seen.append(path.as_posix())
        return ()

    (folder / "old").mkdir()
    monkeypatch.setattr(scenes_render, "render_plan", look)
    assert gatereel("render", *words).code == 0
    assert seen == paths


def test_a_failure_in_one_cell_is_told_and_the_others_are_drawn(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_late(planned: Plan, order: Order, **_: object) -> tuple[Written, ...]:
        paths = order.paths
        if planned.storyboard.cell.name == "lstm":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(paths[0]))
        return (Written(paths[0], 10, 20, 30, 1, 2.0),)

    monkeypatch.setattr(scenes_render, "render_plan", fail_late)
    ended = gatereel("render", "all", "-o", "new/")
    assert ended.code == 1
    assert ended.out.splitlines() == [
        f"new/{name}.gif  10 bytes  20x30  1 frame  2.0 s" for name in CELLS if name != "lstm"
    ]
    assert ended.err == "gatereel: lstm: new/lstm.gif: No space left on device.\n"
    assert names(folder) == []  # no file came, so the new folder went


def test_all_targets_are_checked_before_the_first_is_drawn(
    gatereel: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "gru.gif").mkdir()
    monkeypatch.setattr(scenes_render, "render_plan", None)  # calling it would fail otherwise
    ended = gatereel("render", "all")
    assert ended.code == 2
    assert "gru.gif is a folder" in ended.err


# --- drawing -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_format_comes_from_one_command(gatereel: Command, folder: Path) -> None:
    targets = [f"rnn{suffix}" for suffix in ENCODERS]
    words = [word for target in targets for word in ("-o", target)]
    ended = gatereel("render", "rnn", *SHORT, *words)
    assert (ended.code, ended.err) == (0, "")
    assert names(folder) == sorted(targets)  # no media folder, nothing temporary
    for target, line in zip(targets, ended.out.splitlines(), strict=True):
        path, size, unit, picture, *_ = line.split()
        assert path == target
        assert size == str(round((folder / target).stat().st_size / 1000))
        assert unit == "KB"
        assert picture.startswith("300x")
    with Image.open(folder / "rnn.gif") as gif, Image.open(folder / "rnn.png") as png:
        assert gif.size == png.size
        assert f"{getattr(gif, 'n_frames', 1)} frames" in ended.out


@pytest.mark.slow
def test_all_cells_go_into_a_new_folder(gatereel: Command, folder: Path) -> None:
    ended = gatereel("render", "all", *SHORT, "--plain", "-o", "new/")
    assert (ended.code, ended.err) == (0, "")
    assert names(folder) == ["new"]
    assert names(folder / "new") == sorted(f"{name}.gif" for name in CELLS)
    assert len(ended.out.splitlines()) == len(CELLS)


@pytest.mark.slow
def test_once_has_no_loop(gatereel: Command, folder: Path) -> None:
    gatereel("render", "rnn", *SHORT, "-o", "loop.gif")
    gatereel("render", "rnn", *SHORT, "-o", "once.gif", "--once")
    assert LOOPS in (folder / "loop.gif").read_bytes()
    assert LOOPS not in (folder / "once.gif").read_bytes()


@pytest.mark.slow
def test_two_processes_at_once_write_the_same_bytes(folder: Path, start: Start) -> None:
    words = ["render", "rnn", *SHORT, "-o"]
    with start([*words, "a.gif"]) as one, start([*words, "b.gif"]) as two:
        out = [process.communicate() for process in (one, two)]
        assert [process.returncode for process in (one, two)] == [0, 0]
    assert all(err == "" for _, err in out)  # no progress in a pipe
    assert names(folder) == ["a.gif", "b.gif"]
    assert (folder / "a.gif").read_bytes() == (folder / "b.gif").read_bytes()


@pytest.mark.slow
def test_a_still_alone_is_drawn_without_a_film(gatereel: Command, folder: Path) -> None:
    ended = gatereel("render", "gru", "-o", "gru.png", "--width", "300")
    assert ended.code == 0
    assert ended.out.endswith("  1 frame\n")
    assert names(folder) == ["gru.png"]


@pytest.mark.slow
def test_steps_shorter_than_a_frame_keep_the_planned_length(
    gatereel: Command, folder: Path
) -> None:
    words = ("render", "rnn", "--width", "300", "--pace", "0.2", "--fps", "5")
    planned = gatereel(*words, "--dry-run").out.splitlines()[1]
    ended = gatereel(*words)
    assert (ended.code, ended.err) == (0, "")
    frame_times = int(planned.split()[3])
    assert ended.out.endswith(f"  {frame_times / 5:.1f} s\n")


# --- backward ------------------------------------------------------------------------------------


def test_the_way_back_is_planned_with_its_numbers(gatereel: Command, folder: Path) -> None:
    ended = gatereel("render", "lstm", "--backward", "--dry-run")
    assert ended.code == 0
    assert "fc → f, fc → c_prev" in ended.out
    assert "The straight way: unit 1 keeps 6 % of it, 0.02." in ended.out
    other = gatereel("render", "lstm", "--backward", "--loss", "c[2]@2", "--dry-run")
    assert "unit 2 of the cell state after timestep 2" in other.out


@pytest.mark.slow
def test_the_way_back_is_drawn_and_every_step_of_it(gatereel: Command, folder: Path) -> None:
    words = ("--backward", "--timesteps", "2", "--width", "300", "-q")
    assert gatereel("render", "rnn", *words, "-o", "a.gif", "--steps", "s", "-o", "a.svg").code == 0
    names = sorted(path.name for path in (folder / "s").iterdir())
    assert names[2:5] == ["rnn-03-t2-loss.png", "rnn-04-t2-back-h.png", "rnn-05-t2-back-h.png"]
    assert (folder / "a.svg").stat().st_size > 0
    with Image.open(folder / "a.gif") as film:
        first = np.asarray(film.convert("RGB"))
        film.seek(getattr(film, "n_frames", 1) - 1)
        np.testing.assert_array_equal(first, np.asarray(film.convert("RGB")))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--loss h", "--loss says what gradients are of; give --backward, too."),
        ("--backward --loss q", "has no state 'q'"),
        ("--backward --loss h[9]", "The loss is of unit 9; the hidden size is 2."),
        ("--backward --loss h[1]@9", "The loss is of timestep 9"),
        ("--backward --plain", "--backward has no film without numbers"),
        ("--backward --layout square", "--backward has no --layout square"),
        ("--backward --only f", "--backward has no --only, --from-step or --to-step"),
        ("--backward --max-seconds 5", "takes at least"),
    ],
)
def test_a_way_back_that_is_none_is_told(
    gatereel: Command, folder: Path, words: str, message: str
) -> None:
    ended = gatereel("render", "lstm", *words.split())
    assert ended.code == WRONG_USE
    assert message in ended.err
    assert list(folder.iterdir()) == []
