"""The cells, each an ordered list of operations: the single source of everything shown.

The list is executed by `unroll`; pictures, equations and captions are made from the same list, so
that a figure cannot disagree with its formula. A new cell is a new list here, entered in `CELLS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rnn_math.arrays import positive_size
from rnn_math.errors import InputError
from rnn_math.operations import (
    Addition,
    Concatenate,
    Multiplication,
    OneMinus,
    Operation,
    Tanh,
    WeightedSum,
    WeightedSumSigmoid,
    WeightedSumTanh,
)

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

    def _operands(self) -> tuple[str, ...]:
        return tuple(operand for node in self.nodes for operand in node.operands)


_concatenate = Concatenate()
_S = WeightedSumSigmoid()
_T = WeightedSumTanh()
_times = Multiplication()
_plus = Addition()

RNN = Cell(
    name="rnn",
    title="RNN",
    long_name="recurrent neural network",
    states=("h",),
    nodes=(
        Node("hx", _concatenate, ("h_prev", "x")),
        Node("h", _T, ("hx",)),
    ),
    paper=Paper("Elman", "Finding structure in time", 1990),
    convention="tanh",
)
"""The vanilla recurrent network.

    hx = [h_prev, x]        (hidden_size + input_size,)
    h  = tanh(W_h hx + b_h) (hidden_size,)

Source: Elman, "Finding structure in time", 1990.
"""

LSTM = Cell(
    name="lstm",
    title="LSTM",
    long_name="long short-term memory",
    states=("h", "c"),
    nodes=(
        Node("hx", _concatenate, ("h_prev", "x")),
        Node("f", _S, ("hx",)),
        Node("fc", _times, ("f", "c_prev")),
        Node("i", _S, ("hx",)),
        Node("g", _T, ("hx",)),
        Node("ig", _times, ("i", "g")),
        Node("c", _plus, ("fc", "ig")),
        Node("o", _S, ("hx",)),
        Node("tc", Tanh(), ("c",)),
        Node("h", _times, ("o", "tc")),
    ),
    paper=Paper("Hochreiter & Schmidhuber", "Long short-term memory", 1997),
    convention="forget gate, no peepholes",
)
"""Long short-term memory, with a forget gate and without peepholes.

    hx = [h_prev, x]              (hidden_size + input_size,)
    f  = sigmoid(W_f hx + b_f)    forget gate, (hidden_size,) as all below
    fc = f * c_prev               what is kept of the cell state
    i  = sigmoid(W_i hx + b_i)    input gate
    g  = tanh(W_g hx + b_g)       candidate
    ig = i * g                    what is let in
    c  = fc + ig                  cell state
    o  = sigmoid(W_o hx + b_o)    output gate
    tc = tanh(c)
    h  = o * tc                   hidden state

Source: Hochreiter & Schmidhuber, "Long short-term memory", 1997; the forget gate by Gers,
Schmidhuber & Cummins, "Learning to forget: continual prediction with LSTM", 2000.
"""

GRU = Cell(
    name="gru",
    title="GRU",
    long_name="gated recurrent unit",
    states=("h",),
    nodes=(
        Node("hx", _concatenate, ("h_prev", "x")),
        Node("r", _S, ("hx",)),
        Node("z", _S, ("hx",)),
        Node("nz", OneMinus(), ("z",)),
        Node("kept", _times, ("nz", "h_prev")),
        Node("rh", _times, ("r", "h_prev")),
        Node("rhx", _concatenate, ("rh", "x")),
        Node("n", _T, ("rhx",)),
        Node("zn", _times, ("z", "n")),
        Node("h", _plus, ("kept", "zn")),
    ),
    paper=Paper(
        "Cho et al.",
        "Learning phrase representations using RNN encoder-decoder "
        "for statistical machine translation",
        2014,
    ),
    convention="h' = (1 - z) h + z n, reset before the product",
)
"""The gated recurrent unit, with the reset applied before the product.

    hx   = [h_prev, x]              (hidden_size + input_size,)
    r    = sigmoid(W_r hx + b_r)    reset gate, (hidden_size,)
    z    = sigmoid(W_z hx + b_z)    update gate, (hidden_size,)
    nz   = 1 - z
    kept = nz * h_prev              what is kept of the hidden state
    rh   = r * h_prev               the hidden state the candidate may see
    rhx  = [rh, x]                  (hidden_size + input_size,)
    n    = tanh(W_n rhx + b_n)      candidate, (hidden_size,)
    zn   = z * n
    h    = kept + zn                hidden state, (hidden_size,)

Here z weighs the candidate, as illustrated cells draw it. The paper lets z weigh the old state;
negating W_z and b_z turns one into the other, for sigmoid(-a) = 1 - sigmoid(a).

Source: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical
machine translation", 2014.
"""

CELLS: Mapping[str, Cell] = MappingProxyType({cell.name: cell for cell in (RNN, LSTM, GRU)})
"""Every cell by its name."""


def get_cell(name: str) -> Cell:
    """Return the cell called `name`; raises InputError, listing the names, when there is none."""
    if name not in CELLS:
        raise InputError(f"There is no cell {name!r}; the cells are {', '.join(CELLS)}.")
    return CELLS[name]
