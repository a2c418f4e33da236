"""What feeds a recurrent node: the model's inputs, an embedding, or a recurrent node below."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.arrays import Array, to_float64
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Outputs
from gatereel.rnn_math.models.onnx.errors import RefusedError, only_sequence, shown_name
from gatereel.rnn_math.models.onnx.evaluate import evaluate, sources
from gatereel.rnn_math.models.onnx.graph import (
    Graph,
    Shape,
    Tensor,
    budget_of,
    is_default,
    load_onnx,
)
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    import onnx

_UPRIGHT = frozenset(
    {"Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze"}
)
"""Operations that may stand between the model's input and a recurrent node: none adds, repeats or
leaves out a number."""

_FLOATS = ("FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16")

_PROBE_TIMESTEPS = (3, 5)
"""Lengths that are tried where the file leaves the length open; two, as one may fit by chance."""

PROBE_BATCH = 2
"""Sequences that are tried at once where the file leaves their number open: an operation that mixes
timesteps or features can look straight when there is one sequence alone."""

_AXES = ("TBI", "BTI", "TI")
"""How a sequence can lie in a tensor: timesteps, batch, input size."""


@dataclass(frozen=True)
class Entry:
    """Where a sequence goes into the model, and how it lies there."""

    name: str
    """The tensor: an input of the model, or the rows that an embedding gives."""
    axes: str
    """One of "TBI", "BTI" and "TI"."""
    batch: int
    """How many sequences the file insists on; 1 where it leaves that open."""
    is_batch_open: bool
    """Whether it leaves that open."""
    timesteps: int | None
    """How many timesteps the file insists on."""
    input_size: int
    tokens: str = ""
    """The model's input of token numbers, where the rows come straight from it."""
    embedding: str = ""
    """The constant that holds the matrix of the embedding."""
    kind: int = 0
    """ONNX's number of the type, of a tensor that is no input of the model."""

    def lay(self, sequence: Tensor) -> Tensor:
        """Lay `sequence`, `(timesteps, ...)`, as the tensor needs it, the batch all alike."""
        if "B" not in self.axes:
            return sequence
        axis = self.axes.index("B")
        shape = [*sequence.shape[:axis], self.batch, *sequence.shape[axis:]]
        return np.broadcast_to(np.expand_dims(sequence, axis), shape)

    def zeros(self, timesteps: int) -> dict[str, Tensor]:
        """Tensors of the right shape, for what only asks for shapes."""
        known = {self.name: self.lay(np.zeros((timesteps, self.input_size), dtype=np.float32))}
        if self.tokens:
            known[self.tokens] = self.lay(np.zeros(timesteps, dtype=np.int64))
        return known


@dataclass(frozen=True)
class Below:
    """A recurrent node whose hidden states are read."""

    output: str
    """Its first output, called Y."""
    directions: int
    hidden_size: int
    batch_first: bool

    def lay(self, states: Tensor, batch: int) -> Tensor:
        """Lay states, `(timesteps, directions, hidden_size)`, as ONNX lays its output Y."""
        shape = (*states.shape[:2], batch, states.shape[2])
        stacked = np.broadcast_to(states[:, :, np.newaxis], shape)
        return stacked.transpose(2, 0, 1, 3) if self.batch_first else stacked


@dataclass(frozen=True)
class Chain:
    """How a node is fed: where the sequence enters, and the nodes that it passes on the way."""

    entry: Entry
    passed: tuple[Below, ...] = ()
    """From the bottom upwards."""

    def zeros(self, timesteps: int) -> dict[str, Tensor]:
        """Tensors of the right shape, for what only asks for shapes."""
        known = self.entry.zeros(timesteps)
        for one in self.passed:
            states = np.zeros((timesteps, one.directions, one.hidden_size), dtype=np.float32)
            known[one.output] = one.lay(states, self.entry.batch)
        return known

    def lengths(self) -> tuple[int, ...]:
        """Numbers of timesteps to try."""
        fixed = self.entry.timesteps
        return _PROBE_TIMESTEPS if fixed is None else (fixed,)

    def above(self, below: Below) -> Chain:
        """The chain of a node that `below`, the end of this one, feeds."""
        return replace(self, passed=(*self.passed, below))


