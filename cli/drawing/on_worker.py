"""What a cluster's worker does with a task: draw it, if its bytes would be ours."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from gatereel.cli.drawing.drawn import Drawn, draw_as_bytes
from gatereel.cli.drawing.surroundings import surroundings
from gatereel.cli.drawing.task import Task

_ONE_AT_A_TIME = Lock()
"""manim's settings hold for a whole process: its threads draw one after the other."""


class DifferentWorkerError(Exception):
    """A worker whose surroundings are others: the same picture would have other bytes there."""

    def __init__(self, address: str, there: dict[str, str]) -> None:
        super().__init__(address, there)
        self.address = address
        self.there = there


class WorkerTroubleError(Exception):
    """A worker's machine, and not the picture, kept it from being drawn: a full disk, for one."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(address, why)
        self.address = address
        self.why = why


def draw_on_worker(here: Mapping[str, str], task: Task) -> Drawn:
    """Draw a task on a worker of dask.

    Raises DifferentWorkerError where it is none of ours, WorkerTroubleError where its machine
    fails.
    """
    from distributed import get_worker

    worker = get_worker()
    there = surroundings()
    if dict(here) != dict(there):
        raise DifferentWorkerError(worker.address, dict(there))
    try:
        with _ONE_AT_A_TIME:
            # In the worker's own folder, which is cleared when it was killed.
            return draw_as_bytes(task, Path(worker.local_directory))
    except (OSError, MemoryError) as error:
        raise WorkerTroubleError(worker.address, str(error) or type(error).__name__) from None


def asked_on_worker() -> dict[str, str]:
    """The worker's surroundings."""
    return dict(surroundings())
