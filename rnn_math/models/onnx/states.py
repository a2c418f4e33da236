"""Run a recurrent node of an ONNX file in onnxruntime, a timestep at a time, to compare with.

The file's own operations, weights and attributes are run; nothing of gatereel's cells is used. What
leads to the node is run as the file is meant to be: over the whole sequence at once, or in calls of
as many timesteps as the file is made for. Only what the node needs is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models import packages
from gatereel.rnn_math.models.model import Direction, Layer
from gatereel.rnn_math.models.onnx.cells import LENGTHS, PEEPHOLES, B, R, W, X, operand
from gatereel.rnn_math.models.onnx.feeding import Found, Reading
from gatereel.rnn_math.models.onnx.files import read_nodes
from gatereel.rnn_math.models.onnx.graph import Graph, Tensor, load_onnx
from gatereel.rnn_math.models.onnx.initial import STATES, carries
from gatereel.rnn_math.models.onnx.parts import entry_feed, part_before

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


def exact_states(
    path: Path, layer: Layer, direction: Direction, inputs: Array
) -> Mapping[str, Array]:
    """Return h, and C of an LSTM, after each timestep, in the order that `direction` reads.

    `inputs` are `(timesteps, input_size)` of the model, or the rows of its embedding; other inputs
    of the model are zeros. Everything is computed in float32, the only type that onnxruntime's
    recurrent operators have. Raises InputError when onnxruntime is not installed or cannot run the
    file over this sequence, and when the stepwise states are not those of the whole sequence.
    """
    return _states(path, layer, direction, inputs, in_single=True)


def states(path: Path, layer: Layer, direction: Direction, inputs: Array) -> Mapping[str, Array]:
    """The same, computed in the file's own types; raises as `exact_states` does."""
    return _states(path, layer, direction, inputs, in_single=False)


def _states(
    path: Path, layer: Layer, direction: Direction, inputs: Array, *, in_single: bool
) -> Mapping[str, Array]:
    reading = read_nodes(path)
    found = next((each for each in reading.found if each.layer.name == layer.name), None)
    if found is not None and layer.is_given_rows:
        found = replace(found, chain=found.alone)
    if found is not None and layer.is_given_start:
        found = replace(found, layer=layer)
    if found is None or found.settings is None or found.chain is None:
        raise InputError(f"{path} has no layer {layer.name!r} that can be run.")
    entry = found.chain.entry
    if inputs.ndim != 2 or inputs.shape[1] != entry.input_size:
        raise InputError(
            f"The inputs have shape {inputs.shape}; {entry.input_size} columns are needed, one for "
            "each feature."
        )
    upwards = [*(reading.by_output[each.output] for each in found.chain.passed), found]
    length = _call_length(reading, upwards, len(inputs))
    handed: Array = inputs
    for level, each in enumerate(upwards):
        given = _given(reading.graph, each, level, handed, length, in_single)
        starts = [given[called] for _, called, _ in _named_states(each)]
        session = _session(path, _lone_node(reading.graph, each, given))
        if each is not found:
            handed = _run(path, session, [_ALL], _feeds(given["X"], starts))[0][:, :, 0]
    assert found.settings is not None
    k = found.settings.directions.index(direction)
    read = given["X"] if direction == "forward" else given["X"][::-1]
    stepped = _step(path, session, read, starts, k)
    whole = _run(path, session, [_ALL], _feeds(given["X"], starts))[0][:, k, 0]
    in_order = whole if direction == "forward" else whole[::-1]
    tolerance = STEPPING_TOLERANCES[whole.dtype.name]
    if not np.allclose(stepped[0], in_order, rtol=tolerance, atol=tolerance):
        raise InputError(
            f"{path}: onnxruntime gives other hidden states for {layer.name!r} timestep by "
            "timestep than for the whole sequence; the two cannot be compared."
        )
    names = [name for name, _, _ in _named_states(found)]
    return MappingProxyType(dict(zip(names, stepped, strict=True)))


def _named_states(found: Found) -> tuple[tuple[str, str, int], ...]:
    assert found.settings is not None
    return STATES[found.settings.kind]


