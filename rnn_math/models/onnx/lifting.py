"""What is computed between a sequence and a recurrent node: MatMul, Add, Relu and the like.

Every tensor on the way is followed twice. First by where its numbers come from: each row of the
sequence has a number, operations hand these on, and one that mixes rows is refused. Then, when the
layer is run, by its numbers, in the file's own operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.arrays import Array, to_float64
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.onnx.arithmetic import ARITHMETIC, RowNumbers, rows_of, run_arithmetic
from gatereel.rnn_math.models.onnx.errors import RefusedError, only_sequence, shown_name
from gatereel.rnn_math.models.onnx.evaluate import evaluate
from gatereel.rnn_math.models.onnx.graph import (
    MAX_NODES,
    Budget,
    Graph,
    Shape,
    Tensor,
    budget_of,
    is_default,
)
from gatereel.rnn_math.models.onnx.operations import (
    DATA_INPUTS,
    SHAPE_ARITHMETIC,
    casts_to,
    run_node,
)
from gatereel.rnn_math.models.onnx.wiring import (
    PROBE_BATCH,
    Below,
    Chain,
    Entry,
    check_floats,
    embeds,
    ways,
)
from gatereel.rnn_math.models.stages import Stage

if TYPE_CHECKING:
    import onnx

_SEQUENCE = 3  # dimensions of what a recurrent node reads


def lifted_entry(graph: Graph, name: str, input_size: int, *, batch_first: bool) -> Entry:
    """Where the sequence enters that a node reads as `name` after more than laying it out.

    Raises RefusedError when an operation on the way is not computed or mixes timesteps.
    """
    nodes, root = way_to(graph, name, ())
    gather = graph.producer(root)
    if gather is None:
        tokens = embedding = ""
        check_floats(graph, root)
        declared: Shape = graph.inputs[root] or (None, None, None)
        widths = [declared[-1]] if declared[-1] is not None else _widths(graph, nodes, input_size)
    else:
        embedding, tokens = gather.input[0], gather.input[1]
        widths = [graph.constants[embedding].dims[1]]
        is_input = tokens in graph.inputs
        declared = (*((graph.inputs[tokens] if is_input else ()) or (None, None)), widths[0])
        tokens = tokens if is_input else ""
    refused: RefusedError | None = None
    for width in widths:
        for way in ways(root, (*declared[:-1], width), width):
            entry = replace(way, tokens=tokens, embedding=embedding)
            try:
                if _keeps_rows(graph, name, entry, input_size, batch_first):
                    return entry
            except RefusedError as error:
                refused = error
    raise refused or RefusedError(
        f"what stands between the model's input and it ({_kinds(graph, name, (root,))}) does not "
        f"hand on a sequence of {input_size} features."
    )


def check_lifted(graph: Graph, name: str, chain: Chain, *, batch_first: bool) -> None:
    """Hold what a node reads of the end of `chain` against the order of its timesteps.

    Raises RefusedError where the two are not the same.
    """
    below, batch = chain.passed[-1], chain.entry.batch
    for timesteps in chain.lengths():
        numbers = _numbers(timesteps, batch)
        known = {
            each: RowNumbers(np.zeros_like(zeros)) for each, zeros in chain.zeros(timesteps).items()
        }
        known[below.output] = RowNumbers(_lay_below(below, numbers))
        if not _are(_follow(graph, name, known), numbers, None, batch_first):
            raise RefusedError(
                f"what stands between '{shown_name(below.output)}' and it "
                f"({_kinds(graph, name, (below.output,))}) does not hand on one row a timestep."
            )


def stage_of_entry(graph: Graph, name: str, entry: Entry, width: int, batch_first: bool) -> Stage:
    """What leads from the rows that enter the model to those that a node reads."""

    def known_of(rows: Array) -> dict[str, Tensor]:
        return Chain(entry).zeros(len(rows)) | {entry.name: entry.lay(rows)}

    kinds = _kinds(graph, name, (entry.name,))
    return _stage(graph, name, kinds, known_of, (entry.input_size, width), batch_first)


def stage_above(graph: Graph, name: str, chain: Chain, width: int, batch_first: bool) -> Stage:
    """What leads from the states of the end of `chain`, side by side, to what a node reads."""
    below = chain.passed[-1]

    def known_of(rows: Array) -> dict[str, Tensor]:
        states = rows.reshape(len(rows), below.directions, below.hidden_size)
        return chain.zeros(len(rows)) | {below.output: below.lay(states, chain.entry.batch)}

    kinds = _kinds(graph, name, (below.output,))
    reads = below.directions * below.hidden_size
    return _stage(graph, name, kinds, known_of, (reads, width), batch_first)


def way_to(graph: Graph, name: str, ends: Sequence[str]) -> tuple[list[onnx.NodeProto], str]:
    """The nodes that lead to `name`, the last first, and the one tensor that they begin with.

    That is an input of the model, the rows of an embedding, or one of `ends`. Raises RefusedError
    for an operation that is not computed, and where there is no one beginning.
    """
    nodes: list[onnx.NodeProto] = []
    roots: dict[str, None] = {}
    waiting, seen = [name], set[str]()
    while waiting:
        each = waiting.pop()
        if not each or each in seen or each in graph.constants:
            continue
        seen.add(each)
        if each in ends or each in graph.inputs:
            roots[each] = None
            continue
        node = graph.producer(each)
        if node is None:
            raise graph.damaged(each, "nothing computes it")
        if is_default(node.domain) and node.op_type == "Gather" and embeds(graph, node):
            roots[node.output[0]] = None
            continue
        op = node.op_type
        if not is_default(node.domain) or op not in (*ARITHMETIC, *DATA_INPUTS, *SHAPE_ARITHMETIC):
            raise RefusedError(
                f"{shown_name(op)} stands between the model's input and it, and the command takes "
                "the model's inputs."
            )
        if len(nodes) == MAX_NODES:
            raise RefusedError(f"more than {MAX_NODES} operations lead to it.")
        nodes.append(node)
        waiting.extend(node.input)
    return nodes, only_sequence(roots)


def _stage(
    graph: Graph,
    name: str,
    kinds: str,
    known_of: Callable[[Array], dict[str, Tensor]],
    sizes: tuple[int, int],
    batch_first: bool,
) -> Stage:
    def apply(rows: Array) -> Array:
        known = known_of(rows)
        budget = budget_of(graph.path, sum(each.nbytes for each in known.values()))
        try:
            given = evaluate(graph, name, known, budget=budget, keep_floats=True, run=_run)
        except RefusedError as error:
            raise InputError(
                f"{graph.path}: '{shown_name(name)}' is not computed: {error}"
            ) from None
        if given.ndim != _SEQUENCE:
            raise InputError(f"{graph.path}: '{shown_name(name)}' is no sequence.")
        sequence = given[0] if batch_first else given[:, 0]
        if len(sequence) != len(rows):
            raise InputError(
                f"{graph.path}: what stands before '{shown_name(name)}' does not take a sequence "
                f"of {len(rows)} timesteps; the model is made for another length."
            )
        return to_float64(sequence)

    reads, gives = sizes
    return Stage(shown_name(name), kinds, apply, reads, gives)


def _run(
    graph: Graph,
    node: onnx.NodeProto,
    operands: Sequence[Tensor | None],
    budget: Budget,
    keep_floats: bool,
) -> Sequence[Tensor]:
    """Compute a node that lays numbers out, or one that computes."""
    is_of_floats = any(each is not None and each.dtype.kind == "f" for each in operands)
    if node.op_type in ARITHMETIC and is_default(node.domain) and is_of_floats:
        return [run_arithmetic(graph, node, operands, budget)]
    return run_node(graph, node, operands, budget, keep_floats)


def _keeps_rows(graph: Graph, name: str, entry: Entry, input_size: int, batch_first: bool) -> bool:
    """Whether each row of what a node reads comes from the row of its own timestep alone."""
    for timesteps in Chain(entry).lengths():
        if not _lays_rows(graph, name, entry, timesteps, input_size, batch_first):
            return False
        several = replace(entry, batch=PROBE_BATCH)
        # A file that takes no more than one sequence does nothing wrong to it.
        if entry.is_batch_open and (
            _lays_rows(graph, name, several, timesteps, input_size, batch_first) is False
        ):
            return False
    return True


def _lays_rows(
    graph: Graph, name: str, entry: Entry, timesteps: int, input_size: int, batch_first: bool
) -> bool | None:
    """The same for a number of timesteps; None if they cannot go in."""
    numbers = _numbers(timesteps, entry.batch)
    order = {"TBI": numbers, "BTI": numbers.T, "TI": numbers[:, 0]}[entry.axes]
    graph.budget.spend(numbers.nbytes * entry.input_size)
    laid = np.repeat(order[..., np.newaxis], entry.input_size, axis=-1)
    known = {each: RowNumbers(zeros) for each, zeros in entry.zeros(timesteps).items()}
    try:
        found = _follow(graph, name, {**known, entry.name: RowNumbers(laid)})
    except RefusedError:
        raise
    except InputError:
        if graph.budget.spent:
            raise
        return None
    return _are(found, numbers, input_size, batch_first)


def _follow(graph: Graph, name: str, known: Mapping[str, RowNumbers]) -> RowNumbers | Tensor:
    """Which rows the numbers of `name` come from."""
    values: dict[str, RowNumbers | Tensor] = dict(known)
    for node in graph.needed(name, known):
        graph.budget.evaluate_one()
        operands = [_value(graph, each, values) if each else None for each in node.input]
        for output, value in zip(node.output, _one(graph, node, operands), strict=False):
            values[output] = value
    return _value(graph, name, values)


def _one(
    graph: Graph, node: onnx.NodeProto, operands: Sequence[RowNumbers | Tensor | None]
) -> Iterator[RowNumbers | Tensor]:
    """What `_follow` finds of one node's outputs."""
    op = node.op_type
    plain = [each.numbers if isinstance(each, RowNumbers) else each for each in operands]
    numbered = [k for k, each in enumerate(operands) if isinstance(each, RowNumbers)]
    if not numbered or op == "Shape":
        yield from _run(graph, node, plain, graph.budget, True)
        return
    if op in ARITHMETIC:
        yield rows_of(graph, node, operands)
        return
    data = range(len(operands))[DATA_INPUTS[op]]
    if list(data) != numbered or (op == "Cast" and not casts_to(node, "FLOAT", "DOUBLE")):
        raise RefusedError(f"{op} takes what is computed as more than its numbers.")
    yield from map(RowNumbers, run_node(graph, node, plain, graph.budget, True))


