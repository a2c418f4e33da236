"""The sheet of steps: where panels stand, how large their numbers come out in print."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import CELLS
from gatereel.scenes.draw.outlines import rounded_box
from gatereel.scenes.draw.pages import DrawnPage
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.paper import PAPER_SIZES, PAPERS, PIXELS_AN_INCH, Paper
from gatereel.scenes.draw.sheet import Panel, sheet_pages
from gatereel.scenes.lay_out.layout import STRIP_HEIGHT
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.stills import sheet_steps
from tests.scenes.traces import demo_trace

POINTS_AN_INCH = 72
SMALLEST_PRINT = 7.0
"""Points: below, type is hard to read on paper."""


def sheet(planned: Plan, paper: Paper | None, count: int | None = None) -> tuple[DrawnPage, ...]:
    """The pages of a sheet of empty panels: a coloured ground as large as the film's picture."""
    layout = planned.layout
    ground = rounded_box(0.0, 0.0, layout.width, layout.height, 0.0)
    steps = sheet_steps(planned.storyboard)[:count]
    return sheet_pages(
        planned,
        [
            Panel(
                (Painted(ground, Style("#123456", None, 0.0)),),
                planned.storyboard.beats[step].telling,
            )
            for step in steps
        ],
        paper,
    )


def boxes(page: DrawnPage) -> list[tuple[float, float, float, float]]:
    """Where a page's groups stand, the first of which is its heading and foot."""
    found = []
    for group in page.groups:
        corner = np.array([group.x, group.y])
        points = np.concatenate([item.outline for item in group.painted]) + corner
        found.append((*points.min(axis=0).tolist(), *points.max(axis=0).tolist()))
    return found


@pytest.mark.parametrize("paper", [*PAPERS, None])
@pytest.mark.parametrize("cell", CELLS)
def test_panels_stand_on_the_page_apart_and_in_reading_order(
    cell: str, paper: Paper | None
) -> None:
    planned = plan(demo_trace(cell))
    pages = sheet(planned, paper)
    count = len(sheet_steps(planned.storyboard))
    assert sum(len(page.groups) - 1 for page in pages) == count
    for page in pages:
        _, *panels = boxes(page)
        for left, top, right, bottom in panels:
            assert 0 < left < right < page.width
            assert 0 < top < bottom < page.height
        for (left, top, *_), (other_left, other_top, *_) in pairwise(panels):
            assert (top, left) < (other_top, other_left) or top < other_top
        for i, one in enumerate(panels):
            for other in panels[:i]:
                apart = one[0] > other[2] or one[2] < other[0] or one[1] > other[3]
                assert apart or one[3] < other[1]


@pytest.mark.parametrize("paper", [*PAPERS, None])
@pytest.mark.parametrize("cell", CELLS)
def test_heading_and_credit_stand_clear_of_the_panels(cell: str, paper: Paper | None) -> None:
    for page in sheet(plan(demo_trace(cell)), paper):
        frame, *panels = page.groups
        top = min(box[1] for box in boxes(page)[1:])
        bottom = max(box[3] for box in boxes(page)[1:])
        assert panels
        for item in frame.painted:
            (left, upper), (right, lower) = item.outline.min(axis=0), item.outline.max(axis=0)
            assert lower < top or upper > bottom
            assert 0 < left < right < page.width
            assert 0 < upper < lower < page.height


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("cell", CELLS)
def test_the_numbers_at_the_discs_can_be_read_in_print(cell: str, paper: Paper) -> None:
    planned = plan(demo_trace(cell))
    (first, *_) = pages = sheet(planned, paper)
    for page in pages:
        size = (page.width * page.scale, page.height * page.scale)
        assert size == pytest.approx(PAPER_SIZES[paper])
    printed = planned.layout.value_size * first.scale * POINTS_AN_INCH / PIXELS_AN_INCH
    assert printed >= SMALLEST_PRINT


def test_only_several_pages_are_numbered() -> None:
    planned = plan(demo_trace("rnn"))
    (alone,) = sheet(planned, None)
    pages = sheet(planned, "a4")
    assert len(pages) == len(sheet_steps(planned.storyboard))
    assert [len(page.groups[0].painted) for page in (alone, *pages)] == [3, *[4] * len(pages)]


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (4, 2), (5, 3), (8, 3)])
def test_columns_follow_the_number_of_panels(count: int, columns: int) -> None:
    (page,) = sheet(plan(demo_trace("rnn")), None, count)
    assert len({round(group.x) for group in page.groups[1:]}) == columns


def test_a_panel_has_the_film_s_size_without_paper() -> None:
    planned = plan(demo_trace("rnn"), Options(width=500))
    (page,) = sheet(planned, None)
    assert page.scale * planned.layout.width == pytest.approx(500)


def test_a_caption_is_set_where_the_film_has_no_strip() -> None:
    with_strip, without = (plan(demo_trace("rnn"), Options(strip=s)) for s in (True, False))
    (page,), (captioned,) = sheet(with_strip, None), sheet(without, None)
    assert page.height == captioned.height
    for group, other in zip(page.groups[1:], captioned.groups[1:], strict=True):
        below = [item for item in other.painted if item.outline[:, 1].min() > without.layout.height]
        assert len(other.painted) > len(group.painted)
        assert len(below) >= 3, "the timestep, the step and an equation"
        lowest = max(item.outline[:, 1].max() for item in below)
        assert lowest < without.layout.height + STRIP_HEIGHT


def test_a_transparent_sheet_has_no_ground(tmp_path: Path) -> None:
    for transparent in (True, False):
        planned = plan(demo_trace("rnn"), Options(transparent=transparent))
        (page,) = sheet(planned, None)
        assert page.background == (None if transparent else planned.theme.background)
