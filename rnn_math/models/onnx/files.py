"""ONNX's `.onnx` files: every RNN, LSTM and GRU node of the main graph is a layer.

Source of the operators' meaning: https://onnx.ai/onnx/operators/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from gatereel.rnn_math.arrays import finite_array
from gatereel.rnn_math.cells import GRU_RESET_BEFORE
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Layer, Model
from gatereel.rnn_math.models.onnx.cells import (
    GATES,
    R,
    W,
    operand,
    settings,
    strands,
    weights,
)
from gatereel.rnn_math.models.onnx.errors import HandedOverError, RefusedError, shown_name
from gatereel.rnn_math.models.onnx.feeding import Found, Reading, feeding_of
from gatereel.rnn_math.models.onnx.graph import MAX_NODES, Graph, is_default, load_onnx, read_graph
from gatereel.rnn_math.models.onnx.initial import (
    assumptions,
    carries,
    check_lengths,
    initial_states,
)
from gatereel.rnn_math.models.onnx.wiring import (
    Chain,
    entry_at,
    reader,
)
from gatereel.rnn_math.models.stages import Stage

if TYPE_CHECKING:
    import onnx

MAX_LAYERS = 256
"""Most recurrent nodes of a file."""

_PYTORCH = "pytorch"
"""What PyTorch's exporters write as the producer."""

_QUANTIZED_LSTM = "DynamicQuantizeLSTM"
_OF_ONNXRUNTIME = (_QUANTIZED_LSTM, "AttnLSTM")
"""onnxruntime's own variants, which are listed and refused."""

_DIMENSIONS = 3
_AXIS, _QUANTIZED_AXIS = 2, 1
"""Where W has the input size and R the hidden size: `(directions, rows, columns)`, which the
quantised LSTM keeps transposed."""

_SHAPE_KEEPING = ("Cast", "DequantizeLinear", "Identity", "QuantizeLinear")
"""What may stand between a weight and its node and leaves its shape as it is."""

_TYPES = (("BFLOAT16", "bfloat16"), ("FLOAT16", "float16"), ("FLOAT", "float32"))
"""Types from the least exact on, by ONNX's name and ours."""


def read(path: Path) -> Model:
    """Read the recurrent layers of a file.

    Raises InputError when it cannot be read, is damaged or hostile, or has no recurrent node.
    """
    reading = read_nodes(path)
    kinds = load_onnx().TensorProto.DataType
    least = [ours for name, ours in _TYPES if kinds.Value(name) in reading.types]
    dtype: Any = next(iter(least), "float64" if reading.types else "float32")
    return Model(
        "ONNX",
        tuple(each.layer for each in reading.found),
        MappingProxyType(reading.embeddings),
        dtype,
        tuple(reading.notes),
    )


def read_nodes(path: Path) -> Reading:
    """Read the recurrent layers with the nodes that they come from; raises as `read` does."""
    reading = Reading(read_graph(path))
    for node, inside in _recurrent_nodes(reading.graph):
        if len(reading.found) == MAX_LAYERS:
            raise InputError(f"{path} has more than {MAX_LAYERS} recurrent nodes.")
        found = _find(reading, node, inside)
        reading.found.append(found)
        if not inside:
            reading.by_output |= {name: found for name in node.output if name}
    if not reading.found:
        raise InputError(
            f"{path} has no RNN, LSTM or GRU node. Some exporters take the layer apart, as "
            "PyTorch's newer one does with nn.RNN: torch.onnx.export(..., dynamo=False) keeps it."
        )
    return reading


def _find(reading: Reading, node: onnx.NodeProto, inside: str) -> Found:
    name = _unique_name(reading, node)
    try:
        if inside:
            raise RefusedError(f"it stands inside {inside}; only the main graph is computed.")
        if not is_default(node.domain):
            raise RefusedError(f"{shown_name(f'{node.domain}.{node.op_type}')} is not ONNX's own.")
        return _computable(reading, node, name)
    except RefusedError as error:
        input_size, hidden_size = _claimed_sizes(reading.graph, node)
        kind = shown_name(node.op_type)
        layer = Layer(name, kind, input_size, hidden_size, MappingProxyType({}), refusal=str(error))
        return Found(node, layer)


