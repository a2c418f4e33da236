"""Values as form: heights and areas are read back from pictures."""

from math import pi, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from gatereel.scenes.draw.levels import INNER, LARGEST, pieces
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import THEMES, contrast, rgb
from tests.scenes.films import draw_still
from tests.scenes.traces import demo_trace

PIXEL = 1.0
"""A form may be so far off, in pixels of the picture."""

BESIDE = 9
"""Pixels from a disc's middle to where no letter stands."""

ROUNDING = 1e-3
"""Of a circle made of four curves."""


def points_on(outline: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on the curves of an outline."""
    curves = outline.reshape(-1, 4, 2)
    share = np.linspace(0.0, 1.0, 50)[:, np.newaxis]
    points: NDArray[np.float64] = np.concatenate(
        [
            (1 - share) ** 3 * a
            + 3 * share * (1 - share) ** 2 * b
            + 3 * share**2 * (1 - share) * c
            + share**3 * d
            for a, b, c, d in curves
        ]
    )
    return points


def area(outline: NDArray[np.float64]) -> float:
    """What an outline holds."""
    x, y = points_on(outline).T
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


@pytest.mark.parametrize("value", [0.04, -0.25, 0.5, 0.81, -1.0])
def test_a_core_has_the_area_of_its_value(value: float) -> None:
    form = pieces(value, is_share=False)
    assert area(form.body) == pytest.approx(pi * INNER**2 * abs(value), rel=ROUNDING)
    assert bool(len(form.mark)) == (value < 0)


@pytest.mark.parametrize("level", [0.04, 0.25, 0.5, 0.96])
def test_a_level_fills_its_share_of_the_height(level: float) -> None:
    body = pieces(level, is_share=True).body
    heights = points_on(body)[:, 1]
    top, bottom = heights.min(), heights.max()
    assert bottom == pytest.approx(INNER, rel=ROUNDING)
    assert top == pytest.approx(INNER * (1.0 - 2.0 * level), abs=ROUNDING)


def test_a_value_that_is_too_large_is_marked() -> None:
    assert len(pieces(LARGEST, is_share=False).mark) == 0
    form = pieces(2.0 * LARGEST, is_share=False)
    assert len(form.mark) > 0
    assert area(form.body) == pytest.approx(pi * INNER**2, rel=ROUNDING)


def test_nought_has_no_core_and_a_closed_gate_no_level() -> None:
    assert len(pieces(0.0, is_share=False).body) == len(pieces(0.0, is_share=True).body) == 0


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_levels_and_cores_are_read_back_from_the_picture(cell: str) -> None:
    planned = plan(demo_trace(cell))
    frame = draw_still(planned)[:, :, :3]
    theme, rows = planned.theme, planned.layout.rows
    values = planned.storyboard.still.values
    shares = {n.name for n in planned.storyboard.cell.nodes if n.operation.is_share}
    lettered = {n.name for n in planned.storyboard.cell.nodes if n.name in ("g", "n", "tc")}
    seen = 0
    for name in values.keys() - lettered:
        for disc, value in zip(rows[name].discs, values[name], strict=True):
            fill = theme.fill(disc.role, disc.unit)
            colour = theme.level(fill) if name in shares else theme.core(fill)
            radius = int(disc.radius) - 1
            x, y = round(disc.x), round(disc.y)
            around = frame[y - radius : y + radius + 1, x - radius : x + radius + 1]
            mine = (around == rgb(colour)).all(axis=2)
            if name in shares:
                # Beside the letter, which stands in the middle, and within the disc's own rim.
                top = disc.radius * INNER * (1.0 - 2.0 * value)
                half = sqrt((INNER * disc.radius) ** 2 - BESIDE**2) - PIXEL
                if abs(top) < half:
                    filled = np.flatnonzero(mine[:, radius - BESIDE])
                    assert abs(filled.min() - radius - top) <= PIXEL, (name, value)
                    seen += 1
            elif 0.0 < value <= LARGEST:  # no bar lies over it
                pale, own = np.array(rgb(theme.hollow(fill))), np.array(rgb(colour))
                covered = (around[radius] - pale) @ (own - pale) / np.dot(own - pale, own - pale)
                wanted = 2.0 * INNER * disc.radius * sqrt(value)
                inside = min(wanted, 2.0 * radius + PIXEL)
                radius_off = (covered.clip(0.0, 1.0).sum() - inside) / 2
                assert abs(radius_off) <= PIXEL, (name, value)
                seen += 1
    assert seen > 6


@pytest.mark.parametrize("name", THEMES)
def test_levels_stand_out_in_every_theme(name: str) -> None:
    theme = load_theme(name)
    for role in theme.fills:
        fill = theme.fill(role, 0)
        assert contrast(theme.level(fill), theme.hollow(fill)) >= 3.0, role
        assert contrast(theme.core(fill), theme.hollow(fill)) >= 2.0, role


def test_without_levels_discs_are_full() -> None:
    planned = plan(demo_trace("lstm"), Options(levels=False))
    frame = draw_still(planned)[:, :, :3]
    for name in ("c_prev", "fc", "c", "hx"):
        for disc in planned.layout.rows[name].discs:
            fill = rgb(planned.theme.fill(disc.role, disc.unit))
            assert tuple(frame[round(disc.y) + 4, round(disc.x)]) == fill
