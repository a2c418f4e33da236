"""The ways to the next timestep: they stand there, clear of everything, and states ride on them."""

from itertools import pairwise, product

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, previous, random_parameters, unroll
from gatereel.scenes.draw.lanes import lanes
from gatereel.scenes.draw.outlines import circle
from gatereel.scenes.draw.tableau import Moving
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.lay_out.layout import tag_box
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.tell.acts import Travel

SIZES = ((2, 3), (1, 1), (6, 8))
"""Hidden size and input size."""
A_FRAME = 30.0
"""Pixels that something travels in a frame of 25 a second, at most."""
DISC = len(circle(0.0, 0.0, 1.0))
"""Points of a disc's outline."""
ROUNDING = 3.5
"""Pixels: discs stand on whole ones, at both ends of a frame, and spread in a lane."""


def planned(cell: str, hidden_size: int = 2, input_size: int = 3) -> Plan:
    parameters = random_parameters(CELLS[cell], input_size, hidden_size, 1)
    inputs = np.random.default_rng(1).normal(size=(2, input_size))
    return plan(unroll(CELLS[cell], parameters, inputs), Options(smooth=True))


@pytest.mark.parametrize(("hidden_size", "input_size"), SIZES)
@pytest.mark.parametrize("cell", CELLS)
def test_lanes_are_clear_of_rows_and_tags(cell: str, hidden_size: int, input_size: int) -> None:
    shown = planned(cell, hidden_size, input_size)
    layout = shown.layout
    found = [shape for shape in lanes(layout, shown.theme) if shape.kind == "lane"]
    assert len(found) == len(shown.storyboard.cell.states)
    taken = [*(row.extent for row in layout.rows.values()), *map(tag_box, layout.tags)]
    for shape, box in product(found, taken):
        for (ax, ay), (bx, by) in pairwise(shape.path):
            is_apart = (
                max(ax, bx) <= box.left
                or min(ax, bx) >= box.right
                or max(ay, by) <= box.top
                or min(ay, by) >= box.bottom
            )
            assert is_apart, (cell, shape.path, box)


@pytest.mark.parametrize("cell", CELLS)
def test_lanes_lead_from_the_state_that_leaves_to_the_one_before(cell: str) -> None:
    shown = planned(cell)
    rows = shown.layout.rows
    for state in shown.storyboard.cell.states:
        way = shown.layout.diagram.loops[state]
        assert abs(way[0][0] - rows[f"{state}_out"].x) < 1
        assert abs(way[-1][0] - rows[previous(state)].x) < 1


@pytest.mark.parametrize("cell", CELLS)
def test_nothing_travels_faster_than_the_eye_follows(cell: str) -> None:
    """The middle of each row that travels, at every frame of every timestep."""
    shown = planned(cell)
    fastest = 0.0
    for transition in transitions(shown):
        if not any(isinstance(act, Travel) for act in transition.beat.acts):
            continue
        moving, _ = transition.frames(shown.fps)
        movers = [item for item in transition.items if isinstance(item, Moving) and item.count > 1]
        for item in movers:
            before: np.ndarray | None = None
            for frame in range(moving + 1):
                discs = [each.outline for each in item.at(frame / moving)]
                discs = [outline for outline in discs if len(outline) == DISC]
                middle = (
                    np.mean([outline.mean(axis=0) for outline in discs], axis=0) if discs else None
                )
                if before is not None and middle is not None:
                    fastest = max(fastest, float(np.linalg.norm(middle - before)))
                before = middle
    assert 10.0 < fastest <= A_FRAME + ROUNDING


def test_numbers_ride_beside_their_discs_in_a_lane() -> None:
    shown = planned("lstm")
    returns = next(t for t in transitions(shown) if t.beat.kind == "return")
    riders = [item for item in returns.items if isinstance(item, Moving) and item.count > 1]
    assert len(riders) == 2
    for item in riders:
        painted = [each for each in item.at(0.5) if len(each.outline)]
        assert len(painted) >= 2 * (1 + 1 + 1 + 1)  # discs, cores, grounds and numbers
