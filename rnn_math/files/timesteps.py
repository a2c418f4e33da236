"""Which timesteps of a sequence are shown, and what each is called."""

from collections.abc import Sequence

from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class Timesteps:
    """The chosen timesteps, counted from 0 in the order in which the cell reads them.

    Raises InputError when there are no such timesteps, or labels are not one a timestep.
    """

    count: int | None
    """How many there are in all; None when nobody knows yet."""
    labels: Sequence[str] = ()
    """One for each of them all, or none."""
    backward: bool = False
    """Whether the cell reads the sequence from its end."""
    start: int = 0
    stop: int | None = None
    """Exclusive; None is the end."""

    def __post_init__(self) -> None:
        """Check what can be known before the sequence is read."""
        if self.count is None:
            if self.backward or self.labels:
                raise InputError(
                    "The number of timesteps is not known; backward or with labels it must be."
                )
        elif len(self.labels) not in (0, self.count):
            raise InputError(
                f"There are {counted(len(self.labels), 'label')} for "
                f"{counted(self.count, 'timestep')}; each timestep needs one."
            )
        stop = self.stop if self.stop is not None else self.count
        too_far = self.count is not None and stop is not None and stop > self.count
        if self.start < 0 or too_far or (stop is not None and self.start >= stop):
            end = "its end" if self.stop is None else str(self.stop)
            raise InputError(
                f"Timesteps {self.start} to {end} cannot be shown: the sequence has "
                f"{'0 and on' if self.count is None else f'0 to {self.count}'}."
            )

    @property
    def is_excerpt(self) -> bool:
        """Whether their numbers are not 1, 2, 3, ..."""
        return self.backward or self.start > 0

    def number(self, t: int) -> int:
        """The place in the sequence of what the cell reads at `t`, for a reader: from 1."""
        if self.backward:
            assert self.count is not None
            return self.count - t
        return t + 1

    def label(self, t: int) -> str:
        """What it is called; empty when nobody says."""
        return self.labels[t] if self.labels else ""
