"""The words of the picture, in English: names of vectors and steps, and what a gate did."""

from collections.abc import Iterable, Sequence

from rnn_math import (
    Cell,
    Node,
    Trace,
    WeightedSumSigmoid,
    counted,
)
from scenes.excerpt import Excerpt
from scenes.metrics import drawable
from scenes.numbers import ELLIPSIS

OPEN = 0.9
CLOSED = 0.1
"""A gate above `OPEN` is called open, one below `CLOSED` closed."""

CREDIT = 'After "Animated RNN, LSTM and GRU" by Raimi Karim (2018)'

LEGEND_TITLE = "Symbols of the recurrent cells"
LONGEST_LABEL = 16
"""Characters of a timestep's label; the end of a longer one is cut off."""

BETWEEN_PARTS = " · "

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
    ("rnn-relu", "h"): "hidden state",
    ("gru-reset-before", "r"): "reset gate",
    ("gru-reset-before", "z"): "update gate",
    ("gru-reset-before", "kept"): "update gate × old hidden state",
    ("gru-reset-before", "nz"): "one minus update gate",
    ("gru-reset-before", "rh"): "reset gate × old hidden state",
    ("gru-reset-before", "rhx"): "concatenate reset hidden state and input",
    ("gru-reset-before", "n"): "candidate",
    ("gru-reset-before", "zn"): "(1 − update gate) × candidate",
    ("gru-reset-before", "h"): "hidden state",
    ("gru-reset-after", "r"): "reset gate",
    ("gru-reset-after", "z"): "update gate",
    ("gru-reset-after", "kept"): "update gate × old hidden state",
    ("gru-reset-after", "nz"): "one minus update gate",
    ("gru-reset-after", "hn"): "old state’s part of the candidate",
    ("gru-reset-after", "rhn"): "reset gate × old state’s part",
    ("gru-reset-after", "xn"): "input’s part of the candidate",
    ("gru-reset-after", "s"): "both parts of the candidate",
    ("gru-reset-after", "n"): "candidate",
    ("gru-reset-after", "zn"): "(1 − update gate) × candidate",
    ("gru-reset-after", "h"): "hidden state",
}
_SHARED_NAMES = {"hx": "concatenate hidden state and input"}
_STATE_NAMES = {"h": "hidden state", "c": "cell state"}


def legend_title(cells: Sequence[Cell]) -> str:
    """What the legend of these cells is called: "Symbols of LSTM and GRU"; of all without cells."""
    if not cells:
        return LEGEND_TITLE
    *rest, last = (cell.title for cell in cells)
    return f"Symbols of {', '.join(rest)} and {last}" if rest else f"Symbols of the {last}"


def sheet_title(cell: Cell) -> str:
    """What a sheet of a cell's steps says of itself."""
    return f"{cell.title}: {cell.long_name}, step by step"


def sheet_facts(cell: Cell, excerpt: Excerpt) -> str:
    """What stands below the cell's name on a sheet."""
    sizes = (
        counted(excerpt.timesteps, "timestep"),
        f"input size {excerpt.input_size}",
        f"hidden size {excerpt.hidden_size}",
    )
    return BETWEEN_PARTS.join((cell.long_name, ", ".join(sizes)))


def page_number(page: int, pages: int) -> str:
    """Which page of a sheet this is."""
    return f"page {page} of {pages}"


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


def beginning(states: Sequence[str], *, is_first: bool) -> str:
    """The step before the computation of the first timestep drawn, `is_first` of all or not."""
    names = " and ".join(_STATE_NAMES[state] for state in states)
    return f"the {'first ' if is_first else ''}input arrives; the {names} before it"


def timestep_label(excerpt: Excerpt, row: int) -> str:
    """Which timestep the trace's `row` is, and its label: "t = 3 of 12 · 'l'"."""
    place = f"t = {excerpt.position(row)} of {excerpt.timesteps}"
    if excerpt.backward:
        place += ", read backward"
    label = drawable(excerpt.label(row))
    if len(label) > LONGEST_LABEL:
        label = label[: LONGEST_LABEL - 1] + ELLIPSIS
    return BETWEEN_PARTS.join(part for part in (place, label) if part)


def shown_forms(excerpt: Excerpt) -> tuple[str, ...]:
    """Which units and inputs are shown, longest form first; nothing when all of them are.

    "units 5 and 17 of 128 · inputs 2, 9 and 33 of 300", or "2 of 128 units · 3 of 300 inputs".
    """
    parts = [
        (noun, chosen, size)
        for noun, chosen, size in (
            ("unit", excerpt.units, excerpt.hidden_size),
            ("input", excerpt.features, excerpt.input_size),
        )
        if len(chosen) < size
    ]
    if not parts:
        return ()
    return (
        BETWEEN_PARTS.join(f"{numbered(noun, chosen)} of {size}" for noun, chosen, size in parts),
        BETWEEN_PARTS.join(f"{len(chosen)} of {size} {noun}s" for noun, chosen, size in parts),
    )


def numbered(noun: str, indices: Sequence[int]) -> str:
    """Things by their numbers, counted from 1: "unit 5", "units 2, 9 and 33"."""
    *others, last = (str(index + 1) for index in indices)
    return f"{noun}s {', '.join(others)} and {last}" if others else f"{noun} {last}"


def all_products(count: int) -> str:
    """What a sum is over, where not all of it is shown."""
    return f"sum of all {count} products"


def gist(trace: Trace, node: Node, t: int, excerpt: Excerpt) -> str:
    """What a gate, or a gate's product with a state, did at the trace's row `t`, by shown units.

    Empty for other steps and where more units than fit would have to be told.
    """
    units = excerpt.units
    if len(units) > _TOLD_UNITS:
        return ""
    if isinstance(node.operation, WeightedSumSigmoid):
        gates = trace.vector(node.name, t)
        return _units(units, (_opening(float(gates[unit])) for unit in units))
    verb = _VERBS.get((trace.cell.name, node.name))
    if verb is not None:
        gates = trace.vector(node.operands[0], t)
        return _units(units, (verb.format(_percent(float(gates[unit]))) for unit in units))
    return ""


# What a gate does to the old state, or to its part, that it multiplies.
_VERBS = {
    ("lstm", "fc"): "keeps {}",
    ("gru", "kept"): "keeps {}",
    ("gru", "rh"): "lets {} through",
    ("gru-reset-before", "kept"): "keeps {}",
    ("gru-reset-before", "rh"): "lets {} through",
    ("gru-reset-after", "kept"): "keeps {}",
    ("gru-reset-after", "rhn"): "lets {} through",
}
_TOLD_UNITS = 3


def _opening(gate: float) -> str:
    if gate > OPEN:
        return "open"
    return "closed" if gate < CLOSED else "partly open"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _units(units: Sequence[int], words: Iterable[str]) -> str:
    return ", ".join(f"unit {unit + 1} {word}" for unit, word in zip(units, words, strict=True))
