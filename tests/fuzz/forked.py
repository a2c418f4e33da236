"""Many cases from one process: what reads HDF5 is a copy of the fuzzer, in place of a new Python.

A case is alone in its process all the same, with the same bound of memory; only the start is
shared, which takes most of a case's time, and so a fraction of a second is enough.
`rnn_math/models/keras/hdf5.py` goes on to judge how the process ended.
"""

import importlib
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

from gatereel.rnn_math.models.keras import hdf5, hdf5_walk

SECONDS = 0.25
"""Of computing for each file, whose process begins as a copy and needs some milliseconds: what
takes longer goes on without end. The walk's own bound counts in whole seconds."""

_BOUNDS = 4
"""Words of the command after the regular expression, which are the walk's own."""


@contextmanager
def forked_walks() -> Iterator[None]:
    """Have HDF5 files read in copies of this process for as long as the context lasts."""
    import_once()
    with (
        mock.patch(f"{hdf5.__name__}.subprocess.run", copied_walk),
        mock.patch(f"{hdf5.__name__}.SECONDS", SECONDS),
    ):
        yield


def import_once() -> None:
    """Import for all copies what they would import otherwise."""
    importlib.import_module("h5py")


def copied_walk(
    command: Sequence[str], *, input: bytes, timeout: float, **others: Any
) -> subprocess.CompletedProcess[bytes]:
    """What `subprocess.run` gives for the walk, from a copy of this process."""
    with (
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as told,
        tempfile.TemporaryFile() as errors,
    ):
        asked.write(input)
        asked.seek(0)
        sys.stdout.flush()
        sys.stderr.flush()
        child = os.fork()
        if not child:
            for number, stream in enumerate((asked, told, errors)):
                os.dup2(stream.fileno(), number)
            _walk(command, timeout)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code in (-signal.SIGALRM, -signal.SIGPROF):
            raise subprocess.TimeoutExpired(command, timeout)
        for file in (told, errors):
            file.seek(0)
        return subprocess.CompletedProcess(command, code, told.read(), errors.read())


def _walk(command: Sequence[str], timeout: float) -> None:
    """Do what the new process would, and end."""
    for number in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, timeout)  # in the place of the fuzzer's own
    signal.alarm(int(timeout) + 1)
    sys.argv = [hdf5_walk.__name__, *command[-1 - _BOUNDS :]]
    code = 1
    try:
        code = hdf5_walk.main()
        sys.stdout.flush()
    except BaseException:  # anything at all: it may not go on as a second fuzzer
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)
