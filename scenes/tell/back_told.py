"""What the strip says of the way back in formulas: the local rule, and its numbers.

The rules are the derivatives of the operations' own formulas (`rnn_math/derivatives.py`).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from gatereel.rnn_math import Array, Concatenate, Trace, WeightedSum
from gatereel.rnn_math.derivatives import sent_rule
from gatereel.rnn_math.formulas import (
    Chain,
    Concatenation,
    Formula,
    Link,
    LossGradient,
    MatrixProduct,
    Name,
    Product,
    SideBySide,
    Transposed,
)
from gatereel.rnn_math.gradients import Gradients
from gatereel.rnn_math.gradients.sending import arriving, factors, sendings
from gatereel.scenes.tell.equations import Lines, Told
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.numbers import relation, vector


def told_back(gradients: Gradients, excerpt: Excerpt, name: str, t: int) -> Told:
    """What a node sends to each of its operands."""
    cell = gradients.trace.cell
    node = cell.node(name)
    whole = LossGradient(cell.expression(name))
    got = excerpt.cut(cell, name, gradients.vector(name, t))
    operands = tuple(dict.fromkeys(node.operands))
    if isinstance(node.operation, Concatenate):
        parts = Concatenation(tuple(LossGradient(cell.expression(each)) for each in operands))
        equation = Chain(whole, (Link("=", parts),))
        numbers = Chain(None, (Link(relation(got), vector(got)),))
        return Told((equation,), (numbers,), ((equation, numbers), (equation, None)))
    sent = sendings(gradients, t)
    equations, numbered = [], []
    for operand in operands:
        equations.append(
            Chain(
                LossGradient(cell.expression(operand)), (Link("=", sent_rule(cell, node, operand)),)
            )
        )
        part = excerpt.cut(cell, operand, sent[name, operand])
        factor = excerpt.cut(cell, name, factors(gradients, name, operand, t))
        calculated: Formula = vector(got)
        if not np.all(factor[~np.isnan(factor)] == 1.0):
            calculated = Product((vector(got), vector(factor)))
        if isinstance(node.operation, WeightedSum):
            calculated = MatrixProduct(Transposed(Name("W", name)), calculated)
        is_plain = calculated == vector(got)
        links = [] if is_plain else [Link(relation((*got, *factor)), calculated)]
        numbered.append(Chain(None, (*links, Link(relation(part), vector(part)))))
    forms: list[Lines] = [(SideBySide(tuple(equations)), SideBySide(tuple(numbered)))]
    if len(equations) == 1:
        forms = [(equations[0], numbered[0])]
    forms += [
        (equations[0].then(*numbered[0].links), equations[-1].then(*numbered[-1].links)),
        (SideBySide(tuple(equations)), numbered[-1]),
        (equations[-1], numbered[-1]),
        (equations[-1].then(*numbered[-1].links[-1:]), None),
        (equations[-1], None),
    ]
    return Told(tuple(equations), tuple(numbered), tuple(forms))


def received_told(
    gradients: Gradients,
    excerpt: Excerpt,
    names: Sequence[str],
    t: int,
    received: Mapping[str, Array] | None = None,
) -> Told:
    """The gradients by vectors, or as much of each as was `received` so far."""
    cell = gradients.trace.cell
    chains = []
    for name in names:
        whole = gradients.vector(name, t) if received is None else received[name]
        got = excerpt.cut(cell, name, whole)
        chains.append(
            Chain(LossGradient(cell.expression(name)), (Link(relation(got), vector(got)),))
        )
    return _listed(tuple(chains))


def arriving_told(gradients: Gradients, excerpt: Excerpt, t: int) -> Told:
    """What comes back to the states that left the cell."""
    came = arriving(gradients, t)
    cell = gradients.trace.cell
    return received_told(gradients, excerpt, tuple(reversed(cell.states)), t, came)


def states_told(trace: Trace, excerpt: Excerpt, t: int) -> Told:
    """What the states are after a timestep, on the way forward."""
    cell = trace.cell
    chains = []
    for state in reversed(cell.states):
        shown = excerpt.cut(cell, state, trace.vector(state, t))
        chains.append(Chain(cell.letter(state), (Link(relation(shown), vector(shown)),)))
    return _listed(tuple(chains))


def _listed(chains: tuple[Chain, ...]) -> Told:
    half = (len(chains) + 1) // 2
    forms: list[Lines] = [
        (SideBySide(chains), None),
        (SideBySide(chains[:half]), SideBySide(chains[half:]) if chains[half:] else None),
        (chains[0], chains[1] if chains[1:] else None),
        (chains[0], None),
    ]
    return Told((), chains, tuple(forms))
