"""Draw the pictures of many directives, each once, on several cores.

A picture goes to another process as the words of its directive: they are planned there again, which
takes milliseconds, and a picture that comes out as another one is refused.

The processes are our own rather than those of `concurrent.futures`: those import from the current
folder, live on when the command is killed, and are all lost when one of them is.
"""

import os
import pickle
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, TypeAlias, cast

from gatereel.cli.embedding.illustration import illustrate
from gatereel.cli.terminal.signals import raise_if_stopped
from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.traces import Advance
from gatereel.rnn_math.processes import environment, how_it_ended, python_command

if TYPE_CHECKING:
    from gatereel.scenes.export import Written

_POLL = 0.5
"""Seconds after which the main thread looks up: where it waits, some systems tell it nothing."""

_PATIENCE = 15.0
"""Seconds until a process that was told to end is ended; it takes fewer by itself."""

_WORKER = "gatereel.cli.embedding.worker"


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@dataclass(frozen=True)
class Task:
    """A picture to draw: the words that ask for it, from which folder, and where it goes."""

    words: tuple[str, ...]
    folder: Path
    """Absolute, as `paths` are."""
    fingerprint: str
    paths: tuple[Path, ...]
    frames: int
    """Frame times in it; nought for a still."""
    post_cells: tuple[str, ...] | None = ()
    """What a legend shows that names no cells."""


Draw = Callable[[Task], "tuple[Written, ...]"]
"""Waits until a task is done; raises what kept its files from being written."""

Answer: TypeAlias = "int | tuple[Written, ...] | Exception"
"""What a process that draws tells: frame times that are done, or how a task ended."""


@contextmanager
def drawing(tasks: Sequence[Task], jobs: int, advance: Advance) -> Iterator[Draw]:
    """Start on `tasks`, up to `jobs` at a time; `advance` is told what is done.

    When the block ends, whatever has not been drawn is dropped, and no half-written file is left.
    """
    jobs = min(jobs, len(tasks))
    if jobs > 1:
        with _in_processes(tasks, jobs, advance) as draw:
            yield draw
    else:
        yield lambda task: draw_here(task, advance)


def draw_here(task: Task, advance: Advance) -> "tuple[Written, ...]":
    """Draw a task in this process."""
    illustration = illustrate(task.words, task.folder, task.post_cells)
    subject = illustration.subject_of(task.fingerprint)
    if subject is None:
        raise InputError("a file that it names changed in the meantime; run the command again.")
    return subject.draw(task.paths, advance)


class _Worker:
    """A process that draws one task after the other."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            python_command(_WORKER),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
            # A signal to the terminal's processes reaches the command alone, which tells the
            # others; if it is killed, they notice by the end of their input.
            start_new_session=True,
        )

    def draw(self, task: Task, advance: Advance) -> "tuple[Written, ...]":
        """Wait until `task` is drawn. Raises what kept it from being so."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(task, self._process.stdin)
            self._process.stdin.flush()
            while isinstance(answer := pickle.load(self._process.stdout), int):
                advance(answer)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.end()
            reason = how_it_ended(self._process.returncode, "")
            raise InputError(
                f"the process that drew it did not finish ({reason}), perhaps for want of memory; "
                "try it with --jobs 1."
            ) from None
        if isinstance(answer, Exception):
            raise answer
        return cast("tuple[Written, ...]", answer)

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def dismiss(self) -> None:
        """Tell it to leave everything tidy and end, whatever it is at."""
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended already
            self._process.stdin.close()

    def end(self) -> None:
        """Wait for its end."""
        self.dismiss()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Close what it answered through, once nobody reads from it."""
        assert self._process.stdout is not None
        self._process.stdout.close()


class _Workers:
    """Threads that each have a process draw one task after the other.

    What they tell goes through queues, which have no lock that a signal in the main thread could
    leave closed, as the futures of the standard library have.
    """

    def __init__(self, tasks: Sequence[Task], jobs: int) -> None:
        self.told: SimpleQueue[int | tuple[Task, Answer]] = SimpleQueue()
        self._tasks: SimpleQueue[Task] = SimpleQueue()
        for task in tasks:
            self._tasks.put(task)
        self._all: list[_Worker] = []
        self._stopped = False
        self._threads = [Thread(target=self._serve, daemon=True) for _ in range(jobs)]
        for thread in self._threads:
            thread.start()

    def _serve(self) -> None:
        worker = None
        while not self._stopped:
            try:
                task = self._tasks.get_nowait()
            except Empty:
                break
            try:
                if worker is None or not worker.is_alive:
                    worker = self._begin()
                answer: Answer = worker.draw(task, self.told.put)
            except Exception as error:  # whatever it is, it is raised where the task is waited for
                answer = error
            self.told.put((task, answer))
        if worker is not None:
            worker.dismiss()

    def _begin(self) -> _Worker:
        worker = _Worker()
        self._all.append(worker)
        if self._stopped:  # since the others were dismissed
            worker.dismiss()
        return worker

    def end(self) -> None:
        """Let none begin any more, and wait until all have ended."""
        self._stopped = True
        for worker in self._all:
            worker.dismiss()
        for worker in self._all:
            worker.end()
        for thread in self._threads:  # which read no more: what they read from has ended
            thread.join(_PATIENCE)
        for worker in self._all:
            worker.close()


@contextmanager
def _in_processes(tasks: Sequence[Task], jobs: int, advance: Advance) -> Iterator[Draw]:
    workers = _Workers(tasks, jobs)
    answers: dict[Task, Answer] = {}

    def draw(task: Task) -> "tuple[Written, ...]":
        while task not in answers:
            raise_if_stopped()
            try:
                told = workers.told.get(timeout=_POLL)
            except Empty:
                continue
            if isinstance(told, int):
                advance(told)
            else:
                answers[told[0]] = told[1]
        answer = answers[task]
        if isinstance(answer, Exception):
            raise answer
        return cast("tuple[Written, ...]", answer)

    try:
        yield draw
    finally:
        workers.end()
