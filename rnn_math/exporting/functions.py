"""Which functions a cell has in the places where libraries let one choose."""

from collections.abc import Mapping
from types import MappingProxyType

from gatereel.rnn_math.cell import Cell, Node
from gatereel.rnn_math.cells import (
    CELLS,
)
from gatereel.rnn_math.cells.relatives.lstm_peepholes import (
    LSTM_COUPLED,
    LSTM_PEEPHOLES,
    LSTM_PEEPHOLES_COUPLED,
)
from gatereel.rnn_math.functions import ElementFunction, Linear, Relu, Sigmoid, TanhFunction
from gatereel.rnn_math.operations import (
    Activation,
    Tanh,
    WeightedSum,
    WeightedSumOf,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
)
from gatereel.rnn_math.records import dataclass

FAMILIES: Mapping[str, Cell] = MappingProxyType(
    {
        **CELLS,
        **{cell.name: cell for cell in (LSTM_PEEPHOLES, LSTM_COUPLED, LSTM_PEEPHOLES_COUPLED)},
    }
)
"""Every cell whose list others are variants of, by its name."""

_CANDIDATE = "candidate"


@dataclass(frozen=True)
class Functions:
    """The functions of a cell."""

    gates: ElementFunction
    contents: ElementFunction
    """Of what is new: the candidate, or the whole of a plain RNN."""
    output: ElementFunction
    """Through which an LSTM's cell state leaves; of other cells, that of what is new."""


def functions_of(cell: Cell) -> Functions:
    """The functions at a cell's places, as its family's list has them."""
    gates: ElementFunction = Sigmoid()
    contents: ElementFunction = TanhFunction()
    output: ElementFunction | None = None
    for usual, node in zip(FAMILIES[cell.family].nodes, cell.nodes, strict=True):
        operation = usual.operation
        if isinstance(operation, WeightedSum) and operation.activation:
            if operation.is_share:
                gates = _function(node)
            else:
                contents = _function(node)
        elif isinstance(operation, Tanh | Activation):
            if usual.role == _CANDIDATE:
                contents = _function(node)
            else:
                output = _function(node)
    return Functions(gates, contents, contents if output is None else output)


def _function(node: Node) -> ElementFunction:
    match node.operation:
        case WeightedSumOf(function=function) | Activation(function=function):
            return function
        case WeightedSumSigmoid():
            return Sigmoid()
        case WeightedSumTanh() | Tanh():
            return TanhFunction()
        case WeightedSumRelu():
            return Relu()
        case _:
            return Linear()
