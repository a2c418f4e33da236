"""What a cell is: an ordered list of operations, the single source of everything shown.

The list is executed by `unroll`; pictures, equations and captions are made from the same list, so
that a figure cannot disagree with its formula. The cells themselves stand in `rnn_math.cells`.
"""

from dataclasses import dataclass
from typing import Literal

from rnn_math.arrays import positive_size
from rnn_math.errors import InputError
from rnn_math.operations import Concatenate, Operation, WeightedSum

Size = Literal["hidden", "input"]
"""Which of a model's two sizes a stretch of a vector has."""

INPUT = "x"
"""Operand name of the input at this timestep."""

_PREVIOUS_SUFFIX = "_prev"

# Two sizes that differ: operands that only fit when both sizes are equal are found out.
_PROBE_INPUT_SIZE = 3
_PROBE_HIDDEN_SIZE = 2


def previous(state: str) -> str:
    """Operand name of a state before this timestep: `previous("h")` is "h_prev"."""
    return state + _PREVIOUS_SUFFIX


@dataclass(frozen=True)
class Node:
    """One line of a cell: `name = operation(operands)`.

    An operand is "x", a state before this timestep ("h_prev", "c_prev") or an earlier node.
    """

    name: str
    operation: Operation
    operands: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """Where a cell was published."""

    author: str
    title: str
    year: int


@dataclass(frozen=True)
class Cell:
    """A recurrent cell: the program of one timestep.

    The new value of a state is the node with the state's name. Raises InputError when an operand
    is not defined before its use, a name is given twice, a state has no node, or widths disagree.
    """

    name: str
    """Short name in lower case, as on the command line: "lstm"."""
    title: str
    """Abbreviation as written in text: "LSTM"."""
    long_name: str
    """The name spelled out: "long short-term memory"."""
    states: tuple[str, ...]
    """What is carried from one timestep to the next: ("h",) or ("h", "c")."""
    nodes: tuple[Node, ...]
    """The program, in the order of computation."""
    paper: Paper
    """Where it was published."""
    convention: str
    """Which of the variants under this name it is, in a few words: "tanh"."""
    libraries: tuple[str, ...] = ()
    """What computes exactly this: "PyTorch nn.LSTM", "Keras LSTM"."""

    def __post_init__(self) -> None:
        """Check the program."""
        known = {INPUT, *map(previous, self.states)}
        for node in self.nodes:
            for operand in node.operands:
                if operand not in known:
                    raise InputError(
                        f"{self.title}: node {node.name!r} uses {operand!r}, which is not defined "
                        f"before it; known there: {', '.join(sorted(known))}."
                    )
            if node.name in known:
                raise InputError(f"{self.title}: the name {node.name!r} is given twice.")
            known.add(node.name)
        for state in self.states:
            if state not in known:
                raise InputError(
                    f"{self.title}: the state {state!r} has no node that computes its new value."
                )
        if not any(previous(state) == name for state in self.states for name in self._operands()):
            raise InputError(f"{self.title}: no node uses a previous state; a cell is recurrent.")
        widths = self.widths(_PROBE_INPUT_SIZE, _PROBE_HIDDEN_SIZE)
        for state in self.states:
            if widths[state] != _PROBE_HIDDEN_SIZE:
                raise InputError(
                    f"{self.title}: the state {state!r} is {widths[state]} wide when hidden_size "
                    f"is {_PROBE_HIDDEN_SIZE}; a state must be hidden_size wide."
                )

    @property
    def year(self) -> int:
        """Year of publication."""
        return self.paper.year

    @property
    def weighted_sums(self) -> tuple[Node, ...]:
        """The nodes that have weights, in the order of computation."""
        return tuple(node for node in self.nodes if isinstance(node.operation, WeightedSum))

    def node(self, name: str) -> Node:
        """Return the node called `name`; raises InputError when there is none."""
        for node in self.nodes:
            if node.name == name:
                return node
        names = ", ".join(node.name for node in self.nodes)
        raise InputError(f"{self.title} has no node {name!r}; its nodes are {names}.")

    def widths(self, input_size: int, hidden_size: int) -> dict[str, int]:
        """Width of every vector: "x", the previous states and all nodes, in that order.

        Raises InputError when a size is below 1.
        """
        widths = {INPUT: positive_size("input_size", input_size)}
        positive_size("hidden_size", hidden_size)
        widths |= {previous(state): hidden_size for state in self.states}
        for node in self.nodes:
            operand_widths = [widths[operand] for operand in node.operands]
            try:
                widths[node.name] = node.operation.output_width(operand_widths, hidden_size)
            except InputError as error:
                raise InputError(f"{self.title}: node {node.name!r}: {error}") from None
        return widths

    @property
    def program(self) -> tuple[str, ...]:
        """The nodes as lines of text: "f = sigmoid(W_f hx + b_f)"."""
        return tuple(
            f"{node.name} = {node.operation.written(node.name, node.operands)}"
            for node in self.nodes
        )

    def stretches(self, name: str) -> tuple[Size, ...]:
        """The sizes of which the vector `name` is made: a concatenation has one for each part.

        Raises InputError when there is no such vector.
        """
        if name == INPUT:
            return ("input",)
        if name in map(previous, self.states):
            return ("hidden",)
        node = self.node(name)
        if isinstance(node.operation, Concatenate):
            return tuple(part for operand in node.operands for part in self.stretches(operand))
        return (
            ("hidden",)
            if isinstance(node.operation, WeightedSum)
            else self.stretches(node.operands[0])
        )

    def _operands(self) -> tuple[str, ...]:
        return tuple(operand for node in self.nodes for operand in node.operands)
