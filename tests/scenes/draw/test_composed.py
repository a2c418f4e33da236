"""Pages with a close-up: all that is told can be read on a phone, and nothing leaves its place."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import CELLS
from gatereel.scenes.draw import closeup as drawn_closeup
from gatereel.scenes.draw import fitted
from gatereel.scenes.draw import page_words as drawn_words
from gatereel.scenes.draw.outlines import Outline, rounded_box
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.draw.typeset import Text, Typesetter
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.page import PAGES, REFERENCE, PageName
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.tell.closeup import Terms
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import THEMES
from tests.scenes.traces import demo_claims, demo_trace, random_trace

PHONE = 360
"""Pixels of a narrow screen."""
SMALLEST_ON_A_PHONE = 11.0
"""Pixels of type there."""
SMALLEST_AT_REFERENCE = 13.0
"""Pixels of type where a page is as large as the illustrated cell."""

ROUNDING = 1.0
"""Pixels: glyphs stand in whole ones."""

COMPOSED: tuple[PageName, ...] = tuple(page for page in PAGES if page != REFERENCE)
NARROW: tuple[PageName, ...] = ("portrait", "square")
SIZES = ((1, 1), (3, 2), (MAX_INPUT_SIZE, MAX_HIDDEN_SIZE), (300, 128))

every_page = pytest.mark.parametrize("page", COMPOSED)
every_cell = pytest.mark.parametrize("cell", CELLS)


def planned(cell: str, page: PageName, language: str = "en", **options: Any) -> Plan:
    wanted = Options(page=page, language=load_language(language), **options)
    return plan(demo_trace(cell), wanted, claims=demo_claims(cell))


def sized(cell: str, page: PageName, inputs: int, units: int) -> Plan:
    trace = random_trace(CELLS[cell], 2, input_size=inputs, hidden_size=units)
    return plan(trace, Options(page=page))


def box_of(painted: Painted) -> tuple[np.ndarray, np.ndarray]:
    return painted.outline.min(axis=0), painted.outline.max(axis=0)


@every_page
@every_cell
def test_a_page_has_its_form(cell: str, page: PageName) -> None:
    shape = {"wide": 16 / 9, "portrait": 4 / 5, "square": 1.0}[page]
    made = planned(cell, page)
    assert made.width / made.height == pytest.approx(shape, abs=1 / made.height)


@every_page
@every_cell
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_stays_on_the_page(cell: str, page: PageName, language: str) -> None:
    made = planned(cell, page, language)
    for transition in transitions(made):
        for item in transition.after.painted:
            if len(item.outline):
                low, high = box_of(item)
                assert low.min() >= 0.0
                assert high[0] <= made.page.width
                assert high[1] <= made.page.height


def _drawn(made: Plan, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Plan, list[Painted]]]:
    """Of each beat, what lies in the close-up."""
    kept: list[list[Painted]] = []
    original = drawn_closeup.closeup_parts

    def keeping(*args: Any, **options: Any) -> object:
        parts = original(*args, **options)
        kept.append([part.painted for part in parts if len(part.painted.outline)])
        return parts

    monkeypatch.setattr("gatereel.scenes.draw.composed.closeup_parts", keeping)
    for _ in transitions(made):
        pass
    for parts in kept:
        yield made, parts


@every_page
@every_cell
@pytest.mark.parametrize(("inputs", "units"), SIZES)
def test_a_close_up_stays_in_its_box(
    cell: str, page: PageName, inputs: int, units: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for made, parts in _drawn(sized(cell, page, inputs, units), monkeypatch):
        box = made.page.closeup
        assert box is not None
        assert parts
        for part in parts:
            low, high = box_of(part)
            assert box.left - ROUNDING <= low[0] <= high[0] <= box.right + ROUNDING
            assert box.top - ROUNDING <= low[1] <= high[1] <= box.bottom + ROUNDING


@every_page
@pytest.mark.parametrize(("inputs", "units"), SIZES)
def test_weights_stand_apart(
    page: PageName, inputs: int, units: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[tuple[float, float]] = []
    original = rounded_box

    def noting(left: float, top: float, right: float, bottom: float, corner: float) -> Outline:
        found.append((left, right))
        return original(left, top, right, bottom, corner)

    made = sized("lstm", page, inputs, units)
    monkeypatch.setattr(drawn_closeup, "rounded_box", noting)
    sums = 0
    for transition in transitions(made):
        seen = transition.beat.closeup
        if isinstance(seen, Terms):
            sums += 1
            # What the close-up stands on is a box, too, made after them.
            for (_, right), (left, _) in pairwise(found[: len(seen.terms)]):
                assert right < left
        found.clear()
    assert sums > 0


@every_page
@every_cell
def test_the_smallest_letters_can_be_read(
    cell: str, page: PageName, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: set[float] = set()
    original = Typesetter.glyphs

    def noting(self: Typesetter, text: Text) -> object:
        sizes.add(text.size)
        return original(self, text)

    made = planned(cell, page)
    monkeypatch.setattr(Typesetter, "glyphs", noting)
    for _ in transitions(made):
        pass
    if page in NARROW:
        assert min(sizes) * PHONE / made.page.width >= SMALLEST_ON_A_PHONE
    else:
        assert min(sizes) >= SMALLEST_AT_REFERENCE


@pytest.mark.parametrize("page", NARROW)
@pytest.mark.parametrize("language", LANGUAGES)
@every_cell
def test_what_is_told_is_not_cut(
    cell: str, language: str, page: PageName, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut: list[str] = []
    original = fitted.cut

    def noting(text: str, size: float, room: float, *, bold: bool = False) -> str:
        found = original(text, size, room, bold=bold)
        cut.extend([text] * (found != text))
        return found

    for where in (fitted, drawn_words):
        monkeypatch.setattr(where, "cut", noting)
    for _ in transitions(planned(cell, page, language)):
        pass
    assert cut == []


@cache
def _ground(page: PageName) -> tuple[Painted, ...]:
    grounds = {transition.after.ground for transition in transitions(planned("lstm", page))}
    (ground,) = grounds
    return ground


@every_page
def test_the_ground_is_one_all_through_the_film(page: PageName) -> None:
    assert _ground(page)


@every_page
@every_cell
def test_a_beat_ends_on_its_tableau(cell: str, page: PageName) -> None:
    for transition in transitions(planned(cell, page)):
        at_the_end = {item for item in transition.at(1.0) if len(item.outline)}
        after = {item for item in transition.after.items if len(item.outline)}
        assert at_the_end == after


@every_page
@pytest.mark.parametrize("theme", THEMES)
def test_a_film_opens_as_it_closes_in_every_theme(page: PageName, theme: str) -> None:
    first, *_, last = transitions(planned("gru", page, theme=load_theme(theme)))
    both = [[item for item in t.after.items if len(item.outline)] for t in (first, last)]
    for one, other in zip(*both, strict=True):
        assert one.style == other.style
        assert np.array_equal(one.outline, other.outline)


def test_a_title_stands_over_the_opening_alone() -> None:
    made = planned("lstm", REFERENCE, title="Why it forgets")
    without = planned("lstm", REFERENCE)
    first, *others = transitions(made)
    first_without, *others_without = transitions(without)
    assert len(first.after.items) > len(first_without.after.items)
    assert [len(t.after.items) for t in others] == [len(t.after.items) for t in others_without]
    assert made.storyboard.beats[0].duration > without.storyboard.beats[0].duration
