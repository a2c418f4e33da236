"""Libraries stack the gates' weights in one matrix; a cell has a matrix for each weighted sum."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.models.model import Biases
from gatereel.rnn_math.parameters import Parameters

INPUT_PART, HIDDEN_PART = "xn", "hn"
"""Where the reset comes after the product, the candidate has a weighted sum for each operand."""


def parameters_of_blocks(
    cell: Cell,
    gates: Sequence[str],
    W_x: Array,
    W_h: Array,
    b_x: Array | None,
    b_h: Array | None,
    origin: str,
) -> Parameters:
    """Take stacked blocks apart into the parameters of `cell`.

    `gates` names the blocks from top to bottom by the cell's letters, such as "ifgo"; W_x is
    `(gates * hidden_size, input_size)`, W_h `(gates * hidden_size, hidden_size)`, a bias
    `(gates * hidden_size,)` or None for noughts. Two biases of one sum are added up. The shapes are
    the caller's to check. Raises InputError for numbers that are not finite.
    """
    nothing = np.zeros(len(W_x))
    biases_x = np.split(nothing if b_x is None else b_x, len(gates))
    biases_h = np.split(nothing if b_h is None else b_h, len(gates))
    weights: dict[str, Array] = {}
    biases: dict[str, Array] = {}
    names = {node.name for node in cell.weighted_sums}
    for k, gate in enumerate(gates):
        block_x, block_h = np.split(W_x, len(gates))[k], np.split(W_h, len(gates))[k]
        if gate in names:
            weights[gate] = np.concatenate([block_h, block_x], axis=1)
            biases[gate] = biases_x[k] + biases_h[k]
        else:
            weights[HIDDEN_PART], weights[INPUT_PART] = block_h, block_x
            biases[HIDDEN_PART], biases[INPUT_PART] = biases_h[k], biases_x[k]
    return Parameters(weights, biases, origin)


def biases_of_blocks(
    gates: Sequence[str], b_x: Array | None, b_h: Array | None
) -> Mapping[str, Biases]:
    """The biases of each gate as they are stacked, not added up, by the cell's letters."""
    nothing: list[Array | None] = [None] * len(gates)
    of_input = nothing if b_x is None else np.split(b_x, len(gates))
    of_state = nothing if b_h is None else np.split(b_h, len(gates))
    pairs = zip(gates, of_input, of_state, strict=True)
    return MappingProxyType({gate: Biases(x, h) for gate, x, h in pairs})
