"""Whatever is a `concurrent.futures.Executor` draws, and few results are there at a time."""

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatereel.cli.drawing.collector import drawing
from gatereel.cli.drawing.drawn import Drawn, draw_as_bytes
from gatereel.cli.drawing.engine import EngineGoneError, Running
from gatereel.cli.drawing.processes import Here
from gatereel.cli.drawing.task import Task, task_of
from gatereel.cli.embedding.illustration import illustrate
from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.traces import Advance


@dataclass
class Given:
    """An engine of any executor."""

    executor: Executor
    room: int = 2
    notes: tuple[str, ...] = ()
    planners: int = 1

    @contextmanager
    def running(self, count: int, advance: Advance) -> Iterator[Running]:
        yield Running(self.executor, draw_as_bytes, lambda: self.room)
        self.executor.shutdown(wait=True, cancel_futures=True)


class Imitated(Executor):
    """Answers at once, in the thread that asks; remembers how many tasks wait for an answer."""

    def __init__(self, answers: dict[str, Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def submit(self, fn: Any, /, *args: Any, **kw: Any) -> "Future[Any]":
        (task,) = args
        self.asked.append(task.key)
        future: Future[Any] = Future()
        error = self.answers.get(task.key)
        if error is None:
            future.set_result(Drawn(()))
        else:
            future.set_exception(error)
        return future


def plain(key: str, folder: Path = Path()) -> Task:
    return Task(key, "", (folder / f"{key}.png",), 5, b"")


def stills(folder: Path, *cells: str) -> Iterator[Task]:
    for cell in cells:
        picture = illustrate(
            [cell, *["--still", "--width", "200", "--timesteps", "1"]], Path()
        ).subject
        yield task_of(cell, picture, [folder / f"{cell}.png"], 0)


@pytest.mark.slow
def test_every_engine_draws_the_same(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    found = []
    for name, engine in (
        ("here", Here(1)),
        ("two", Here(2)),
        ("pool", Given(ProcessPoolExecutor(1, mp_context=context))),
    ):
        folder = tmp_path / name
        folder.mkdir()
        tasks = stills(folder, "rnn", "gru")
        with drawing(tasks, 2, engine, lambda count: None) as outcomes:
            told = dict(outcomes.each())
        for key, outcome in told.items():
            assert not isinstance(outcome, Exception)
            assert [written.path for written in outcome] == [folder / f"{key}.png"]
        found.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert found[0].keys() == {"rnn.png", "gru.png"}
    assert found[0] == found[1] == found[2]


def test_tasks_are_made_when_there_is_room_for_them() -> None:
    made: list[str] = []

    def tasks() -> Iterator[Task]:
        for number in range(10):
            made.append(str(number))
            yield plain(str(number))

    advanced: list[int] = []
    with drawing(tasks(), 10, Given(Imitated({}), room=3), advanced.append) as outcomes:
        for done, (key, _) in enumerate(outcomes.each(), start=1):
            assert key == str(done - 1)
            assert len(made) <= done + 3
    assert len(made) == 10
    assert sum(advanced) == 50


def test_one_failure_leaves_the_others() -> None:
    imitated = Imitated({"b": InputError("no")})
    with drawing(map(plain, "abc"), 3, Given(imitated), lambda count: None) as outcomes:
        assert outcomes.of("c") == ()
        with pytest.raises(InputError, match="no"):
            outcomes.of("b")
        assert outcomes.of("a") == ()


def test_nothing_more_is_asked_of_an_engine_that_is_gone() -> None:
    imitated = Imitated({"b": EngineGoneError("gone")})
    with drawing(map(plain, "abcdefgh"), 8, Given(imitated, 1), lambda count: None) as outcomes:
        told = outcomes.each()
        assert next(told) == ("a", ())
        with pytest.raises(EngineGoneError):
            next(told)
        with pytest.raises(EngineGoneError):
            outcomes.of("h")
    assert imitated.asked == ["a", "b"]


def test_an_error_in_making_tasks_is_raised() -> None:
    def tasks() -> Iterator[Task]:
        yield plain("a")
        raise InputError("no second")

    with drawing(tasks(), 2, Given(Imitated({})), lambda count: None) as outcomes:
        assert outcomes.of("a") == ()
        with pytest.raises(InputError, match="no second"):
            outcomes.of("b")


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_was_not_asked_for_is_dropped(tmp_path: Path, jobs: int) -> None:
    with drawing(stills(tmp_path, "rnn", "gru"), 2, Here(jobs), lambda count: None):
        pass
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
