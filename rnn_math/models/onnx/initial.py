"""Where an ONNX node starts and how far it reads: initial_h, initial_c and sequence_lens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from rnn_math.arrays import Array, to_float64
from rnn_math.errors import InputError
from rnn_math.models.onnx.cells import INITIAL_C, INITIAL_H, LENGTHS, Settings, operand
from rnn_math.models.onnx.errors import RefusedError, printable
from rnn_math.models.onnx.evaluate import evaluate, is_zero, sources
from rnn_math.models.onnx.graph import Graph, Tensor
from rnn_math.models.onnx.wiring import Chain

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

    An input of the model counts as zeros. Raises RefusedError when a state is computed from
    anything else, or differs within the batch.
    """
    shape = (len(chosen.directions), hidden_size)
    states = {name: np.zeros(shape) for name, _, _ in STATES[chosen.kind]}
    for name, called, place in STATES[chosen.kind]:
        tensor = operand(node, place)
        if tensor and not is_zero(graph, tensor):
            states[name] = _state(graph, tensor, called, chosen, chain)
            if states[name].shape != shape:
                raise InputError(
                    f"{graph.path} is damaged: {called} of {printable(node.name)!r} has shape "
                    f"{states[name].shape}; {shape} is needed."
                )
    return states if any(np.any(state) for state in states.values()) else None


def assumptions(graph: Graph, node: onnx.NodeProto, name: str, kind: str) -> tuple[str, ...]:
    """What a node is given when the model runs and how that is taken here, each a sentence."""
    said = [
        f"{name}: {called} is an input of the model; taken as zeros."
        for _, called, place in STATES[kind]
        if _given(graph, operand(node, place))
    ]
    if _given(graph, operand(node, LENGTHS)):
        said.append(f"{name}: sequence_lens is an input of the model; taken as the whole sequence.")
    return tuple(said)


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


def _given(graph: Graph, tensor: str) -> bool:
    return bool(tensor) and any(each in graph.inputs for each in sources(graph, tensor).variables)


def _state(graph: Graph, tensor: str, called: str, chosen: Settings, chain: Chain) -> Array:
    """A state that is not zero, `(directions, hidden_size)`."""
    variables = sources(graph, tensor).variables
    if variables:
        before = graph.producer(variables[0])
        origin = "an input of the model" if before is None else f"{before.op_type}"
        raise RefusedError(f"its {called} comes from {printable(origin)}, not from constants.")
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
