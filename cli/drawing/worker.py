"""A process that draws for `cli/drawing/processes.py`, one picture after the other.

Pickled calls come on its standard input; on what was its standard output go a number for frame
times that are done, and for each call how it ended. When the input ends, whoever began it wants no
more or is gone: what is being drawn is dropped, and no half-written file stays.
"""

import os
import pickle
import signal
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO

from gatereel.cli.drawing.drawn import ADVANCING
from gatereel.cli.drawing.processes import Call, Ended
from gatereel.cli.drawing.task import Task
from gatereel.cli.terminal.signals import SIGNAL_CODES, Stopped, signal_main, signals_raise
from gatereel.rnn_math.files.atomic import end_writing
from gatereel.rnn_math.processes import limit_cpu

SECONDS = 600.0
"""What a picture may take to be computed, however small."""

SECONDS_A_FRAME = 5.0
"""What a frame time may take more: dozens of times what the largest takes."""

_GRACE = 10.0
"""Seconds to leave everything tidy in when the input has ended."""


def main() -> int:
    """Do what is asked for until the input ends."""
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    ADVANCING.set(lambda count: _answer(answers, count))
    calls: SimpleQueue[Call | None] = SimpleQueue()
    try:
        with signals_raise():
            threading.Thread(target=_read, args=(calls,), daemon=True).start()
            while (call := calls.get()) is not None:
                _answer(answers, _ended(call))
    except Stopped as stopped:
        return SIGNAL_CODES + stopped.signal
    except BrokenPipeError:  # nobody is there to be told
        return 1
    return 0


def _read(calls: "SimpleQueue[Call | None]") -> None:
    """Pass on the calls; at the end of the input stop the drawing."""
    try:
        while True:
            calls.put(pickle.load(sys.stdin.buffer))
    except (EOFError, OSError, pickle.UnpicklingError):  # the other end is closed, or was killed
        calls.put(None)
        signal_main(signal.SIGTERM)
    threading.Event().wait(_GRACE)
    os._exit(1)


def _ended(call: Call) -> Ended:
    """Do a call: what came of it, or why not."""
    function, words, named = call
    frames = sum(word.frames for word in words if isinstance(word, Task))
    limit_cpu(SECONDS + frames * SECONDS_A_FRAME)
    try:
        return Ended(function(*words, **named))
    except Exception as error:  # whatever it is, it is told where the command reports it
        return Ended(error=_as_sent(error))


def _as_sent(error: Exception) -> Exception:
    """The error itself if it survives the way to another process, else its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # an error of any library may come, and fail in any way
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _answer(answers: BinaryIO, answer: int | Ended) -> None:
    pickle.dump(answer, answers)
    answers.flush()


if __name__ == "__main__":
    _code = main()
    end_writing()
    sys.stderr.flush()
    # At once: the thread may hold the standard input, which Python would wait for at its end.
    os._exit(_code)
