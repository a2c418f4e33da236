"""Equations in Typst's mathematics, made from the cell's own list of operations.

Each operation's symbol writes its own part; here they are put together.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rnn_math import INPUT, Cell, Concatenate, Node, Trace, WeightedSum, previous
from scenes.excerpt import Excerpt
from scenes.language import Language
from scenes.numbers import (
    DECIMALS,
    LARGE,
    MINUS,
    in_formula,
    number,
    quoted,
    relation,
    trimmed,
    vector,
)
from scenes.symbols import Expression, symbol_of

NOW = "_t"
BEFORE = "_(t-1)"
AFTER = "_(t+1)"
"""What was computed before, where the sequence is read from its end."""

# A node with a letter of its own is written by it; any other by its operands.
_LETTERS = {
    "h": "h",
    "c": "C",
    "f": "f",
    "i": "i",
    "g": "g",
    "o": "o",
    "r": "r",
    "z": "z",
    "n": "n",
}
_INPUT_LETTER = "X"


@dataclass(frozen=True)
class Told:
    """A step in formulas: all there is to say, and the forms that the strip chooses from."""

    equations: tuple[str, ...]
    """With letters."""
    numbers: tuple[str, ...]
    """With numbers, and with what comes out."""
    forms: tuple[tuple[str, str], ...]
    """Pairs of lines, fullest first: the picture takes the first that fits its width."""

    def changed(self, change: Callable[[str], str]) -> "Told":
        """The same with a change made to each formula."""
        return Told(
            tuple(map(change, self.equations)),
            tuple(map(change, self.numbers)),
            tuple((change(first), change(second)) for first, second in self.forms),
        )


def letter(cell: Cell, name: str) -> str | None:
    """The letter of a vector with its time: "f_t", "C_(t-1)"; None when it has none."""
    if name == INPUT:
        return _INPUT_LETTER + NOW
    for state in cell.states:
        if name == previous(state):
            return _LETTERS[state] + BEFORE
    return _LETTERS[name] + NOW if name in _LETTERS else None


def expression(cell: Cell, name: str) -> Expression:
    """A vector as it stands in another's formula: its letter, or else its own formula."""
    own = letter(cell, name)
    if own is not None:
        return Expression(own)
    return formula(cell, cell.node(name))


def formula(cell: Cell, node: Node) -> Expression:
    """The right side of a node's equation."""
    operands = [expression(cell, operand) for operand in node.operands]
    return symbol_of(node.operation).formula(node.name, operands)


def equation(cell: Cell, node: Node) -> str:
    """A node's equation with letters: "f_t = σ(W_f [h_(t-1), X_t] + b_f)"."""
    own = letter(cell, node.name)
    right = formula(cell, node).text
    return right if own is None else f"{own} = {right}"


def read_backward(formula: str) -> str:
    """The formula where the sequence is read from its end: the state before t is that of t + 1."""
    return formula.replace(BEFORE, AFTER)


def told_equations(
    trace: Trace, node: Node, t: int, excerpt: Excerpt, language: Language, *, take_apart: bool
) -> Told:
    """A node at the trace's row `t`: its equation, and its shown numbers.

    A weighted sum that is to be taken apart shows how its first shown unit's sum comes about; one
    whose operands are not all shown says that they are all in the sum.
    """
    cell = trace.cell
    letters = equation(cell, node)
    value = excerpt.cut(cell, node.name, trace.vector(node.name, t))
    result = f"{relation(value)} {vector(value)}"
    if isinstance(node.operation, Concatenate):
        return Told((letters,), (result,), ((f"{letters} {result}", ""), (letters, result)))
    is_sum = isinstance(node.operation, WeightedSum)
    operands = (
        [excerpt.cut(cell, node.name, trace.weighted_sums[node.name][t])]
        if is_sum
        else [excerpt.cut(cell, operand, trace.vector(operand, t)) for operand in node.operands]
    )
    shown = relation(value for operand in operands for value in operand)
    calculation = symbol_of(node.operation).numbers(operands)
    numbers = f"{shown} {calculation} {result}" if calculation else result
    pairs = [(letters, numbers), (f"{letters} {result}", ""), (letters, result)]
    if not is_sum:
        return Told((letters,), (numbers,), tuple(pairs))
    if excerpt.indices(cell, node.operands[0]).ellipses:
        count = trace.parameters.weights[node.name].shape[1]
        note = f"quad {quoted(language.strip.each_sum_of_all.format(count=count))}"
        pairs = [(letters, f"{numbers} {note}"), (letters, f"{result} {note}"), *pairs]
    _, fullest = pairs[0]
    first_unit = _first_unit(trace, node, t, excerpt, language) if take_apart else ""
    if not first_unit:
        return Told((letters,), (fullest,), tuple(pairs))
    apart = (f"{letters} {numbers}", first_unit)
    return Told((letters,), (fullest, first_unit), (apart, *pairs))


