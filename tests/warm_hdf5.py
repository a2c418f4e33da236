"""HDF5 files are read by copies of one process, which has imported what reads them.

    with warm_reading():
        read_model(path)  # as ever, in a process of its own, which begins as a copy

The command starts a new Python for each file, and nearly all of its time goes into imports. Tests
of what is made of a file have one such process for all of theirs; how that new Python is started,
bounded and judged is for `tests/rnn_math/models/test_hdf5.py`, which starts it.
"""

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

ROOT = Path(__file__).parents[1]

_Ended = subprocess.CompletedProcess[bytes] | subprocess.TimeoutExpired


@contextmanager
def warm_reading() -> Iterator[None]:
    """Have HDF5 files read in copies for as long as the context lasts, and no other process."""
    from gatereel.rnn_math.models.keras import hdf5

    # Not the `run` of the module itself: everybody's processes are started with that one.
    stand_in = SimpleNamespace(run=_run, TimeoutExpired=subprocess.TimeoutExpired)
    with mock.patch.object(hdf5, "subprocess", stand_in):
        yield


def _run(
    command: Sequence[str], *, input: bytes, timeout: float, **others: Any
) -> subprocess.CompletedProcess[bytes]:
    """What `subprocess.run` gives for the walk."""
    process = _process()
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump((command, input, timeout), process.stdin)
    process.stdin.flush()
    ended: _Ended = pickle.load(process.stdout)
    if isinstance(ended, subprocess.TimeoutExpired):
        raise ended
    return ended


@cache
def _process() -> subprocess.Popen[bytes]:
    """The one that is copied."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(os.getpid())],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(process.communicate)  # nothing more is asked, and so it ends
    return process


def _serve() -> None:
    """Answer what is asked for on standard input until nobody is left to ask."""
    from gatereel.rnn_math.processes import end_with_parent
    from tests.fuzz.forked import copied_walk, import_once

    end_with_parent(int(sys.argv[1]))
    import_once()
    with suppress(EOFError):
        while True:
            command, data, timeout = pickle.load(sys.stdin.buffer)
            # A walk ends with the process that it is a copy of.
            command = [*command[:-1], str(os.getpid())]
            ended: _Ended
            try:
                ended = copied_walk(command, input=data, timeout=timeout)
            except subprocess.TimeoutExpired as expired:
                ended = expired
            pickle.dump(ended, sys.stdout.buffer)
            sys.stdout.flush()


if __name__ == "__main__":
    _serve()
