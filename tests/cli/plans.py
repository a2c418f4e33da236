"""What the tests of the command's options share."""

from gatereel.rnn_math import CELLS, demo, unroll
from gatereel.scenes.plan import Options, Plan, plan


def demo_plan(cell: str, options: Options) -> Plan:
    """The plan of a cell's demo."""
    shown = demo(CELLS[cell])
    trace = unroll(shown.cell, shown.parameters, shown.inputs, shown.initial)
    return plan(trace, options, claims=shown.claims)
