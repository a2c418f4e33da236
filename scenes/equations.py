"""Equations in Typst's mathematics, made from the cell's own list of operations.

Each operation's symbol writes its own part; here they are put together.
"""

from rnn_math import INPUT, Cell, Concatenate, Node, Trace, WeightedSum, previous
from scenes.numbers import number, vector
from scenes.symbols import Expression, symbol_of

NOW = "_t"
BEFORE = "_(t-1)"

# A node with a letter of its own is written by it; any other by its operands.
_LETTERS = {"h": "h", "c": "C", "f": "f", "i": "i", "g": "g", "o": "o", "r": "r", "z": "z", "n": "n"}
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


def told_equations(
    trace: Trace, node: Node, t: int, *, in_full: bool
) -> tuple[tuple[str, str], ...]:
    """Two lines that tell a node at timestep `t` (from 0): its equation, and its numbers.

    There are several such pairs, fullest first: the picture takes the first that fits its width.
    The fullest pair of a weighted sum, told `in_full`, shows how the first unit's sum comes about.
    """
    letters = equation(trace.cell, node)
    result = vector(trace.vector(node.name, t))
    operands = [trace.vector(operand, t) for operand in node.operands]
    if isinstance(node.operation, WeightedSum):
        s = trace.weighted_sums[node.name][t]
        numbers = f"{symbol_of(node.operation).numbers([s])} ≈ {result}"
        full = ((f"{letters} = {numbers}", _first_unit(trace, node, t)),) if in_full else ()
        return (
            *full,
            (letters, f"= {numbers}"),
            (letters, f"≈ {result}"),
        )
    if isinstance(node.operation, Concatenate):
        return ((letters, f"= {result}"),)
    numbers = symbol_of(node.operation).numbers(operands)
    return ((letters, f"= {numbers} ≈ {result}"), (letters, f"≈ {result}"))


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
    products = [f"{_factor(w)} ⋅ {_factor(value)}" for w, value in zip(W[0], v, strict=True)]
    return f'"unit 1:" quad {" + ".join([*products, _factor(b[0])])} ≈ {number(float(s[0]))}'


def _factor(value: float) -> str:
    text = number(float(value))
    return text if text[0].isdigit() else f"({text})"
