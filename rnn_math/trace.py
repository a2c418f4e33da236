"""What a cell computed: every vector of every timestep."""

from collections.abc import Mapping

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import INPUT, Cell
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.parameters import Parameters
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True, eq=False)
class Trace:
    """The values of all nodes of a cell at all timesteps. Made by `unroll`; arrays are read-only.

    Timesteps count from 0.
    """

    cell: Cell
    parameters: Parameters
    inputs: Array
    """`(timesteps, input_size)`"""
    initial: Mapping[str, Array]
    """State name to its value before the first timestep, `(hidden_size,)`."""
    values: Mapping[str, Array]
    """Node name to its values, `(timesteps, width)`."""
    weighted_sums: Mapping[str, Array]
    """Weighted sum's node name to W v + b before the activation, `(timesteps, hidden_size)`."""

    @property
    def timesteps(self) -> int:
        """Number of timesteps."""
        return len(self.inputs)

    @property
    def input_size(self) -> int:
        """Number of features of the input."""
        return int(self.inputs.shape[1])

    @property
    def hidden_size(self) -> int:
        """Number of hidden units."""
        return max(map(len, self.initial.values()))  # what is projected is narrower

    @property
    def final(self) -> dict[str, Array]:
        """State name to its value after the last timestep: where a later `unroll` can go on."""
        return {state: self.values[state][-1] for state in self.cell.states}

    def vector(self, name: str, t: int) -> Array:
        """Return the vector `name` at timestep `t`, `(width,)`.

        `name` is "x", a previous state such as "h_prev" (at t = 0 the initial one), or a node.
        Raises InputError when there is no such name or timestep.
        """
        if not 0 <= t < self.timesteps:
            raise InputError(f"There is no timestep {t}; the trace has 0 to {self.timesteps - 1}.")
        vector: Array
        before = self.cell.states_before
        if name == INPUT:
            vector = self.inputs[t]
        elif name in before:
            state = before[name]
            vector = self.initial[state] if t == 0 else self.values[state][t - 1]
        else:
            vector = self.values[self.cell.node(name).name][t]
        return vector
