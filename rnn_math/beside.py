"""Work that a copy of this process does beside it, on another core.

    with Beside(work) as beside:  # `work` writes to a nameless file
        ...
        beside.file()  # waits, and gives the file to read from

A copy begins with all that was imported and computed. Copying a process is safe where no other
thread of it runs, which is so in a command and hardly in a notebook: it is for commands to ask for.
"""

import os
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from gatereel.rnn_math.processes import end_with_parent, how_it_ended

_UTIME = 11
"""The place of `utime` among the words of a process's stat that follow its name."""

_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")
"""What stops a command reaches its copies, too; the command ends them by itself."""

_POLL = 0.003
"""Seconds between looks at whether a copy has ended."""

_STUCK = 20.0
"""Seconds in which a copy computes nothing at all, after which it is given up: a library may wait
for threads that are not there in a copy."""


def can_copy() -> bool:
    """Whether a copy of this process may be made, and would have a core of its own.

    Only Linux ends a copy with the process that it was made of.
    """
    return (
        sys.platform == "linux"
        and threading.active_count() == 1
        and len(os.sched_getaffinity(0)) > 1
    )


class CopyError(Exception):
    """A copy ended before its work was done: its memory was taken, or it raised an error."""


class Beside:
    """A copy of this process that does `work`, and what it wrote; leaving the block ends it."""

    def __init__(self, work: Callable[[IO[bytes]], None]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  closed with the block
        parent = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        with warnings.catch_warnings():
            # Newer versions of Python warn of threads of numpy's, which look after themselves.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process: int | None = os.fork()
        if not self._process:
            _do(work, self._file, parent)

    def __enter__(self) -> Self:
        return self

    def file(self, meanwhile: Callable[[], None] = lambda: None) -> IO[bytes]:
        """Wait until the work is done, calling `meanwhile` at times; returns what was written.

        Raises CopyError.
        """
        computed, since = -1, time.monotonic()
        while self._process is not None:
            process, status = os.waitpid(self._process, os.WNOHANG)
            if not process:
                meanwhile()
                time.sleep(_POLL)
                now = _ticks(self._process)
                if now != computed:
                    computed, since = now, time.monotonic()
                elif time.monotonic() - since > _STUCK:
                    self._end()
                    raise CopyError("it was stuck")
                continue
            self._process = None
            if status:
                raise CopyError(how_it_ended(os.waitstatus_to_exitcode(status), ""))
        self._file.seek(0)
        return self._file

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        self._file.close()

    def _end(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)
            self._process = None


def _ticks(process: int) -> int:
    """What a process has computed so far: proc(5), `utime` and `stime` of stat."""
    told = Path(f"/proc/{process}/stat").read_bytes()
    words = told.rpartition(b")")[2].split()  # after its name, which may have spaces
    return int(words[_UTIME]) + int(words[_UTIME + 1])


def _do(work: Callable[[IO[bytes]], None], file: IO[bytes], parent: int) -> None:
    """Work, and end this process without what the one that it is a copy of would do at its end."""
    code = 1
    try:
        for name in _STOPPING:
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        end_with_parent(parent)
        work(file)
        file.flush()
        code = 0
    except BaseException:  # whatever it is: who waits does the work itself, and meets it there
        code = 1
    finally:
        os._exit(code)
