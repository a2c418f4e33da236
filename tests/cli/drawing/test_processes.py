"""Our processes as an executor: any function, errors as they are, one may die."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gatereel.cli.drawing.drawn import ADVANCING
from gatereel.cli.drawing.processes import Processes
from gatereel.rnn_math import InputError


def twice(number: int) -> int:
    return 2 * number


def fail(text: str) -> None:
    raise InputError(text)


def fail_strangely() -> None:
    class LocalError(Exception):
        pass

    raise LocalError("of no module")


def advance(count: int) -> None:
    ADVANCING.get()(count)


def die_once(mark: str) -> int:
    """End this process the first time."""
    ADVANCING.get()(3)
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def stay() -> None:
    time.sleep(600)


@contextmanager
def processes(count: int, told: list[int] | None = None) -> Iterator[Processes]:
    ours = Processes(count, ([] if told is None else told).append)
    try:
        yield ours
    finally:
        ours.shutdown(cancel_futures=True)


@pytest.mark.slow
def test_calls_are_done_and_errors_come_back(tmp_path: Path) -> None:
    told: list[int] = []
    with processes(2, told) as ours:
        numbers = [ours.submit(twice, number) for number in range(5)]
        wrong, strange = ours.submit(fail, "no"), ours.submit(fail_strangely)
        steps = ours.submit(advance, 7)
        assert [number.result() for number in numbers] == [0, 2, 4, 6, 8]
        with pytest.raises(InputError, match=r"^no$"):
            wrong.result()
        with pytest.raises(RuntimeError, match="LocalError: of no module"):
            strange.result()
        assert steps.result() is None
    assert told == [7]


@pytest.mark.slow
def test_what_a_killed_process_did_is_done_by_another(tmp_path: Path) -> None:
    told: list[int] = []
    with processes(1, told) as ours:
        died = ours.submit(die_once, str(tmp_path / "mark"))
        after = ours.submit(os.getpid)
        assert died.result() == after.result() != os.getpid()
    assert sum(told) == 3  # what the killed one told is taken back


@pytest.mark.slow
def test_what_kills_every_process_is_told_and_costs_itself_alone() -> None:
    with processes(1) as ours:
        died, after = ours.submit(die), ours.submit(twice, 4)
        with pytest.raises(InputError, match=r"did not finish \(it was ended by SIGKILL\)"):
            died.result()
        assert after.result() == 8


@pytest.mark.slow
def test_the_end_waits_for_calls_unless_it_is_told_not_to() -> None:
    ours = Processes(1, lambda count: None)
    asked = [ours.submit(twice, number) for number in range(3)]
    ours.shutdown()
    assert [each.result() for each in asked] == [0, 2, 4]
    with processes(1) as hurried:
        long = hurried.submit(stay)
        waits = hurried.submit(twice, 1)
        while not long.running():
            time.sleep(0.01)
    assert not waits.done() or waits.cancelled()
    with pytest.raises(RuntimeError, match="told to end"):
        hurried.submit(twice, 1)
