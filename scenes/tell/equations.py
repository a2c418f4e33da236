"""What the strip and the description say in formulas: a cell's equations, a trace's numbers.

The equations are the cell's (`Cell.equation`); here they meet what is shown of a trace.
"""

from collections.abc import Callable, Sequence
from functools import cache

from gatereel.rnn_math import Cell, Concatenate, Node, Projection, Trace, WeightedSum
from gatereel.rnn_math.formulas import (
    Chain,
    Formula,
    Link,
    Name,
    NumberProduct,
    SideBySide,
    Sign,
    Sum,
    Words,
    read_backward,
)
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.followed import followed_of
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.numbers import DECIMALS, LARGE, relation, trimmed, vector, written

Lines = tuple[Formula, Formula | None]
"""Two lines of the strip; the second may be empty."""


@dataclass(frozen=True)
class Told:
    """A step in formulas: all there is to say, and the forms that the strip chooses from."""

    equations: tuple[Formula, ...]
    """With letters."""
    numbers: tuple[Formula, ...]
    """With numbers, and with what comes out."""
    forms: tuple[Lines, ...]
    """Pairs of lines, fullest first: the picture takes the first that fits its width."""

    def changed(self, change: Callable[[Formula], Formula]) -> "Told":
        """The same with a change made to each formula."""
        return Told(
            tuple(map(change, self.equations)),
            tuple(map(change, self.numbers)),
            tuple(
                (change(first), None if second is None else change(second))
                for first, second in self.forms
            ),
        )


def told_equations(
    trace: Trace, node: Node, t: int, excerpt: Excerpt, language: Language, *, take_apart: bool
) -> Told:
    """A node at the trace's row `t`: its equation, and its shown numbers.

    A weighted sum that is to be taken apart shows how the followed unit's sum comes about; one
    whose operands are not all shown says that they are all in the sum.
    """
    cell = trace.cell
    letters = _equation(cell, node.name, excerpt)
    value = excerpt.cut(cell, node.name, trace.vector(node.name, t))
    result = Link(relation(value), vector(value))
    alone = Chain(None, (result,))
    if isinstance(node.operation, Concatenate):
        return Told((letters,), (alone,), ((letters.then(result), None), (letters, alone)))
    calculated = _calculated(trace, node, t, excerpt)
    numbers = Chain(None, (*calculated, result))
    pairs: list[Lines] = [
        (letters.then(*numbers.links), None),
        (letters, numbers),
        (letters.then(result), None),
        (letters, alone),
    ]
    if not isinstance(node.operation, WeightedSum):
        return Told((letters,), (numbers,), tuple(pairs))
    fullest: Formula = numbers
    if excerpt.indices(cell, node.operands[0]).ellipses:
        count = trace.parameters.weights[node.name].shape[1]
        note = Words(language.strip.each_sum_of_all.format(count=count))
        fullest = SideBySide((numbers, note), "narrow")
        pairs = [(letters, fullest), (letters, SideBySide((alone, note), "narrow")), *pairs]
    apart = _taken_apart(trace, node, t, excerpt, language) if take_apart else None
    if apart is None:
        return Told((letters,), (fullest,), tuple(pairs))
    whole = (letters.then(*numbers.links), apart)
    return Told((letters,), (fullest, apart), (whole, *pairs))


def _equation(cell: Cell, name: str, excerpt: Excerpt) -> Chain:
    """A node's equation in letters, of the timesteps as the sequence is read."""
    equation = _from_its_end(cell, name) if excerpt.backward else cell.equation(name)
    assert isinstance(equation, Chain)
    return equation


@cache
def _from_its_end(cell: Cell, name: str) -> Formula:
    return read_backward(cell.equation(name))


def _called(cell: Cell, name: str, excerpt: Excerpt) -> Formula:
    """What a vector is called: by its letter, or by what it is computed of."""
    called = cell.expression(name)
    return read_backward(called) if excerpt.backward else called


def _calculated(trace: Trace, node: Node, t: int, excerpt: Excerpt) -> tuple[Link, ...]:
    """The operation with its operands' numbers; of a weighted sum, the activation of the sum.

    Nothing without an activation: the result itself shows it.
    """
    cell, operation = trace.cell, node.operation
    if isinstance(operation, WeightedSum):
        s = excerpt.cut(cell, node.name, trace.weighted_sums[node.name][t])
        if not operation.activation:
            return ()
        return (Link(relation(s), operation.activated(vector(s))),)
    operands = [excerpt.cut(cell, each, trace.vector(each, t)) for each in node.operands]
    sign = relation(value for operand in operands for value in operand)
    return (Link(sign, operation.formula(node.name, [vector(operand) for operand in operands])),)