def entering_equations(trace: Trace, t: int, excerpt: Excerpt) -> Told:
    """The states before the trace's row `t`, and its input."""
    cell = trace.cell
    *states, arriving = (
        f"{letter(cell, name)} {relation(shown)} {vector(shown)}"
        for name in (*map(previous, reversed(cell.states)), INPUT)
        for shown in [excerpt.cut(cell, name, trace.vector(name, t))]
    )
    together = _BETWEEN.join(states)
    forms = ((_BETWEEN.join([*states, arriving]), ""), (together, arriving))
    return Told((), (*states, arriving), forms)


def leaving_equation(trace: Trace, state: str, t: int, excerpt: Excerpt) -> Told:
    """The new value of a state at the trace's row `t`."""
    shown = excerpt.cut(trace.cell, state, trace.vector(state, t))
    told = f"{letter(trace.cell, state)} ≈ {vector(shown)}"
    return Told((), (told,), ((told, ""),))


def state_equations(trace: Trace, excerpt: Excerpt) -> Told:
    """The states' equations and, where there is room, their values after the last timestep."""
    cell = trace.cell
    last = excerpt.stop - 1
    letters = [equation(cell, cell.node(state)) for state in reversed(cell.states)]
    numbers = [
        f"{_LETTERS[state]}_{excerpt.position(last)} ≈ "
        f"{vector(excerpt.cut(cell, state, trace.vector(state, last)))}"
        for state in reversed(cell.states)
    ]
    forms = ((_BETWEEN.join([*letters, *numbers]), ""), (_BETWEEN.join(letters), ""))
    return Told(tuple(letters), tuple(numbers), forms)


_BETWEEN = " wide "


def _first_unit(trace: Trace, node: Node, t: int, excerpt: Excerpt, language: Language) -> str:
    """The first shown unit's weighted sum, product by product, or nothing.

    The weights get as many decimals as it takes for the written terms to add up to the written
    sum; where even the most are too few, because the operands are rounded, nothing is told. Where
    not all operands are shown, the products are told by their number.
    """
    (operand,) = node.operands
    unit = excerpt.units[0]
    v = trace.vector(operand, t)
    W = trace.parameters.weights[node.name][unit]
    b = float(trace.parameters.biases[node.name][unit])
    s = float(trace.weighted_sums[node.name][t][unit])
    label = f"{quoted(language.strip.of_unit.format(unit=unit + 1))} quad"
    if excerpt.indices(trace.cell, operand).ellipses:
        total = f"{relation([s])} {in_formula(number(s))}"
        products = quoted(language.strip.sum_of_all.format(count=len(W)))
        return f"{label} {products} + b {total}"
    if max(abs(value) for value in (*v, *W, b, s)) >= LARGE:
        return ""
    for decimals in _WEIGHT_DECIMALS:
        written = sum(
            round(float(w), decimals) * round(float(value), DECIMALS)
            for w, value in zip(W, v, strict=True)
        ) + round(b, decimals)
        if abs(round(written, DECIMALS) - round(s, DECIMALS)) < _HALF_A_CENT:
            break
    else:
        return ""
    terms = [
        f"{trimmed(float(w), decimals)} ⋅ {_factor(float(value))}"
        for w, value in zip(W, v, strict=True)
    ]
    total = " + ".join([*terms, trimmed(b, decimals)]).replace(f"+ {MINUS}", "- ")
    sign = "=" if abs(written - round(s, DECIMALS)) < _HALF_A_CENT / _FINER else "≈"
    return f"{label} {total} {sign} {number(s)}"


_WEIGHT_DECIMALS = (2, 3, 4)
_HALF_A_CENT = 0.005
_FINER = 100.0


def _factor(value: float) -> str:
    text = number(value)
    return text if text[0].isdigit() else f"({text})"
