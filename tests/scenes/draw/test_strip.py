"""What the strip tells stays in the strip, line by line, for every step of every cell."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, product

import pytest

from gatereel.rnn_math import (
    CELLS,
    Cell,
    Claim,
    Parameters,
    Trace,
    random_inputs,
    random_parameters,
    unroll,
)
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw.picture import draw
from gatereel.scenes.draw.shapes import Shape
from gatereel.scenes.draw.strip import strip, strip_lines
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.diagram import translate
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import STRIP_GAP, STRIP_MARGIN, lay_out, tag_box
from gatereel.scenes.tell.beats import Beat
from gatereel.scenes.tell.excerpt import Excerpt, choose_excerpt
from gatereel.scenes.tell.language import LANGUAGES, Language
from gatereel.scenes.theme.files import load_theme
from tests.scenes.traces import ENGLISH, demo_claims, demo_trace, narrate, random_trace

ILLUSTRATED = load_theme("illustrated")

LEANING = 1.0
"""Pixels by which a slanted letter may lean out of its own width."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
every_language = pytest.mark.parametrize(
    "language", [load_language(name) for name in LANGUAGES], ids=LANGUAGES
)


def told(
    trace: Trace,
    pace: float | None,
    language: Language,
    claims: Sequence[Claim] = (),
    excerpt: Excerpt | None = None,
) -> list[tuple[str, Box, list[Box]]]:
    """Each step's name, the strip, and the boxes of what is written in it."""
    box = lay_out(DIAGRAMS[trace.cell.name]).strip
    assert box is not None
    typesetter = Typesetter()
    beats = narrate(trace, excerpt, language=language, pace=pace, claims=claims).beats
    # In one run of Typst, as a film does: most of a run does not depend on how many lines it sets.
    prepare(typesetter, beats, box)
    return [
        (
            f"t = {beat.timestep}, {beat.telling.step}",
            box,
            [written(s) for s in strip(beat.telling, box, ILLUSTRATED, typesetter)],
        )
        for beat in beats
    ]


def prepare(typesetter: Typesetter, beats: Sequence[Beat], box: Box) -> None:
    """Set all that the beats may say."""
    tellings = [beat.telling for beat in beats]
    typesetter.prepare(line for each in tellings for line in strip_lines(each, box, ILLUSTRATED))


def written(shape: Shape) -> Box:
    x, y = shape.outline.T
    return Box(x.min(), y.min(), x.max(), y.max())


def wrong(
    trace: Trace,
    pace: float | None,
    language: Language,
    claims: Sequence[Claim] = (),
    excerpt: Excerpt | None = None,
) -> list[str]:
    found = []
    for step, box, lines in told(trace, pace, language, claims, excerpt):
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
@every_language
@pytest.mark.parametrize("pace", [None, 0.5, 2.0])
def test_the_demo_is_told_within_the_strip(
    cell: Cell, language: Language, pace: float | None
) -> None:
    assert wrong(demo_trace(cell), pace, language, demo_claims(cell)) == []


@every_cell
@every_language
@pytest.mark.parametrize(("sizes", "pace"), list(product([(1, 1), (8, 3), (8, 6)], [None, 2.0])))
def test_other_sizes_are_told_within_the_strip(
    cell: Cell, language: Language, sizes: tuple[int, int], pace: float | None
) -> None:
    assert wrong(random_trace(cell, 2, *sizes), pace, language) == []


@every_cell
@pytest.mark.parametrize("size", [400.0, 1e3, -1e6, 1e200])
def test_large_numbers_can_be_set(cell: Cell, size: float) -> None:
    """A number from a thousand on is written with a power of ten, in mathematics too."""
    inputs = [[size, 1.0, -0.5], [0.0, -size, 2.0]]
    trace = unroll(cell, random_parameters(cell, 3, 2, seed=0), inputs)
    assert not wrong(trace, None, ENGLISH)


# --- excerpts ------------------------------------------------------------------------------------

LONG_LABEL = "mmmmmmmmmmmmmmmmmmmmmm"
"""No label of as many characters is wider."""

LARGE = (300, 1024)


@cache
def large_parameters(cell: str) -> Parameters:
    return random_parameters(CELLS[cell], *LARGE, seed=1)


@cache
def large_trace(cell: str, timesteps: int) -> Trace:
    """A trace with random numbers, of which some excerpts are told here."""
    inputs = random_inputs(LARGE[0], timesteps, seed=2)
    return unroll(CELLS[cell], large_parameters(cell), inputs)


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """Parameters of large cells take megabytes: nobody needs them behind these tests."""
    yield
    large_trace.cache_clear()
    large_parameters.cache_clear()


