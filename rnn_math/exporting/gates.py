"""The weights of each gate, apart: of the input, of the state, and two biases.

    s_f = W_f x + U_f h_prev + b_input + b_recurrent

Libraries stack the gates in orders of their own, and a cell here has one matrix for [h_prev, x].
"""

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Node
from gatereel.rnn_math.models.blocks import HIDDEN_PART, INPUT_PART
from gatereel.rnn_math.models.model import Biases, Strand
from gatereel.rnn_math.operations import Concatenate, Projection
from gatereel.rnn_math.records import dataclass

_CANDIDATE = "n"
"""What two weighted sums make together where the reset comes after the product."""

_PEEPHOLE = ("c_prev", "c")


@dataclass(frozen=True, eq=False)
class GateWeights:
    """What one gate, or one candidate, is computed with."""

    W: Array
    """Of the input, `(hidden_size, input_size)`."""
    U: Array
    """Of the hidden state, `(hidden_size, width of h)`."""
    b_input: Array
    """`(hidden_size,)`"""
    b_recurrent: Array
    """`(hidden_size,)`; noughts where the library has one bias for both."""
    peephole: Array | None = None
    """Of the cell state, `(hidden_size,)`; None without."""

    def arrays(self) -> dict[str, Array]:
        """Each array by the name that files give it."""
        found = {
            "W": self.W,
            "U": self.U,
            "b_input": self.b_input,
            "b_recurrent": self.b_recurrent,
        }
        return found if self.peephole is None else {**found, "P": self.peephole}


def gates_of(strand: Strand) -> dict[str, GateWeights]:
    """The gates of one direction of a layer by the cell's letters, in the order of computation."""
    found: dict[str, GateWeights] = {}
    weights, biases = strand.parameters.weights, strand.parameters.biases
    for node in strand.cell.weighted_sums:
        if isinstance(node.operation, Projection):
            continue
        if node.name == HIDDEN_PART:
            found[_CANDIDATE] = GateWeights(
                weights[INPUT_PART], weights[HIDDEN_PART], biases[INPUT_PART], biases[HIDDEN_PART]
            )
        elif node.name != INPUT_PART:
            pair = strand.biases.get(node.name, Biases(biases[node.name], None))
            found[node.name] = _gate(strand, node, weights[node.name], pair)
    return found


def projection_of(strand: Strand) -> Array | None:
    """What makes the hidden state narrower, `(projected, hidden_size)`; None without."""
    names = [n.name for n in strand.cell.weighted_sums if isinstance(n.operation, Projection)]
    return strand.parameters.weights[names[0]] if names else None


def has_biases(strand: Strand) -> bool:
    """Whether the file has biases; without them, those of the gates are noughts."""
    pairs = strand.biases.values()
    return not pairs or any(
        part is not None for each in pairs for part in (each.of_input, each.of_state)
    )


def _gate(strand: Strand, node: Node, matrix: Array, pair: Biases) -> GateWeights:
    """Take a matrix apart by what the operand is concatenated of."""
    (operand,) = node.operands
    parts = _parts(strand, operand)
    hidden_size = len(matrix)
    of_state = strand.cell.projected or hidden_size
    peeps = [part for part in parts if part in _PEEPHOLE]
    sizes = {part: hidden_size if part in peeps else of_state for part in parts if part != "x"}
    sizes["x"] = matrix.shape[1] - sum(sizes.values())
    widths = [sizes[part] for part in parts]
    columns = dict(zip(parts, np.split(matrix, np.cumsum(widths)[:-1], axis=1), strict=True))
    nothing = np.zeros(hidden_size)
    peephole = next((columns[each] for each in _PEEPHOLE if each in columns), None)
    return GateWeights(
        columns["x"],
        next(columns[each] for each in parts if each not in ("x", *_PEEPHOLE)),
        nothing if pair.of_input is None else pair.of_input,
        nothing if pair.of_state is None else pair.of_state,
        None if peephole is None else np.diagonal(peephole),
    )


def _parts(strand: Strand, operand: str) -> tuple[str, ...]:
    """What a concatenation is made of; the state itself may be a product, as after a reset."""
    cell = strand.cell
    joined = {node.name for node in cell.nodes if isinstance(node.operation, Concatenate)}
    return tuple(
        part
        for name in cell.node(operand).operands
        for part in (_parts(strand, name) if name in joined else (name,))
    )
