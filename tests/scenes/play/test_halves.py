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

FAILING = """
def fails(self, work):
    copies.append(1)
    def begin(file):
        file.write(b"not to be read")
        os.kill(os.getpid(), 9)
    made(self, begin)
halves.Beside.__init__ = fails
"""

ON_DISK = "store.MEMORY_BOUND = 1000"

TEXT_SET = "Typesetter().glyphs(Text('h', 16.0))"
"""Typst's threads, which it waits for, are not there in a copy."""

FILMS = {
    "rnn": ("rnn", 2, ("film.gif", "film.webp", "film.mp4"), ""),
    "gru": ("gru-reset-after", 2, ("film.gif", "film.webp", "film.mp4"), ""),
    "gif": ("rnn", 1, ("film.gif",), ""),
    "transparent": ("rnn", 1, ("film.webp",), ""),
    "killed": ("rnn", 1, ("film.gif",), FAILING),
    "on disk": ("rnn", 1, ("film.gif",), ON_DISK),
    "text set": ("rnn", 1, ("film.gif",), TEXT_SET),
}
"""A cell, its timesteps, the files that its film goes to, and what is changed before."""

DRAW = """
import os, sys
from pathlib import Path
os.sched_getaffinity = lambda process: {0, 1}
from gatereel.scenes.draw.typeset import Text, Typesetter
from gatereel.scenes.export import gif, store
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.play import halves
from gatereel.scenes.render import check_outputs, render_plan
from tests.scenes.play.test_halves import FILMS
from tests.scenes.traces import demo_trace
gif.WORTHWHILE = halves.WORTHWHILE = 2
copies = []
made = halves.Beside.__init__
def counted(self, work):
    copies.append(1)
    made(self, work)
halves.Beside.__init__ = counted

def draw(folder, cell, timesteps, names, change):
    exec(change, globals())
    options = Options(width=200, pace=0.3, transparent=folder.name == "transparent")
    planned = plan(demo_trace(cell, timesteps), options)
    for name, by_two in (("two", True), ("one", False)):  # copies are made before text is set
        (folder / name).mkdir(parents=True)
        order = check_outputs(planned, [folder / name / file for file in names])
        told = []
        progress = lambda done, of: told.append((done, of))
        render_plan(planned, order, progress=progress, by_two=by_two)
        assert told[-1] == (planned.frames, planned.frames), told[-1]
        assert [done for done, _ in told] == sorted(done for done, _ in told)
    (folder / "copies").write_text(str(len(copies)))

# Each film in a process that has imported all it needs, and in which nothing was drawn before.
for name, film in FILMS.items():
    if (child := os.fork()) == 0:
        draw(Path(sys.argv[1], name), *film)
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of each of the `FILMS`, drawn by two and by one."""
    folder = tmp_path_factory.mktemp("films")
    done = subprocess.run(
        [sys.executable, "-c", DRAW, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


def copies_of(folder: Path) -> int:
    """How many copies were made of the process that drew a film, by two, which is that by one."""
    ones = sorted((folder / "one").iterdir())
    assert [each.name for each in ones] == sorted(FILMS[folder.name][2])
    for one in ones:
        assert one.read_bytes() == (folder / "two" / one.name).read_bytes(), one.name
    return int((folder / "copies").read_text())


@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_the_files_are_the_same(films: Path, cell: str) -> None:
    assert copies_of(films / cell) == 1  # beside a video's thread, a GIF is coded by one


def test_a_gif_is_coded_by_two_as_well(films: Path) -> None:
    assert copies_of(films / "gif") == 2


def test_transparent_films_are_the_same(films: Path) -> None:
    copies_of(films / "transparent")


def test_a_copy_that_is_killed_costs_time_alone(films: Path) -> None:
    assert copies_of(films / "killed") == 2


def test_a_film_too_long_for_memory_is_the_same(films: Path) -> None:
    copies_of(films / "on disk")


def test_no_copy_is_made_once_text_was_set(films: Path) -> None:
    assert copies_of(films / "text set") == 1


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
