"""A whole `.onnx` model: a node for each layer, inputs and outputs `(timesteps, batch, width)`.

Beside the hidden states of the top, it gives each layer's last states. Source of the operators'
meaning: https://onnx.ai/onnx/operators/
"""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.exporting.chains import Chain, chains_of, plain_names
from gatereel.rnn_math.exporting.gates import gates_of
from gatereel.rnn_math.exporting.onnx_nodes import attributes_of, kind_of, problem, stored_functions
from gatereel.rnn_math.exporting.stored import ExportTask, Kept, Made, stacked, widened
from gatereel.rnn_math.models.model import Direction, Layer, Strand
from gatereel.rnn_math.models.onnx.cells import GATES
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.records import dataclass

__all__ = ["SUFFIXES_OF_FILES", "make", "problem"]

SUFFIXES_OF_FILES = (".onnx",)

_PEEPING = "iof"
"""The gates that have peepholes, in the order of P."""
_OPSET, _IR_VERSION = 17, 8
"""Of 2022: what reads models today knows them."""

_SINGLE = "float32"
_TIMES, _BATCH = "timesteps", "batch"
_SIDE_BY_SIDE = "side_by_side"
"""The constant of a shape: the sizes of time and batch as they are, all directions in one."""
_BATCH_AXIS = ("batch_begin", "batch_end")


@dataclass(eq=False)
class _Graph:
    """The parts of a model so far."""

    nodes: list[Any] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    """Name to an array."""
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)