def _value(graph: Graph, name: str, values: dict[str, RowNumbers | Tensor]) -> RowNumbers | Tensor:
    if name not in values:
        if name not in graph.constants:
            raise RefusedError(f"'{shown_name(name)}' is known only when the model runs.")
        values[name] = graph.array(graph.constants[name])
    return values[name]


def _numbers(timesteps: int, batch: int) -> Tensor:
    """A number for each row of each sequence, `(timesteps, batch)`."""
    return np.arange(1.0, timesteps * batch + 1.0).reshape(timesteps, batch)


def _lay_below(below: Below, numbers: Tensor) -> Tensor:
    """The numbers of rows as ONNX lays its output Y."""
    shape = (len(numbers), below.directions, numbers.shape[1], below.hidden_size)
    laid = np.broadcast_to(numbers[:, np.newaxis, :, np.newaxis], shape)
    return laid.transpose(2, 0, 1, 3) if below.batch_first else laid


def _are(
    found: RowNumbers | Tensor, numbers: Tensor, input_size: int | None, batch_first: bool
) -> bool:
    """Whether what a node reads has these rows in this order, and `input_size` numbers each."""
    if not isinstance(found, RowNumbers) or found.numbers.ndim != _SEQUENCE:
        return False
    laid = found.numbers.swapaxes(0, 1) if batch_first else found.numbers
    if laid.shape[:2] != numbers.shape or input_size not in (None, laid.shape[2]):
        return False
    return np.array_equal(laid, np.broadcast_to(numbers[..., np.newaxis], laid.shape))


def _widths(graph: Graph, nodes: Sequence[onnx.NodeProto], input_size: int) -> list[int]:
    """How many values a row of the model's input may have where the file leaves that open."""
    matrices = [
        tuple(graph.constants[each].dims)
        for node in nodes
        if node.op_type in ("MatMul", "Gemm")
        for each in list(node.input)[1:2]
        if each in graph.constants
    ]
    sizes = [size for dims in reversed(matrices) if len(dims) == 2 for size in dims]
    return [size for size in dict.fromkeys([*sizes, input_size]) if size > 0]


def _kinds(graph: Graph, name: str, ends: Sequence[str]) -> str:
    """The operations that compute what `name` holds, not its shape, from `ends` on."""
    passed: dict[int, str] = {}
    waiting = [name]
    while waiting:
        each = waiting.pop()
        place = graph.producers.get(each)
        if each in ends or place is None or place in passed:
            continue
        node = graph.nodes[place]
        passed[place] = node.op_type
        waiting.extend(list(node.input)[DATA_INPUTS.get(node.op_type, slice(None))])
    kinds = dict.fromkeys(passed[place] for place in sorted(passed))
    return in_words([op for op in kinds if op in ARITHMETIC] or list(kinds) or ["its shape"])
