"""Where an ONNX node starts and how far it reads: initial_h, initial_c and sequence_lens."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.arrays import Array, to_float64
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.onnx.cells import INITIAL_C, INITIAL_H, LENGTHS, Settings, operand
from gatereel.rnn_math.models.onnx.errors import HandedOverError, RefusedError, shown_name
from gatereel.rnn_math.models.onnx.evaluate import evaluate, is_zero, sources
from gatereel.rnn_math.models.onnx.graph import Graph, Shape, Tensor
from gatereel.rnn_math.models.onnx.wiring import Chain

if TYPE_CHECKING:
    import onnx

STATES: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "RNN": (("h", "initial_h", INITIAL_H),),
    "GRU": (("h", "initial_h", INITIAL_H),),
    "LSTM": (("h", "initial_h", INITIAL_H), ("c", "initial_c", INITIAL_C)),
}
"""Each kind's states: the cell's name, the input's name and the input's place."""


def initial_states(
    graph: Graph, node: onnx.NodeProto, chosen: Settings, hidden_size: int, chain: Chain
) -> Mapping[str, Array] | None:
    """The states before the first timestep, `(directions, hidden_size)` each; None for zeros.

    An input of the model counts as zeros. Raises HandedOverError when a state is computed from
    anything else, and RefusedError when it differs within the batch.
    """
    shape = (len(chosen.directions), hidden_size)
    states = {name: np.zeros(shape) for name, _, _ in STATES[chosen.kind]}
    for name, called, place in STATES[chosen.kind]:
        tensor = operand(node, place)
        if not tensor:
            continue
        found = _declared_shape(graph, tensor, chain)
        needed = _needed_shape(chosen, hidden_size, chain)
        if found is not None and not _fits(found, needed):
            name_shown = shown_name(node.name or node.op_type)
            raise InputError(
                f"{graph.path} is damaged: {called} of '{name_shown}' has shape "
                f"{_shown(found)}; {_shown(needed)} is needed."
            )
        if not is_zero(graph, tensor):
            states[name] = _state(graph, tensor, called, chosen, chain)
    return states if any(np.any(state) for state in states.values()) else None


def _declared_shape(graph: Graph, tensor: str, chain: Chain) -> Shape | None:
    """The shape of a state, None for an open size; None in place of all where it is not known.

    Noughts of a wrong shape are no state either: the runtime refuses to run them.
    """
    if tensor in graph.inputs:
        return graph.inputs[tensor] or None
    known = chain.zeros(chain.lengths()[0])
    is_open = False
    for each in sources(graph, tensor).variables:
        shape = graph.inputs.get(each, ())
        if each in known or not shape:
            continue
        is_open = is_open or None in shape
        filled = [chain.entry.batch if size is None else size for size in shape]
        graph.budget.spend(prod(filled) * np.dtype(np.float32).itemsize)
        known[each] = np.zeros(filled, dtype=np.float32)
    try:
        found: Shape = evaluate(graph, tensor, known).shape
    except RefusedError:  # its shape is computed by what is not followed here
        return None
    return tuple(None for _ in found) if is_open else found


def _needed_shape(chosen: Settings, hidden_size: int, chain: Chain) -> Shape:
    """The shape that a state must have, None where the file leaves the batch open."""
    batch = None if chain.entry.is_batch_open else chain.entry.batch
    directions = len(chosen.directions)
    if chosen.batch_first:
        return (batch, directions, hidden_size)
    return (directions, batch, hidden_size)


def _fits(found: Shape, needed: Shape) -> bool:
    """Whether all sizes that are known are the same, and there is something of each."""
    return len(found) == len(needed) and all(
        size is None or (size > 0 and wanted in (None, size))
        for size, wanted in zip(found, needed, strict=True)
    )


def _shown(shape: Shape) -> str:
    sizes = ("any" if size is None else str(size) for size in shape)
    return f"({', '.join(sizes)})"


def assumptions(
    graph: Graph, node: onnx.NodeProto, name: str, kind: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a node is given when the model runs and how that is taken here, each a sentence.

    First of the states that it starts from, then of how far it reads.
    """
    starts = [
        f"{name}: {called} is an input of the model; taken as zeros."
        for _, called, place in STATES[kind]
        if _given(graph, operand(node, place))
    ]
    lengths = []
    if _given(graph, operand(node, LENGTHS)):
        taken = "sequence_lens is an input of the model; taken as the whole sequence."
        lengths.append(f"{name}: {taken}")
    return tuple(starts), tuple(lengths)


def check_lengths(graph: Graph, node: onnx.NodeProto, chain: Chain) -> None:
    """Raise RefusedError when a node may leave out timesteps at the end of the sequence."""
    tensor = operand(node, LENGTHS)
    if not tensor or _given(graph, tensor):
        return
    if sources(graph, tensor).variables:
        raise RefusedError("its sequence_lens are computed when the model runs.")
    for timesteps in chain.lengths():
        lengths = evaluate(graph, tensor, chain.zeros(timesteps))
        if np.any(lengths != timesteps):
            raise RefusedError(
                "its sequence_lens are constants that need not be the sequence's length."
            )


def carries(graph: Graph, node: onnx.NodeProto, kind: str) -> bool:
    """Whether a model is made to be called again and again, the node's states handed on.

    Each of its states is an input of the model, and an output of it: what the node gives as its
    last state, or, of h, all hidden states.
    """
    outputs = {
        each
        for one in graph.proto.graph.output
        if one.name in graph.producers
        for each in sources(graph, one.name).variables
    }
    for place, (_, called, initial) in enumerate(STATES[kind], start=1):
        last = set(node.output[place : place + 1])
        if called == "initial_h":
            last |= set(node.output[:1])
        if not _given(graph, operand(node, initial)) or not last & outputs:
            return False
    return True


def _given(graph: Graph, tensor: str) -> bool:
    return bool(tensor) and any(each in graph.inputs for each in sources(graph, tensor).variables)


def _state(graph: Graph, tensor: str, called: str, chosen: Settings, chain: Chain) -> Array:
    """A state that is not zero, `(directions, hidden_size)`."""
    variables = sources(graph, tensor).variables
    if variables:
        before = graph.producer(variables[0])
        origin = "an input of the model" if before is None else f"{before.op_type}"
        raise HandedOverError(f"its {called} comes from {shown_name(origin)}, not from constants.")
    found: list[Tensor] = [
        evaluate(graph, tensor, chain.zeros(timesteps)) for timesteps in chain.lengths()
    ]
    if any(not np.array_equal(each, found[0]) for each in found):
        raise RefusedError(f"its {called} depends on the sequence's length.")
    state = found[0]
    if state.ndim != 3 or state.dtype.kind != "f":
        raise InputError(
            f"{graph.path} is damaged: {called} has shape {state.shape}; three dimensions of "
            "floats are needed."
        )
    each_of_batch = state if chosen.batch_first else state.swapaxes(0, 1)
    if not len(each_of_batch) or np.any(each_of_batch != each_of_batch[:1]):
        raise RefusedError(f"its {called} differs between the sequences of a batch.")
    one: Array = to_float64(each_of_batch[0])
    if not np.isfinite(one).all():
        raise InputError(f"{graph.path}: {called} has a number that is not finite.")
    return one
