"""A fan's lines: as wide as weights are large, on one scale, dashed where they are negative."""

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, DEMOS, random_parameters, unroll
from gatereel.scenes.draw.fan import NARROWEST, WIDEST, stroke
from gatereel.scenes.draw.outlines import Outline, contours
from gatereel.scenes.draw.picture import draw
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.tell.weights import largest_weight, shown_weights

EXACT = 1e-9
"""Pixels: of sums of floats."""


def planned(cell: str, hidden_size: int = 2, input_size: int = 3) -> Plan:
    parameters = random_parameters(CELLS[cell], input_size, hidden_size, 1)
    inputs = np.random.default_rng(1).normal(size=(2, input_size))
    return plan(unroll(CELLS[cell], parameters, inputs))


def lines_of(plan: Plan) -> dict[str, list[Outline]]:
    """The fan's pieces of each weighted sum."""
    picture = draw(
        plan.layout,
        plan.storyboard.cell,
        plan.theme,
        Typesetter(),
        plan.storyboard.still.telling,
        levels=True,
        weights=plan.weights,
    )
    return {
        name: contours(shape.outline)
        for name, shapes in picture.parts.items()
        for shape in shapes
        if shape.kind == "weights"
    }


def width_of(piece: Outline) -> float:
    """The shortest side of a filled line's piece."""
    corners = piece[::4]
    sides = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    return float(sides.min())


@pytest.mark.parametrize("cell", CELLS)
def test_each_line_is_as_wide_as_its_weight_is_large(cell: str) -> None:
    shown = planned(cell)
    largest = largest_weight(shown.weights)
    for name, pieces in lines_of(shown).items():
        flat = [w for row in shown.weights[name] for w in row if w is not None]
        wanted = sorted({max(NARROWEST, WIDEST * abs(w) / largest) for w in flat})
        widths = [width_of(piece) for piece in pieces]
        # A dash's end may be shorter than its line is wide.
        assert all(any(abs(w - each) < EXACT for each in widths) for w in wanted)
        assert max(widths) == pytest.approx(wanted[-1], abs=EXACT)


@pytest.mark.parametrize("cell", CELLS)
def test_dashed_lines_are_the_negative_weights(cell: str) -> None:
    shown = planned(cell)
    for name, pieces in lines_of(shown).items():
        positive = sum(w >= 0 for row in shown.weights[name] for w in row if w is not None)
        negative = sum(w < 0 for row in shown.weights[name] for w in row if w is not None)
        assert len(pieces) > positive + negative if negative else len(pieces) == positive


def test_a_stroke_is_in_one_piece_unless_it_is_dashed() -> None:
    whole, dashed = (stroke((0, 0), (0, -90), 3.0, is_dashed) for is_dashed in (False, True))
    assert len(contours(whole)) == 1
    assert len(contours(dashed)) == 8
    assert width_of(contours(whole)[0]) == pytest.approx(3.0, abs=EXACT)


def test_weights_are_the_traces_own_in_the_order_of_the_discs() -> None:
    shown = DEMOS["lstm"]
    trace = unroll(shown.cell, shown.parameters, shown.inputs, shown.initial)
    weights = plan(trace).weights
    for name, rows in weights.items():
        np.testing.assert_array_equal(np.array(rows, float), trace.parameters.weights[name])


def test_what_is_left_out_has_no_weight() -> None:
    parameters = random_parameters(CELLS["lstm"], 30, 20, 1)
    trace = unroll(CELLS["lstm"], parameters, np.random.default_rng(1).normal(size=(2, 30)))
    excerpt = plan(trace).storyboard.excerpt
    rows = shown_weights(trace, excerpt)["f"]
    W = trace.parameters.weights["f"]
    units, features = excerpt.units, excerpt.features
    assert [len(row) for row in rows] == [len(units) + 1 + len(features) + 1] * (len(units) + 1)
    assert rows[-1] == (None,) * len(rows[-1])
    assert rows[0][: len(units)] == tuple(W[units[0], unit] for unit in units)
    assert rows[0][len(units)] is None
    assert rows[0][len(units) + 1 : -1] == tuple(W[units[0], 20 + i] for i in features)


def test_without_levels_all_lines_are_alike() -> None:
    shown = plan(
        unroll(DEMOS["rnn"].cell, DEMOS["rnn"].parameters, DEMOS["rnn"].inputs),
        Options(levels=False),
    )
    picture = draw(
        shown.layout,
        shown.storyboard.cell,
        shown.theme,
        Typesetter(),
        shown.storyboard.still.telling,
        levels=False,
        weights=shown.weights,
    )
    kinds = {shape.kind for shapes in picture.parts.values() for shape in shapes}
    assert "fan" in kinds
    assert "weights" not in kinds
