"""Equations in Typst's mathematics, made from the cell's own list of operations.

Each operation's symbol writes its own part; here they are put together.
"""

from typing import Literal

from rnn_math import INPUT, Cell, Concatenate, Node, Trace, WeightedSum, previous
from scenes.numbers import MINUS, number, relation, short_number, vector
from scenes.symbols import Expression, symbol_of

NOW = "_t"
BEFORE = "_(t-1)"

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


Detail = Literal["result", "numbers", "sum"]
"""How much a step tells: its result, all its numbers, or also how a weighted sum comes about."""


def told_equations(trace: Trace, node: Node, t: int, detail: Detail) -> tuple[tuple[str, str], ...]:
    """Two lines that tell a node at timestep `t` (from 0): its equation, and its numbers.

    There are several such pairs, fullest first: the picture takes the first that fits its width.
    A pair that tells the result alone needs one line.
    """
    letters = equation(trace.cell, node)
    result = vector(trace.vector(node.name, t))
    if isinstance(node.operation, Concatenate):
        told = f"{relation(trace.vector(node.name, t))} {result}"
        return ((f"{letters} {told}", ""), (letters, told))
    only_result = ((f"{letters} ≈ {result}", ""), (letters, f"≈ {result}"))
    if detail == "result":
        return only_result
    is_sum = isinstance(node.operation, WeightedSum)
    operands = (
        [trace.weighted_sums[node.name][t]]
        if is_sum
        else [trace.vector(operand, t) for operand in node.operands]
    )
    numbers = f"{symbol_of(node.operation).numbers(operands)} ≈ {result}"
    full = ((letters, f"= {numbers}"), *only_result)
    if is_sum and detail == "sum":
        return (f"{letters} = {numbers}", _first_unit(trace, node, t)), *full
    return full


def state_equations(trace: Trace) -> tuple[tuple[str, str], ...]:
    """The states' equations and, where there is room, their values after the last timestep."""
    cell = trace.cell
    letters = [equation(cell, cell.node(state)) for state in reversed(cell.states)]
    numbers = [
        f"{_LETTERS[state]}_{trace.timesteps} ≈ {vector(trace.final[state])}"
        for state in reversed(cell.states)
    ]
    return (_BETWEEN.join([*letters, *numbers]), ""), (_BETWEEN.join(letters), "")


_BETWEEN = " wide "


def _first_unit(trace: Trace, node: Node, t: int) -> str:
    """The first unit's weighted sum, product by product."""
    (operand,) = node.operands
    v = trace.vector(operand, t)
    W = trace.parameters.weights[node.name]
    b = trace.parameters.biases[node.name]
    s = trace.weighted_sums[node.name][t]
    weights = [short_number(float(w)) for w in W[0]]
    products = [f"{w} ⋅ {_factor(value)}" for w, value in zip(weights, v, strict=True)]
    terms = [*products, short_number(float(b[0]))]
    summed = " + ".join(terms).replace(f"+ {MINUS}", "- ")
    return f'"unit 1:" quad {summed} ≈ {number(float(s[0]))}'


def _factor(value: float) -> str:
    text = number(float(value))
    return text if text[0].isdigit() else f"({text})"
