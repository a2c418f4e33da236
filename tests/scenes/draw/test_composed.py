"""Pages with a close-up: all that is told can be read on a phone, and nothing leaves its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import CELLS
from gatereel.scenes.draw import closeup as drawn_closeup
from gatereel.scenes.draw import fitted
from gatereel.scenes.draw import page_words as drawn_words
from gatereel.scenes.draw.composed import Composer
from gatereel.scenes.draw.outlines import Outline, rounded_box
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.tableau import Tableau, Transition
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.draw.typeset import Text, Typesetter
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.page import PAGES, REFERENCE, PageName
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.tell.closeup import Closeup, Terms
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


def corners_of(outlines: list[Outline]) -> np.ndarray:
    """Upper left and lower right corner of each, `(outlines, 2, 2)`."""
    if not outlines:
        return np.empty((0, 2, 2))
    points = np.concatenate(outlines)
    starts = np.cumsum([0, *(len(outline) for outline in outlines[:-1])])
    corners = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    return np.stack(corners, axis=1)


@dataclass
class Seen:
    """What is seen in a film while it is drawn once, for all that is asked of it."""

    plan: Plan
    beats: int = 0
    low: float = np.inf
    """Pixels: of all that is painted, the left or upper edge that is nearest to the page's."""
    high: tuple[float, float] = (-np.inf, -np.inf)
    closeups: list[np.ndarray] = field(default_factory=list)
    """Of each beat that has one, the corners of what lies in the close-up, `(parts, 2, 2)`."""
    type_sizes: set[float] = field(default_factory=set)
    cut: list[str] = field(default_factory=list)
    """Texts that had no room."""
    grounds: set[tuple[Painted, ...]] = field(default_factory=set)
    unfinished: list[int] = field(default_factory=list)
    """Beats whose motion ends on something else than their tableau."""
    weights: list[list[tuple[float, float]]] = field(default_factory=list)
    """Left and right edges of the weights, of each sum that is told."""

    def look(self, transition: Transition) -> None:
        """Take a beat in; its outlines are not kept."""
        outlines = [item.outline for item in transition.after.painted if len(item.outline)]
        if outlines:
            x, y = np.concatenate(outlines).T
            self.low = min(self.low, x.min(), y.min())
            self.high = max(self.high[0], x.max()), max(self.high[1], y.max())
        at_the_end = {item for item in transition.at(1.0) if len(item.outline)}
        if at_the_end != {item for item in transition.after.items if len(item.outline)}:
            self.unfinished.append(self.beats)
        self.grounds.add(transition.after.ground)
        self.beats += 1


def seen_in(made: Plan, film: Iterable[Transition]) -> Seen:
    """Watch a film while it is drawn."""
    seen, boxes = Seen(made), list[tuple[float, float]]()
    parts_of, box, glyphs, cut = (
        drawn_closeup.closeup_parts,
        rounded_box,
        Typesetter.glyphs,
        fitted.cut,
    )

    def closeup_parts(closeup: Closeup, *args: Any, **options: Any) -> object:
        boxes.clear()
        parts = parts_of(closeup, *args, **options)
        outlines = [part.painted.outline for part in parts if len(part.painted.outline)]
        seen.closeups.append(corners_of(outlines))
        if isinstance(closeup, Terms):
            # What the close-up stands on is a box, too, made after them.
            seen.weights.append(boxes[: len(closeup.terms)])
        return parts

    def noted_box(left: float, top: float, right: float, bottom: float, corner: float) -> Outline:
        boxes.append((left, right))
        return box(left, top, right, bottom, corner)

    def noted_glyphs(self: Typesetter, text: Text) -> object:
        seen.type_sizes.add(text.size)
        return glyphs(self, text)

    def noted_cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
        found = cut(text, size, room, bold=bold)
        seen.cut.extend([text] * (found != text))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gatereel.scenes.draw.composed.closeup_parts", closeup_parts)
        patch.setattr(drawn_closeup, "rounded_box", noted_box)
        patch.setattr(Typesetter, "glyphs", noted_glyphs)
        for where in (fitted, drawn_words):
            patch.setattr(where, "cut", noted_cut)
        for transition in film:
            seen.look(transition)
    assert seen.beats == len(made.storyboard.beats)
    return seen


@cache
def film(cell: str, page: PageName, language: str) -> Seen:
    """The film of a cell's demo, drawn once for all tests that ask for it."""
    made = planned(cell, page, language)
    return seen_in(made, transitions(made))


@cache
def sized_film(cell: str, page: PageName, inputs: int, units: int) -> Seen:
    """Close-ups and words of a film, without the cell beside them."""
    made = sized(cell, page, inputs, units)
    assert made.page.closeup is not None
    composer = Composer(made, made.page.closeup)
    nothing = Tableau((), ())
    beats = made.storyboard.beats
    return seen_in(made, (composer.around(Transition(beat, (), nothing)) for beat in beats))


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
    seen = film(cell, page, language)
    assert seen.low >= 0.0
    assert seen.high[0] <= seen.plan.page.width
    assert seen.high[1] <= seen.plan.page.height


@every_page
@every_cell
@pytest.mark.parametrize(("inputs", "units"), SIZES)
def test_a_close_up_stays_in_its_box(cell: str, page: PageName, inputs: int, units: int) -> None:
    seen = sized_film(cell, page, inputs, units)
    box = seen.plan.page.closeup
    assert box is not None
    assert seen.closeups
    for parts in seen.closeups:
        assert len(parts)
        assert (parts[:, 0] >= np.array([box.left, box.top]) - ROUNDING).all()
        assert (parts[:, 1] <= np.array([box.right, box.bottom]) + ROUNDING).all()


@every_page
@pytest.mark.parametrize(("inputs", "units"), SIZES)
def test_weights_stand_apart(page: PageName, inputs: int, units: int) -> None:
    sums = sized_film("lstm", page, inputs, units).weights
    assert len(sums) > 0
    for weights in sums:
        for (_, right), (left, _) in pairwise(weights):
            assert right < left


@every_page
@every_cell
def test_the_smallest_letters_can_be_read(cell: str, page: PageName) -> None:
    seen = film(cell, page, "en")
    if page in NARROW:
        assert min(seen.type_sizes) * PHONE / seen.plan.page.width >= SMALLEST_ON_A_PHONE
    else:
        assert min(seen.type_sizes) >= SMALLEST_AT_REFERENCE


@pytest.mark.parametrize("page", NARROW)
@pytest.mark.parametrize("language", LANGUAGES)
@every_cell
def test_what_is_told_is_not_cut(cell: str, language: str, page: PageName) -> None:
    assert film(cell, page, language).cut == []


@every_page
def test_the_ground_is_one_all_through_the_film(page: PageName) -> None:
    (ground,) = film("lstm", page, "en").grounds
    assert ground


@every_page
@every_cell
def test_a_beat_ends_on_its_tableau(cell: str, page: PageName) -> None:
    assert film(cell, page, "en").unfinished == []


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
