"""Recurrent cells, computed one operation at a time with numpy.

A cell is an ordered list of operations (`CELLS`). `unroll` runs it over a sequence and keeps every
value in a `Trace`.
"""

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import INPUT, Cell, Gate, Node, Paper, Size, previous
from gatereel.rnn_math.cells import (
    CELLS,
    GRU,
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    RNN,
    RNN_RELU,
    get_cell,
)
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.demo import DEMOS, Claim, Demo, demo, demo_inputs
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.operations import (
    Activation,
    Addition,
    Concatenate,
    Multiplication,
    OneMinus,
    Operation,
    Projection,
    Tanh,
    WeightedSum,
    WeightedSumAlone,
    WeightedSumOf,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
    sigmoid,
)
from gatereel.rnn_math.parameters import (
    Parameters,
    check_parameters,
    random_inputs,
    random_parameters,
)
from gatereel.rnn_math.trace import Trace
from gatereel.rnn_math.unroll import Step, step, unroll

__all__ = [
    "CELLS",
    "DEMOS",
    "GRU",
    "GRU_RESET_AFTER",
    "GRU_RESET_BEFORE",
    "INPUT",
    "LSTM",
    "RNN",
    "RNN_RELU",
    "Activation",
    "Addition",
    "Array",
    "Cell",
    "Claim",
    "Concatenate",
    "Demo",
    "Gate",
    "InputError",
    "Multiplication",
    "Node",
    "OneMinus",
    "Operation",
    "Paper",
    "Parameters",
    "Projection",
    "Size",
    "Step",
    "Tanh",
    "Trace",
    "WeightedSum",
    "WeightedSumAlone",
    "WeightedSumOf",
    "WeightedSumRelu",
    "WeightedSumSigmoid",
    "WeightedSumTanh",
    "check_parameters",
    "counted",
    "demo",
    "demo_inputs",
    "get_cell",
    "previous",
    "random_inputs",
    "random_parameters",
    "sigmoid",
    "step",
    "unroll",
]
