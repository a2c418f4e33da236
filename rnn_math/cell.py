"""What a cell is: an ordered list of operations, the single source of everything shown.

The list is executed by `unroll`; pictures, equations and captions are made from the same list, so
that a figure cannot disagree with its formula. A line also says what its result is in plain words,
and which letter formulas give it: all that the other packages need to know of a cell. The cells
themselves stand in `rnn_math/cells`.
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from gatereel.rnn_math.arrays import positive_size
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.formulas import BEFORE, NOW, Chain, Formula, Link, Name
from gatereel.rnn_math.operations import (
    Concatenate,
    Multiplication,
    Operation,
    Projection,
    WeightedSum,
)
from gatereel.rnn_math.printing import PLAIN
from gatereel.rnn_math.records import dataclass

Size = Literal["hidden", "input", "projected"]
"""Which of a model's sizes a stretch of a vector has; a projected state has one of its own."""

Gate = Literal["", "keeps", "lets through"]
"""What a gate does to what it multiplies: it keeps so much of it, or lets so much through."""

INPUT = "x"
"""Operand name of the input at this timestep."""

INPUT_ROLE = "input"

_PREVIOUS_SUFFIX = "_prev"

# Two sizes that differ: operands that only fit when both sizes are equal are found out.
_PROBE_INPUT_SIZE = 3
_PROBE_HIDDEN_SIZE = 2


def previous(state: str) -> str:
    """Operand name of a state before this timestep: `previous("h")` is "h_prev"."""
    return state + _PREVIOUS_SUFFIX


