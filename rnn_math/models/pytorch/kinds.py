"""The recurrent modules of PyTorch, and how their weights and gradients are stacked."""

from collections.abc import Mapping

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU_RESET_AFTER, LSTM, RNN, RNN_RELU
from gatereel.rnn_math.models.blocks import parameters_of_blocks
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class TorchKind:
    """A recurrent module of PyTorch."""

    title: str
    cell: Cell
    gates: str
    """The blocks of its weights from top to bottom, by the cell's letters."""


TORCH_KINDS = (
    TorchKind("nn.RNN", RNN, "h"),
    TorchKind("nn.GRU", GRU_RESET_AFTER, "rzn"),
    TorchKind("nn.LSTM", LSTM, "ifgo"),
)


def gradients_of_blocks(cell: Cell, by: Mapping[str, Array | None]) -> dict[str, Array]:
    """Gradients by stacked weights as those by each weighted sum: "W_f", "b_f"."""
    as_its_kind = {RNN_RELU: RNN}.get(cell, LSTM if cell.projected else cell)
    gates = next(kind.gates for kind in TORCH_KINDS if kind.cell is as_its_kind)
    W_x, W_h = by["weight_ih"], by["weight_hh"]
    assert W_x is not None
    assert W_h is not None
    found: dict[str, Array] = {}
    biases = []
    for b_x, b_h in ((by["bias_ih"], None), (None, by["bias_hh"])):
        taken_apart = parameters_of_blocks(cell, gates, W_x, W_h, b_x, b_h, "gradients")
        biases.append(taken_apart.biases)
        found |= {f"W_{name}": W for name, W in taken_apart.weights.items()}
    if cell.projected:
        assert by["weight_hr"] is not None
        found["W_h"] = by["weight_hr"]
    if by["bias_ih"] is None:
        return found
    # Two biases of one sum have one gradient; each of the candidate's parts has one of them.
    for name, first in biases[0].items():
        second = biases[1][name]
        found[f"b_{name}"] = np.where(np.abs(first) >= np.abs(second), first, second)
    return found
