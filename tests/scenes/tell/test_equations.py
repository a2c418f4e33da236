"""Formulas of the strip: no value stands there without what it is of."""

import pytest

from gatereel.rnn_math import CELLS
from gatereel.rnn_math.formulas import Chain, Formula, SideBySide
from gatereel.scenes.plan import plan
from tests.scenes.traces import demo_trace


def chains(formula: Formula | None) -> list[Chain]:
    if isinstance(formula, SideBySide):
        return [chain for part in formula.parts for chain in chains(part)]
    return [formula] if isinstance(formula, Chain) else []


@pytest.mark.parametrize("name", CELLS)
def test_every_first_line_says_what_its_values_are_of(name: str) -> None:
    checked = 0
    for beat in plan(demo_trace(name)).storyboard.beats:
        for first, second in beat.telling.formulas:
            alone = isinstance(second, Chain) and second.first is None
            for chain in [*chains(first), *([] if alone else chains(second))]:
                assert chain.first is not None, (beat.telling.step, first)
                checked += 1
    assert checked
