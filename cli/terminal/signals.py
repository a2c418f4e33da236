"""Signals that end the command become an exception, so that half-written files are removed."""

import signal
import sys
import threading
import time
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

PATIENCE = 2.0
"""Seconds in which a repeated signal is ignored: the first one is being obeyed, and a second
exception would fall into the removal of temporary files."""

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


SIGNAL_CODES = 128
"""Added to the number of the signal that stopped the command, as shells do."""

_SOON = 0.01
"""Seconds until a signal that came where nothing can be raised is raised again."""


_asked: list[int] = []
"""The signals that asked for the end of the block that runs."""


class Stopped(BaseException):
    """A signal asked the command to end. Libraries that catch `Exception` let it pass."""

    def __init__(self, signal: int) -> None:
        super().__init__(signal)
        self.signal = signal

    def tell(self) -> int:
        """Say so on the standard error; return the exit code."""
        if sys.stderr is not None:
            with suppress(OSError):
                sys.stderr.write("gatereel: interrupted\n")
        return SIGNAL_CODES + self.signal


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
        _asked.append(number)
        raise Stopped(number)

    def again(lost: "sys.UnraisableHookArgs") -> None:
        # It came while Python was cleaning up after something, and that swallows what is raised.
        nonlocal last
        if not isinstance(lost.exc_value, Stopped):
            before(lost)
            return
        last = -PATIENCE
        later = threading.Timer(_SOON, signal_main, (lost.exc_value.signal,))
        later.daemon = True
        later.start()

    before = sys.unraisablehook
    sys.unraisablehook = again
    previous = {}
    for number in ENDING:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            previous[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        sys.unraisablehook = before
        _asked.clear()


def raise_if_stopped() -> None:
    """Raise `Stopped` again where a signal asked for the end and nothing has ended.

    Some libraries catch whatever is raised in them. Called now and then by what takes long.
    """
    if _asked:
        raise Stopped(_asked[-1])


def signal_main(number: int) -> None:
    """Have the main thread meet a signal, from another one, even if it waits for something."""
    if hasattr(signal, "pthread_kill"):
        ident = threading.main_thread().ident
        assert ident is not None
        signal.pthread_kill(ident, number)
    else:
        interrupt_main(signal.Signals(number))


def ignore_signals() -> None:
    """Let no signal disturb the end of the process."""
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
