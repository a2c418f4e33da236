"""Recurrent cells, computed one operation at a time with numpy.

A cell is an ordered list of operations (`CELLS`). `unroll` runs it over a sequence and keeps every
value in a `Trace`.
"""

from rnn_math.arrays import Array
from rnn_math.cell import INPUT, Cell, Gate, Node, Paper, Size, previous
from rnn_math.cells import (
    CELLS,
    GRU,
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    RNN,
    RNN_RELU,
    get_cell,
)
from rnn_math.counting import counted
from rnn_math.demo import DEMOS, Claim, Demo, demo, demo_inputs
from rnn_math.errors import InputError
from rnn_math.operations import (
    Addition,
    Concatenate,
    Multiplication,
    OneMinus,
    Operation,
    Tanh,
    WeightedSum,
    WeightedSumAlone,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
    sigmoid,
)
from rnn_math.parameters import Parameters, check_parameters, random_inputs, random_parameters
from rnn_math.trace import Trace
from rnn_math.unroll import Step, step, unroll

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
    "Size",
    "Step",
    "Tanh",
    "Trace",
    "WeightedSum",
    "WeightedSumAlone",
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