def source_of(graph: Graph, name: str) -> str:
    """The one tensor whose numbers `name` holds.

    Raises RefusedError when there is none, or more than one.
    """
    found = sources(graph, name)
    variables = dict.fromkeys(found.variables)
    if not (found.variables or found.constants):
        raise graph.damaged(name, "it is computed from itself")
    for each in variables:
        if each not in graph.inputs and graph.producer(each) is None:
            raise graph.damaged(each, "nothing computes it")
    return only_sequence(variables)


def entry_at(name: str, input_size: int, kind: int, *, batch_first: bool) -> Entry:
    """The entry of a sequence that a node is given in place of what it reads as `name`.

    `kind` is ONNX's number of the type that the node computes in.
    """
    axes = "BTI" if batch_first else "TBI"
    return Entry(
        name, axes, 1, is_batch_open=True, timesteps=None, input_size=input_size, kind=kind
    )


def find_entry(graph: Graph, name: str, input_size: int, *, batch_first: bool) -> Entry:
    """Where the sequence that a node reads as `name` enters the model.

    Every way that a sequence can lie is tried with distinct numbers. Raises RefusedError when an
    operation on the way does more than lay numbers out, or no way gives back the sequence.
    """
    nodes = list(_straight(graph, name))
    gathers = [node for node in nodes if node.op_type == "Gather"]
    declared: Shape = (None, None, input_size)
    tokens = embedding = ""
    if gathers:
        (gather,) = gathers
        entered, embedding, tokens = gather.output[0], gather.input[0], gather.input[1]
        if tokens in graph.inputs:
            declared = (*(graph.inputs[tokens] or (None, None)), input_size)
        else:
            tokens = ""
    else:
        entered = nodes[-1].input[0] if nodes else name
        check_floats(graph, entered)
        declared = graph.inputs[entered] or declared
    for entry in ways(entered, declared, input_size):
        whole = replace(entry, tokens=tokens, embedding=embedding)
        if all(_is_straight(graph, name, whole, t, batch_first) for t in Chain(whole).lengths()):
            return whole
    between = ", ".join(dict.fromkeys(node.op_type for node in nodes)) or "its shape"
    raise RefusedError(
        f"what stands between the model's input and it ({between}) does not hand on a sequence "
        f"of {input_size} features."
    )


def reader(
    graph: Graph, name: str, chain: Chain, *, batch_first: bool
) -> Callable[[Outputs], Array]:
    """What makes a node's inputs of the hidden states of the end of `chain`.

    The file's own operations are evaluated. The function raises InputError for a sequence that
    they do not take.
    """
    below = chain.passed[-1]

    def read(outputs: Outputs) -> Array:
        states = np.stack(list(outputs.values()), axis=1)
        timesteps = len(states)
        known = chain.zeros(timesteps) | {below.output: below.lay(states, chain.entry.batch)}
        budget = budget_of(graph.path, sum(each.nbytes for each in known.values()))
        fixed = InputError(
            f"{graph.path}: what stands before '{shown_name(name)}' does not take a sequence of "
            f"{timesteps} timesteps; the model is made for another length."
        )
        try:
            given = evaluate(graph, name, known, budget=budget, keep_floats=True)
        except RefusedError:
            raise
        except InputError:
            raise fixed from None
        sequence = _one_of_batch(given, batch_first, chain.entry.batch)
        if sequence is None or len(sequence) != timesteps:
            raise fixed
        return to_float64(sequence)

    return read


