"""How changes reach an encoder: in order, bounded, and never silent about a failure."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

import gatereel.scenes.export.feed as feed_module
from gatereel.scenes.export import ENCODERS, Encoder, Film, Outcome, PixelBox, PixelChange
from gatereel.scenes.export.feed import CALL_BYTES, DirectFeed, ThreadFeed, feed_for

TIMEOUT = 10.0
"""Seconds after which something that should have happened has not."""
SOON = 0.05
"""Seconds until a gate opens; no test's outcome depends on them."""


class Recorder:
    """Notes the holds that it is given; waits before each while `gate` is shut."""

    beside: ClassVar[bool] = True

    def __init__(self, path: Path, film: Film) -> None:
        self.holds: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.fail_at: int | None = None
        self.finished = self.aborted = False

    def write(self, change: PixelChange) -> None:
        assert self.gate.wait(TIMEOUT)
        if change.count == self.fail_at:
            raise OSError("full")
        self.holds.append(change.count)

    def finish(self) -> Outcome:
        self.finished = True
        return Outcome(1, 1, len(self.holds), 0.0)

    def abort(self) -> None:
        self.aborted = True


@pytest.fixture
def recorder() -> Recorder:
    return Recorder(Path("cell.gif"), Film(1, 1, fps=25))


def change(count: int) -> PixelChange:
    return PixelChange(
        PixelBox(0, 0, 1, 1), np.ones((1, 1), np.bool_), np.zeros(1, np.uint32), count
    )


CALL = change(1).bytes + CALL_BYTES


def test_changes_arrive_in_order(recorder: Recorder) -> None:
    fed = ThreadFeed(recorder)
    for count in range(1, 100):
        fed.write(change(count))
    assert fed.finish()().frames == 99
    assert recorder.holds == list(range(1, 100))
    fed.abort()


@pytest.mark.parametrize("fail_at", [1, 50])
def test_failure_comes_out_and_the_file_is_not_finished(recorder: Recorder, fail_at: int) -> None:
    recorder.fail_at = fail_at
    fed = ThreadFeed(recorder)

    def write_all() -> None:
        for count in range(1, 51):
            fed.write(change(count))
        fed.finish()()

    with pytest.raises(OSError, match="full"):
        write_all()
    fed.abort()
    assert (recorder.finished, recorder.aborted) == (False, True)


def test_no_more_bytes_than_the_bound_wait(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = 3
    monkeypatch.setattr(feed_module, "WAITING_BOUND", fit * CALL)
    recorder.gate.clear()
    fed = ThreadFeed(recorder)
    for count in range(1, fit + 1):
        fed.write(change(count))  # would wait for ever if fewer fitted
    assert recorder.holds == []
    opener = threading.Timer(SOON, recorder.gate.set)
    opener.start()
    for count in range(fit + 1, 2 * fit + 1):
        fed.write(change(count))
        assert count - len(recorder.holds) <= fit
    opener.join()
    fed.finish()()
    fed.abort()
    assert recorder.holds == list(range(1, 2 * fit + 1))


def test_a_change_beyond_the_bound_is_waited_for(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_module, "WAITING_BOUND", CALL - 1)
    fed = ThreadFeed(recorder)
    for count in (1, 2):
        fed.write(change(count))
        assert recorder.holds[-1] == count
    fed.abort()


@pytest.mark.parametrize("encoder", ENCODERS.values())
def test_only_slow_encoders_get_a_thread(encoder: type[Encoder]) -> None:
    class Like(Recorder):
        beside = encoder.beside

    fed = feed_for(Like(Path("cell"), Film(1, 1, fps=25)))
    assert isinstance(fed, ThreadFeed if encoder.beside else DirectFeed)
    fed.abort()


def test_direct_feed_calls_at_once_and_finishes_when_asked(recorder: Recorder) -> None:
    fed = DirectFeed(recorder)
    fed.write(change(7))
    assert recorder.holds == [7]
    outcome = fed.finish()
    assert not recorder.finished
    assert outcome().frames == 1
    fed.abort()
    assert recorder.aborted


def test_abort_drops_what_waits(recorder: Recorder) -> None:
    recorder.gate.clear()
    fed = ThreadFeed(recorder)
    for count in range(1, 11):
        fed.write(change(count))
    opener = threading.Timer(SOON, recorder.gate.set)
    opener.start()
    fed.abort()
    opener.join()
    assert recorder.aborted
    assert len(recorder.holds) <= 1
    assert "encoder" not in {thread.name.split("_")[0] for thread in threading.enumerate()}
