"""What of a computation a picture shows: which units, features and timesteps.

    choose_excerpt(trace, units=(4, 16), start=2, stop=5) -> Excerpt

Everything is computed; a picture holds a few units of many. What is left out is stood for by an
ellipsis. All numbers count from 0 here, and from 1 in what is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from typing import NamedTuple

import numpy as np

from gatereel.rnn_math import Array, Cell, InputError, Size, Trace, counted, previous
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.numbers import LEFT_OUT

MAX_INPUT_SIZE = 8
MAX_HIDDEN_SIZE = 6
"""How many inputs and units have a disc of their own at most."""

CHOSEN_UNITS = 2
CHOSEN_FEATURES = 3
"""How many of too many are shown when nobody chooses: the sizes of the illustrated cells."""


class Components(NamedTuple):
    """Which components of a vector are shown, and where others are left out."""

    shown: tuple[int, ...]
    """Ascending, from 0."""
    ellipses: tuple[int, ...]
    """After how many of the shown ones an ellipsis stands: (2, 5)."""


@dataclass(frozen=True)
class Excerpt:
    """The units, features and timesteps that are drawn, and the whole that they are taken from.

    `units` and `features` ascend. `start` and `stop` (exclusive) are rows of the trace. `labels`
    has one label a row of the trace, or none. A layer that reads `backward` begins with the
    sequence's last timestep: row 0 of the trace.
    """

    units: tuple[int, ...]
    features: tuple[int, ...]
    hidden_size: int
    input_size: int
    start: int
    stop: int
    timesteps: int
    labels: tuple[str, ...] = ()
    backward: bool = False

    @property
    def rest_units(self) -> int:
        """How many units are left out."""
        return self.hidden_size - len(self.units)

    @property
    def rest_features(self) -> int:
        """How many features are left out."""
        return self.input_size - len(self.features)

    @cached_property
    def parts(self) -> Mapping[Size, tuple[tuple[int, ...], int]]:
        """Which components are shown of each size of the cell, and how many there are."""
        return {
            "hidden": (self.units, self.hidden_size),
            "input": (self.features, self.input_size),
        }

    def counts(self) -> Mapping[Size, tuple[int, bool]]:
        """How many are shown of each size of the cell, and whether there are more."""
        return {
            size: (len(shown), len(shown) < whole) for size, (shown, whole) in self.parts.items()
        }

    def position(self, row: int) -> int:
        """Which timestep of the sequence the trace's `row` is, counted from 1."""
        return self.timesteps - row if self.backward else row + 1

    def label(self, row: int) -> str:
        """The label of the trace's `row`; nothing where there are no labels."""
        return self.labels[row] if self.labels else ""

    def indices(self, cell: Cell, name: str) -> Components:
        """Which components of the vector `name` are shown, and after which an ellipsis stands.

        Raises InputError when `cell` has no such vector.
        """
        stretches = cell.stretches(name)
        if stretches not in self._indices:
            self._indices[stretches] = self._indices_of(stretches)
        return self._indices[stretches]

    @cached_property
    def _indices(self) -> dict[tuple[Size, ...], Components]:
        """What was asked for before: a film asks thousands of times for the same few."""
        return {}

    def _indices_of(self, stretches: tuple[Size, ...]) -> Components:
        shown: list[int] = []
        ellipses: list[int] = []
        offset = 0
        for size in stretches:
            chosen, width = self.parts[size]
            shown += [offset + index for index in chosen]
            offset += width
            if len(chosen) < width:
                ellipses.append(len(shown))
        return Components(tuple(shown), tuple(ellipses))

    def cut(self, cell: Cell, name: str, whole: Array) -> Array:
        """The shown components of the vector `name`, with `LEFT_OUT` for each ellipsis."""
        shown, ellipses = self.indices(cell, name)
        if len(shown) == len(whole):
            return whole
        # To insert nothing takes ten times as long as to take what is shown.
        components = whole[list(shown)]
        return np.insert(components, ellipses, LEFT_OUT) if ellipses else components


@dataclass(frozen=True)
class ProjectedExcerpt(Excerpt):
    """An excerpt of a cell whose first state is projected: of its values, others are shown."""

    state: str = "h"
    """The one that is projected."""
    projected: tuple[int, ...] = ()
    """The shown values of that state; they ascend."""
    projected_size: int = 0

    @cached_property
    def parts(self) -> Mapping[Size, tuple[tuple[int, ...], int]]:
        """With those of the projected state."""
        return {**super().parts, "projected": (self.projected, self.projected_size)}