def _straight(graph: Graph, name: str) -> Iterator[onnx.NodeProto]:
    """The nodes from a recurrent node back to the model's input, at most one Gather among them."""
    seen: set[str] = set()
    gathered = False
    while name not in graph.inputs:
        node = graph.producer(name)
        if node is None or name in seen:
            raise graph.damaged(name, "nothing computes it")
        seen.add(name)
        op = node.op_type
        is_embedding = op == "Gather" and not gathered and embeds(graph, node)
        if not is_default(node.domain) or not (op in _UPRIGHT or is_embedding):
            raise RefusedError(
                f"{shown_name(op)} stands between the model's input and it, and the command takes "
                "the model's inputs."
            )
        gathered = gathered or is_embedding
        yield node
        name = node.input[1] if is_embedding else next(iter(node.input), "")


def check_floats(graph: Graph, name: str) -> None:
    """Raise RefusedError when an input of the model is declared to hold other than floats."""
    (declared,) = (one for one in graph.proto.graph.input if one.name == name)
    kinds = load_onnx().TensorProto
    if declared.type.tensor_type.elem_type not in [getattr(kinds, name) for name in _FLOATS]:
        raise RefusedError(f"the model's input '{shown_name(name)}' does not hold floats.")


def embeds(graph: Graph, node: onnx.NodeProto) -> bool:
    """Whether a Gather takes rows of a constant matrix by numbers that come from the input."""
    if len(node.input) != 2 or any(each.name == "axis" and each.i for each in node.attribute):
        return False
    matrix = graph.constants.get(node.input[0])
    return matrix is not None and len(matrix.dims) == 2


def ways(name: str, declared: Shape, input_size: int) -> list[Entry]:
    """How a sequence of rows of `input_size` may lie in a tensor of the declared sizes."""
    ways = []
    for axes in _AXES:
        if len(axes) != len(declared) or declared[-1] not in (None, input_size):
            continue
        sizes = dict(zip(axes, declared, strict=True))
        batch = sizes.get("B", 1)
        ways.append(Entry(name, axes, batch or 1, batch is None, sizes["T"], input_size))
    # Of a size of one and an open one, the open one is the number of timesteps.
    if any(way.timesteps is None for way in ways):
        ways = [way for way in ways if way.timesteps != 1]
    return ways


def _is_straight(graph: Graph, name: str, entry: Entry, timesteps: int, batch_first: bool) -> bool:
    """Whether sequences of distinct numbers come out as they went in, one and several at once."""
    if not _fits(graph, name, entry, timesteps, batch_first):
        return False
    if not entry.is_batch_open:
        return True
    several = replace(entry, batch=PROBE_BATCH)
    # A file that takes no more than one sequence does nothing wrong to it.
    return _fits(graph, name, several, timesteps, batch_first) is not False


def _fits(graph: Graph, name: str, entry: Entry, timesteps: int, batch_first: bool) -> bool | None:
    """Whether a sequence of distinct numbers comes out as it went in; None if it cannot go in."""
    size = timesteps * entry.input_size
    graph.budget.spend(size * entry.batch * np.dtype(np.float64).itemsize)
    # Halves, so that a cast to whole numbers is seen.
    numbers = np.arange(1, size + 1, dtype=np.float64) + 0.5
    sequence = numbers.reshape(timesteps, entry.input_size)
    try:
        given = evaluate(graph, name, {entry.name: entry.lay(sequence)}, keep_floats=True)
    except RefusedError:
        raise
    except InputError:
        if graph.budget.spent:
            raise
        return None
    found = _one_of_batch(given, batch_first, entry.batch)
    return found is not None and np.array_equal(found, sequence)


def _one_of_batch(given: Tensor, batch_first: bool, batch: int) -> Tensor | None:
    """One sequence, `(timesteps, input_size)`, of a batch of equal ones; else None."""
    if given.ndim != 3 or given.dtype.kind != "f":
        return None
    each = given if batch_first else given.swapaxes(0, 1)
    if len(each) != batch or not np.array_equal(each, np.broadcast_to(each[:1], each.shape)):
        return None
    one: Tensor = each[0]
    return one
