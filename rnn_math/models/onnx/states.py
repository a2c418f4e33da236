"""Run a recurrent node of an ONNX file in onnxruntime, a timestep at a time, to compare with.

The file's own operations, weights and attributes are run; nothing of gatereel's cells is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from rnn_math.arrays import Array
from rnn_math.errors import InputError
from rnn_math.models import packages
from rnn_math.models.model import Direction, Layer
from rnn_math.models.onnx.cells import LENGTHS, PEEPHOLES, B, R, W, X, operand
from rnn_math.models.onnx.files import Found, read_nodes
from rnn_math.models.onnx.graph import Graph, Tensor, load_onnx
from rnn_math.models.onnx.initial import STATES
from rnn_math.models.onnx.wiring import Entry

if TYPE_CHECKING:
    import onnx

STEPPING_TOLERANCES: Mapping[str, float] = MappingProxyType(
    {"float16": 2e-2, "float32": 1e-4, "float64": 1e-10}
)
"""Relative and absolute, by the type of the states: a whole sequence at once may be summed in
another order, and stepping rounds the state each time."""

_SILENT = 4  # onnxruntime's level for fatal errors only
_FIRST_IR_VERSION = 4  # the first whose initializers need not be inputs as well
_LAST = ("last_h", "last_c")
_ALL = "all_h"


def states(path: Path, layer: Layer, direction: Direction, inputs: Array) -> Mapping[str, Array]:
    """Return h, and C of an LSTM, after each timestep, in the order that `direction` reads.

    `inputs` are `(timesteps, input_size)` of the model, or the rows of its embedding; other inputs
    of the model are zeros. Raises InputError when onnxruntime is not installed or cannot run the
    file, and when the stepwise states are not those of the whole sequence.
    """
    reading = read_nodes(path)
    found = next((each for each in reading.found if each.layer.name == layer.name), None)
    if found is None or found.settings is None or found.chain is None:
        raise InputError(f"{path} has no layer {layer.name!r} that can be run.")
    graph, entry = reading.graph, found.chain.entry
    if inputs.ndim != 2 or inputs.shape[1] != entry.input_size:
        raise InputError(
            f"The inputs have shape {inputs.shape}; {entry.input_size} columns are needed, one for "
            "each feature."
        )
    given = _given(graph, found, inputs)
    k = found.settings.directions.index(direction)
    read = given["X"] if direction == "forward" else given["X"][::-1]
    starts = [given[called] for _, called, _ in STATES[found.settings.kind]]
    session = _session(path, _lone_node(graph, found, given))
    stepped = _step(path, session, read, starts, k)
    whole = _run(path, session, [_ALL], _feeds(given["X"], starts))[0][:, k, 0]
    in_order = whole if direction == "forward" else whole[::-1]
    tolerance = STEPPING_TOLERANCES[whole.dtype.name]
    if not np.allclose(stepped[0], in_order, rtol=tolerance, atol=tolerance):
        raise InputError(
            f"{path}: onnxruntime gives other hidden states for {layer.name!r} timestep by "
            "timestep than for the whole sequence; the two cannot be compared."
        )
    names = [name for name, _, _ in STATES[found.settings.kind]]
    return MappingProxyType(dict(zip(names, stepped, strict=True)))


def _step(path: Path, session: Any, read: Tensor, starts: Sequence[Tensor], k: int) -> list[Array]:
    """Run a node one timestep after the other; each state of direction `k` after each."""
    now = list(starts)
    kept: list[list[Tensor]] = [[] for _ in starts]
    for t in range(len(read)):
        now = _run(path, session, _LAST[: len(starts)], _feeds(read[t : t + 1], now))
        for values, state in zip(kept, now, strict=True):
            values.append(state[k, 0])
    return [np.array(values, dtype=np.float64) for values in kept]


def _feeds(sequence: Tensor, starts: Sequence[Tensor]) -> dict[str, Tensor]:
    names = ("X", "initial_h", "initial_c")
    return dict(zip(names, (sequence, *starts), strict=False))


def _given(graph: Graph, found: Found, inputs: Array) -> dict[str, Tensor]:
    """What the node is given when the model runs: X and the initial states, of a batch of one.

    X is `(timesteps, 1, input_size)`, a state `(directions, 1, hidden_size)`; weights that are
    computed are among them under their tensors' names.
    """
    assert found.settings is not None
    assert found.chain is not None
    node, chosen = found.node, found.settings
    wanted = [operand(node, place) for place in (X, W, R, B, PEEPHOLES)]
    wanted += [operand(node, place) for _, _, place in STATES[chosen.kind]]
    values = _values(graph, [name for name in wanted if name], found.chain.entry, inputs)
    given = {name: values[name] for name in wanted if name}
    given["X"] = _alone(values[operand(node, X)], chosen.batch_first)
    shape = (len(chosen.directions), 1, found.layer.hidden_size)
    for _, called, place in STATES[chosen.kind]:
        name = operand(node, place)
        zeros = np.zeros(shape, dtype=given["X"].dtype)
        given[called] = _alone(values[name], chosen.batch_first) if name else zeros
    return given


def _alone(values: Tensor, batch_first: bool) -> Tensor:
    """The first of a batch, as a batch of one in the middle."""
    return values[:1].swapaxes(0, 1) if batch_first else values[:, :1]


def _values(graph: Graph, names: Sequence[str], entry: Entry, inputs: Array) -> dict[str, Tensor]:
    """Run what leads to the tensors `names`, and nothing else of the model."""
    kind, feed = _entry_feed(graph, entry, inputs)
    values: dict[str, Tensor] = {entry.name: feed}
    for name in names:
        if name in graph.constants:
            values[name] = graph.array(graph.constants[name])
    open_names = list(dict.fromkeys(name for name in names if name not in values))
    if not open_names:
        return values
    nodes = _nodes_before(graph, open_names, entry)
    read = {name for node in nodes for name in node.input} | set(open_names)
    others = [
        one for one in graph.proto.graph.input if one.name in read and one.name in graph.inputs
    ]
    onnx = load_onnx()
    inputs_of_part = [one for one in others if one.name != entry.name]
    feeds = {one.name: _other_feed(one, entry, len(inputs)) for one in inputs_of_part}
    if entry.name in read:
        inputs_of_part.append(onnx.helper.make_tensor_value_info(entry.name, kind, None))
        feeds[entry.name] = feed
    part = onnx.GraphProto(
        name="part",
        node=nodes,
        initializer=[graph.complete(graph.constants[each]) for each in read & set(graph.constants)],
        input=inputs_of_part,
        output=[onnx.ValueInfoProto(name=name) for name in open_names],
    )
    session = _session(graph.path, _model(graph, part))
    results = _run(graph.path, session, open_names, feeds)
    return values | dict(zip(open_names, results, strict=True))


def _nodes_before(graph: Graph, names: Sequence[str], entry: Entry) -> list[onnx.NodeProto]:
    """The nodes that compute `names` from the entry, in the file's order, numbers inside."""
    places = {
        graph.producers[next(each for each in node.output if each)]
        for name in names
        for node in graph.needed(name, (entry.name,))
    }
    nodes = []
    for place in sorted(places):
        node = load_onnx().NodeProto()
        node.CopyFrom(graph.nodes[place])
        for attribute in node.attribute:
            if attribute.type == attribute.TENSOR:
                attribute.t.CopyFrom(graph.complete(attribute.t))
        nodes.append(node)
    return nodes


