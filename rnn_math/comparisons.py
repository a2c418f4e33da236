"""Why gates use sigmoid and contents tanh: the same numbers with the one and with the other.

    COMPARISONS["state"]() -> Comparison: two lanes, each a table of numbers

Every number is what the operations of the cells give; nothing is drawn here.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.formulas import (
    Formula,
    Function,
    MatrixProduct,
    Name,
    Number,
    Product,
    Sum,
)
from gatereel.rnn_math.operations import (
    Addition,
    Multiplication,
    Tanh,
    WeightedSum,
    WeightedSumSigmoid,
    WeightedSumTanh,
)
from gatereel.rnn_math.records import dataclass

GROWTH = 3.0
"""What a state is multiplied by in each timestep."""
GROWING_STEPS = 10
START = (1.0, 0.3, -0.02)
"""A large value, a middling one, and one that is negative and close to nought."""

GATE_SUMS = (4.0, 0.0, -4.0)
"""Weighted sums of a gate: for it, undecided, against it."""
CONTENT = (0.9, 0.8, 0.7)

CANDIDATE_SUMS = (1.5, -0.5, -2.0, 0.8, -1.2, -1.0, 1.6, -0.9)
"""Weighted sums of a candidate, timestep by timestep: some for, some against; nearly nought in
all."""

OUTPUT_GATE = 0.9
MEMORY_STEP = 0.8
"""What is added to a cell state in each timestep."""
MEMORY_STEPS = 8

Link = Literal["becomes", "times", "is"]
ComparisonName = Literal["state", "gate", "candidate", "output"]


@dataclass(frozen=True)
class Entry:
    """A number: what it is, as a role of a disc, and whether it is a share."""

    value: float
    role: str
    is_share: bool = False


@dataclass(frozen=True)
class Lane:
    """A table of numbers, row by row, and the rule by which they come about.

    `function` is the activation that this lane has at the place that is compared; "" for none.
    """

    function: str
    rows: tuple[tuple[Entry, ...], ...]
    rule: Formula


@dataclass(frozen=True)
class Comparison:
    """Two lanes of the same form, what their rows or else their columns are called."""

    name: ComparisonName
    lanes: tuple[Lane, Lane]
    carried: tuple[int, ...] = ()
    """Rows of which each column is made of the one before."""
    feeds: bool = False
    """Whether the second row is made of the first, column by column."""
    row_names: tuple[Formula, ...] = ()
    column_names: tuple[Formula, ...] = ()
    """Without names, columns are timesteps from `first_timestep` on."""
    links: tuple[Link, ...] = ()
    """Of columns with names, what is between one and the next."""
    first_timestep: int = 0


def _lane(function: str, columns: list[tuple[Array, str, bool]], rule: Formula) -> Lane:
    """A lane of columns, each with its role and whether it holds shares."""
    rows = zip(*([*values.tolist()] for values, _, _ in columns), strict=True)
    return Lane(
        function,
        tuple(
            tuple(
                Entry(value, role, share)
                for value, (_, role, share) in zip(row, columns, strict=True)
            )
            for row in rows
        ),
        rule,
    )


def state() -> Comparison:
    """S <- 3 s against s <- tanh(3 s): what repeats without end must be kept within bounds."""
    role = "hidden state in"
    grown: Formula = MatrixProduct(Number(f"{GROWTH:g}"), Name("s"))
    lanes = []
    for function in ("", "tanh"):
        s = np.array(START)
        columns = [(s, role, False)]
        for _ in range(GROWING_STEPS):
            s = Multiplication().apply(np.full_like(s, GROWTH), s)
            if function:
                s = Tanh().apply(s)
            columns.append((s, role, False))
        lanes.append(_lane(function, columns, Function(function, grown) if function else grown))
    return Comparison("state", (lanes[0], lanes[1]), carried=tuple(range(len(START))))


def gate() -> Comparison:
    """sigmoid(s) * C against tanh(s) * C: a share of what is remembered, or its sign turned."""
    content, sums = np.array(CONTENT), np.array(GATE_SUMS)
    letter, C = Name("f"), Name("C")
    lanes = []
    operations: tuple[WeightedSum, ...] = (WeightedSumSigmoid(), WeightedSumTanh())
    for operation in operations:
        opened = operation.activate(sums)
        kept = Multiplication().apply(opened, content)
        lanes.append(
            _lane(
                operation.activation,
                [
                    (sums, "sum of both parts", False),
                    (opened, "forget gate", operation.is_share),
                    (content, "cell state in", False),
                    (kept, "forget * cell state", False),
                ],
                Product((Function(operation.activation, Name("s")), C)),
            )
        )
    return Comparison(
        "gate",
        (lanes[0], lanes[1]),
        column_names=(Name("s"), letter, C, Product((letter, C))),
        links=("becomes", "times", "is"),
    )


def candidate() -> Comparison:
    """C <- C + tanh(s) against C <- C + sigmoid(s): what cannot be negative can only add up."""
    lanes = []
    operations: tuple[WeightedSum, ...] = (WeightedSumTanh(), WeightedSumSigmoid())
    for operation in operations:
        g = operation.activate(np.array(CANDIDATE_SUMS))
        C = np.zeros(1)
        rows: list[list[Entry]] = [[], []]
        for new in g:
            C = Addition().apply(C, np.array([new]))
            rows[0].append(Entry(float(new), "candidate"))
            rows[1].append(Entry(float(C[0]), "cell state out"))
        rule = Sum((Name("C"), Function(operation.activation, Name("s"))))
        lanes.append(Lane(operation.activation, tuple(map(tuple, rows)), rule))
    return Comparison(
        "candidate",
        (lanes[0], lanes[1]),
        carried=(1,),
        feeds=True,
        row_names=(Name("g"), Name("C")),
        first_timestep=1,
    )


def output() -> Comparison:
    """O * tanh(C) against o * C while C grows: C is not bounded, what leaves the cell is."""
    lanes = []
    o = np.array([OUTPUT_GATE])
    for function in ("tanh", ""):
        C = np.zeros(1)
        rows: list[list[Entry]] = [[], []]
        for _ in range(MEMORY_STEPS):
            C = Addition().apply(C, np.array([MEMORY_STEP]))
            h = Multiplication().apply(o, Tanh().apply(C) if function else C)
            rows[0].append(Entry(float(C[0]), "cell state out"))
            rows[1].append(Entry(float(h[0]), "hidden state out"))
        C_out = Function(function, Name("C")) if function else Name("C")
        rule = Product((Number(f"{OUTPUT_GATE:g}"), C_out))
        lanes.append(Lane(function, tuple(map(tuple, rows)), rule))
    return Comparison(
        "output",
        (lanes[0], lanes[1]),
        carried=(0,),
        feeds=True,
        row_names=(Name("C"), Name("h")),
        first_timestep=1,
    )


COMPARISONS: Mapping[str, Callable[[], Comparison]] = MappingProxyType(
    {"state": state, "gate": gate, "candidate": candidate, "output": output}
)
"""Each by its name."""
