"""What stands below a recurrent layer and is computed with it: dense layers, norms, functions.

    lift((stage,), rows) -> rows, as the layer reads them

A stage knows nothing of its library: readers make it of a file's weights.
"""

from collections.abc import Callable, Sequence

import numpy as np

from gatereel.rnn_math.arrays import MAX_MEMORY, Array, check_memory
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True, eq=False)
class Stage:
    """One layer, or one run of operations, that is no recurrent one."""

    name: str
    """What the file calls it."""
    kind: str
    """What its library calls it: "Dense"."""
    apply: Callable[[Array], Array]
    """Makes rows, `(timesteps, gives)`, of rows, `(timesteps, reads)`. Raises InputError for rows
    that cannot be computed as its library would."""
    reads: int | None = None
    """How many values a row has that goes in; None for as many as there are."""
    gives: int | None = None
    """How many values a row has that comes out; None for as many as go in."""
    repeats: int = 0
    """How many timesteps it makes of the one row that goes in; 0 for as many as there are."""


def repeating(name: str, kind: str, timesteps: int) -> Stage:
    """The stage that makes `timesteps` equal rows of one."""

    def apply(rows: Array) -> Array:
        if len(rows) != 1:
            raise InputError(
                f"The {kind} layer {name!r} makes {counted(timesteps, 'timestep')} of one row; "
                f"{len(rows)} are given."
            )
        check_memory(
            timesteps * rows.shape[1],
            MAX_MEMORY,
            f"The rows of {counted(timesteps, 'timestep')} that the layer {name!r} makes take",
            "Give the rows that the layer above it reads, with fewer timesteps.",
        )
        return np.repeat(rows, timesteps, axis=0)

    return Stage(name, kind, apply, repeats=timesteps)


def width_above(stages: Sequence[Stage], width: int) -> int | str:
    """How many values come out at the top where `width` go in at the bottom; else what is wrong."""
    for stage in stages:
        if stage.reads not in (None, width):
            return (
                f"the {stage.kind} layer {stage.name!r} below it reads {stage.reads} values a "
                f"timestep, but is fed {width}."
            )
        width = width if stage.gives is None else stage.gives
    return width


def width_below(stages: Sequence[Stage], width: int) -> int:
    """How many values must go in at the bottom for `width` at the top; the first that says so."""
    return next((stage.reads for stage in stages if stage.reads is not None), width)


def lift(stages: Sequence[Stage], rows: Array) -> Array:
    """Carry rows up through the stages, the lowest first.

    Raises InputError where a stage does, and for numbers beyond the range of float64.
    """
    for stage in stages:
        with np.errstate(all="ignore"):  # what is not finite is refused by name
            rows = stage.apply(rows)
        if not np.isfinite(rows).all():
            place = int(np.argwhere(~np.isfinite(rows))[0, 0]) + 1
            raise InputError(
                f"The {stage.kind} layer {stage.name!r} gives a number at timestep {place} that is "
                "not finite."
            )
    return rows
