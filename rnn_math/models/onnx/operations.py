"""Run one operation that lays numbers out: onnx's own reference implementation, within bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.onnx.errors import RefusedError, shown_name
from gatereel.rnn_math.models.onnx.graph import DAMAGE, Budget, Graph, Tensor, is_default, load_onnx

if TYPE_CHECKING:
    import onnx

MAX_SHAPE_ENTRIES = 64
"""numpy's largest number of dimensions, and so the longest shape, list of axes or permutation."""

_FIRST, _ALL = slice(0, 1), slice(None)

DATA_INPUTS: Mapping[str, slice] = MappingProxyType(
    {
        "Cast": _FIRST,
        "Concat": _ALL,
        "Constant": _ALL,
        "ConstantOfShape": slice(0),
        "Dropout": _FIRST,
        "Expand": _FIRST,
        "Flatten": _FIRST,
        "Gather": _FIRST,
        "Identity": _FIRST,
        "Reshape": _FIRST,
        "Shape": slice(0),
        "Slice": _FIRST,
        "Split": _FIRST,
        "Squeeze": _FIRST,
        "Transpose": _FIRST,
        "Unsqueeze": _FIRST,
    }
)
"""Operations that move numbers about, and which of their inputs hold those numbers.

The other inputs say how: shapes, axes, indices.
"""

SHAPE_ARITHMETIC = ("Add", "Div", "Mul", "Sub")
"""Operations that are evaluated on shapes, which are short lists of whole numbers."""

_ATTRIBUTES = frozenset(
    (
        "allowzero",
        "axes",
        "axis",
        "end",
        "ends",
        "num_outputs",
        "perm",
        "ratio",
        "saturate",
        "seed",
        "split",
        "start",
        "starts",
        "to",
        "value",
        "value_float",
        "value_floats",
        "value_int",
        "value_ints",
    )
)


def run_node(
    graph: Graph,
    node: onnx.NodeProto,
    operands: Sequence[Tensor | None],
    budget: Budget,
    keep_floats: bool,
) -> Sequence[Tensor]:
    """Compute one node's outputs from its `operands`, None for one that is left out.

    With `keep_floats`, a cast from one floating type to another keeps the more exact numbers.
    Raises RefusedError for an operation that is not on the list, and InputError for one that does
    not fit its operands or would take more than `budget`.
    """
    op = node.op_type
    if not is_default(node.domain) or (op not in DATA_INPUTS and op not in SHAPE_ARITHMETIC):
        raise RefusedError(f"{shown_name(op)} stands between.")
    if op == "Constant":
        return [_constant(graph, node)]
    first = operands[0] if operands else None
    if first is None:
        raise _misfit(graph, node)
    if op == "Identity" or (op == "Dropout" and not _in_training(operands)):
        return [first]
    if op == "Cast" and keep_floats and first.dtype.kind == "f":
        if casts_to(node, "FLOAT16", "BFLOAT16"):
            raise RefusedError("Cast to 16 bits stands between; it rounds what the layer reads.")
        if casts_to(node, "FLOAT", "DOUBLE"):
            return [first]
    if op == "Dropout":
        raise RefusedError("Dropout in training stands between.")
    _check_attributes(graph, node)
    try:
        budget.spend(_bound(node, first, operands[1:]))
        outputs = _reference(graph, node, operands)
    except DAMAGE as error:
        if isinstance(error, InputError):
            raise
        raise _misfit(graph, node) from None
    if not all(isinstance(each, np.ndarray | np.generic) for each in outputs):
        raise _misfit(graph, node)
    return [np.asarray(each) for each in outputs]


def _in_training(operands: Sequence[Tensor | None]) -> bool:
    """Whether a Dropout's third operand tells it to drop."""
    return any(each is not None and np.any(each) for each in operands[2:])


def _reference(
    graph: Graph, node: onnx.NodeProto, operands: Sequence[Tensor | None]
) -> Sequence[Tensor]:
    onnx = load_onnx()
    named = {name: value for name, value in zip(node.input, operands, strict=True) if name}
    lone = onnx.GraphProto(
        name="one",
        node=[node],
        input=[onnx.ValueInfoProto(name=name) for name in named],
        output=[onnx.ValueInfoProto(name=name) for name in node.output],
    )
    lone.node[0].domain = ""
    evaluator = load_onnx("onnx.reference").ReferenceEvaluator(lone, opsets={"": graph.opset})
    with np.errstate(all="ignore"):
        outputs: Sequence[Tensor] = evaluator.run(None, named)
    return outputs


