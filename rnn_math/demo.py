"""Parameters and a short sequence for each cell that tell a story with readable numbers.

Where the numbers come from: the inputs and initial states were written down by hand. The weights
began by hand, too: a large one where a feature should open or close a gate (the first feature
stores, the second is noise to keep out, the third resets), small ones elsewhere. A random search
then moved them by tenths until the claims held and every weighted sum, activation, product and
sum agreed with a pocket calculator that is fed the two decimals shown. Nothing was trained; the
tests hold the numbers to all of this. The GRU whose reset comes before the product is the
illustrated GRU with its update gate the other way round, and computes the same hidden states.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

import numpy as np

from gatereel.rnn_math.arrays import Array, finite_array, freeze, positive_size
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU, GRU_RESET_AFTER, GRU_RESET_BEFORE, LSTM, RNN, RNN_RELU
from gatereel.rnn_math.conversion import convert
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.parameters import Parameters, check_sequence_memory
from gatereel.rnn_math.records import dataclass

Verb = Literal["opens", "closes", "keeps", "rises", "fades", "remembers", "stops"]


@dataclass(frozen=True)
class Claim:
    """What one unit of a node does at one timestep of the demo, for a caption.

    A gate "opens" above 0.9 and "closes" below 0.1. A state "keeps" its previous value within
    0.05, "rises" by more than 0.5, "fades" to a smaller value of the same sign, "remembers" when it
    would be lower by more than 0.1 without the first timestep's first feature, and "stops" when it
    was above 0 and a rectifier cuts its weighted sum, below -0.1, to 0.
    """

    node: str
    timestep: int
    """From 0."""
    unit: int
    """From 0."""
    verb: Verb


@dataclass(frozen=True, eq=False)
class Demo:
    """Parameters, inputs and initial states for `unroll`, and what they show."""

    cell: Cell
    parameters: Parameters
    inputs: Array
    """`(timesteps, input_size)`: three timesteps, three features."""
    initial: Mapping[str, Array]
    """State name to its value before the first timestep, `(hidden_size,)`: two hidden units."""
    claims: tuple[Claim, ...]
    """What a picture's story says, in its order."""


def demo(cell: Cell) -> Demo:
    """Return the demo of `cell`; raises InputError when it has none."""
    if cell.name not in DEMOS:
        raise InputError(f"There is no demo of {cell.title}; there is one of {', '.join(DEMOS)}.")
    return DEMOS[cell.name]


def demo_inputs(cell: Cell, timesteps: int) -> Array:
    """Return the demo's inputs, `(timesteps, input_size)`, shortened or begun again at the end.

    Raises InputError when `timesteps` is below 1 or the cell has no demo.
    """
    rows = demo(cell).inputs
    check_sequence_memory(positive_size("timesteps", timesteps), rows.shape[1])
    return freeze(np.resize(rows, (timesteps, rows.shape[1])))


def _demo(
    cell: Cell,
    weights: dict[str, list[list[float]]],
    biases: dict[str, list[float]],
    initial: dict[str, list[float]],
    claims: tuple[Claim, ...],
) -> Demo:
    return Demo(
        cell=cell,
        parameters=Parameters(weights, biases, origin="demo"),
        inputs=finite_array("inputs", _INPUTS, ndim=2),
        initial=MappingProxyType(
            {state: finite_array(state, values, ndim=1) for state, values in initial.items()}
        ),
        claims=claims,
    )


_INPUTS = [
    [0.9, -0.3, 0.2],  # something to store
    [0.1, 0.8, -0.4],  # noise
    [-0.5, 0.4, 0.9],  # a reset
]

# A row of weights belongs to a hidden unit: two columns for h_prev, three for x.

_RNN_DEMO = _demo(
    RNN,
    weights={"h": [[0.9, 0.2, 1.4, 0.1, 0.6], [0.1, 1.2, -1.0, 0.7, 0.9]]},
    biases={"h": [0.1, -0.3]},
    initial={"h": [-0.2, 0.5]},
    claims=(
        Claim("h", 0, 0, "rises"),
        Claim("h", 1, 0, "fades"),
        Claim("h", 2, 0, "remembers"),
    ),
)

