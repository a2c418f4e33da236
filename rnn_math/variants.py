"""The cells with other functions in the place of sigmoid and tanh, as libraries let one choose.

    variant(LSTM, {"f": HardSigmoid(), "i": HardSigmoid(), "o": HardSigmoid()}) -> Cell

The list stays as it is; its weighted sums and activations become others. What comes out is another
cell, with a name, a title and a convention of its own, drawn where its family's cell is.
"""

from collections.abc import Mapping
from dataclasses import replace

from gatereel.rnn_math.cell import Cell, Node
from gatereel.rnn_math.functions import (
    ElementFunction,
    Linear,
    Relu,
    Sigmoid,
    TanhFunction,
)
from gatereel.rnn_math.operations import (
    Activation,
    Operation,
    Tanh,
    WeightedSum,
    WeightedSumAlone,
    WeightedSumOf,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
)

_PLAIN = 2
"""Lines of a cell that has nothing but a weighted sum of what is concatenated."""


def variant(cell: Cell, functions: Mapping[str, ElementFunction]) -> Cell:
    """The cell with these functions at these nodes; itself where they are those that it has.

    Raises InputError for a node that the cell has not, and ValueError for one without a function.
    """
    nodes = list(cell.nodes)
    changed: dict[ElementFunction, list[str]] = {}
    for name, function in functions.items():
        node = cell.node(name)
        operation = _with(node, function)
        if operation == node.operation:
            continue
        nodes[cell.nodes.index(node)] = replace(node, operation=operation)
        changed.setdefault(function, []).append(node.letter or node.name)
    if not changed:
        return cell
    names = list(dict.fromkeys(function.name for function in changed))
    definitions = "; ".join(
        f"{function.name}(s) = {function.definition} at {', '.join(at)}"
        for function, at in changed.items()
    )
    return replace(
        cell,
        name="-".join((cell.name, *(name.replace("_", "-") for name in names))),
        title=f"{cell.title} ({', '.join(names)})",
        long_name=f"{cell.long_name} with {' and '.join(names)}",
        nodes=tuple(nodes),
        # A plain RNN's convention is its function.
        convention=definitions if len(nodes) == _PLAIN else f"{cell.convention}; {definitions}",
        libraries=(),
        variant_of=cell.family,
    )


def _with(node: Node, function: ElementFunction) -> Operation:
    if isinstance(node.operation, WeightedSum):
        match function:
            case Sigmoid():
                return WeightedSumSigmoid()
            case TanhFunction():
                return WeightedSumTanh()
            case Relu():
                return WeightedSumRelu()
            case Linear():
                return WeightedSumAlone()
        return WeightedSumOf(function)
    if isinstance(node.operation, Tanh | Activation):
        return Tanh() if isinstance(function, TanhFunction) else Activation(function)
    raise ValueError(f"{node.name} applies no function")
