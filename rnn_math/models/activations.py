"""The functions of libraries' recurrent layers by the names that these use.

KERAS["hard_sigmoid"] -> HardSigmoid(1 / 6, 0.5)
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.functions import (
    Affine,
    ElementFunction,
    Elu,
    Exponential,
    HardSigmoid,
    HardTanh,
    LeakyRelu,
    Linear,
    Relu,
    Relu6,
    ScaledTanh,
    Selu,
    Sigmoid,
    Softplus,
    Softsign,
    TanhFunction,
    ThresholdedRelu,
)
from gatereel.rnn_math.operations import Activation, Tanh, WeightedSum
from gatereel.rnn_math.variants import variant

KERAS_2_HARD_SIGMOID = "hard_sigmoid of Keras 2"
"""What a file of Keras 2 or tf.keras calls hard_sigmoid, read here under a name of its own: Keras 3
computes another function under the old one."""

_SIXTH = 1.0 / 6.0

KERAS: Mapping[str, ElementFunction] = MappingProxyType(
    {
        "sigmoid": Sigmoid(),
        "tanh": TanhFunction(),
        "relu": Relu(),
        "linear": Linear(),
        "hard_sigmoid": HardSigmoid(_SIXTH, 0.5),
        "hard_tanh": HardTanh(),
        "elu": Elu(),
        "selu": Selu(),
        "relu6": Relu6(),
        "leaky_relu": LeakyRelu(0.2),
        "softsign": Softsign(),
        "softplus": Softplus(),
        "exponential": Exponential(),
        KERAS_2_HARD_SIGMOID: HardSigmoid(0.2, 0.5),
    }
)
"""Keras's. Functions that are not known by their results (swish, gelu, mish) are none of them."""


_MadeOf = Callable[[float | None, float | None], ElementFunction]


def _alpha(make: Callable[[float], ElementFunction], usual: float) -> _MadeOf:
    return lambda alpha, beta: make(usual if alpha is None else alpha)


def _both(make: Callable[[float, float], ElementFunction], a: float, b: float) -> _MadeOf:
    return lambda alpha, beta: make(a if alpha is None else alpha, b if beta is None else beta)


def _plain(function: ElementFunction) -> _MadeOf:
    return lambda alpha, beta: function


ONNX: Mapping[str, tuple[int, _MadeOf]] = MappingProxyType(
    {
        "sigmoid": (0, _plain(Sigmoid())),
        "tanh": (0, _plain(TanhFunction())),
        "relu": (0, _plain(Relu())),
        "softsign": (0, _plain(Softsign())),
        "softplus": (0, _plain(Softplus())),
        "elu": (1, _alpha(Elu, 1.0)),
        "leakyrelu": (1, _alpha(LeakyRelu, 0.01)),
        "thresholdedrelu": (1, _alpha(ThresholdedRelu, 1.0)),
        "hardsigmoid": (2, _both(HardSigmoid, 0.2, 0.5)),
        "scaledtanh": (2, _both(ScaledTanh, 1.0, 1.0)),
        "affine": (2, _both(Affine, 1.0, 0.0)),
    }
)
"""ONNX's, in lower case: how many of alpha and beta each has, and what they make of it."""


def with_activations(
    cell: Cell, gates: ElementFunction, contents: ElementFunction, output: ElementFunction
) -> Cell:
    """A cell with other functions: of its gates, of what is new, and of what leaves it.

    A cell of one weighted sum has `contents` there. Gates are the weighted sums that are shares.
    """
    functions: dict[str, ElementFunction] = {}
    for node in cell.nodes:
        operation = node.operation
        if isinstance(operation, WeightedSum):
            if operation.activation:
                functions[node.name] = gates if operation.is_share else contents
        elif isinstance(operation, Tanh | Activation):
            functions[node.name] = output if node.role != "candidate" else contents
    return variant(cell, functions)
