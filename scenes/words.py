"""The words of the picture, in English: names of vectors and steps, and what a gate did."""

from collections.abc import Iterable, Sequence

from rnn_math import (
    Cell,
    Node,
    Trace,
    WeightedSumSigmoid,
)

OPEN = 0.9
CLOSED = 0.1
"""A gate above `OPEN` is called open, one below `CLOSED` closed."""

CREDIT = 'After "Animated RNN, LSTM and GRU" by Raimi Karim (2018)'

LEGEND_TITLE = "Symbols of the recurrent cells"
FIRST_UNIT = "unit 1:"
PLAIN_TANH = "a T without lines is tanh alone"

_NAMES = {
    ("rnn", "h"): "hidden state",
    ("lstm", "f"): "forget gate",
    ("lstm", "fc"): "forget gate × old cell state",
    ("lstm", "i"): "input gate",
    ("lstm", "g"): "candidate",
    ("lstm", "ig"): "input gate × candidate",
    ("lstm", "c"): "cell state",
    ("lstm", "o"): "output gate",
    ("lstm", "tc"): "tanh of the cell state",
    ("lstm", "h"): "hidden state",
    ("gru", "r"): "reset gate",
    ("gru", "z"): "update gate",
    ("gru", "nz"): "one minus update gate",
    ("gru", "kept"): "(1 − update gate) × old hidden state",
    ("gru", "rh"): "reset gate × old hidden state",
    ("gru", "rhx"): "concatenate reset hidden state and input",
    ("gru", "n"): "candidate",
    ("gru", "zn"): "update gate × candidate",
    ("gru", "h"): "hidden state",
}
_SHARED_NAMES = {"hx": "concatenate hidden state and input"}
_STATE_NAMES = {"h": "hidden state", "c": "cell state"}


def vector_name(cell: Cell, name: str) -> str:
    """What a node is called: "forget gate"; the node's own name where no word is known."""
    return _NAMES.get((cell.name, name)) or _SHARED_NAMES.get(name, name)


def step_name(cell: Cell, node: Node) -> str:
    """What a step is called: "forget gate"; the operation is named in the drawing."""
    return vector_name(cell, node.name)


def leaving(state: str) -> str:
    """The step in which a state leaves the cell."""
    return f"the {_STATE_NAMES[state]} leaves the cell"


def returning(states: Sequence[str]) -> str:
    """The step between two timesteps."""
    names = " and ".join(_STATE_NAMES[state] for state in states)
    verb = "go" if len(states) > 1 else "goes"
    return f"the {names} {verb} round, the next input arrives"


def beginning(states: Sequence[str]) -> str:
    """The step before the first timestep's computation."""
    names = " and ".join(_STATE_NAMES[state] for state in states)
    return f"the first input arrives; the {names} before it"


def timestep_label(timestep: int, timesteps: int) -> str:
    """Which timestep is shown, counted from 1."""
    return f"t = {timestep} of {timesteps}"


def gist(trace: Trace, node: Node, t: int) -> str:
    """What a gate, or a gate's product with a state, did at timestep `t` (from 0).

    Empty for other steps and where more units than fit would have to be told.
    """
    if trace.hidden_size > _TOLD_UNITS:
        return ""
    if isinstance(node.operation, WeightedSumSigmoid):
        return _units(_opening(float(gate)) for gate in trace.vector(node.name, t))
    verb = _VERBS.get((trace.cell.name, node.name))
    if verb is not None:
        gate = node.operands[0]
        return _units(verb.format(_percent(float(g))) for g in trace.vector(gate, t))
    return ""


# What a gate does to the old state it multiplies.
_VERBS = {
    ("lstm", "fc"): "keeps {}",
    ("gru", "kept"): "keeps {}",
    ("gru", "rh"): "lets {} through",
}
_TOLD_UNITS = 3


def _opening(gate: float) -> str:
    if gate > OPEN:
        return "open"
    return "closed" if gate < CLOSED else "partly open"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _units(words: Iterable[str]) -> str:
    return ", ".join(f"unit {unit} {word}" for unit, word in enumerate(words, start=1))
