"""Formulas, differentiated: the local rule by which an operation sends a gradient back.

    derivative(Product((Name("f"), Name("C"))), Name("C")) -> Name("f")
    sent_rule(LSTM, LSTM.node("fc"), "f") -> dL/d(f_t * C_(t-1)) * C_(t-1)

The rule comes out of the operation's own formula, so what is printed is what is drawn and computed.
"""

from gatereel.rnn_math.cell import Cell, Node
from gatereel.rnn_math.formulas import (
    ONE,
    Concatenation,
    Difference,
    Formula,
    Function,
    LossGradient,
    MatrixProduct,
    Name,
    Negative,
    Product,
    Square,
    Sum,
    Transposed,
    with_names,
)
from gatereel.rnn_math.operations import Concatenate, WeightedSum


def derivative(formula: Formula, by: Formula, called: Formula | None = None) -> Formula | None:
    """D formula / d by, element by element; None where it is 0.

    `called` is what a function's result is called, so that tanh' is 1 - g^2 where g = tanh(s).
    Raises ValueError for what has no derivative here.
    """
    if formula == by:
        return ONE
    match formula:
        case Sum(terms):
            return _sum([derivative(term, by) for term in terms])
        case Difference(left, right):
            first, second = derivative(left, by), derivative(right, by)
            return _sum([first, None if second is None else _negative(second)])
        case Product(factors):
            parts: list[Formula | None] = []
            for place, factor in enumerate(factors):
                slope = derivative(factor, by)
                if slope is not None:
                    others = (*factors[:place], *factors[place + 1 :])
                    parts.append(_product((slope, *others)))
            return _sum(parts)
        case Function(name, argument):
            inner = derivative(argument, by)
            if inner is None:
                return None
            return _product((_slope(name, called or formula), inner))
        case MatrixProduct() | Concatenation():
            raise ValueError(f"{formula} is no formula of single elements")
        case _:
            return None


def sent_rule(cell: Cell, node: Node, operand: str) -> Formula:
    """What a node sends to an operand, dL/d operand as far as it comes from this node.

    Of a concatenation it is the gradient by the operand itself, a stretch of the whole's.
    """
    sent = LossGradient(cell.expression(node.name))
    operation = node.operation
    if isinstance(operation, Concatenate):
        return LossGradient(cell.expression(operand))
    if isinstance(operation, WeightedSum):
        return MatrixProduct(Transposed(Name("W", node.name)), _product((sent, slope(cell, node))))
    # Each operand by its own name: two that are written alike are not the same.
    names = [Name(name) for name in node.operands]
    local = derivative(operation.formula(node.name, names), Name(operand), Name(node.name))
    if local is None:
        raise ValueError(f"{node.name} is not made of {operand}")
    return _product((sent, _spelled(cell, local)))


def slope(cell: Cell, node: Node) -> Formula:
    """How steep a weighted sum's activation is: f * (1 - f) of sigmoid, 1 without activation."""
    operation = node.operation
    assert isinstance(operation, WeightedSum)
    s = Name("s")
    found = derivative(operation.activated(s), s, cell.expression(node.name))
    assert found is not None
    return found


def _slope(name: str, result: Formula) -> Formula:
    match name:
        case "sigmoid":
            return Product((result, Difference(ONE, result)))
        case "tanh":
            return Difference(ONE, Square(result))
        case _:
            return Function(f"{name}'", Name("s"))


def _spelled(cell: Cell, formula: Formula) -> Formula:
    """The same with the letters that formulas have in place of names in the list."""
    return with_names(formula, lambda name: cell.expression(name.letter))


def _product(factors: tuple[Formula, ...]) -> Formula:
    """A product without ones, its signs before it."""
    flat: list[Formula] = []
    is_negative = False
    for factor in factors:
        while isinstance(factor, Negative):
            is_negative, factor = not is_negative, factor.of
        if isinstance(factor, Product):
            flat += factor.factors
        elif factor != ONE:
            flat.append(factor)
    found: Formula = Product(tuple(flat)) if len(flat) > 1 else flat[0] if flat else ONE
    return Negative(found) if is_negative else found


def _sum(terms: list[Formula | None]) -> Formula | None:
    there = tuple(term for term in terms if term is not None)
    if len(there) > 1:
        return Sum(there)
    return there[0] if there else None


def _negative(formula: Formula) -> Formula:
    return formula.of if isinstance(formula, Negative) else Negative(formula)