def _computable(reading: Reading, node: onnx.NodeProto, name: str) -> Found:
    graph = reading.graph
    chosen = settings(graph, node)
    given = weights(graph, node, chosen)
    input_size, hidden_size = given.W.shape[2], given.R.shape[2]
    fed = operand(node, 0)
    if not fed:
        raise InputError(f"{graph.path} is damaged: a recurrent node has no input.")
    kind = max(given.types & _float_kinds(), default=load_onnx().TensorProto.FLOAT)
    alone = Chain(entry_at(fed, input_size, kind, batch_first=chosen.batch_first))
    feeding, below, unfed = None, None, ""
    stages: tuple[Stage, ...] = ()
    try:
        feeding, below, stages = feeding_of(reading, fed, input_size, chosen)
    except RefusedError as error:
        unfed = str(error)
    chain = feeding or alone
    initial, unstarted = None, ""
    try:
        initial = initial_states(graph, node, chosen, hidden_size, chain)
    except HandedOverError as error:
        unstarted = str(error)
    check_lengths(graph, node, chain)
    made = strands(graph, chosen, given, initial)
    entry = chain.entry
    if below is None:
        embedding = _embedding(reading, entry.embedding)
        layer = Layer(name, chosen.kind, input_size, hidden_size, made, embedding=embedding)
    elif stages:
        layer = Layer(name, chosen.kind, input_size, hidden_size, made, below=below.layer)
    else:
        read_below = reader(graph, fed, chain, batch_first=chosen.batch_first)
        layer = Layer(
            name, chosen.kind, input_size, hidden_size, made, below=below.layer, read=read_below
        )
    starts, lengths = assumptions(graph, node, name, chosen.kind)
    layer = replace(
        layer,
        stages=stages,
        is_feed_known=True,
        unfed=unfed,
        unstarted=unstarted,
        found_at=fed,
        assumptions=(*starts, *lengths),
        of_start=starts,
    )
    reading.types |= given.types
    if graph.proto.producer_name == _PYTORCH and chosen.cells[0].family == GRU_RESET_BEFORE.name:
        reading.notes.append(
            f"{name}: exported by PyTorch with linear_before_reset=0, though its nn.GRU resets "
            "after the product; that is a known fault of exporters. The numbers are the file's, "
            "not the module's: export it again with a newer PyTorch."
        )
    if entry.timesteps is not None and below is None:
        made_for = f"{name}: the file is made for {counted(entry.timesteps, 'timestep')}"
        if carries(graph, node, chosen.kind):
            reading.notes.append(f"{made_for} a call; its states are carried from call to call.")
        else:
            reading.notes.append(f"{made_for}; no other number runs in its own library.")
    return Found(node, layer, chosen, feeding, alone)


def _float_kinds() -> frozenset[int]:
    """ONNX's numbers of the types of weights."""
    kinds = load_onnx().TensorProto.DataType
    return frozenset(map(kinds.Value, ("DOUBLE", *(name for name, _ in _TYPES))))


def _embedding(reading: Reading, name: str) -> str:
    """Keep the matrix of an embedding; return the name that it has here."""
    if not name:
        return ""
    shown = shown_name(name)
    if shown not in reading.embeddings:
        matrix = reading.graph.array(reading.graph.constants[name])
        try:
            reading.embeddings[shown] = finite_array(f"The embedding {shown!r}", matrix, ndim=2)
        except InputError as error:
            raise InputError(f"{reading.graph.path}: {error}") from None
    return shown


def _unique_name(reading: Reading, node: onnx.NodeProto) -> str:
    taken = {each.layer.name for each in reading.found}
    outputs = [name for name in node.output if name]
    name = shown_name(node.name or next(iter(outputs), node.op_type))
    numbered = (f"{name}_{k}" for k in range(2, MAX_LAYERS + 2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _claimed_sizes(graph: Graph, node: onnx.NodeProto) -> tuple[int, int]:
    """Input size and hidden size as far as the shapes of W and R tell; 0 where they do not."""
    axis = _QUANTIZED_AXIS if node.op_type == _QUANTIZED_LSTM else _AXIS
    found = []
    for place in (W, R):
        dims = _stored_dims(graph, operand(node, place))
        found.append(max(0, dims[axis]) if len(dims) == _DIMENSIONS else 0)
    input_size, hidden_size = found
    given = [each.i for each in node.attribute if each.name == "hidden_size"]
    return input_size, max(0, given[0]) if given and not hidden_size else hidden_size


def _stored_dims(graph: Graph, name: str) -> tuple[int, ...]:
    """The shape of a weight in the file, also where it is kept in fewer bits; () if unknown."""
    for _ in range(MAX_NODES):
        if name in graph.constants:
            return tuple(graph.constants[name].dims)
        node = graph.producer(name)
        if node is None or node.op_type not in _SHAPE_KEEPING or not node.input:
            break
        name = node.input[0]
    return ()


def _is_recurrent(node: onnx.NodeProto) -> bool:
    return node.op_type in GATES or (
        node.op_type in _OF_ONNXRUNTIME and not is_default(node.domain)
    )


def _recurrent_nodes(graph: Graph) -> Iterator[tuple[onnx.NodeProto, str]]:
    """Every recurrent node, the main graph's first, and what it stands inside of."""
    waiting: list[tuple[Any, str]] = []
    for node in graph.nodes:
        if _is_recurrent(node):
            yield node, ""
        waiting.extend(_inner(node))
    for function in graph.proto.functions:
        waiting.append((function.node, f"the function {shown_name(function.name)}"))
    while waiting:
        nodes, inside = waiting.pop()
        for node in nodes:
            if _is_recurrent(node):
                yield node, inside
            waiting.extend(_inner(node))


def _inner(node: onnx.NodeProto) -> Iterator[tuple[Any, str]]:
    for attribute in node.attribute:
        if attribute.type == attribute.GRAPH:
            yield attribute.g.node, shown_name(node.op_type)
        elif attribute.type == attribute.GRAPHS:
            yield from ((graph.node, shown_name(node.op_type)) for graph in attribute.graphs)
