"""What a gradient is of: a number L of the states, and its derivative by each of them.

    FinalSum().sent(trace) -> {"h": (timesteps, hidden_size)}

Timesteps and units count from 0.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import Array, finite_array
from gatereel.rnn_math.counting import counted, in_words
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.trace import Trace


class Loss(Protocol):
    """A number that the states of a trace make."""

    def value(self, trace: Trace) -> float:
        """L. Raises InputError for what the trace does not have."""
        ...

    def sent(self, trace: Trace) -> Mapping[str, Array]:
        """By state, what of dL/d state does not come through later timesteps: `(timesteps, n)`.

        Raises InputError for what the trace does not have.
        """
        ...


@dataclass(frozen=True)
class Unit:
    """L = one unit of a state after a timestep, the last one where none is named."""

    state: str = "h"
    unit: int = 0
    timestep: int | None = None

    def value(self, trace: Trace) -> float:
        """L."""
        return float(_values(trace, self.state)[self._timestep(trace), self._unit(trace)])

    def sent(self, trace: Trace) -> Mapping[str, Array]:
        """1 at the unit, 0 elsewhere."""
        sent = np.zeros_like(_values(trace, self.state))
        sent[self._timestep(trace), self._unit(trace)] = 1.0
        return {self.state: sent}

    def _timestep(self, trace: Trace) -> int:
        if self.timestep is None:
            return trace.timesteps - 1
        if not 0 <= self.timestep < trace.timesteps:
            raise InputError(
                f"The loss is of timestep {self.timestep + 1}; the sequence has "
                f"{counted(trace.timesteps, 'timestep')}."
            )
        return self.timestep

    def _unit(self, trace: Trace) -> int:
        width = _values(trace, self.state).shape[1]
        if not 0 <= self.unit < width:
            what = "the hidden size" if width == trace.hidden_size else f"the size of {self.state}"
            raise InputError(f"The loss is of unit {self.unit + 1}; {what} is {width}.")
        return self.unit


@dataclass(frozen=True)
class FinalSum:
    """L = the sum of a state's units after the last timestep."""

    state: str = "h"

    def value(self, trace: Trace) -> float:
        """L."""
        return float(_values(trace, self.state)[-1].sum())

    def sent(self, trace: Trace) -> Mapping[str, Array]:
        """1 at the last timestep, 0 before."""
        sent = np.zeros_like(_values(trace, self.state))
        sent[-1] = 1.0
        return {self.state: sent}


@dataclass(frozen=True, eq=False)
class SquaredError:
    """L = 1/2 sum (h_t - y_t)^2 over timesteps and units; rows of NaN in y have no target."""

    targets: ArrayLike
    """y, `(timesteps, hidden_size)`"""
    state: str = "h"

    def value(self, trace: Trace) -> float:
        """L."""
        off = self._off(trace)
        return float(0.5 * (off * off).sum())

    def sent(self, trace: Trace) -> Mapping[str, Array]:
        """h_t - y_t."""
        return {self.state: self._off(trace)}

    def _off(self, trace: Trace) -> Array:
        values = _values(trace, self.state)
        y = np.asarray(self.targets, dtype=float)
        if y.shape != values.shape:
            raise InputError(
                f"The targets have the shape {y.shape}; {values.shape} is that of {self.state}: "
                "timesteps and hidden size."
            )
        has_target = ~np.isnan(y).all(axis=1)
        off = np.zeros_like(values)
        if has_target.any():
            off[has_target] = values[has_target] - finite_array("The targets", y[has_target], 2)
        return off


def _values(trace: Trace, state: str) -> Array:
    if state not in trace.cell.states:
        raise InputError(
            f"The {trace.cell.title} has no state {state!r}; it has {in_words(trace.cell.states)}."
        )
    return trace.values[state]