def choose_excerpt(
    trace: Trace,
    *,
    units: Sequence[int] | None = None,
    features: Sequence[int] | None = None,
    start: int = 0,
    stop: int | None = None,
    labels: Sequence[str] = (),
    backward: bool = False,
) -> Excerpt:
    """Choose what of `trace` is drawn; None takes all that can be, or the most active of more.

    Units are those of the gates; of a projected state, whose values are others, nobody chooses.
    Activity is the way a number goes, up and down, over the drawn timesteps. Raises InputError,
    counting from 1, for units, features and timesteps that do not exist or are too many.
    """
    if stop is None:
        stop = trace.timesteps
    _check_window(start, stop, trace.timesteps)
    if len(labels) not in (0, trace.timesteps):
        raise InputError(
            f"The sequence has {counted(len(labels), 'label')} for "
            f"{counted(trace.timesteps, 'timestep')}; each timestep needs one."
        )
    hidden_size, input_size = trace.hidden_size, trace.input_size
    if units is None:
        units = _most_active_of(trace, state_of_units(trace.cell), start, stop)
    if features is None:
        before = trace.inputs[start - 1] if start else np.zeros(input_size)
        moved = _ways(before, trace.inputs[start:stop])
        features = _most_active(moved, MAX_INPUT_SIZE, CHOSEN_FEATURES)
    excerpt = Excerpt(
        units=_checked("unit", units, "hidden size", hidden_size, MAX_HIDDEN_SIZE),
        features=_checked("input", features, "input size", input_size, MAX_INPUT_SIZE),
        hidden_size=hidden_size,
        input_size=input_size,
        start=start,
        stop=stop,
        timesteps=trace.timesteps,
        labels=tuple(labels),
        backward=backward,
    )
    if not trace.cell.projected:
        return excerpt
    return ProjectedExcerpt(
        **{entry.name: getattr(excerpt, entry.name) for entry in fields(Excerpt)},
        state=trace.cell.states[0],
        projected=_most_active_of(trace, trace.cell.states[0], start, stop),
        projected_size=trace.cell.projected,
    )


def state_of_units(cell: Cell) -> str:
    """The first state that has a value for each unit: one that is projected has not."""
    return next(s for s in cell.states if cell.stretches(previous(s)) == ("hidden",))


def _most_active_of(trace: Trace, state: str, start: int, stop: int) -> tuple[int, ...]:
    """The values of a state that are shown where nobody chooses."""
    moved = _ways(trace.vector(previous(state), start), trace.values[state][start:stop])
    return _most_active(moved, MAX_HIDDEN_SIZE, CHOSEN_UNITS)


def _ways(before: Array, rows: Array) -> Array:
    """How far each column goes, up and down, from `before` through all `rows`: `(width,)`."""
    with np.errstate(over="ignore"):  # an infinite way is the longest
        way: Array = np.abs(np.diff(np.vstack([before, rows]), axis=0)).sum(axis=0)
    return way


def _most_active(ways: Array, limit: int, count: int) -> tuple[int, ...]:
    """All columns where they are at most `limit`, or else the `count` with the longest ways."""
    if len(ways) <= limit:
        return tuple(range(len(ways)))
    ranked = sorted(range(len(ways)), key=lambda column: (-ways[column], column))
    return tuple(sorted(ranked[:count]))


def _check_window(start: int, stop: int, timesteps: int) -> None:
    if not 0 <= start < timesteps:
        raise InputError(
            f"There is no timestep {start + 1}; the sequence has {counted(timesteps, 'timestep')}."
        )
    if not start < stop <= timesteps:
        raise InputError(
            f"The last timestep to draw is {stop}; {start + 1} to {timesteps} are accepted."
        )


def _checked(
    noun: str, chosen: Sequence[int], size_name: str, size: int, limit: int
) -> tuple[int, ...]:
    """The chosen ones in ascending order. Raises InputError when they cannot be drawn."""
    if not 1 <= len(chosen) <= limit:
        raise InputError(f"{counted(len(chosen), noun)} chosen; a picture holds 1 to {limit}.")
    for index in chosen:
        if not 0 <= index < size:
            raise InputError(f"There is no {noun} {index + 1}; the {size_name} is {size}.")
    for index in chosen:
        if list(chosen).count(index) > 1:
            raise InputError(f"The {noun} {index + 1} is chosen twice; name each once.")
    return tuple(sorted(chosen))