def large_excerpt(trace: Trace, units: int, features: int, **choice: bool) -> Excerpt:
    """The last of many, whose numbers are the longest."""
    labels = (LONG_LABEL,) * trace.timesteps
    return choose_excerpt(
        trace,
        units=range(trace.hidden_size - units, trace.hidden_size),
        features=range(trace.input_size - features, trace.input_size),
        start=trace.timesteps - 2,
        labels=labels,
        **choice,
    )


@every_cell
@every_language
@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(("units", "features"), [(1, 1), (2, 3), (3, 8), (6, 8)])
def test_an_excerpt_is_told_within_the_strip(
    cell: Cell, language: Language, units: int, features: int, backward: bool
) -> None:
    trace = large_trace(cell.name, 3)
    excerpt = large_excerpt(trace, units, features, backward=backward)
    assert wrong(trace, 2.0, language, excerpt=excerpt) == []


@every_cell
@every_language
@pytest.mark.parametrize("labelled", [False, True])
def test_it_is_always_said_what_is_shown(cell: Cell, language: Language, labelled: bool) -> None:
    """Before the cell's name, in one of its forms; a long label is cut for it."""
    trace = large_trace(cell.name, 2)
    excerpt = large_excerpt(trace, 2, 3, backward=True) if labelled else choose_excerpt(trace)
    typesetter = Typesetter()
    box = lay_out(DIAGRAMS[cell.name]).strip
    assert box is not None
    beats = narrate(trace, excerpt, language=language).beats
    prepare(typesetter, beats, box)
    for beat in beats:
        shapes = strip(beat.telling, box, ILLUSTRATED, typesetter)
        lines = [written(s) for s in shapes if s.colour == ILLUSTRATED.quiet_text]
        (shown,) = (line for line in lines if line.bottom - line.top > TICKS_HIGH)
        title = text_width(beat.telling.title, ILLUSTRATED.sizes.title, bold=True)
        wanted = box.right - STRIP_MARGIN - title - STRIP_GAP
        assert shown.right == pytest.approx(wanted, abs=END_OFF), beat.telling.step


TICKS_HIGH = 6.0
"""Pixels: text is higher than the ticks of progress are."""
END_OFF = 4.0
"""Pixels by which a line's last letter may end before the line does."""


@pytest.mark.parametrize(
    "label",
    ["'#'", '"', "\\", "'\\n'", "$x$", "*a*", "_", "`", "]", "#text", "//", "~", "<a>", "@"],
)
def test_a_label_is_set_as_it_is(label: str) -> None:
    """No character of a label is an instruction to the typesetter."""
    typesetter = Typesetter()
    whole = typesetter.glyphs(Text(plain(label), LABEL_SIZE))
    assert whole.width == pytest.approx(text_width(label, LABEL_SIZE), rel=KERNED)
    assert len(whole.outline) > 0


LABEL_SIZE = 40.0
KERNED = 0.05
"""Of a label's width: letters set together may stand closer."""


@every_cell
@every_language
@pytest.mark.parametrize(("units", "features"), [(1, 1), (2, 3), (6, 8)])
def test_without_a_strip_the_corner_says_what_is_shown(
    cell: Cell, language: Language, units: int, features: int
) -> None:
    """Beside the cell's name, clear of tags and discs and within the picture."""
    trace = large_trace(cell.name, 2)
    excerpt = large_excerpt(trace, units, features)
    telling = narrate(trace, excerpt, language=language).still.telling
    for values in (True, False):
        layout = lay_out(
            translate(DIAGRAMS[cell.name], language),
            features,
            units,
            rest_features=True,
            rest_units=True,
            values=values,
            strip=False,
        )
        picture = draw(layout, cell, ILLUSTRATED, Typesetter(), telling)
        said = [
            written(shape)
            for shape in picture.base
            if shape.kind == "label" and shape.colour == ILLUSTRATED.quiet_text
        ]
        others = [*(tag_box(tag) for tag in layout.tags), *(r.extent for r in layout.rows.values())]
        others += [written(s) for s in picture.base if s.kind == "label" and s.colour == TEXT]
        assert said
        for line in said:
            assert 0 < line.left < line.right < layout.width
            assert line.bottom < layout.height
            assert not any(line.overlaps(other) for other in others)


TEXT = ILLUSTRATED.text


def test_everything_shown_needs_no_words() -> None:
    cell = CELLS["rnn"]
    layout = lay_out(translate(DIAGRAMS[cell.name], ENGLISH), strip=False)
    telling = narrate(demo_trace(cell)).still.telling
    shapes = draw(layout, cell, ILLUSTRATED, Typesetter(), telling).base
    assert not [shape for shape in shapes if shape.colour == ILLUSTRATED.quiet_text]