def _constant(graph: Graph, node: onnx.NodeProto) -> Tensor:
    if len(node.attribute) != 1:
        raise _misfit(graph, node)
    (attribute,) = node.attribute
    if attribute.name == "value":
        return graph.array(attribute.t)
    if attribute.name == "value_float":
        return np.array(attribute.f, dtype=np.float32)
    if attribute.name == "value_floats":
        return np.array(attribute.floats, dtype=np.float32)
    if attribute.name == "value_int":
        return np.array(attribute.i, dtype=np.int64)
    if attribute.name == "value_ints":
        return np.array(attribute.ints, dtype=np.int64)
    raise RefusedError(f"a constant with {shown_name(attribute.name)} stands between.")


def casts_to(node: onnx.NodeProto, *types: str) -> bool:
    """Whether a Cast is to one of these types, by ONNX's names."""
    kinds = [getattr(load_onnx().TensorProto, name) for name in types]
    return any(attribute.name == "to" and attribute.i in kinds for attribute in node.attribute)


def _check_attributes(graph: Graph, node: onnx.NodeProto) -> None:
    """Let nothing through but numbers: an attribute may hold a graph of its own."""
    for attribute in node.attribute:
        number = attribute.type in (
            attribute.INT,
            attribute.INTS,
            attribute.FLOAT,
            attribute.TENSOR,
        )
        if attribute.name not in _ATTRIBUTES or not number or attribute.ref_attr_name:
            raise _misfit(graph, node)
        if len(attribute.ints) > MAX_SHAPE_ENTRIES:
            raise _misfit(graph, node)
        if attribute.name == "num_outputs" and attribute.i != len(node.output):
            raise _misfit(graph, node)
        if attribute.type == attribute.TENSOR and graph.array(attribute.t).size != 1:
            raise _misfit(graph, node)


def _bound(node: onnx.NodeProto, first: Tensor, others: Sequence[Tensor | None]) -> int:
    """Most bytes that a node's outputs can take."""
    op = node.op_type
    given = [each for each in others if each is not None]
    if op == "Concat":
        return first.nbytes + sum(each.nbytes for each in given)
    if op == "Gather":
        axis: int = next((each.i for each in node.attribute if each.name == "axis"), 0)
        rows: int = first.shape[axis]
        return sum(each.size for each in given) * (first.nbytes // max(1, rows))
    if any(each.size > MAX_SHAPE_ENTRIES for each in given):
        raise ValueError(op)
    if op in SHAPE_ARITHMETIC:
        if any(each.ndim > 1 or each.dtype.kind not in "iu" for each in (first, *given)):
            raise RefusedError(f"{op} stands between.")
        return first.nbytes + sum(each.nbytes for each in given)
    if op == "ConstantOfShape":
        return _filled(first, (), np.dtype(np.float64).itemsize)
    if op == "Expand":
        return _filled(given[0], first.shape, first.itemsize)
    # Cast is the only one of the rest that makes items larger.
    return first.size * max(first.itemsize, np.dtype(np.float64).itemsize)


def _filled(shape: Tensor, other: tuple[int, ...], item_bytes: int) -> int:
    """Bytes of what is spread to `shape` and `other` at once."""
    if shape.ndim != 1 or shape.size > MAX_SHAPE_ENTRIES or shape.dtype.kind not in "iu":
        raise ValueError(shape)
    wanted = [int(size) for size in shape]
    if any(size < 0 for size in wanted):
        raise ValueError(wanted)
    longest = max(len(wanted), len(other))
    wide = [1] * (longest - len(wanted)) + wanted
    have = [1] * (longest - len(other)) + list(other)
    return prod(max(pair) for pair in zip(wide, have, strict=True)) * item_bytes


def _misfit(graph: Graph, node: onnx.NodeProto) -> InputError:
    name = shown_name(node.name or next(iter(node.output), ""))
    return InputError(
        f"{graph.path}: the operation {shown_name(node.op_type)} '{name}' does not fit what it is "
        "given."
    )
