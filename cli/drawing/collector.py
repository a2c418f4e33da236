"""Have tasks drawn, bring what comes back to its places, and tell what came of each.

    with drawing(tasks, len(pictures), engine, advance) as outcomes:
        for key, outcome in outcomes.each():
            ...

Tasks are made only when there is room for them, and no more are out than the engine has room for:
the memory that this takes is the same for ten pictures and for a million.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Protocol, TypeAlias

from gatereel.cli.drawing.drawn import ADVANCING, Drawn, draw_in_place, settle
from gatereel.cli.drawing.engine import Engine, EngineGoneError, Running
from gatereel.cli.drawing.task import Task
from gatereel.cli.terminal.signals import raise_if_stopped
from gatereel.rnn_math.files.traces import Advance

if TYPE_CHECKING:
    from gatereel.scenes.export import Written

_POLL = 0.5
"""Seconds after which the main thread looks up: where it waits, some systems tell it nothing."""

_PATIENCE = 15.0
"""Seconds until a thread is left alone that hands out tasks; it takes fewer by itself."""

Outcome: TypeAlias = "tuple[Written, ...] | Exception"
"""The files of a task, or what kept them from being there."""


class Outcomes(Protocol):
    """What comes of tasks."""

    def each(self) -> Iterator[tuple[str, Outcome]]:
        """The keys of all tasks, as they are done, each with what came of it.

        Raises EngineGoneError where what draws them is gone.
        """

    def of(self, key: str) -> "tuple[Written, ...]":
        """Wait until a task is done; raises what kept its files from being there."""


@contextmanager
def drawing(
    tasks: Iterable[Task], count: int, engine: Engine, advance: Advance
) -> Iterator[Outcomes]:
    """Start on `count` tasks; `advance` is told the frame times that are done.

    When the block ends, whatever has not been drawn is dropped, and no half-written file is left.
    """
    told: SimpleQueue[_Told] = SimpleQueue()
    with engine.running(count, told.put) as running:
        if running is None:
            yield _Here(tasks, advance)
            return
        away = _Away(tasks, count, running, advance, told)
        try:
            yield away
        finally:
            away.stop()


class _Remembering(ABC):
    """Outcomes that somebody may ask for in another order than they come in."""

    def __init__(self) -> None:
        self._known: dict[str, Outcome] = {}

    @abstractmethod
    def each(self) -> Iterator[tuple[str, Outcome]]:
        """See `Outcomes`."""

    def of(self, key: str) -> "tuple[Written, ...]":
        if key not in self._known:
            for found, outcome in self.each():
                self._known[found] = outcome
                if found == key:
                    break
        outcome = self._known[key]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class _Here(_Remembering):
    """Draws in this process, each task when it is asked for."""

    def __init__(self, tasks: Iterable[Task], advance: Advance) -> None:
        super().__init__()
        self._tasks = iter(tasks)
        self._advance = advance

    def each(self) -> Iterator[tuple[str, Outcome]]:
        for task in self._tasks:
            token = ADVANCING.set(self._advance)
            try:
                outcome: Outcome = settle(draw_in_place(task))
            except Exception as error:  # whatever one task meets, the others are done
                outcome = error
            finally:
                ADVANCING.reset(token)
            yield task.key, outcome


_Told: TypeAlias = "int | tuple[Task, Drawn | Exception] | Exception"
"""Frame times that are done, what came of a task, or why no more tasks come."""


class _Away(_Remembering):
    """Has tasks drawn elsewhere.

    A signal makes the main thread leave whatever it is at, so all that has locks, as futures have,
    is touched by another thread, which hands out the tasks. The two speak through queues, which
    have none.
    """

    def __init__(
        self,
        tasks: Iterable[Task],
        count: int,
        running: Running,
        advance: Advance,
        told: "SimpleQueue[_Told]",
    ) -> None:
        super().__init__()
        self._tasks = tasks
        self._left = count
        self._running = running
        self._advance = advance
        self._told = told
        self._allowed: SimpleQueue[bool] = SimpleQueue()
        self._out = 0
        self._stopped = False
        self._gone: EngineGoneError | None = None
        self._feeder = Thread(target=self._feed, daemon=True)
        self._feeder.start()

    def each(self) -> Iterator[tuple[str, Outcome]]:
        while self._left:
            if self._gone is not None:
                raise self._gone
            raise_if_stopped()
            self._allow()
            try:
                told = self._told.get(timeout=_POLL)
            except Empty:
                continue
            if isinstance(told, int):
                self._advance(told)
            elif isinstance(told, Exception):
                raise told
            else:
                task, answer = told
                self._out -= 1
                self._left -= 1
                if isinstance(answer, EngineGoneError):
                    self._gone = answer
                else:
                    yield task.key, self._outcome(task, answer)

    def stop(self) -> None:
        """Hand out no more tasks."""
        self._stopped = True
        self._allowed.put(False)
        self._feeder.join(_PATIENCE)

    def _allow(self) -> None:
        """Let as many tasks go out as there is room for."""
        room = min(self._running.room(), self._left)
        while self._out < room:
            self._out += 1
            self._allowed.put(True)

    def _outcome(self, task: Task, answer: Drawn | Exception) -> Outcome:
        if not self._running.tells_frames:
            self._advance(task.frames)
        if isinstance(answer, Exception):
            return answer
        try:
            return settle(answer)
        except Exception as error:  # whatever one task meets, the others are done
            return error

    def _feed(self) -> None:
        try:
            tasks = iter(self._tasks)
            while self._allowed.get() and not self._stopped:
                task = next(tasks, None)
                if task is None:
                    return
                future = self._running.executor.submit(self._running.draw, task)
                future.add_done_callback(partial(self._done, task))
        except Exception as error:  # it is raised where the outcomes are waited for
            self._told.put(error)

    def _done(self, task: Task, future: "Future[Drawn]") -> None:
        if future.cancelled():  # as all are in the end that were not begun
            return
        error = future.exception()
        if error is None:
            self._told.put((task, future.result()))
        elif isinstance(error, Exception):
            self._told.put((task, error))
        else:  # what ends a process is no outcome of a task
            self._told.put((task, RuntimeError(repr(error))))