_RNN_RELU_DEMO = _demo(
    RNN_RELU,
    weights={"h": [[0.8, 0.6, 3.5, -0.2, -3.1], [1.5, 1.6, -0.2, -1.0, 1.3]]},
    biases={"h": [-2.1, -0.9]},
    initial={"h": [0.2, 0.5]},
    claims=(
        Claim("h", 0, 0, "rises"),
        Claim("h", 1, 0, "fades"),
        Claim("h", 2, 0, "stops"),
    ),
)

_LSTM_DEMO = _demo(
    LSTM,
    weights={
        "f": [[0.8, 0.6, 1.2, 1.7, -3.2], [0.4, -1.3, 0.6, 1.1, 0.2]],
        "i": [[0.1, -0.1, 2.3, -3.0, 2.0], [1.0, 0.5, 0.4, 2.6, -0.4]],
        "g": [[-0.1, -0.7, 2.5, 0.9, -0.6], [-1.5, 1.1, -1.8, 0.4, 0.7]],
        "o": [[0.0, 0.9, 1.0, -0.6, 0.3], [1.1, -0.4, 0.7, -1.4, 2.5]],
    },
    biases={"f": [0.0, -0.1], "i": [-0.2, -0.1], "g": [0.1, 0.3], "o": [-0.1, 2.0]},
    initial={"h": [-0.3, 0.5], "c": [-0.6, 0.8]},
    claims=(
        Claim("i", 0, 0, "opens"),
        Claim("c", 1, 0, "keeps"),
        Claim("f", 2, 0, "closes"),
    ),
)

_GRU_DEMO = _demo(
    GRU,
    weights={
        "r": [[-1.4, -0.7, 0.5, 2.1, -2.7], [0.9, 0.1, 0.5, -0.6, -0.8]],
        "z": [[0.3, 0.8, 1.3, -3.3, 1.6], [-1.5, 0.4, -0.5, 0.4, 1.0]],
        "n": [[0.3, -0.5, 1.5, 0.3, -0.3], [1.2, 0.7, -0.6, 0.2, 0.0]],
    },
    biases={"r": [0.4, 1.6], "z": [-0.3, 0.3], "n": [0.5, 0.8]},
    initial={"h": [-0.4, 0.6]},
    claims=(
        Claim("z", 0, 0, "opens"),
        Claim("h", 1, 0, "keeps"),
        Claim("r", 2, 0, "closes"),
    ),
)

_GRU_RESET_BEFORE_DEMO = replace(
    _GRU_DEMO,
    cell=GRU_RESET_BEFORE,
    parameters=convert(GRU, _GRU_DEMO.parameters, GRU_RESET_BEFORE),
    claims=(
        Claim("z", 0, 0, "closes"),
        Claim("h", 1, 0, "keeps"),
        Claim("r", 2, 0, "closes"),
    ),
)

_GRU_RESET_AFTER_DEMO = _demo(
    GRU_RESET_AFTER,
    weights={
        "r": [[-0.8, 0.1, 0.2, 1.2, -3.0], [1.0, -0.3, -2.0, -2.4, -2.2]],
        "z": [[-0.4, -0.4, -2.1, 1.9, -2.3], [-0.5, -0.4, 0.4, -0.4, -0.2]],
        "hn": [[0.6, -0.2], [0.5, 1.7]],
        "xn": [[0.8, -0.4, 0.2], [-0.7, 0.0, -0.8]],
    },
    biases={"r": [0.3, 1.1], "z": [0.5, 2.0], "hn": [0.5, -1.4], "xn": [0.0, 0.3]},
    initial={"h": [-0.4, 0.6]},
    claims=_GRU_RESET_BEFORE_DEMO.claims,
)

_ALL = (
    _RNN_DEMO,
    _LSTM_DEMO,
    _GRU_DEMO,
    _RNN_RELU_DEMO,
    _GRU_RESET_BEFORE_DEMO,
    _GRU_RESET_AFTER_DEMO,
)

DEMOS: Mapping[str, Demo] = MappingProxyType({demo.cell.name: demo for demo in _ALL})
"""Every demo by its cell's name; a cell can do without one."""
