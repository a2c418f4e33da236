"""Reverse mode through a cell's list: each operation sends back what it got.

    backpropagate(trace, FinalSum()) -> Gradients

Source: Werbos, "Backpropagation through time: what it does and how to do it", 1990.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array, freeze
from gatereel.rnn_math.cell import INPUT, Cell, previous
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.gradients.losses import Loss
from gatereel.rnn_math.operations import WeightedSum
from gatereel.rnn_math.parameters import Parameters
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.trace import Trace


@dataclass(frozen=True, eq=False)
class Gradients:
    """dL by everything that a trace holds. Arrays are read-only; timesteps count from 0."""

    trace: Trace
    loss: Loss
    vectors: Mapping[str, Array]
    """dL/dv of each vector v, "x", "h_prev" and nodes: `(timesteps, width)`. Of a state it is what
    comes through its own timestep's loss and all later ones, of one before a timestep what comes
    through that timestep and later ones."""
    weighted_sums: Mapping[str, Array]
    """dL/ds of each weighted sum s = W v + b: `(timesteps, hidden_size)`"""
    weights: Mapping[str, Array]
    """dL/dW by node, `(hidden_size, width)`"""
    biases: Mapping[str, Array]
    """dL/db by node, `(hidden_size,)`"""
    initial: Mapping[str, Array]
    """dL by each state before the first timestep, `(hidden_size,)`"""

    @property
    def of_parameters(self) -> dict[str, Array]:
        """What belongs to no timestep by name: W_f, b_f and so on, and initial_h of a state h."""
        return {
            **{f"W_{name}": dW for name, dW in self.weights.items()},
            **{f"b_{name}": db for name, db in self.biases.items()},
            **{f"initial_{state}": each for state, each in self.initial.items()},
        }

    def vector(self, name: str, t: int) -> Array:
        """DL by the vector `name` at timestep `t`, `(width,)`. Raises InputError for another."""
        if name not in self.vectors:
            raise InputError(f"There is no gradient of {name!r}; it is no vector of the cell.")
        if not 0 <= t < self.trace.timesteps:
            raise InputError(
                f"There is no timestep {t}; the trace has 0 to {self.trace.timesteps - 1}."
            )
        gradient: Array = self.vectors[name][t]
        return gradient


@dataclass(frozen=True, eq=False)
class Sent:
    """What one timestep sends back, by vector; leading axes are those of what came in."""

    vectors: Mapping[str, Array]
    weighted_sums: Mapping[str, Array]


def send_back(
    cell: Cell, parameters: Parameters, vectors: Mapping[str, Array], sent: Mapping[str, Array]
) -> Sent:
    """Take dL/d state of each state, `(..., hidden_size)`, back through one timestep.

    `vectors` are the timestep's "x", previous states and nodes, each `(width,)`. Where a vector
    goes several ways, what comes back is added.
    """
    leading = next(iter(sent.values())).shape[:-1]
    back: dict[str, Array] = {name: gradient for name, gradient in sent.items()}
    sums: dict[str, Array] = {}
    for node in reversed(cell.nodes):
        arrived = back.get(node.name)
        if arrived is None:  # nothing is made of it
            arrived = np.zeros((*leading, len(vectors[node.name])))
            back[node.name] = arrived
        operation, result = node.operation, vectors[node.name]
        if isinstance(operation, WeightedSum):
            # dL/dW is made of these for all timesteps at once: it is far larger than they are.
            ds = arrived * operation.slope(result)
            sums[node.name] = ds
            parts: tuple[Array, ...] = (ds @ parameters.weights[node.name],)
        else:
            parts = operation.vjp(arrived, result, *(vectors[name] for name in node.operands))
        for name, part in zip(node.operands, parts, strict=True):
            back[name] = back[name] + part if name in back else part
    for name in cell.given:
        back.setdefault(name, np.zeros((*leading, len(vectors[name]))))
    return Sent(back, sums)


def backpropagate(trace: Trace, loss: Loss) -> Gradients:
    """DL by every vector of every timestep and by the parameters.

    Raises InputError for a loss of what the trace does not have.
    """
    cell, parameters = trace.cell, trace.parameters
    direct = loss.sent(trace)
    widths = cell.widths(trace.input_size, trace.hidden_size)
    vectors = {name: np.empty((trace.timesteps, width)) for name, width in widths.items()}
    sums = {node.name: np.empty_like(trace.values[node.name]) for node in cell.weighted_sums}
    arrived = {state: np.zeros(len(trace.initial[state])) for state in cell.states}
    for t in range(trace.timesteps - 1, -1, -1):
        now = {
            state: arrived[state] + direct[state][t] if state in direct else arrived[state]
            for state in cell.states
        }
        back = send_back(cell, parameters, {name: trace.vector(name, t) for name in widths}, now)
        for name, gradients in vectors.items():
            gradients[t] = back.vectors[name]
        for name, ds in back.weighted_sums.items():
            sums[name][t] = ds
        arrived = {state: back.vectors[previous(state)] for state in cell.states}
    weights, biases = {}, {}
    for node in cell.weighted_sums:
        (operand,) = node.operands
        v = _all(trace, operand)
        weights[node.name] = freeze(sums[node.name].T @ v)
        biases[node.name] = freeze(sums[node.name].sum(axis=0))
    return Gradients(
        trace=trace,
        loss=loss,
        vectors=MappingProxyType({name: freeze(array) for name, array in vectors.items()}),
        weighted_sums=MappingProxyType({name: freeze(array) for name, array in sums.items()}),
        weights=MappingProxyType(weights),
        biases=MappingProxyType(biases),
        initial=MappingProxyType({state: freeze(value) for state, value in arrived.items()}),
    )


def _all(trace: Trace, name: str) -> Array:
    """A vector at all timesteps, `(timesteps, width)`."""
    if name in trace.values:
        return trace.values[name]
    if name == INPUT:
        return trace.inputs
    return np.array([trace.vector(name, t) for t in range(trace.timesteps)])