@dataclass(frozen=True)
class Node:
    """One line of a cell: `name = operation(operands)`, and what the cell says of the result.

    An operand is "x", a state before this timestep ("h_prev", "c_prev") or an earlier node.
    """

    name: str
    operation: Operation
    operands: tuple[str, ...]
    role: str = ""
    """What the result is, in plain words: "forget gate". Without it, what the operation says."""
    letter: str = ""
    """What formulas call it: "C" for C_t. Without a letter, it is written by its operands there;
    a state without one is called by its name."""
    gate: Gate = ""
    """What its first operand, a gate, does to the second."""


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
    roles_before: tuple[str, ...] = ("hidden state in", "cell state in")
    """What the states before a timestep are, in plain words, in the order of `states`."""
    input_letter: str = "X"
    """What formulas call the input."""
    projected: int = 0
    """How wide the first state is where a projection makes it narrower than the others; else 0."""
    variant_of: str = ""
    """The cell whose list it has, with other functions in it."""

    def __post_init__(self) -> None:
        """Check the program."""
        known = set(self.given)
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
            if widths[state] != self.state_width(state, _PROBE_HIDDEN_SIZE):
                raise InputError(
                    f"{self.title}: the state {state!r} is {widths[state]} wide when hidden_size "
                    f"is {_PROBE_HIDDEN_SIZE}; a state must be hidden_size wide, unless it is "
                    "projected."
                )
        for node in self.nodes:
            if node.gate and not isinstance(node.operation, Multiplication):
                raise InputError(
                    f"{self.title}: node {node.name!r} cannot say that a gate {node.gate!r} its "
                    f"operand: it is no multiplication but {node.operation.title}."
                )

    @property
    def family(self) -> str:
        """The name of the cell whose list, drawing and words it has; its own, if no variant."""
        return self.variant_of or self.name

    @property
    def year(self) -> int:
        """Year of publication."""
        return self.paper.year

    @cached_property
    def given(self) -> tuple[str, ...]:
        """The vectors that a timestep is given: its input and the states before it."""
        return (INPUT, *map(previous, self.states))

    @cached_property
    def vectors(self) -> tuple[str, ...]:
        """Every vector: those that are given and those that nodes compute, in that order."""
        return (*self.given, *(node.name for node in self.nodes))

    @cached_property
    def shares(self) -> frozenset[str]:
        """The vectors that are shares, 0 to 1: how far a gate is open."""
        return frozenset(node.name for node in self.nodes if node.operation.is_share)

    @cached_property
    def states_before(self) -> Mapping[str, str]:
        """The states by what they are called before a timestep: "h_prev" to "h"."""
        return MappingProxyType({previous(state): state for state in self.states})

    @cached_property
    def weighted_sums(self) -> tuple[Node, ...]:
        """The nodes that have weights, in the order of computation."""
        return tuple(node for node in self.nodes if isinstance(node.operation, WeightedSum))

    def node(self, name: str) -> Node:
        """Return the node called `name`; raises InputError when there is none."""
        if name in self._by_name:
            return self._by_name[name]
        names = ", ".join(node.name for node in self.nodes)
        raise InputError(f"{self.title} has no node {name!r}; its nodes are {names}.")

    def state_width(self, state: str, hidden_size: int) -> int:
        """How wide a state is."""
        return self.projected if self.projected and state == self.states[0] else hidden_size

    def widths(self, input_size: int, hidden_size: int) -> dict[str, int]:
        """Width of every vector: "x", the previous states and all nodes, in that order.

        Raises InputError when a size is below 1.
        """
        widths = {INPUT: positive_size("input_size", input_size)}
        positive_size("hidden_size", hidden_size)
        widths |= {previous(s): self.state_width(s, hidden_size) for s in self.states}
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
        return tuple(f"{node.name} = {PLAIN.text(_formula(node))}" for node in self.nodes)

    def stretches(self, name: str) -> tuple[Size, ...]:
        """The sizes of which the vector `name` is made: a concatenation has one for each part.

        Raises InputError when there is no such vector.
        """
        if name not in self._stretches:
            self.node(name)
        return self._stretches[name]

    def roles(self, name: str) -> tuple[str, ...]:
        """What the stretches of the vector `name` are, in plain words, in the order of `stretches`.

        Raises InputError when there is no such vector.
        """
        if name == INPUT:
            return (INPUT_ROLE,)
        if name in self.states_before:
            place = self.states.index(self.states_before[name])
            known = place < len(self.roles_before)
            return (self.roles_before[place] if known else f"{self.states[place]} state in",)
        node = self.node(name)
        if isinstance(node.operation, Concatenate):
            return tuple(role for operand in node.operands for role in self.roles(operand))
        return (node.role or node.operation.role,)

    def letter(self, name: str) -> Name | None:
        """What formulas call a vector, with its time: f_t, C_(t-1); None when it has no letter.

        Raises InputError when there is no such vector.
        """
        if name == INPUT:
            return Name(self.input_letter, NOW)
        if name in self.states_before:
            return Name(self.state_letter(self.states_before[name]), BEFORE)
        letter = self.state_letter(name) if name in self.states else self.node(name).letter
        return Name(letter, NOW) if letter else None

    def state_letter(self, state: str) -> str:
        """What formulas call a state: "C" of an LSTM's "c"."""
        return self.node(state).letter or state

    def expression(self, name: str) -> Formula:
        """A vector as it stands in another's formula: its letter, or else its own formula."""
        return self.letter(name) or self.formula(name)

    def formula(self, name: str) -> Formula:
        """The right side of a node's equation, in letters. Raises InputError without a node."""
        node = self.node(name)
        return node.operation.formula(name, [self.expression(each) for each in node.operands])

    def equation(self, name: str) -> Chain:
        """A node's equation in letters, f_t = sigmoid(W_f [h_(t-1), X_t] + b_f).

        Without a letter of its own it is the right side alone. Raises InputError without a node.
        """
        return self._equations[self.node(name).name]

    @cached_property
    def _by_name(self) -> Mapping[str, Node]:
        return {node.name: node for node in self.nodes}

    @cached_property
    def _stretches(self) -> Mapping[str, tuple[Size, ...]]:
        found: dict[str, tuple[Size, ...]] = {INPUT: ("input",)}
        for name, state in self.states_before.items():
            is_projected = self.projected and state == self.states[0]
            found[name] = ("projected",) if is_projected else ("hidden",)
        for node in self.nodes:
            if isinstance(node.operation, Concatenate):
                found[node.name] = tuple(
                    part for operand in node.operands for part in found[operand]
                )
            elif isinstance(node.operation, Projection):
                found[node.name] = ("projected",)
            elif isinstance(node.operation, WeightedSum):
                found[node.name] = ("hidden",)
            else:
                found[node.name] = found[node.operands[0]]
        return found

    @cached_property
    def _equations(self) -> Mapping[str, Chain]:
        found: dict[str, Chain] = {}
        for node in self.nodes:
            own, right = self.letter(node.name), self.formula(node.name)
            found[node.name] = Chain(right) if own is None else Chain(own, (Link("=", right),))
        return found

    def _operands(self) -> tuple[str, ...]:
        return tuple(operand for node in self.nodes for operand in node.operands)


def _formula(node: Node) -> Formula:
    """A line of the program, whose operands are called by their names."""
    return node.operation.formula(node.name, [Name(operand) for operand in node.operands])
