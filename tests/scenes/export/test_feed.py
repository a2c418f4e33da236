"""An encoder in a thread of its own: in order, bounded, and never silent about a failure."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from scenes.export import Box, Change, Film, Outcome, feed
from scenes.export.feed import Feed

TIMEOUT = 10.0
"""Seconds after which something that should have happened has not."""


class Recorder:
    """Notes the holds that it is given; waits before each while `gate` is shut."""

    def __init__(self, path: Path, film: Film) -> None:
        self.holds: list[int] = []
        self.gate = threading.Event()
        self.gate.set()
        self.fail_at: int | None = None
        self.finished = self.aborted = False

    def write(self, change: Change) -> None:
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


def change(count: int) -> Change:
    return Change(Box(0, 0, 1, 1), np.ones((1, 1), np.bool_), np.zeros(1, np.uint32), count)


def test_changes_arrive_in_order(recorder: Recorder) -> None:
    fed = Feed(recorder)
    for count in range(1, 100):
        fed.write(change(count))
    assert fed.finish().result(TIMEOUT).frames == 99
    assert recorder.holds == list(range(1, 100))
    fed.abort()


@pytest.mark.parametrize("fail_at", [1, 50])
def test_failure_comes_out_and_the_file_is_not_finished(recorder: Recorder, fail_at: int) -> None:
    recorder.fail_at = fail_at
    fed = Feed(recorder)

    def write_all() -> None:
        for count in range(1, 51):
            fed.write(change(count))
        fed.finish().result(TIMEOUT)

    with pytest.raises(OSError, match="full"):
        write_all()
    fed.abort()
    assert (recorder.finished, recorder.aborted) == (False, True)


def test_no_more_than_the_bound_wait(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "WAITING_BOUND", 3)
    recorder.gate.clear()
    fed = Feed(recorder)
    given: list[int] = []

    def give() -> None:
        for count in range(1, 7):
            fed.write(change(count))
            given.append(count)

    giver = threading.Thread(target=give)
    giver.start()
    giver.join(0.1)
    assert given == [1, 2, 3]
    recorder.gate.set()
    giver.join(TIMEOUT)
    fed.finish().result(TIMEOUT)
    fed.abort()
    assert recorder.holds == given == [1, 2, 3, 4, 5, 6]


def test_abort_drops_what_waits(recorder: Recorder) -> None:
    recorder.gate.clear()
    fed = Feed(recorder)
    for count in range(1, 11):
        fed.write(change(count))
    opener = threading.Timer(0.05, recorder.gate.set)
    opener.start()
    fed.abort()
    opener.join()
    assert recorder.aborted
    assert len(recorder.holds) <= 1
    assert "encoder" not in {thread.name.split("_")[0] for thread in threading.enumerate()}
