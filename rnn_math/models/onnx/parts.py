"""The part of an ONNX graph that leads to some tensors, as a graph of its own to be run.

It holds the file's own operations, all of which are computed here, too, and the numbers that they
need.
Where that is asked for, all its floats are made float32, the one type in which onnxruntime computes
recurrent operators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.models.onnx.arithmetic import ARITHMETIC
from gatereel.rnn_math.models.onnx.errors import RefusedError, shown_name
from gatereel.rnn_math.models.onnx.graph import Graph, Tensor, is_default, load_onnx
from gatereel.rnn_math.models.onnx.operations import DATA_INPUTS, SHAPE_ARITHMETIC
from gatereel.rnn_math.models.onnx.wiring import Entry
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    import onnx

_RUN = frozenset((*DATA_INPUTS, *SHAPE_ARITHMETIC, *ARITHMETIC))
"""The operations that are run."""

_FLOATS = ("DOUBLE", "FLOAT16", "BFLOAT16")
"""The types that are made float32."""


@dataclass(frozen=True, eq=False)
class Part:
    """A part of a graph, and what is known without it."""

    graph: onnx.GraphProto
    computed: tuple[str, ...]
    """The tensors that it computes."""
    feeds: Mapping[str, Tensor]
    ready: Mapping[str, Tensor]
    """The tensors asked for that are constants, or known beforehand."""


def part_before(
    graph: Graph,
    names: Sequence[str],
    known: Mapping[str, Tensor],
    entry: Entry,
    timesteps: int,
    in_single: bool,
) -> Part:
    """What leads from the `known` tensors to the tensors `names`; other inputs are noughts.

    Raises RefusedError for an operation that is not computed here.
    """
    ready = {name: known[name] for name in names if name in known}
    for name in names:
        if name in graph.constants:
            ready[name] = load_onnx("onnx.numpy_helper").to_array(
                _number(graph, graph.constants[name], in_single)
            )
    computed = tuple(dict.fromkeys(name for name in names if name not in ready))
    nodes = _nodes_before(graph, computed, known, in_single)
    read = {name for node in nodes for name in node.input} | set(computed)
    inputs, feeds = [], {}
    for one in graph.proto.graph.input:
        if one.name in read and one.name in graph.inputs and one.name not in known:
            feeds[one.name] = _other_feed(one, entry, timesteps, in_single)
    feeds |= {name: value for name, value in known.items() if name in read}
    helper = load_onnx("onnx.helper")
    for name, value in feeds.items():
        kind = helper.np_dtype_to_tensor_dtype(value.dtype)
        inputs.append(helper.make_tensor_value_info(name, kind, None))
    onnx = load_onnx()
    constants = [
        _number(graph, graph.constants[each], in_single) for each in read & set(graph.constants)
    ]
    part = onnx.GraphProto(
        name="part",
        node=nodes,
        initializer=constants,
        input=inputs,
        output=[onnx.ValueInfoProto(name=name) for name in computed],
    )
    return Part(part, computed, feeds, ready)


def entry_feed(graph: Graph, entry: Entry, inputs: Array, in_single: bool) -> Tensor:
    """The inputs laid out for the entry, in the type that it needs."""
    if entry.embedding:
        kind = graph.constants[entry.embedding].data_type
    elif entry.kind:
        kind = entry.kind
    else:
        (declared,) = (one for one in graph.proto.graph.input if one.name == entry.name)
        kind = declared.type.tensor_type.elem_type
    return np.ascontiguousarray(entry.lay(inputs)).astype(_dtype(kind, in_single))


def _nodes_before(
    graph: Graph, names: Sequence[str], known: Mapping[str, Tensor], in_single: bool
) -> list[onnx.NodeProto]:
    """The nodes that compute `names` from what is known, in the file's order, numbers inside."""
    places = {
        graph.producers[next(each for each in node.output if each)]
        for name in names
        for node in graph.needed(name, tuple(known))
    }
    nodes = []
    for place in sorted(places):
        node = load_onnx().NodeProto()
        node.CopyFrom(graph.nodes[place])
        if not is_default(node.domain) or node.op_type not in _RUN:
            raise RefusedError(f"{shown_name(node.op_type)} is no operation that is run here.")
        for attribute in node.attribute:
            if attribute.type == attribute.TENSOR:
                attribute.t.CopyFrom(_number(graph, attribute.t, in_single))
            elif node.op_type == "Cast" and attribute.name == "to":
                attribute.i = _kind(attribute.i, in_single)
        nodes.append(node)
    return nodes


def _other_feed(
    declared: onnx.ValueInfoProto, entry: Entry, timesteps: int, in_single: bool
) -> Tensor:
    """Zeros for an input beside the sequence; whole numbers, other than tokens, are its length."""
    tensor = declared.type.tensor_type
    dtype = _dtype(tensor.elem_type, in_single)
    if declared.name == entry.tokens:
        return np.ascontiguousarray(entry.lay(np.zeros(timesteps, dtype=dtype)))
    shape = [dim.dim_value if dim.dim_value > 0 else entry.batch for dim in tensor.shape.dim]
    return np.full(shape, timesteps if dtype.kind in "iu" else 0, dtype=dtype)


def _number(graph: Graph, tensor: onnx.TensorProto, in_single: bool) -> onnx.TensorProto:
    """A constant with its numbers in it, as float32 where that is asked for."""
    if _kind(tensor.data_type, in_single) == tensor.data_type:
        return graph.complete(tensor)
    single = graph.array(tensor).astype(np.float32)
    made: onnx.TensorProto = load_onnx("onnx.numpy_helper").from_array(single, tensor.name)
    return made


def _kind(kind: int, in_single: bool) -> int:
    """ONNX's number of a type: float32's in place of another float's where that is asked for."""
    kinds = load_onnx().TensorProto.DataType
    others = [kinds.Value(name) for name in _FLOATS]
    single: int = kinds.Value("FLOAT")
    return single if in_single and kind in others else kind


def _dtype(kind: int, in_single: bool) -> np.dtype[np.generic]:
    dtype: np.dtype[np.generic] = load_onnx("onnx.helper").tensor_dtype_to_np_dtype(
        _kind(kind, in_single)
    )
    return dtype
