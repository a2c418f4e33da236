"""The unit that a film follows in its sentences and sums: that of which there is most to say."""

from weakref import WeakKeyDictionary

from gatereel.rnn_math import Trace
from gatereel.scenes.tell.excerpt import Excerpt, ProjectedExcerpt, state_of_units

_followed: WeakKeyDictionary[Trace, dict[Excerpt, int]] = WeakKeyDictionary()
"""What was found before: each step of a film asks for it."""

HALF_OPEN = 0.5
"""A gate is the more decided the further it is from this."""


def followed_unit(trace: Trace, excerpt: Excerpt) -> int:
    """One of the shown units, from 0: the one whose gates are the most decided.

    Of a cell without gates, and where several are, the one whose state changes most.
    """
    known = _followed.setdefault(trace, {})
    if excerpt not in known:
        known[excerpt] = _followed_unit(trace, excerpt)
    return known[excerpt]


def _followed_unit(trace: Trace, excerpt: Excerpt) -> int:
    drawn = slice(excerpt.start, excerpt.stop)
    gates = [node.name for node in trace.cell.weighted_sums if node.operation.is_share]

    state = state_of_units(trace.cell)

    def most_to_say(unit: int) -> tuple[float, float]:
        opened = [trace.values[gate][drawn, unit] for gate in gates]
        states = trace.values[state][drawn, unit]
        decided = sum(float(abs(values - HALF_OPEN).sum()) for values in opened)
        return decided, float(states.max() - states.min())

    return max(excerpt.units, key=most_to_say)


def followed_of(trace: Trace, excerpt: Excerpt, name: str) -> int:
    """The followed component of the vector `name`: the followed unit's.

    A projected state has no component of that unit; of its shown ones, that which changes most.
    """
    if not isinstance(excerpt, ProjectedExcerpt) or trace.cell.stretches(name) != ("projected",):
        return followed_unit(trace, excerpt)
    values = trace.values[trace.cell.states[0]][excerpt.start : excerpt.stop]
    ranges = values.max(axis=0) - values.min(axis=0)
    return max(excerpt.projected, key=lambda index: float(ranges[index]))
