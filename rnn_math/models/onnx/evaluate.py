"""Evaluate the small operations around a recurrent node: reshaping, slicing, shapes of shapes.

Only operations that move numbers about are on the list. Everything is evaluated by onnx's own
reference implementation, a node at a time, after a bound on what it will take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.models.onnx.errors import RefusedError, shown_name
from gatereel.rnn_math.models.onnx.graph import MAX_NODES, Budget, Graph, Tensor, is_default
from gatereel.rnn_math.models.onnx.operations import DATA_INPUTS, run_node
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    import onnx

Run = Callable[[Graph, "onnx.NodeProto", Sequence[Tensor | None], Budget, bool], Sequence[Tensor]]
"""As `run_node`."""


@dataclass(frozen=True)
class Sources:
    """Where the numbers of a tensor come from."""

    constants: tuple[str, ...]
    variables: tuple[str, ...]
    """Inputs of the graph, and outputs of nodes that compute something."""


def sources(graph: Graph, name: str) -> Sources:
    """Follow `name` back through operations that move numbers about, and list where that ends."""
    constants: list[str] = []
    variables: list[str] = []
    for each in _data_tensors(graph, name):
        if _is_constant(graph, each):
            constants.append(each)
        elif not _moves(graph, each):
            variables.append(each)
    return Sources(tuple(constants), tuple(variables))


def constant_types(graph: Graph, names: Iterable[str]) -> set[int]:
    """ONNX's numbers of the types that these constants are kept in."""
    types: set[int] = set()
    for name in names:
        if name in graph.constants:
            types.add(graph.constants[name].data_type)
        elif (node := graph.producer(name)) is not None:
            types |= {each.t.data_type for each in node.attribute if each.name == "value"}
    return types


def is_zero(graph: Graph, name: str) -> bool:
    """Whether all numbers of `name` are zero whatever its shape is. Inputs count as zero."""
    for each in _data_tensors(graph, name):
        node = graph.producer(each)
        if _is_constant(graph, each):
            # Some not-a-number warns when it is looked at; it is not zero, and is refused by name.
            with np.errstate(invalid="ignore"):
                zero = not np.any(evaluate(graph, each, {}))
        elif node is None or not _moves(graph, each):
            zero = each in graph.inputs
        else:
            zero = node.op_type != "Shape" and _fills_with_zero(graph, node)
        if not zero:
            return False
    return True


def evaluate(
    graph: Graph,
    name: str,
    known: Mapping[str, Tensor],
    *,
    budget: Budget | None = None,
    keep_floats: bool = False,
    run: Run = run_node,
) -> Tensor:
    """Compute `name` from the file's constants and from what is `known`.

    With `keep_floats`, a cast from one floating type to another keeps the more exact numbers.
    `run` computes one node; by itself, those alone that move numbers about.
    Raises RefusedError when an operation is needed that is not on the list, and InputError when
    one does not fit its operands or would take more than `budget`, the file's own by default.
    """
    spending = graph.budget if budget is None else budget
    values: dict[str, Tensor] = dict(known)
    for node in graph.needed(name, known):
        spending.evaluate_one()
        operands = [_operand(graph, each, values) for each in node.input]
        for output, value in zip(
            node.output, run(graph, node, operands, spending, keep_floats), strict=False
        ):
            values[output] = value
    return _value(graph, name, values)


def _data_tensors(graph: Graph, name: str) -> Iterator[str]:
    """`name` and every tensor that its numbers come from, as far as they are only moved."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in seen or not each:
            continue
        if len(seen) == MAX_NODES:
            raise RefusedError(f"more than {MAX_NODES} operations lead to it.")
        seen.add(each)
        yield each
        node = graph.producer(each)
        if node is not None and _moves(graph, each):
            waiting.extend(list(node.input)[DATA_INPUTS[node.op_type]])


def _moves(graph: Graph, name: str) -> bool:
    node = graph.producer(name)
    return (
        node is not None
        and is_default(node.domain)
        and node.op_type in DATA_INPUTS
        and node.op_type != "Constant"
        # The second output of Dropout is a mask.
        and (node.op_type != "Dropout" or (name == node.output[0] and not _drops(graph, node)))
        # Indices that come from somewhere choose rows: that is an embedding.
        and (node.op_type != "Gather" or _is_constant(graph, next(iter(node.input[1:]), "")))
    )


def _is_constant(graph: Graph, name: str) -> bool:
    node = graph.producer(name)
    made = node is not None and is_default(node.domain) and node.op_type == "Constant"
    return made or name in graph.constants


def _drops(graph: Graph, node: onnx.NodeProto) -> bool:
    """Whether a Dropout is told to drop, which it is in training only."""
    training = list(node.input)[2:]
    if not training or not training[0]:
        return False
    return not _is_constant(graph, training[0]) or bool(np.any(evaluate(graph, training[0], {})))


def _fills_with_zero(graph: Graph, node: onnx.NodeProto) -> bool:
    """Whether a node that moves numbers brings in none but zeros."""
    if node.op_type != "ConstantOfShape":
        return True
    values = [attribute.t for attribute in node.attribute if attribute.name == "value"]
    return not any(np.any(graph.array(value)) for value in values)


def _operand(graph: Graph, name: str, values: dict[str, Tensor]) -> Tensor | None:
    return _value(graph, name, values) if name else None


def _value(graph: Graph, name: str, values: dict[str, Tensor]) -> Tensor:
    if name not in values:
        if name in graph.constants:
            values[name] = graph.array(graph.constants[name])
        elif name in graph.producers:
            raise graph.damaged(name, "it is used before it is computed")
        else:
            raise RefusedError(f"'{shown_name(name)}' is known only when the model runs.")
    return values[name]