def together(
    told: Sequence[Told], names: Sequence[str], trace: Trace, t: int, excerpt: Excerpt
) -> Told:
    """Several steps told as one, which comes to the nodes `names`: their values side by side.

    What has no letter of its own is called by what it is computed of.
    """
    if len(told) == 1:
        return told[0]
    cell = trace.cell
    values = tuple(
        Chain(_called(cell, name, excerpt), (Link(relation(shown), vector(shown)),))
        for name in names
        for shown in [excerpt.cut(cell, name, trace.vector(name, t))]
    )
    forms: list[Lines] = []
    if len(names) == 1:
        forms = list(told[-1].forms)
    half = (len(values) + 1) // 2
    forms += [
        (SideBySide(values), None),
        (SideBySide(values[:half]), SideBySide(values[half:]) if values[half:] else None),
        (values[0], values[1] if values[1:] else None),
        (values[0], None),
    ]
    return Told(
        tuple(formula for each in told for formula in each.equations),
        tuple(formula for each in told for formula in each.numbers),
        tuple(forms),
    )


def entering_equations(trace: Trace, t: int, excerpt: Excerpt) -> Told:
    """The states before the trace's row `t`, and its input."""
    cell = trace.cell
    *states, arriving = (
        Chain(_called(cell, name, excerpt), (Link(relation(shown), vector(shown)),))
        for name in reversed(cell.given)
        for shown in [excerpt.cut(cell, name, trace.vector(name, t))]
    )
    forms: tuple[Lines, ...] = (
        (SideBySide((*states, arriving)), None),
        (SideBySide(tuple(states)), arriving),
    )
    return Told((), (*states, arriving), forms)


def leaving_equation(trace: Trace, state: str, t: int, excerpt: Excerpt) -> Told:
    """The new value of a state at the trace's row `t`."""
    shown = excerpt.cut(trace.cell, state, trace.vector(state, t))
    told = Chain(_called(trace.cell, state, excerpt), (Link("≈", vector(shown)),))
    return Told((), (told,), ((told, None),))


def state_equations(trace: Trace, excerpt: Excerpt) -> Told:
    """The states' equations and, where there is room, their values after the last timestep."""
    cell = trace.cell
    last = excerpt.stop - 1
    letters = tuple(_equation(cell, state, excerpt) for state in reversed(cell.states))
    numbers = tuple(
        Chain(
            Name(cell.state_letter(state), excerpt.position(last)),
            (Link("≈", vector(excerpt.cut(cell, state, trace.vector(state, last)))),),
        )
        for state in reversed(cell.states)
    )
    forms: tuple[Lines, ...] = (
        (SideBySide((*letters, *numbers)), None),
        (SideBySide(letters), None),
    )
    return Told(letters, numbers, forms)


def _taken_apart(
    trace: Trace, node: Node, t: int, excerpt: Excerpt, language: Language
) -> Formula | None:
    """The followed unit's weighted sum, product by product, or nothing.

    The weights get as many decimals as it takes for the written terms to add up to the written
    sum; where even the most are too few, because the operands are rounded, nothing is told. Where
    not all operands are shown, the products are told by their number.
    """
    (operand,) = node.operands
    unit = followed_of(trace, excerpt, node.name)
    v = trace.vector(operand, t)
    W = trace.parameters.weights[node.name][unit]
    b = float(trace.parameters.biases[node.name][unit])
    s = float(trace.weighted_sums[node.name][t][unit])
    label = Words(language.strip.of_unit.format(unit=unit + 1))
    has_bias = not isinstance(node.operation, Projection)
    if excerpt.indices(trace.cell, operand).ellipses:
        all_products = Words(language.strip.sum_of_all.format(count=len(W)))
        total = Chain(
            Sum((all_products, *[Name("b")] * has_bias)), (Link(relation([s]), written(s)),)
        )
        return SideBySide((label, total), "narrow")
    if max(abs(value) for value in (*v, *W, b, s)) >= LARGE:
        return None
    for decimals in _WEIGHT_DECIMALS:
        told = sum(
            round(float(w), decimals) * round(float(value), DECIMALS)
            for w, value in zip(W, v, strict=True)
        ) + round(b, decimals)
        if abs(round(told, DECIMALS) - round(s, DECIMALS)) < _HALF_A_CENT:
            break
    else:
        return None
    products = tuple(
        NumberProduct((trimmed(float(w), decimals), written(float(value))))
        for w, value in zip(W, v, strict=True)
    )
    sign: Sign = "=" if abs(told - round(s, DECIMALS)) < _HALF_A_CENT / _FINER else "≈"
    total = Chain(Sum((*products, *[trimmed(b, decimals)] * has_bias)), (Link(sign, written(s)),))
    return SideBySide((label, total), "narrow")


_WEIGHT_DECIMALS = (2, 3, 4)
_HALF_A_CENT = 0.005
_FINER = 100.0
