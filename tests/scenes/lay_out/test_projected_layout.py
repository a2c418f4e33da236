"""A projected state is of another width than the units: the laws of the layout hold for any two."""

from itertools import product

import pytest

from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw.shapes import HEAD_LENGTH
from gatereel.scenes.lay_out.layout import WIDEST_NUMBER, Layout, lay_out
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE
from tests.scenes.lay_out.test_layout import (
    collisions,
    full,
    hits,
    labels,
    numbers,
    rows,
    tags,
    together,
)

DIAGRAM = full(DIAGRAMS["lstm-projected"])

SIZES = list(
    product((1, 3, MAX_INPUT_SIZE), (1, 2, MAX_HIDDEN_SIZE), (1, 2, MAX_HIDDEN_SIZE), (False, True))
)
"""Inputs, units and projected values shown, and whether there are more of each."""


def laid_out(sizes: tuple[int, int, int, bool], *, values: bool) -> Layout:
    features, units, projected, rest = sizes
    return lay_out(
        DIAGRAM,
        features,
        units,
        rest_features=rest,
        rest_units=rest,
        projected=(projected, rest),
        values=values,
    )


@pytest.mark.parametrize("values", [True, False])
@pytest.mark.parametrize("sizes", SIZES)
def test_a_projected_state_of_another_width_is_in_nobodys_way(
    sizes: tuple[int, int, int, bool], values: bool
) -> None:
    layout = laid_out(sizes, values=values)
    beside_gates = together(
        numbers(layout, WIDEST_NUMBER), *rows(layout), *labels(layout), *tags(layout, gates=False)
    )
    assert collisions(together(beside_gates, *tags(layout, gates=True))) == []
    assert hits(layout.wires, beside_gates) == []
    for wire in layout.wires:
        (ax, ay), (bx, by) = wire.path[-2:]
        assert abs(ax - bx) + abs(ay - by) >= HEAD_LENGTH, wire


@pytest.mark.parametrize("sizes", SIZES)
def test_each_row_has_the_discs_of_its_own_size(sizes: tuple[int, int, int, bool]) -> None:
    features, units, projected, rest = sizes
    placed = laid_out(sizes, values=True).rows
    for name in ("h", "h_prev", "h_out"):
        assert len(placed[name].discs) == projected + rest
    for name in ("c", "c_prev", "c_out", "ot", "h.in", "f"):
        assert len(placed[name].discs) == units + rest
    for name in ("hx", "f.in"):
        assert len(placed[name].discs) == projected + features + 2 * rest
