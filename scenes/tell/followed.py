"""The unit that a film follows in its sentences and sums: that of which there is most to say."""

from gatereel.rnn_math import Trace
from gatereel.scenes.tell.excerpt import Excerpt

HALF_OPEN = 0.5
"""A gate is the more decided the further it is from this."""


def followed_unit(trace: Trace, excerpt: Excerpt) -> int:
    """One of the shown units, from 0: the one whose gates are the most decided.

    Of a cell without gates, and where several are, the one whose state changes most.
    """
    drawn = slice(excerpt.start, excerpt.stop)
    gates = [node.name for node in trace.cell.weighted_sums if node.operation.is_share]

    def most_to_say(unit: int) -> tuple[float, float]:
        opened = [trace.values[gate][drawn, unit] for gate in gates]
        states = trace.values[trace.cell.states[0]][drawn, unit]
        decided = sum(float(abs(values - HALF_OPEN).sum()) for values in opened)
        return decided, float(states.max() - states.min())

    return max(excerpt.units, key=most_to_say)
