"""Draw the pictures of many directives, each once, on several cores.

A picture goes to another process as the words of its directive: they are planned there again, which
takes milliseconds, and a picture that comes out as another one is refused.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import TYPE_CHECKING

from cli.embedding.illustration import illustrate
from cli.renderer import load_renderer
from cli.signals import Stopped
from rnn_math import InputError

if TYPE_CHECKING:
    from scenes.export import Written

_POLL = 0.1
"""Seconds between two looks at how far the others are."""

Advance = Callable[[int], None]
"""Told how many frame times more are done."""


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


Draw = Callable[[Task], "tuple[Written, ...]"]
"""Waits until a task is done; raises what kept its files from being written."""


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
        yield lambda task: _draw(task, advance)


def _draw(task: Task, advance: Advance) -> "tuple[Written, ...]":
    """Draw a task in this process."""
    from scenes.render import render_plan

    load_renderer()
    illustration = illustrate(task.words, task.folder)
    planned = next(
        (v.plan for v in illustration.variants if v.fingerprint == task.fingerprint), None
    )
    if planned is None:
        raise InputError("a file that it names changed in the meantime; run the command again.")
    done = 0

    def show(now: int, of: int) -> None:
        nonlocal done
        advance(now - done)
        done = now

    return render_plan(planned, task.paths, progress=show)


@contextmanager
def _in_processes(tasks: Sequence[Task], jobs: int, advance: Advance) -> Iterator[Draw]:
    # A process that begins anew is the same on every system, and has no threads of ours in it.
    context = multiprocessing.get_context("spawn")
    frames, stop = context.Value("q", 0), context.Event()
    told = 0

    def tell() -> None:
        nonlocal told
        now = frames.value
        advance(now - told)
        told = now

    with ProcessPoolExecutor(jobs, context, _begin, (frames, stop)) as pool:
        futures = {task: pool.submit(_draw_in_worker, task) for task in tasks}

        def draw(task: Task) -> "tuple[Written, ...]":
            future: Future[tuple[Written, ...]] = futures[task]
            while not wait([future], _POLL).done:
                tell()
            tell()
            try:
                return future.result()
            except BrokenProcessPool:
                raise InputError(
                    "a process that draws ended by itself, perhaps for want of memory; "
                    "try it with --jobs 1."
                ) from None

        try:
            yield draw
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)


_frames: "Synchronized[int] | None" = None
_stop: Event | None = None
"""Of a process that draws: what it tells the one that began it, and what it is told."""


def _begin(frames: "Synchronized[int]", stop: Event) -> None:
    """Set up a process that draws."""
    global _frames, _stop
    _frames, _stop = frames, stop
    # Ctrl-C reaches every process of a terminal; the first one tells the others to stop.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _draw_in_worker(task: Task) -> "tuple[Written, ...]":
    frames, stop = _frames, _stop
    assert frames is not None
    assert stop is not None

    def show(count: int) -> None:
        if stop.is_set():
            raise Stopped(signal.SIGINT)
        with frames.get_lock():
            frames.value += count

    if stop.is_set():
        raise Stopped(signal.SIGINT)
    return _draw(task, show)
