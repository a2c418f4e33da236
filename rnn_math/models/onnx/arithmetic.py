"""ONNX's operations that compute: what stands between sequences and recurrent nodes.

    run_arithmetic(graph, node, operands, budget) -> the node's output, in float64

Each follows its operator's definition (https://onnx.ai/onnx/operators/). Beside the numbers, an
operation says which rows they come from: `rows_of` does on the numbers of rows what the operation
does on numbers, and refuses what mixes rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.arrays import Array, to_float64
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.functions import (
    Elu,
    HardSigmoid,
    LeakyRelu,
    Relu,
    Selu,
    Sigmoid,
    Softplus,
    Softsign,
    TanhFunction,
    ThresholdedRelu,
)
from gatereel.rnn_math.models.onnx.errors import RefusedError, shown_name
from gatereel.rnn_math.models.onnx.graph import Budget, Graph, Tensor
from gatereel.rnn_math.models.pointwise import erf_of, gelu, log_softmax, mish, softmax

if TYPE_CHECKING:
    import onnx

Attributes = Mapping[str, float]
"""A node's attributes that are numbers."""

_Maker = Callable[[Attributes], Callable[[Array], Array]]


def _plain(function: Callable[[Array], Array]) -> _Maker:
    return lambda given: function


_HARD_SWISH = HardSigmoid(1.0 / 6.0, 0.5)
_SELU = Selu()

POINTWISE: Mapping[str, tuple[tuple[str, ...], _Maker]] = MappingProxyType(
    {
        "Abs": ((), _plain(np.abs)),
        "Elu": (("alpha",), lambda given: Elu(given.get("alpha", 1.0)).apply),
        "Erf": ((), _plain(erf_of)),
        "Exp": ((), _plain(np.exp)),
        "Gelu": ((), _plain(gelu)),
        "HardSigmoid": (
            ("alpha", "beta"),
            lambda given: HardSigmoid(given.get("alpha", 0.2), given.get("beta", 0.5)).apply,
        ),
        "HardSwish": ((), _plain(lambda s: s * _HARD_SWISH.apply(s))),
        "LeakyRelu": (("alpha",), lambda given: LeakyRelu(given.get("alpha", 0.01)).apply),
        "Log": ((), _plain(np.log)),
        "Mish": ((), _plain(mish)),
        "Neg": ((), _plain(np.negative)),
        "Reciprocal": ((), _plain(np.reciprocal)),
        "Relu": ((), _plain(Relu().apply)),
        "Selu": (
            ("alpha", "gamma"),
            lambda given: _selu(given.get("alpha", _SELU.alpha), given.get("gamma", _SELU.scale)),
        ),
        "Sigmoid": ((), _plain(Sigmoid().apply)),
        "Softplus": ((), _plain(Softplus().apply)),
        "Softsign": ((), _plain(Softsign().apply)),
        "Sqrt": ((), _plain(np.sqrt)),
        "Tanh": ((), _plain(TanhFunction().apply)),
        "ThresholdedRelu": (
            ("alpha",),
            lambda given: ThresholdedRelu(given.get("alpha", 1.0)).apply,
        ),
    }
)
"""Functions of each number: which attributes each has, and what they make of it."""

BETWEEN_TWO: Mapping[str, Callable[[Array, Array], Array]] = MappingProxyType(
    {
        "Add": np.add,
        "Div": np.divide,
        "Mul": np.multiply,
        "Pow": np.power,
        "PRelu": lambda s, slope: np.where(s < 0.0, slope * s, s),
        "Sub": np.subtract,
    }
)
"""Functions of two tensors, of which one is spread to the other."""

_OVER_ROWS: Mapping[str, Callable[[Array], Array]] = MappingProxyType(
    {"LogSoftmax": log_softmax, "Softmax": softmax}
)
_NORM, _MATRIX, _GEMM, _CLIP = "BatchNormalization", "MatMul", "Gemm", "Clip"

ARITHMETIC = frozenset((*POINTWISE, *BETWEEN_TWO, *_OVER_ROWS, _NORM, _MATRIX, _GEMM, _CLIP))
"""All operations that are computed here."""

