"""Cards for social previews: all of the cell and of its words is there, with margins around."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gatereel.rnn_math import CELLS
from gatereel.scenes.draw.card import HEIGHT, MARGIN, WIDTH, card_page, plan_card
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.fingerprint import fingerprint
from gatereel.scenes.language.files import load_language
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.theme.files import load_theme
from tests.scenes.traces import demo_trace, random_trace

NO_OPTIONS = Options()

PIXEL = 1.0
"""What rounding to whole pixels of a text's place may move it by."""


def pixels(
    page: DrawnPage, group: Group, skipped: int = 0
) -> list[tuple[float, float, float, float]]:
    """Where each outline of a group stands, in pixels of the page."""
    found = []
    for item in group.painted[skipped:]:
        points = (item.outline + np.array([group.x, group.y])) * page.scale
        found.append((*points.min(axis=0).tolist(), *points.max(axis=0).tolist()))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cell", CELLS)
def test_nothing_is_cut_and_nothing_runs_into_another(cell: str, language: str) -> None:
    planned = plan(demo_trace(cell), Options(language=load_language(language)))
    page = card_page(plan_card(planned))
    assert page.pixels == (1200, 630)
    drawn, strip = page.groups
    ground = pixels(page, strip)[0]
    lines = sorted(pixels(page, strip, skipped=2), key=lambda box: box[1])
    for left, top, right, bottom in lines:
        assert left >= MARGIN - PIXEL
        assert right <= ground[2] - MARGIN / 2
        assert top >= MARGIN
        assert bottom <= HEIGHT - MARGIN / 2
    for (*_, bottom), (_, top, *_) in pairwise(lines):
        assert bottom < top
    boxes = np.array(pixels(page, drawn))
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    assert left >= ground[2] + MARGIN - PIXEL
    assert top >= MARGIN - PIXEL
    assert right <= WIDTH - MARGIN + PIXEL
    assert bottom <= HEIGHT - MARGIN + PIXEL


def test_a_name_of_long_words_gets_smaller_type() -> None:
    english = load_language()
    long_names = {**english.long_names, "rnn": "incomprehensibilities " * 9}
    language = replace(english, long_names=long_names)
    page = card_page(plan_card(plan(demo_trace("rnn"), Options(language=language))))
    lines = sorted(pixels(page, page.groups[1], skipped=2), key=lambda box: box[1])
    for (*_, bottom), (_, top, *_) in pairwise(lines):
        assert bottom < top


def test_a_card_is_another_only_when_it_looks_so() -> None:
    def mark(options: Options = NO_OPTIONS, hidden_size: int = 2, timesteps: int = 2) -> str:
        trace = random_trace(CELLS["rnn"], timesteps, 3, hidden_size)
        return fingerprint(plan_card(plan(trace, options)))

    same = mark()
    assert mark(Options(pace=1.0, fps=10, width=400, values=False, strip=False)) == same
    assert mark(timesteps=3) == same
    assert mark(Options(theme=load_theme("dark"))) != same
    assert mark(Options(language=load_language("vi"))) != same
    assert mark(hidden_size=3) != same
