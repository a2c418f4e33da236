"""How far values travel in a diagram, along its wires and round the cell."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import dist

from gatereel.rnn_math import Cell, previous
from gatereel.scenes.lay_out.diagram import Diagram
from gatereel.scenes.lay_out.geometry import Point
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX
from gatereel.scenes.tell.script import meets_another

_OTHER_SIZES = 1.04
"""Rows of other sizes, and with numbers, stand a little elsewhere."""

_ASIDE = 60.0
"""Pixels from an operation to where one of its operands meets the other."""


def ways_of(diagram: Diagram, cell: Cell) -> Mapping[tuple[str, str], float]:
    """Pixels from the middle of a vector's row to that of the vector that it goes to.

    An operand that meets another one goes to a place at its side.
    """
    middles = {row.name: (row.x, row.y) for row in diagram.rows}
    ways = {
        (wire.source, wire.target.removesuffix(OPERANDS_SUFFIX)): _OTHER_SIZES
        * _length((middles[wire.source], *wire.path, middles[wire.target]))
        for wire in diagram.wires
    }
    for source, target in ways:
        if meets_another(cell, target):
            ways[source, target] += _ASIDE
    for state, path in diagram.loops.items():
        ways[state + OUT_SUFFIX, previous(state)] = _length(path)
    return ways


def _length(path: Sequence[Point]) -> float:
    return sum(dist(one, other) for one, other in pairwise(path))
