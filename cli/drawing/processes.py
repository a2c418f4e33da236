"""Processes of ours that draw, as an executor.

They are our own rather than those of `concurrent.futures`: those import from the current folder,
live on when the command is killed, and are all lost when one of them is.
"""

import os
import pickle
import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, ParamSpec, TypeVar

from gatereel.cli.drawing.drawn import draw_in_place
from gatereel.cli.drawing.engine import TASKS_A_PLACE, Running
from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.traces import Advance
from gatereel.rnn_math.processes import environment, how_it_ended, python_command
from gatereel.rnn_math.records import dataclass

_PATIENCE = 15.0
"""Seconds until a process that was told to end is ended; it takes fewer by itself."""

_WORKER = "gatereel.cli.drawing.worker"

_TRIES = 2
"""A process may be ended by what has nothing to do with what it draws."""

_OUT_OF_TIME = -getattr(signal, "SIGXCPU", 0)
"""How a process ends that has computed for too long; another one would, too."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
"""What a process is asked to do."""


@dataclass(frozen=True)
class Ended:
    """How a call ended."""

    result: Any = None
    error: Exception | None = None


def cores() -> int:
    """How many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@dataclass(frozen=True)
class Here:
    """The engine of this machine: so many processes, or this one alone."""

    jobs: int
    notes: tuple[str, ...] = ()

    @property
    def planners(self) -> int:
        """As many as draw."""
        return self.jobs

    @contextmanager
    def running(self, count: int, advance: Advance) -> Iterator[Running | None]:
        """Start it; see `Engine`."""
        jobs = min(self.jobs, count)
        if jobs <= 1:
            yield None
            return
        processes = Processes(jobs, advance)
        try:
            yield Running(processes, draw_in_place, lambda: jobs * TASKS_A_PLACE, tells_frames=True)
        finally:
            processes.shutdown(cancel_futures=True)


class _DiedError(Exception):
    """A process ended before it answered, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class _Worker:
    """A process that does one call after the other."""

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

    def do(self, call: Call, advance: Advance) -> Any:
        """Wait until `call` is done. Raises what it raised, or _DiedError."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump(call, self._process.stdin)
            self._process.stdin.flush()
            while isinstance(answer := pickle.load(self._process.stdout), int):
                advance(answer)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):
            self.end()
            raise _DiedError(self._process.returncode) from None
        assert isinstance(answer, Ended)
        if answer.error is not None:
            raise answer.error
        return answer.result

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


class Processes(Executor):
    """Threads that each have a process do one call after the other.

    A process starts when there is something to do for it. One that dies costs its own call only,
    which another process does; `advance` is told what is done of all calls. Calls come through a
    queue, which has no lock that a signal in the main thread could leave closed.
    """

    def __init__(self, count: int, advance: Advance) -> None:
        self._advance = advance
        self._calls: SimpleQueue[tuple[Future[Any], Call] | None] = SimpleQueue()
        self._all: list[_Worker] = []
        self._stopped = False
        self._threads = [Thread(target=self._serve, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kw: Parameters.kwargs
    ) -> Future[Result]:
        """Have a process call a function, which it must be able to import."""
        if self._stopped:
            raise RuntimeError("these processes were told to end")
        future: Future[Result] = Future()
        self._calls.put((future, (fn, args, kw)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the processes end: after what was asked for, or at once with `cancel_futures`."""
        for _ in self._threads:
            self._calls.put(None)
        if cancel_futures:
            self._stopped = True
            for worker in self._all:
                worker.dismiss()
        if not wait:
            return
        if not cancel_futures:
            for thread in self._threads:
                thread.join()
        for worker in self._all:
            worker.end()
        for thread in self._threads:  # which read no more: what they read from has ended
            thread.join(_PATIENCE)
        for worker in self._all:
            worker.close()

    def _serve(self) -> None:
        worker = None
        while (asked := self._calls.get()) is not None and not self._stopped:
            future, call = asked
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker, result = self._done(worker, call)
            except Exception as error:  # whatever it is, it is raised where it is waited for
                future.set_exception(error)
            else:
                future.set_result(result)
        if worker is not None:
            worker.dismiss()

    def _done(self, worker: _Worker | None, call: Call) -> tuple[_Worker, Any]:
        """Have a call done, by `worker` while it lives; who did it, and the result."""
        code = 0
        for _ in range(_TRIES):
            told = 0

            def tell(count: int) -> None:
                nonlocal told
                told += count
                self._advance(count)

            if worker is None or not worker.is_alive:
                worker = self._begin()
            try:
                return worker, worker.do(call, tell)
            except _DiedError as died:
                code = died.code
                self._advance(-told)
                if self._stopped or code == _OUT_OF_TIME:
                    break
        raise InputError(
            f"the process that drew it did not finish ({how_it_ended(code, '')}), perhaps for want "
            "of memory; try it with --jobs 1."
        )

    def _begin(self) -> _Worker:
        worker = _Worker()
        self._all.append(worker)
        if self._stopped:  # since the others were dismissed
            worker.dismiss()
        return worker
