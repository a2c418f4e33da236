"""The weights between what is shown: of each weighted sum, a row a unit, a column an operand.

shown_weights(trace, excerpt)["f"] -> ((0.8, 0.6, 1.2, ...), ...)
"""

from collections.abc import Mapping
from types import MappingProxyType

from gatereel.rnn_math import Trace
from gatereel.scenes.tell.excerpt import Components, Excerpt

Weights = tuple[tuple[float | None, ...], ...]
"""`(units, operands)` as they are drawn; None where one of the two stands for what is left out."""


def shown_weights(trace: Trace, excerpt: Excerpt) -> Mapping[str, Weights]:
    """The weights of each weighted sum of a trace, by its name."""
    found: dict[str, Weights] = {}
    for node in trace.cell.weighted_sums:
        (operand,) = node.operands
        W = trace.parameters.weights[node.name]
        columns = _drawn(excerpt.indices(trace.cell, operand))
        found[node.name] = tuple(
            tuple(None if unit is None or i is None else float(W[unit, i]) for i in columns)
            for unit in _drawn(excerpt.indices(trace.cell, node.name))
        )
    return MappingProxyType(found)


def largest_weight(weights: Mapping[str, Weights]) -> float:
    """The size of the largest weight of all; 0 without any."""
    each = (w for rows in weights.values() for row in rows for w in row if w is not None)
    return max(map(abs, each), default=0.0)


def _drawn(components: Components) -> list[int | None]:
    """A place a disc: a component, or None for those left out."""
    places: list[int | None] = list(components.shown)
    for after in reversed(components.ellipses):
        places.insert(after, None)
    return places
