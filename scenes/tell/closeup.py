"""A close-up of what happens in a step: one unit, with its numbers. Pure data, no pixels.

    closeup(trace, step, t, excerpt) -> Terms | Meeting | Rows

A film in a narrow place has no room for all numbers of a cell; it shows those of the followed unit
large: how its weighted sum comes about, which two values meet, what a state holds.
"""

from collections.abc import Sequence

import numpy as np

from gatereel.rnn_math import (
    Concatenate,
    Node,
    Operation,
    Projection,
    Size,
    Trace,
    WeightedSum,
)
from gatereel.rnn_math.formulas import Formula, read_backward
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.tell.excerpt import Excerpt
from gatereel.scenes.tell.followed import followed_of
from gatereel.scenes.tell.script import FilmStep, leaves, operands

MOST_TERMS = 5
"""Products of a weighted sum that are told one by one; the rest is told as one."""


@dataclass(frozen=True)
class Mark:
    """A component of a vector: `index` counts from 0 among the units or inputs that `size` names.

    `vector` is what formulas call the whole, `operation` what it came out of.
    """

    vector: Formula
    value: float
    role: str
    size: Size
    index: int
    shown_as: int
    """Which of its role's discs it is in the cell's drawing: its colour follows."""
    is_share: bool = False
    operation: Operation | None = None


@dataclass(frozen=True)
class Term:
    """A product in a weighted sum."""

    weight: float
    mark: Mark


@dataclass(frozen=True)
class Terms:
    """A unit's weighted sum, taken apart: result = activation(sum of the terms + rest + bias).

    `rest` is the sum of `rest_count` products that are not told one by one.
    """

    terms: tuple[Term, ...]
    rest: float
    rest_count: int
    bias: float | None
    """None where there is none, as in a projection."""
    total: float
    result: Mark


@dataclass(frozen=True)
class Meeting:
    """Operands that become a result, in one unit."""

    operands: tuple[Mark, ...]
    result: Mark
    operation: Operation


@dataclass(frozen=True)
class Rows:
    """Vectors one below the other, each with those of its components that are shown.

    `by_name` says that the components of a row are of several vectors, which tell them apart.
    """

    rows: tuple[tuple[Mark, ...], ...]
    by_name: bool = False


Closeup = Terms | Meeting | Rows


def closeup(trace: Trace, step: FilmStep, t: int, excerpt: Excerpt) -> Closeup:
    """What is seen close of a step at the trace's row `t`."""
    shot = _Shot(trace, t, excerpt)
    cell = trace.cell
    match step.kind:
        case "begin" | "return":
            return shot.rows(tuple(reversed(cell.given)))
        case "leave":
            return shot.rows(operands(cell, *step.names))
    nodes = [cell.node(name) for name in step.told if not leaves(name)]
    computing = [node for node in nodes if not isinstance(node.operation, Concatenate)]
    nodes = computing or nodes[:1]
    if len(nodes) > 1:
        return Rows((tuple(shot.followed(node.name) for node in nodes),), by_name=True)
    (node,) = nodes
    match node.operation:
        case Concatenate():
            return shot.rows(shot.joined(node))
        case WeightedSum():
            return shot.terms(node)
        case _:
            marks = tuple(shot.followed(name) for name in node.operands)
            return Meeting(marks, shot.followed(node.name), node.operation)


def closing_closeup(trace: Trace, excerpt: Excerpt) -> Rows:
    """What the states are at the end."""
    return _Shot(trace, excerpt.stop - 1, excerpt).rows(tuple(reversed(trace.cell.states)))


class _Shot:
    def __init__(self, trace: Trace, t: int, excerpt: Excerpt) -> None:
        self.trace, self.t, self.excerpt = trace, t, excerpt
        self.cell = trace.cell

    def followed(self, name: str) -> Mark:
        """The followed component of a vector."""
        return self.mark(name, followed_of(self.trace, self.excerpt, name))

    def mark(self, name: str, index: int) -> Mark:
        """A component of a vector that is no concatenation."""
        cell = self.cell
        (role,), (size,) = cell.roles(name), cell.stretches(name)
        named = cell.expression(name)
        places, _ = self.excerpt.parts[size]
        return Mark(
            read_backward(named) if self.excerpt.backward else named,
            float(self.trace.vector(name, self.t)[index]),
            role,
            size,
            index,
            places.index(index) if index in places else len(places),
            name in cell.shares,
            None if name in cell.given else cell.node(name).operation,
        )

    def joined(self, node: Node) -> tuple[str, ...]:
        """What is concatenated, part by part."""
        nodes = {each.name: each for each in self.cell.nodes}
        return tuple(
            part
            for name in node.operands
            for part in (
                self.joined(nodes[name])
                if name in nodes and isinstance(nodes[name].operation, Concatenate)
                else (name,)
            )
        )

    def rows(self, names: Sequence[str]) -> Rows:
        """The shown components of vectors."""
        parts = self.excerpt.parts
        return Rows(
            tuple(
                tuple(self.mark(name, index) for index in parts[size][0])
                for name in names
                for (size,) in (self.cell.stretches(name),)
            )
        )

    def terms(self, node: Node) -> Terms:
        """The followed unit's weighted sum: its largest products, in their order, and the rest."""
        (operand,) = node.operands
        unit = followed_of(self.trace, self.excerpt, node.name)
        parts = self._parts(operand)
        v = self.trace.vector(operand, self.t)
        W = self.trace.parameters.weights[node.name][unit]
        b = float(self.trace.parameters.biases[node.name][unit])
        products = W * v
        count = len(parts) if len(parts) <= MOST_TERMS else MOST_TERMS - 1
        largest = np.argsort(-np.abs(products), kind="stable")[:count]
        shown = sorted(int(place) for place in largest)
        rest = float(products.sum() - products[shown].sum())
        return Terms(
            tuple(Term(float(W[k]), self.mark(*parts[k])) for k in shown),
            rest if count < len(parts) else 0.0,
            len(parts) - count,
            None if isinstance(node.operation, Projection) else b,
            float(self.trace.weighted_sums[node.name][self.t][unit]),
            self.mark(node.name, unit),
        )

    def _parts(self, operand: str) -> list[tuple[str, int]]:
        """The vector and the component that each place of an operand is."""
        if operand not in self.cell.given:
            node = self.cell.node(operand)
            if isinstance(node.operation, Concatenate):
                return [part for name in node.operands for part in self._parts(name)]
        return [(operand, index) for index in range(len(self.trace.vector(operand, self.t)))]
