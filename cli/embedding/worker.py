"""A process that draws pictures for `cli/embedding/drawing.py`, one after the other.

Pickled tasks come on its standard input; on what was its standard output go a number for frame
times that are done, and for each task what was written or the error. When the input ends, whoever
began it wants no more or is gone: what is being drawn is dropped, and no half-written file stays.
"""

import os
import pickle
import signal
import sys
import threading
from queue import SimpleQueue
from typing import BinaryIO

from gatereel.cli.embedding.drawing import Answer, Task, draw_here
from gatereel.cli.terminal.signals import SIGNAL_CODES, Stopped, signal_main, signals_raise
from gatereel.rnn_math.processes import limit_cpu

SECONDS = 600.0
"""What a picture may take to be computed, however small."""

SECONDS_A_FRAME = 5.0
"""What a frame time may take more: dozens of times what the largest takes."""

_GRACE = 10.0
"""Seconds to leave everything tidy in when the input has ended."""


def main() -> int:
    """Draw what is asked for until the input ends."""
    # What a library prints must not come between the answers.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    tasks: SimpleQueue[Task | None] = SimpleQueue()
    try:
        with signals_raise():
            threading.Thread(target=_read, args=(tasks,), daemon=True).start()
            while (task := tasks.get()) is not None:
                _answer(answers, _result(task, answers))
    except Stopped as stopped:
        return SIGNAL_CODES + stopped.signal
    except BrokenPipeError:  # nobody is there to be told
        return 1
    return 0


def _read(tasks: "SimpleQueue[Task | None]") -> None:
    """Pass on the tasks; at the end of the input stop the drawing."""
    try:
        while True:
            tasks.put(pickle.load(sys.stdin.buffer))
    except (EOFError, OSError, pickle.UnpicklingError):  # the other end is closed, or was killed
        tasks.put(None)
        signal_main(signal.SIGTERM)
    threading.Event().wait(_GRACE)
    os._exit(1)


def _result(task: Task, answers: BinaryIO) -> Answer:
    """Draw a task: what was written, or why not."""
    limit_cpu(SECONDS + task.frames * SECONDS_A_FRAME)
    try:
        return draw_here(task, lambda count: _answer(answers, count))
    except Exception as error:  # whatever it is, it is told where the command reports it
        return _as_sent(error)


def _as_sent(error: Exception) -> Exception:
    """The error itself if it survives the way to another process, else its words."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # an error of any library may come, and fail in any way
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _answer(answers: BinaryIO, answer: Answer) -> None:
    pickle.dump(answer, answers)
    answers.flush()


if __name__ == "__main__":
    _code = main()
    sys.stderr.flush()
    # At once: the thread may hold the standard input, which Python would wait for at its end.
    os._exit(_code)