def make(task: ExportTask) -> Made:
    """Make the file. Raises InputError for numbers beyond float32."""
    if task.rounding.dtype != _SINGLE:
        raise InputError(
            "--dtype is float64, but ONNX Runtime has its recurrent operators in float32 alone; "
            "leave it out."
        )
    onnx: Any = load("onnx", "Writing .onnx files", "gatereel[onnx]")
    chains = chains_of(task.layers)
    titles = dict(zip(task.layers, plain_names(layer.name for layer in task.layers), strict=True))
    graph = _Graph()
    kept: dict[str, Mapping[Direction, Kept]] = {}
    feeds = []
    for chain in chains:
        given = f"{titles[chain[0]]}_x" if len(chains) > 1 else "x"
        feeds.append(given)
        _add_chain(onnx, graph, chain, titles, given, task, kept)
        if len(chains) == 1:
            graph.nodes[-1].output[0] = "y"
            graph.outputs[-1].name = "y"
    proto = onnx.helper.make_model(
        onnx.helper.make_graph(
            graph.nodes,
            "gatereel",
            graph.inputs,
            graph.outputs,
            [onnx.numpy_helper.from_array(each, name) for name, each in graph.constants.items()],
        ),
        opset_imports=[onnx.helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
        producer_name="gatereel",
    )
    onnx.checker.check_model(proto)
    data: bytes = proto.SerializeToString(deterministic=True)
    named = ", ".join(f"{each!r}: {each}" for each in feeds)
    return Made(
        data,
        MappingProxyType(kept),
        (
            f"session = onnxruntime.InferenceSession({task.name!r})",
            f"session.run(None, {{{named}}})  # float32, (timesteps, batch, features)",
        ),
        f"{len(task.layers)} nodes of ONNX" if len(task.layers) > 1 else "a node of ONNX",
    )


def _add_chain(
    onnx: Any,
    graph: _Graph,
    chain: Chain,
    titles: Mapping[Layer, str],
    given: str,
    task: ExportTask,
    kept: dict[str, Mapping[Direction, Kept]],
) -> None:
    helper = onnx.helper
    floats = onnx.TensorProto.FLOAT
    graph.inputs.append(
        helper.make_tensor_value_info(given, floats, [_TIMES, _BATCH, chain[0].input_size])
    )
    graph.constants[_SIDE_BY_SIDE] = np.array([0, 0, -1], dtype=np.int64)
    read = given
    for layer in chain:
        title = titles[layer]
        kept[title] = _add_layer(onnx, graph, layer, title, read, task)
        graph.nodes += [
            # (timesteps, directions, batch, hidden_size), the directions brought beside the units
            helper.make_node("Transpose", [f"{title}_Y"], [f"{title}_turned"], perm=[0, 2, 1, 3]),
            helper.make_node("Reshape", [f"{title}_turned", _SIDE_BY_SIDE], [f"{title}_y"]),
        ]
        read = f"{title}_y"
        graph.outputs += [
            helper.make_tensor_value_info(
                f"{title}_{state}", floats, [len(layer.strands), _BATCH, layer.hidden_size]
            )
            for state in _last_states(layer)
        ]
    width = len(chain[-1].strands) * chain[-1].hidden_size
    graph.outputs.append(helper.make_tensor_value_info(read, floats, [_TIMES, _BATCH, width]))


def _add_layer(
    onnx: Any, graph: _Graph, layer: Layer, title: str, read: str, task: ExportTask
) -> Mapping[Direction, Kept]:
    """Add a layer's node and its constants; return what a reader is to find of it."""
    strands = list(layer.strands.values())
    kind = kind_of(layer)
    per_strand = [gates_of(strand) for strand in strands]
    order = GATES[kind]

    def blocks(name: str) -> Array:
        return np.stack([stacked(each, order, name) for each in per_strand])

    biases = np.concatenate([blocks("b_input"), blocks("b_recurrent")], axis=1)
    arrays = {"W": blocks("W"), "R": blocks("U"), "B": biases}
    operands = [read, f"{title}_W", f"{title}_R", f"{title}_B", ""]
    operands += _add_starts(onnx, graph, layer, title, read, task)
    if any(gate.peephole is not None for gate in per_strand[0].values()):
        operands += [""] * (7 - len(operands))
        arrays["P"] = np.stack([_peepholes(strand) for strand in strands])
        operands.append(f"{title}_P")
    while operands[-1] == "":
        operands.pop()
    for letter, values in arrays.items():
        graph.constants[f"{title}_{letter}"] = task.rounding(values)
    outputs = [f"{title}_Y", *(f"{title}_{state}" for state in _last_states(layer))]
    graph.nodes.append(
        onnx.helper.make_node(
            kind, operands, outputs, name=title, **attributes_of(layer, kind, task)
        )
    )
    return {
        direction: Kept(
            widened(per_strand[k], task.rounding),
            _rounded_starts(strands[k], task),
            functions=stored_functions(strands[k].cell),
        )
        for k, direction in enumerate(layer.strands)
    }


def _rounded_starts(strand: Strand, task: ExportTask) -> Mapping[str, Array] | None:
    """The states that a direction starts from, as a reader finds them; None for noughts."""
    if not strand.initial:
        return None
    return {n: task.rounding(each).astype(np.float64) for n, each in strand.initial.items()}


def _add_starts(
    onnx: Any, graph: _Graph, layer: Layer, title: str, read: str, task: ExportTask
) -> list[str]:
    """The initial states as constants that spread over the batch; none for noughts."""
    if not any(strand.initial for strand in layer.strands.values()):
        return []
    helper = onnx.helper
    spread = f"{title}_batch"
    for name, value in zip(_BATCH_AXIS, (1, 2), strict=True):
        graph.constants[name] = np.array([value], dtype=np.int64)
    graph.constants["one"] = np.array([1], dtype=np.int64)
    shape, batch = f"{title}_shape", f"{title}_batch_size"
    graph.nodes += [
        helper.make_node("Shape", [read], [shape]),
        helper.make_node("Slice", [shape, *_BATCH_AXIS], [batch]),
        helper.make_node("Concat", ["one", batch, "one"], [spread], axis=0),
    ]
    names = []
    for state in _states(layer):
        values = np.stack(
            [
                (strand.initial or {}).get(state, np.zeros(layer.hidden_size))
                for strand in layer.strands.values()
            ]
        )
        own = f"{title}_{state}0"
        graph.constants[own] = task.rounding(values[:, np.newaxis])
        graph.nodes.append(helper.make_node("Expand", [own, spread], [f"{own}_spread"]))
        names.append(f"{own}_spread")
    return names


def _states(layer: Layer) -> tuple[str, ...]:
    return next(iter(layer.strands.values())).cell.states


def _last_states(layer: Layer) -> tuple[str, ...]:
    return tuple(f"{state}_n" for state in _states(layer))


def _peepholes(strand: Strand) -> Array:
    gates = gates_of(strand)
    hidden_size = len(next(iter(gates.values())).U)
    found = [gates[gate].peephole if gate in gates else None for gate in _PEEPING]
    return np.concatenate([np.zeros(hidden_size) if P is None else P for P in found])
