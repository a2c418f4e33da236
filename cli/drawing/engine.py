"""What draws tasks: any `concurrent.futures.Executor`, with what must be known of it."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from typing import Protocol

from gatereel.cli.drawing.drawn import Drawn
from gatereel.cli.drawing.task import Task
from gatereel.rnn_math.files.traces import Advance
from gatereel.rnn_math.records import dataclass

TASKS_A_PLACE = 2
"""Tasks that are out for each place that draws: one that is drawn, and one that waits there."""


class EngineGoneError(ConnectionError):
    """What draws is gone; what was finished stands."""


@dataclass(frozen=True, eq=False)
class Running:
    """An engine that runs."""

    executor: Executor
    draw: Callable[[Task], Drawn]
    """What it is given to do."""
    room: Callable[[], int]
    """How many tasks it may have at a time. No more results than that wait here to be written."""
    tells_frames: bool = False
    """Whether it tells frame times by itself while it draws."""


class Engine(Protocol):
    """An engine that was chosen."""

    @property
    def planners(self) -> int:
        """How many processes may plan pictures here, before it runs."""

    @property
    def notes(self) -> Sequence[str]:
        """What the user may not expect of it, as far as it ran."""

    def running(self, count: int, advance: Advance) -> "AbstractContextManager[Running | None]":
        """Start it for so many tasks; None is for drawing in this process.

        When the block ends, nothing is drawn any more and no half-written file is left. `advance`
        may be called in any thread.
        """