def _call_length(reading: Reading, upwards: Sequence[Found], timesteps: int) -> int:
    """How many timesteps the model is called with at a time.

    Raises InputError when it does not take these: a file made for fewer is called again and again,
    but only where it hands its states from call to call.
    """
    path, chain = reading.graph.path, upwards[0].chain
    assert chain is not None
    fixed = chain.entry.timesteps
    if fixed in (None, timesteps):
        return timesteps
    assert fixed is not None
    cannot = (
        f"{path} cannot be run in onnxruntime over {counted(timesteps, 'timestep')}: it is made "
        f"for {fixed} a call"
    )
    way_out = f"compare {counted(fixed, 'timestep')}, with --timesteps {fixed}"
    for each in upwards:
        assert each.settings is not None
        if not carries(reading.graph, each.node, each.settings.kind):
            raise InputError(
                f"{cannot}, and {each.layer.name!r} hands no states from one call to the next; "
                f"{way_out}."
            )
        if each.settings.directions != ("forward",):
            raise InputError(
                f"{cannot}, and {each.layer.name!r} reads backward, which would begin anew in each"
                f"; {way_out}."
            )
    if timesteps % fixed:
        raise InputError(f"{cannot}; give a multiple of that.")
    return fixed


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


def _given(
    graph: Graph, found: Found, level: int, handed: Array, length: int, in_single: bool
) -> dict[str, Tensor]:
    """What the node is given when the model runs: X and the initial states, of a batch of one.

    `handed` is what the entry or the node below gives for all timesteps, `length` how many of them
    go into a call. X is `(timesteps, 1, input_size)`, a state `(directions, 1, hidden_size)`;
    weights that are computed are among them under their tensors' names.
    """
    assert found.settings is not None
    node, chosen = found.node, found.settings
    wanted = [operand(node, place) for place in (X, W, R, B, PEEPHOLES)]
    starts = _named_states(found)
    # What computes its states may read the model's inputs.
    is_read = found.chain is found.alone or found.layer.is_given_start
    wanted += [operand(node, place) for _, _, place in starts if not is_read]
    named = [name for name in wanted if name]
    calls = [handed[t : t + length] for t in range(0, len(handed), length)]
    values = [_values(graph, found, level, call, named, in_single) for call in calls]
    first = values[0]
    given = {name: first[name] for name in named}
    read = operand(node, X)
    given["X"] = np.concatenate([_alone(each[read], chosen.batch_first) for each in values])
    shape = (len(chosen.directions), 1, found.layer.hidden_size)
    for state, called, place in starts:
        name = operand(node, place)
        zeros = np.zeros(shape, dtype=given["X"].dtype)
        if is_read:
            given[called] = zeros + _read_states(found.layer, state).astype(zeros.dtype)
            continue
        given[called] = _alone(first[name], chosen.batch_first) if name else zeros
    return given


def _read_states(layer: Layer, state: str) -> Tensor:
    """What was read of a state before the first timestep, `(directions, 1, hidden_size or 1)`."""
    initial = [strand.initial for strand in layer.strands.values()]
    found = [np.zeros(1) if each is None else each[state] for each in initial]
    return np.array(found)[:, np.newaxis]


def _alone(values: Tensor, batch_first: bool) -> Tensor:
    """The first of a batch, as a batch of one in the middle."""
    return values[:1].swapaxes(0, 1) if batch_first else values[:, :1]


def _values(
    graph: Graph, found: Found, level: int, call: Array, names: Sequence[str], in_single: bool
) -> dict[str, Tensor]:
    """Run what leads from what is handed to the node to the tensors `names`, and nothing else."""
    assert found.chain is not None
    entry = found.chain.entry
    if level == 0:
        known = {entry.name: entry_feed(graph, entry, call, in_single)}
    else:
        below = found.chain.passed[level - 1]
        known = {below.output: np.ascontiguousarray(below.lay(call, entry.batch))}
    part = part_before(graph, names, known, entry, len(call), in_single)
    results = dict(part.ready)
    if part.computed:
        session = _session(graph.path, _model(graph, part.graph))
        found_values = _run(graph.path, session, part.computed, part.feeds)
        results |= dict(zip(part.computed, found_values, strict=True))
    return results


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
