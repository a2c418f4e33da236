"""Ctrl-C and its like: the old file stands, nothing is left over, the exit code tells."""

import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from subprocess import Popen

import pytest

from cli.signals import PATIENCE, Stopped, signals_raise

DEADLINE = 600.0
"""Seconds after which a render is taken to hang that has not begun to write."""
MIDDLE = 0.3
"""Seconds of drawing after which a film of several seconds is stopped."""

Start = Callable[[Sequence[str]], "Popen[str]"]


def wait_for_a_temporary(folder: Path) -> None:
    deadline = time.monotonic() + DEADLINE
    while not any(path.name.startswith(".gatereel-") for path in folder.iterdir()):
        assert time.monotonic() < deadline, "the render never began"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_render_that_is_stopped_leaves_everything_as_it_was(
    folder: Path, start: Start, number: signal.Signals, code: int
) -> None:
    (folder / "lstm.gif").write_text("old", encoding="utf-8")
    with start(["render", "lstm", "-o", "lstm.gif", "-o", "lstm.mp4", "-o", "new/"]) as process:
        wait_for_a_temporary(folder)
        time.sleep(MIDDLE)
        process.send_signal(number)
        process.send_signal(number)  # an impatient user
        out, err = process.communicate()
    assert (process.returncode, out, err) == (code, "", "gatereel: interrupted\n")
    assert [path.name for path in folder.iterdir()] == ["lstm.gif"]
    assert (folder / "lstm.gif").read_text(encoding="utf-8") == "old"


def test_a_signal_becomes_an_exception_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Stopped) as stopped, signals_raise():
        signal.raise_signal(signal.SIGTERM)
    assert stopped.value.signal == signal.SIGTERM
    assert signal.getsignal(signal.SIGINT) is before


def test_a_repeated_signal_is_ignored_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with signals_raise():
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGINT)
        now += PATIENCE / 2
        signal.raise_signal(signal.SIGINT)
        now += PATIENCE
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGINT)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with signals_raise():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