def _entry_feed(graph: Graph, entry: Entry, inputs: Array) -> tuple[int, Tensor]:
    """ONNX's number of the type that the entry needs, and the inputs laid out for it."""
    if entry.embedding:
        kind = graph.constants[entry.embedding].data_type
    else:
        (declared,) = (one for one in graph.proto.graph.input if one.name == entry.name)
        kind = declared.type.tensor_type.elem_type
    dtype = load_onnx().helper.tensor_dtype_to_np_dtype(kind)
    return kind, np.ascontiguousarray(entry.lay(inputs)).astype(dtype)


def _other_feed(declared: onnx.ValueInfoProto, entry: Entry, timesteps: int) -> Tensor:
    """Zeros for an input beside the sequence; whole numbers, other than tokens, are its length."""
    tensor = declared.type.tensor_type
    dtype = load_onnx().helper.tensor_dtype_to_np_dtype(tensor.elem_type)
    if declared.name == entry.tokens:
        return np.ascontiguousarray(entry.lay(np.zeros(timesteps, dtype=dtype)))
    shape = [dim.dim_value if dim.dim_value > 0 else entry.batch for dim in tensor.shape.dim]
    return np.full(shape, timesteps if dtype.kind in "iu" else 0, dtype=dtype)


def _lone_node(graph: Graph, found: Found, given: Mapping[str, Tensor]) -> bytes:
    """A model of the node alone, its weights inside, the timesteps in front of the batch."""
    assert found.settings is not None
    onnx = load_onnx()
    node, names = found.node, STATES[found.settings.kind]
    lone = onnx.NodeProto(name="lone", op_type=node.op_type, output=[_ALL, *_LAST[: len(names)]])
    lone.attribute.extend(each for each in node.attribute if each.name != "layout")
    kind = onnx.helper.np_dtype_to_tensor_dtype(given["X"].dtype)
    initializers = []
    lone.input.append("X")
    for place, letter in ((W, "W"), (R, "R"), (B, "B")):
        name = operand(node, place)
        lone.input.append(letter if name else "")
        if name:
            initializers.append(onnx.numpy_helper.from_array(given[name], letter))
    assert len(lone.input) == LENGTHS  # left out: the whole sequence is read
    lone.input.append("")
    lone.input.extend(called for _, called, _ in names)
    if operand(node, PEEPHOLES):
        lone.input.append("P")
        initializers.append(onnx.numpy_helper.from_array(given[operand(node, PEEPHOLES)], "P"))
    free = ["X", *(called for _, called, _ in names)]
    part = onnx.GraphProto(
        name="lone",
        node=[lone],
        initializer=initializers,
        input=[onnx.helper.make_tensor_value_info(name, kind, None) for name in free],
        output=[onnx.ValueInfoProto(name=name) for name in lone.output],
    )
    return _model(graph, part)


