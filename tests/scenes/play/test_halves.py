"""A film drawn by two processes is the film that is drawn by one, to the byte.

The films are drawn in processes of their own, for the one that runs the tests has threads.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.plan import Options, plan
from tests.scenes.traces import demo_trace

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")

SECONDS = 300.0
"""After which a process is taken to hang."""

DRAW = """
import os, sys
from pathlib import Path
os.sched_getaffinity = lambda process: {0, 1}
from gatereel.scenes.export import gif
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.play import halves
from gatereel.scenes.render import check_outputs, render_plan
from tests.scenes.traces import demo_trace
gif.WORTHWHILE = halves.WORTHWHILE = 2
copies = []
made = halves.Beside.__init__
def counted(self, work):
    copies.append(1)
    made(self, work)
halves.Beside.__init__ = counted
CHANGE
folder, cell, transparent = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "transparent"
options = Options(width=200, pace=0.3, transparent=transparent)
planned = plan(demo_trace(cell, 2), options)
names = ["film.webp"] if transparent else ["film.gif", "film.webp", "film.mp4"]
if sys.argv[3] == "gif":
    names = names[:1]
for name, by_two in (("two", True), ("one", False)):  # copies are made before text is set
    (folder / name).mkdir()
    order = check_outputs(planned, [folder / name / file for file in names])
    told = []
    render_plan(planned, order, progress=lambda done, of: told.append((done, of)), by_two=by_two)
    assert told[-1] == (planned.frames, planned.frames), told[-1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)
print(len(copies))
"""


def draw(folder: Path, cell: str, what: str, change: str = "") -> int:
    """Draw a film by one and by two; returns how many copies were made."""
    done = subprocess.run(
        [sys.executable, "-c", DRAW.replace("CHANGE", change), str(folder), cell, what],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def assert_same(folder: Path, files: int) -> None:
    ones = sorted((folder / "one").iterdir())
    assert len(ones) == files
    for one in ones:
        assert one.read_bytes() == (folder / "two" / one.name).read_bytes(), one.name


@pytest.mark.parametrize("cell", ["rnn", "gru-reset-after"])
def test_the_files_are_the_same(tmp_path: Path, cell: str) -> None:
    copies = draw(tmp_path, cell, "all")
    assert_same(tmp_path, 3)
    assert copies == 1  # beside a video's thread, a GIF is coded by one


def test_a_gif_is_coded_by_two_as_well(tmp_path: Path) -> None:
    assert draw(tmp_path, "rnn", "gif") == 2
    assert_same(tmp_path, 1)


def test_transparent_films_are_the_same(tmp_path: Path) -> None:
    draw(tmp_path, "rnn", "transparent")
    assert_same(tmp_path, 1)


FAILING = """
def fails(self, work):
    copies.append(1)
    def begin(file):
        file.write(b"not to be read")
        os.kill(os.getpid(), 9)
    made(self, begin)
halves.Beside.__init__ = fails
"""


def test_a_copy_that_is_killed_costs_time_alone(tmp_path: Path) -> None:
    assert draw(tmp_path, "rnn", "gif", FAILING) == 2
    assert_same(tmp_path, 1)


ON_DISK = """
from gatereel.scenes.export import store
store.MEMORY_BOUND = 1000
"""


def test_a_film_too_long_for_memory_is_the_same(tmp_path: Path) -> None:
    draw(tmp_path, "rnn", "gif", ON_DISK)
    assert_same(tmp_path, 1)


def test_no_copy_is_made_once_text_was_set(tmp_path: Path) -> None:
    """Typst's threads, which it waits for, are not there in a copy."""
    first = "from gatereel.scenes.draw.typeset import Text, Typesetter\n"
    assert draw(tmp_path, "rnn", "gif", first + "Typesetter().glyphs(Text('h', 16.0))") == 1
    assert_same(tmp_path, 1)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_transitions_from_a_beat_on_are_those_of_the_whole_film(cell: str) -> None:
    planned = plan(demo_trace(cell, 2), Options(width=200))
    whole = list(transitions(planned))
    for first in (1, len(whole) // 2, len(whole) - 1):
        rest = list(transitions(planned, first))
        assert [each.beat for each in rest] == [each.beat for each in whole[first:]]
        for one, other in zip(rest, whole[first:], strict=True):
            for share in (0.0, 0.4):
                painted = zip(one.at(share), other.at(share), strict=True)
                assert all(
                    a.style == b.style and (a.outline == b.outline).all() for a, b in painted
                )
            ends = zip(one.after.items, other.after.items, strict=True)
            assert all(a.style == b.style and (a.outline == b.outline).all() for a, b in ends)
