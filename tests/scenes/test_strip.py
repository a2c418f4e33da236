"""What the strip tells stays in the strip, line by line, for every step of every cell."""

from itertools import combinations, product

import pytest

from rnn_math import CELLS, Cell, Trace, demo, random_parameters, unroll
from scenes.diagrams import DIAGRAMS
from scenes.layout import Box, lay_out
from scenes.picture import STRIP_MARGIN, strip
from scenes.shapes import Shape
from scenes.storyboard import narrate
from scenes.theme import ILLUSTRATED
from scenes.typeset import Typesetter

from .traces import demo_trace, random_trace

LEANING = 1.0
"""Pixels by which a slanted letter may lean out of its own width."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def told(trace: Trace, pace: float | None, story: str = "") -> list[tuple[str, Box, list[Box]]]:
    """Each step's name, the strip, and the boxes of what is written in it."""
    layout = lay_out(DIAGRAMS[trace.cell.name], trace.input_size, trace.hidden_size)
    box = layout.strip
    assert box is not None
    typesetter = Typesetter()
    return [
        (
            f"t = {beat.timestep}, {beat.telling.step}",
            box,
            [written(s) for s in strip(beat.telling, box, ILLUSTRATED, typesetter)],
        )
        for beat in narrate(trace, pace=pace, story=story).beats
    ]


def written(shape: Shape) -> Box:
    (left, top), (right, bottom) = shape.outline.min(axis=0), shape.outline.max(axis=0)
    return Box(left, top, right, bottom)


def wrong(trace: Trace, pace: float | None, story: str = "") -> list[str]:
    found = []
    for step, box, lines in told(trace, pace, story):
        for line in lines:
            if line.right > box.right - STRIP_MARGIN + LEANING:
                found.append(f"{step}: {line.right - box.right + STRIP_MARGIN:.0f} pixels too wide")
            if line.left < box.left + STRIP_MARGIN - LEANING:
                found.append(f"{step}: begins at {line.left:.0f}")
            if line.top < box.top or line.bottom > box.bottom:
                found.append(f"{step}: stands from {line.top:.0f} to {line.bottom:.0f}")
        found += [f"{step}: lines overlap" for a, b in combinations(lines, 2) if a.overlaps(b)]
    return found


@every_cell
@pytest.mark.parametrize("pace", [None, 0.5, 2.0])
def test_the_demo_is_told_within_the_strip(cell: Cell, pace: float | None) -> None:
    assert wrong(demo_trace(cell), pace, demo(cell).story) == []


@every_cell
@pytest.mark.parametrize(("sizes", "pace"), list(product([(1, 1), (8, 3), (8, 6)], [None, 2.0])))
def test_other_sizes_are_told_within_the_strip(
    cell: Cell, sizes: tuple[int, int], pace: float | None
) -> None:
    assert wrong(random_trace(cell, 2, *sizes), pace) == []


@every_cell
@pytest.mark.parametrize("size", [400.0, 1e3, -1e6, 1e200])
def test_large_numbers_can_be_set(cell: Cell, size: float) -> None:
    """A number from a thousand on is written with a power of ten, in mathematics too."""
    inputs = [[size, 1.0, -0.5], [0.0, -size, 2.0]]
    trace = unroll(cell, random_parameters(cell, 3, 2, seed=0), inputs)
    assert not wrong(trace, None)
