"""Signals that end the command become an exception, so that half-written files are removed."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 2.0
"""Seconds in which a repeated signal is ignored: the first one is being obeyed, and a second
exception would fall into the removal of temporary files."""

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Stopped(BaseException):
    """A signal asked the command to end. Libraries that catch `Exception` let it pass."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal


@contextmanager
def signals_raise() -> Iterator[None]:
    """Raise `Stopped` in the block when a signal asks for the end.

    A signal that is ignored from outside, as under nohup, stays so. Without effect in any thread
    but the main one, which alone may set this.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    last = -PATIENCE

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < PATIENCE:
            return
        last = now
        raise Stopped(number)

    previous = {}
    for number in ENDING:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            previous[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
