"""How much of a change in an earlier state arrives in the last one: d s_T / d s_t, and its size.

    for jacobian in jacobians(trace): ...   # from the last timestep back to the first
    gradient_flow(trace).whole              # the norms alone, (timesteps,)

s are all states side by side. Of a state that a gate keeps, the way straight through is told from
the ways through the gates and the candidate; their sum is the whole.
"""

from collections.abc import Iterator

import numpy as np

from gatereel.rnn_math.arrays import Array, freeze
from gatereel.rnn_math.cell import Cell, previous
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.gradients.backward import send_back
from gatereel.rnn_math.operations import Addition, Multiplication, WeightedSum
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.trace import Trace


@dataclass(frozen=True, eq=False)
class Jacobian:
    """d s_T / d s_t; `timestep` is t, from 0, and T the last one. At t = T it is the identity."""

    timestep: int
    whole: Array
    """`(states * hidden_size, states * hidden_size)`, states in the cell's order"""
    straight: Array | None
    """Of the state that is kept, the product of its gates from t + 1 to T, `(hidden_size,)`: the
    diagonal of the straight way. None for a cell that keeps none, such as the RNN."""
    state: str
    """The state that is kept; of a cell without one, the first."""
    kept: Array
    """That state's own block of the whole, `(hidden_size, hidden_size)`"""

    @property
    def rest(self) -> Array:
        """The kept state's block without the straight way, `(hidden_size, hidden_size)`."""
        return self.kept if self.straight is None else self.kept - np.diag(self.straight)


@dataclass(frozen=True, eq=False)
class Flow:
    """Spectral norms of d s_T / d s_t by t, from 0: `(timesteps,)` each. The last is of T itself.

    `whole` is through all states, `kept` of the kept state alone, `straight` of its straight way
    (None for a cell that keeps none), `rest` of what is left of it.
    """

    state: str
    whole: Array
    kept: Array
    straight: Array | None
    rest: Array


def keeping(cell: Cell) -> tuple[str, str] | None:
    """The state that a gate keeps, and that gate, read off the cell's list; None where none is."""
    for node in cell.nodes:
        if not isinstance(node.operation, Multiplication) or node.gate != "keeps":
            continue
        gate, kept = node.operands
        state = next((s for s in reversed(cell.states) if previous(s) == kept), None)
        if state is not None and _leads_to(cell, node.name, state):
            return state, gate
    return None


def jacobians(trace: Trace) -> Iterator[Jacobian]:
    """D s_T / d s_t from t = T back to the first timestep, one at a time: nothing else is kept."""
    cell, n = trace.cell, trace.hidden_size
    if cell.projected:
        raise InputError(
            f"{cell.title} has states of two widths; how its gradient fares is not drawn."
        )
    kept = keeping(cell)
    state, gate = kept or (cell.states[0], None)
    own = slice(n * cell.states.index(state), n * (cell.states.index(state) + 1))
    whole = np.eye(len(cell.states) * n)
    straight = np.ones(n) if gate is not None else None
    names = cell.widths(trace.input_size, n)
    for t in range(trace.timesteps - 1, -1, -1):
        yield Jacobian(t, freeze(whole), straight, state, whole[own, own])
        if t == 0:
            return
        vectors = {name: trace.vector(name, t) for name in names}
        sent = {s: whole[:, i * n : (i + 1) * n] for i, s in enumerate(cell.states)}
        back = send_back(cell, trace.parameters, vectors, sent).vectors
        whole = np.concatenate([back[previous(s)] for s in cell.states], axis=1)
        if straight is not None and gate is not None:
            straight = straight * vectors[gate]


def gradient_flow(trace: Trace) -> Flow:
    """The norms of `jacobians`, in memory of the states' size squared, however many timesteps."""
    norms = np.zeros((trace.timesteps, 3))
    straight = np.zeros(trace.timesteps)
    state, keeps = trace.cell.states[0], False
    for jacobian in jacobians(trace):
        state = jacobian.state
        parts = (jacobian.whole, jacobian.kept, jacobian.rest)
        norms[jacobian.timestep] = [_spectral(part) for part in parts]
        if jacobian.straight is not None:
            keeps = True
            straight[jacobian.timestep] = float(np.abs(jacobian.straight).max())
    whole, kept, rest = (freeze(column.copy()) for column in norms.T)
    return Flow(state, whole, kept, freeze(straight) if keeps else None, rest)


def bound(trace: Trace) -> Array:
    """gamma^k sigma_max(W_h)^k for k = T - t: what a cell of one weighted sum can let through.

    `(timesteps,)`, with gamma the largest slope of the activation. Where sigma_max < 1 / gamma, the
    gradient vanishes for sure. Of the part of W that the hidden state goes through.

    Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
    2013, arXiv 1211.5063. Raises InputError for a cell of several weighted sums.
    """
    cell = trace.cell
    node, *others = cell.weighted_sums
    if others or not isinstance(node.operation, WeightedSum):
        raise InputError(
            f"The bound is of cells of one weighted sum; the {cell.title} has {1 + len(others)}."
        )
    W_h = trace.parameters.weights[node.name][:, : trace.hidden_size]
    gamma = node.operation.steepest
    steps = np.arange(trace.timesteps - 1, -1, -1)
    return np.asarray((gamma * _spectral(W_h)) ** steps)


def _spectral(matrix: Array) -> float:
    return float(np.linalg.norm(matrix, 2))


def _leads_to(cell: Cell, name: str, state: str) -> bool:
    """Whether a vector reaches a state by additions alone."""
    while name != state:
        following = next(
            (n for n in cell.nodes if isinstance(n.operation, Addition) and name in n.operands),
            None,
        )
        if following is None:
            return False
        name = following.name
    return True