def _model(graph: Graph, part: onnx.GraphProto) -> bytes:
    onnx = load_onnx()
    model = onnx.ModelProto(
        graph=part,
        ir_version=max(graph.proto.ir_version, _FIRST_IR_VERSION),
        opset_import=graph.proto.opset_import,
    )
    try:
        data: bytes = model.SerializeToString()
    except ValueError as error:  # beyond protobuf's 2 GiB
        raise InputError(f"{graph.path} is too large to be run in parts: {error}.") from None
    return data


def _session(path: Path, model: bytes) -> Any:
    runtime = _runtime()
    options = runtime.SessionOptions()
    options.log_severity_level = _SILENT
    options.intra_op_num_threads = 1
    try:
        return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except _failures() as error:
        raise _not_run(path, error) from None


def _run(
    path: Path, session: Any, names: Sequence[str], feeds: Mapping[str, Tensor]
) -> list[Tensor]:
    try:
        values: list[Tensor] = session.run(list(names), dict(feeds))
    except _failures() as error:
        raise _not_run(path, error) from None
    return values


def _runtime() -> Any:
    return packages.load("onnxruntime", "Verifying an ONNX model", "onnxruntime")


def _failures() -> tuple[type[Exception], ...]:
    """Onnxruntime's exceptions, which have no base of their own; ValueError is for inputs."""
    state = packages.load(
        "onnxruntime.capi.onnxruntime_pybind11_state", "Verifying an ONNX model", "onnxruntime"
    )
    own = [each for each in vars(state).values() if isinstance(each, type)]
    return (ValueError, RuntimeError, *(each for each in own if issubclass(each, Exception)))


def _not_run(path: Path, error: Exception) -> InputError:
    lines = str(error).strip('"').splitlines()
    said = lines[0] if lines else type(error).__name__
    return InputError(f"{path} cannot be run in onnxruntime: {said}")