_SOFTMAX_OF_AN_AXIS = 13
"""The operator set from which on Softmax goes over one axis; before, over all from it on."""
_EPSILON = 1e-5  # of BatchNormalization, where it is left out
_MATRIX_DIMENSIONS = 2
_PARAMETERS = 4  # scale, bias, mean and variance


def run_arithmetic(
    graph: Graph, node: onnx.NodeProto, operands: Sequence[Tensor | None], budget: Budget
) -> Array:
    """Compute one node's output of its `operands`, None for one that is left out.

    Raises RefusedError for an option that is not computed, and InputError for operands that do not
    fit.
    """
    op, given = node.op_type, _attributes(graph, node)
    if not operands or any(each is not None and each.dtype.kind not in "fiu" for each in operands):
        raise _misfit(graph, node)
    values = [None if each is None else to_float64(each) for each in operands]
    try:
        budget.spend(_size(op, [each for each in values if each is not None], given) * 8)
        with np.errstate(all="ignore"):  # what is not finite is told where it is run
            return _computed(graph, node, values, given)
    except (IndexError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _misfit(graph, node) from None


def rows_of(
    graph: Graph, node: onnx.NodeProto, operands: Sequence[Tensor | RowNumbers | None]
) -> RowNumbers:
    """The numbers of the rows that a node's output comes from.

    Raises RefusedError where it mixes rows, and InputError for operands that do not fit.
    """
    op, given = node.op_type, _attributes(graph, node)
    try:
        if op in BETWEEN_TWO:
            return _spread(graph, node, operands)
        first, *others = operands
        if not isinstance(first, RowNumbers) or any(
            isinstance(each, RowNumbers) for each in others
        ):
            raise RefusedError(f"{op} takes what is computed as more than its numbers.")
        numbers = first.numbers
        if op in POINTWISE or op == _CLIP:
            return first
        if op == _NORM:
            _check_norm(graph, node, numbers, others, given)
            return first
        _check_alike(op, numbers, given, graph.opset)
        if op in _OVER_ROWS:
            return first
        (matrix, *_) = others
        assert isinstance(matrix, np.ndarray)
        _check_matrix(op, matrix)
        width = matrix.shape[0 if given.get("transB") else 1]
        graph.budget.spend(prod(numbers.shape[:-1]) * width * numbers.itemsize)
        return RowNumbers(np.repeat(numbers[..., :1], width, axis=-1))
    except (AssertionError, AttributeError, IndexError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise _misfit(graph, node) from None


class RowNumbers:
    """Where each number of a tensor comes from: a row of a sequence, by its number."""

    def __init__(self, numbers: Tensor) -> None:
        """Take the numbers, in the tensor's shape."""
        self.numbers = numbers


def _computed(
    graph: Graph, node: onnx.NodeProto, values: Sequence[Array | None], given: Attributes
) -> Array:
    op, (first, *others) = node.op_type, values
    if first is None:
        raise _misfit(graph, node)
    if op in POINTWISE:
        return POINTWISE[op][1](given)(first)
    if op == _CLIP:
        least, most = (*others, None, None)[:2]
        low = given.get("min", -np.inf) if least is None else least
        high = given.get("max", np.inf) if most is None else most
        return np.minimum(np.maximum(first, low), high)
    if op in _OVER_ROWS:
        return _OVER_ROWS[op](first)
    second = others[0] if others else None
    if second is None:
        raise _misfit(graph, node)
    if op in BETWEEN_TWO:
        return BETWEEN_TWO[op](first, second)
    if op == _NORM:
        return _normalized(first, others, given)
    _check_matrix(op, second)
    if op == _MATRIX:
        return first @ second
    added = others[1] if len(others) > 1 and others[1] is not None else 0.0
    product = first @ (second.T if given.get("transB") else second)
    return given.get("alpha", 1.0) * product + given.get("beta", 1.0) * added


def _check_matrix(op: str, matrix: Tensor) -> None:
    if matrix.ndim != _MATRIX_DIMENSIONS:
        raise RefusedError(f"{op} by a tensor of {matrix.ndim} dimensions stands between.")


def _normalized(first: Array, others: Sequence[Array | None], given: Attributes) -> Array:
    shape = (1, -1, *(1 for _ in first.shape[2:]))
    scale, bias, mean, variance = (np.reshape(each, shape) for each in others if each is not None)
    root = np.sqrt(variance + given.get("epsilon", _EPSILON))
    return np.asarray((first - mean) / root * scale + bias)


def _selu(alpha: float, gamma: float) -> Callable[[Array], Array]:
    return lambda s: gamma * Elu(alpha).apply(s)


def _size(op: str, values: Sequence[Array], given: Attributes) -> int:
    """How many numbers the output holds."""
    if op in (_MATRIX, _GEMM):
        return prod(values[0].shape[:-1]) * int(max(values[1].shape))
    if op in BETWEEN_TWO:
        return prod(np.broadcast_shapes(*(each.shape for each in values)))
    return prod(values[0].shape)


def _spread(
    graph: Graph, node: onnx.NodeProto, operands: Sequence[Tensor | RowNumbers | None]
) -> RowNumbers:
    shapes = [
        (e.numbers if isinstance(e, RowNumbers) else e).shape for e in operands if e is not None
    ]
    shape = np.broadcast_shapes(*shapes)
    graph.budget.spend(prod(shape) * np.dtype(np.float64).itemsize)
    found = [np.broadcast_to(e.numbers, shape) for e in operands if isinstance(e, RowNumbers)]
    if any(not np.array_equal(found[0], each) for each in found[1:]):
        raise RefusedError(f"{node.op_type} mixes timesteps or sequences on the way to it.")
    return RowNumbers(found[0])


def _check_alike(op: str, numbers: Tensor, given: Attributes, opset: int) -> None:
    """Raise RefusedError where what an operation adds up is not of one row."""
    last = numbers.ndim - 1
    if op in _OVER_ROWS:
        axis = given.get("axis", -1 if opset >= _SOFTMAX_OF_AN_AXIS else 1)
        if axis not in (-1, last):
            raise RefusedError(f"{op} goes over another axis than the last.")
    if given.get("transA"):
        raise RefusedError(f"{op} with transA stands between.")
    if not np.array_equal(numbers, np.broadcast_to(numbers[..., :1], numbers.shape)):
        raise RefusedError(f"{op} mixes timesteps or sequences on the way to it.")


def _check_norm(
    graph: Graph,
    node: onnx.NodeProto,
    numbers: Tensor,
    others: Sequence[Tensor | RowNumbers | None],
    given: Attributes,
) -> None:
    if given.get("training_mode") or len([name for name in node.output if name]) != 1:
        raise RefusedError("BatchNormalization in training stands between.")
    shapes = [each.shape for each in others if isinstance(each, np.ndarray)]
    if shapes != [(numbers.shape[1],)] * _PARAMETERS:
        raise _misfit(graph, node)


_KNOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **{op: names for op, (names, _) in POINTWISE.items()},
        **dict.fromkeys(_OVER_ROWS, ("axis",)),
        _CLIP: ("max", "min"),
        _GEMM: ("alpha", "beta", "transA", "transB"),
        _NORM: ("epsilon", "momentum", "spatial", "training_mode"),
    }
)
"""All attributes of the operations that have some."""


def _attributes(graph: Graph, node: onnx.NodeProto) -> Attributes:
    """The attributes, all of which must be known and numbers."""
    found = {}
    for each in node.attribute:
        if each.name == "approximate" and node.op_type == "Gelu" and each.s == b"none":
            continue
        if each.name not in _KNOWN.get(node.op_type, ()) or each.ref_attr_name:
            raise RefusedError(
                f"{node.op_type} with {shown_name(each.name)} stands between, which is not known."
            )
        if each.type not in (each.FLOAT, each.INT):
            raise _misfit(graph, node)
        found[each.name] = float(each.f if each.type == each.FLOAT else each.i)
    if found.get("spatial", 1.0) != 1.0:
        raise RefusedError("BatchNormalization with spatial=0 stands between.")
    return found


def _misfit(graph: Graph, node: onnx.NodeProto) -> InputError:
    name = shown_name(node.name or next(iter(node.output), ""))
    return InputError(
        f"{graph.path}: the operation {shown_name(node.op_type)} '{name}' does not fit what it is "
        "given."
    )
