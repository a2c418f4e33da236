"""The themes of the package: complete, readable, and with roles that their readers tell apart."""

from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import pytest

from gatereel.rnn_math import CELLS, Cell
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw.symbols import letter_of
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.play.make import film_of
from gatereel.scenes.render import render
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX
from gatereel.scenes.theme.files import load_theme, roles
from gatereel.scenes.theme.theme import (
    GRADIENT,
    ROLES,
    THEMES,
    WAITING_CONTRAST,
    Theme,
    contrast,
    mix,
)
from tests.scenes.theme import vision
from tests.scenes.theme.vision import VISIONS, Vision, difference, lightness
from tests.scenes.traces import demo_trace

TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3."""

LINE_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: of what must be seen to understand a drawing."""

APART = 20.0
"""CIE76 distance of two roles for every eye; 2.3 is just noticed side by side."""

NOTICED = 9.0
"""CIE76 distance of two colours that are not next to each other, and are told apart."""

GREY_APART = 9.5
"""L* between two greys that meet; ten steps of it are black to white."""

GIF_BYTES = 590_000
"""What the LSTM's film may weigh in any theme; in the illustrated one it is 440 kB."""

ROUNDING = 1e-9
"""Two ways to compute one contrast."""

every_theme = pytest.mark.parametrize("name", THEMES)
every_vision = pytest.mark.parametrize("seen", VISIONS)
every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def fills(theme: Theme) -> set[str]:
    return {colour for colours in theme.fills.values() for colour in colours}


def too_close(theme: Theme, seen: Vision) -> dict[tuple[str, str], float]:
    """Roles that do not share a colour and are near, and those near what is behind them."""
    grounds = {name: (getattr(theme, name),) for name in ("body", "background")}
    pairs = [
        *combinations(theme.fills.items(), 2),
        *product(theme.fills.items(), grounds.items()),
    ]
    found = {
        (role, other): min(difference(a, b, seen) for a, b in product(colours, other_colours))
        for (role, colours), (other, other_colours) in pairs
        if colours != other_colours
    }
    return {pair: distance for pair, distance in found.items() if distance < APART}


def faint_texts(theme: Theme) -> dict[tuple[str, str], float]:
    grounds = {
        "text": ("background", "body", "strip", "state_tag", "caption_tag", "gate_tag"),
        "quiet_text": ("strip", "background"),
        "accent": ("strip",),
    }
    on_grounds = {
        (text, ground): vision.contrast(getattr(theme, text), getattr(theme, ground))
        for text, behind in grounds.items()
        for ground in behind
    }
    letters = {
        ("letter", fill): vision.contrast(theme.letter_on(fill), fill) for fill in fills(theme)
    }
    return {
        pair: ratio for pair, ratio in {**on_grounds, **letters}.items() if ratio < TEXT_CONTRAST
    }


def faint_lines(theme: Theme) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for ground in ("background", "body"):
        behind = getattr(theme, ground)
        past = mix(theme.line, behind, theme.strengths.past_line)
        lines = {"line": theme.line, "past line": past, "accent": theme.accent}
        found |= {(name, ground): vision.contrast(c, behind) for name, c in lines.items()}
    return {pair: ratio for pair, ratio in found.items() if ratio < LINE_CONTRAST}


# --- every theme ---------------------------------------------------------------------------------


@every_theme
def test_a_theme_has_a_colour_for_every_role_and_no_other(name: str) -> None:
    theme = load_theme(name)
    assert theme.name == name
    assert set(theme.fills) == set(roles())


@every_cell
def test_the_roles_are_those_that_are_drawn(cell: Cell) -> None:
    rows = plan(demo_trace(cell, 1)).layout.rows.values()
    assert {disc.role for row in rows for disc in row.discs} <= set(roles())


@every_theme
def test_texts_can_be_read(name: str) -> None:
    assert faint_texts(load_theme(name)) == {}


@every_theme
def test_lines_can_be_seen(name: str) -> None:
    assert faint_lines(load_theme(name)) == {}


def test_faint_texts_and_lines_would_be_found() -> None:
    faint = replace(load_theme(), text="#999999", line="#999999", light_letter="#000000")
    assert ("text", "body") in faint_texts(faint)
    assert ("letter", "#1c4587") in faint_texts(faint)
    assert ("line", "background") in faint_lines(faint)


@every_theme
def test_letters_have_the_better_of_two_colours(name: str) -> None:
    theme = load_theme(name)
    letters = (theme.dark_letter, theme.light_letter)
    for fill in fills(theme):
        assert contrast(theme.letter_on(fill), fill) == max(contrast(c, fill) for c in letters)


@every_theme
def test_a_bar_is_seen_on_its_core(name: str) -> None:
    theme = load_theme(name)
    for role in theme.fills:
        core = theme.core(theme.fill(role, 0))
        mark = theme.mark(core)
        assert contrast(mark.fill, core) >= LINE_CONTRAST, role
        # Where the core is small, the bar lies on the disc around it.
        assert (
            contrast(mark.rim or mark.fill, theme.hollow(theme.fill(role, 0))) >= LINE_CONTRAST
        ), role


@pytest.mark.parametrize(
    ("colour", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.478), ("#123456", "#123456", 1.0)],
)
def test_contrast_is_that_of_wcag(colour: str, other: str, ratio: float) -> None:
    assert contrast(colour, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, colour) == contrast(colour, other)
    assert vision.contrast(colour, other) == pytest.approx(contrast(colour, other), abs=ROUNDING)


@every_theme
def test_letters_and_words_that_wait_can_be_read(name: str) -> None:
    theme = load_theme(name)
    strengths = theme.strengths
    lettered = {
        node.role or node.name
        for cell in CELLS.values()
        for node in cell.nodes
        if letter_of(node.operation)
    }
    for fill in (theme.fill(role, 0) for role in sorted(lettered)):
        letter, pale = theme.waiting_letter(fill, theme.body), theme.waiting(fill, theme.body)
        assert contrast(letter, pale) >= LINE_CONTRAST, fill
    for tag, ground in (
        (theme.state_tag, theme.background),
        (theme.caption_tag, theme.background),
        (theme.gate_tag, theme.body),
        (theme.body, theme.body),
    ):
        words, box = (
            mix(each, behind, strengths.waiting_text)
            for each, behind in ((theme.text, tag), (tag, ground))
        )
        assert contrast(words, box) >= LINE_CONTRAST, tag


@every_theme
def test_discs_that_wait_are_seen_and_paler_than_those_with_values(name: str) -> None:
    theme = load_theme(name)
    for role in ROLES:
        fill = theme.fill(role, 0)
        for ground in (theme.body, theme.background):
            pale = theme.waiting(fill, ground)
            assert contrast(pale, ground) >= WAITING_CONTRAST, role
            assert contrast(pale, ground) < contrast(theme.line, ground), role


def test_a_theme_whose_lines_cannot_be_told_apart_still_has_discs_that_wait() -> None:
    theme = replace(load_theme("illustrated"), line="#ffe599", dark_letter="#ffe599")
    assert theme.waiting("#ffe599", "#ffe599") == theme.line
    assert theme.waiting_letter("#ffe599", "#ffe599") == theme.light_letter


@pytest.mark.parametrize("name", [name for name in THEMES if name != "illustrated"])
@every_vision
def test_every_eye_tells_the_hidden_state_from_the_input(name: str, seen: Vision) -> None:
    """The illustrated colours are the illustrated cells' own."""
    theme = load_theme(name)
    state, arriving = theme.fill("hidden state in", 0), theme.fill("input", 0)
    for look in (str, theme.core):
        assert difference(look(state), look(arriving), seen) >= APART


@every_theme
def test_what_is_kept_and_what_is_new_have_two_colours(name: str) -> None:
    theme = load_theme(name)
    pairs = (
        ("forget * cell state", "input * candidate"),
        ("kept hidden state", "update * candidate"),
        ("kept hidden state", "one minus update * candidate"),
    )
    for kept, new in pairs:
        assert difference(theme.fill(kept, 0), theme.fill(new, 0)) >= NOTICED


@every_theme
def test_ways_to_the_next_timestep_can_be_seen(name: str) -> None:
    theme = load_theme(name)
    for role in ("hidden state out", "gru hidden state out", "cell state out"):
        assert contrast(theme.core(theme.fill(role, 0)), theme.background) >= LINE_CONTRAST


@pytest.mark.parametrize("name", [name for name in THEMES if name != "print"])
@every_vision
def test_every_eye_tells_the_gradient_from_all_else(name: str, seen: Vision) -> None:
    theme = load_theme(name)
    gradient = theme.fill(GRADIENT, 0)
    others = {each for role, fills in theme.fills.items() if role != GRADIENT for each in fills}
    assert min(difference(gradient, other, seen) for other in others) >= APART


@every_theme
def test_the_gradient_can_be_seen(name: str) -> None:
    theme = load_theme(name)
    for ground in (theme.body, theme.background):
        assert contrast(theme.fill(GRADIENT, 0), ground) >= LINE_CONTRAST


# --- safe ----------------------------------------------------------------------------------------


@every_vision
def test_every_eye_tells_the_safe_theme_s_roles_apart(seen: Vision) -> None:
    assert too_close(load_theme("safe"), seen) == {}


def test_colours_that_are_not_told_apart_would_be_found() -> None:
    pair = ("hidden state in", "input")
    illustrated = load_theme("illustrated")
    assert pair not in too_close(illustrated, "normal")
    assert pair in too_close(illustrated, "deuteranopia")


def test_the_simulation_gives_the_known_distances() -> None:
    red, green = (load_theme().fill(role, 0) for role in ("hidden state in", "input"))
    assert difference(red, green) == pytest.approx(79, abs=0.5)
    assert difference(red, green, "deuteranopia") == pytest.approx(12, abs=0.5)


@every_vision
def test_greys_look_the_same_to_every_eye(seen: Vision) -> None:
    assert difference("#808080", "#000000", seen) == pytest.approx(lightness("#808080"), abs=0.5)


# --- print and dark ------------------------------------------------------------------------------


def meeting_roles(cell: Cell) -> set[tuple[str, str]]:
    """Roles side by side in a row, of a node's operands and of these and its result."""
    diagram = DIAGRAMS[cell.name]
    in_row = {row.name: [s.role for s in row.stretches] for row in diagram.rows}
    met: set[tuple[str, str]] = set()
    for node in cell.nodes:
        groups = [in_row[name] for name in (*node.operands, node.name)]
        met |= {pair for a, b in combinations(groups, 2) for pair in product(a, b)}
        met |= set(combinations(in_row.get(node.name + OPERANDS_SUFFIX, in_row[node.name]), 2))
    return met


@every_cell
def test_greys_that_meet_differ_in_lightness(cell: Cell) -> None:
    theme = load_theme("print")
    near = {}
    for role, other in meeting_roles(cell):
        a, b = theme.fill(role, 0), theme.fill(other, 0)
        if a != b and abs(lightness(a) - lightness(b)) < GREY_APART:
            near[role, other] = (a, b)
    assert near == {}


@every_theme
@every_cell
def test_what_a_cell_joins_has_two_colours(cell: Cell, name: str) -> None:
    theme = load_theme(name)
    for row in DIAGRAMS[cell.name].rows:
        shown = [theme.fill(stretch.role, 0) for stretch in row.stretches]
        assert len(set(shown)) == len(shown)


def test_the_print_theme_is_grey_on_white() -> None:
    theme = load_theme("print")
    colours = theme.exact_colours(theme.fills)
    assert all(len(set(colour)) == 1 for colour in colours)
    assert theme.background == "#ffffff"


def test_the_dark_theme_is_dark() -> None:
    theme = load_theme("dark")
    grounds = (theme.background, theme.body, theme.strip, theme.state_tag, theme.caption_tag)
    assert max(map(lightness, grounds)) < 25
    assert min(map(lightness, (theme.line, theme.text, theme.quiet_text))) > 60


# --- where the theme is chosen -------------------------------------------------------------------


def test_without_a_theme_it_is_the_illustrated_one() -> None:
    trace = demo_trace("rnn", 1)
    assert plan(trace).theme == load_theme("illustrated")
    dark = load_theme("dark")
    planned = plan(trace, Options(theme=dark))
    assert planned.theme == dark
    assert film_of(planned).background == (0x0D, 0x11, 0x17)


@pytest.mark.slow
@pytest.mark.parametrize("name", THEMES[1:])
def test_a_film_is_small_in_every_theme(tmp_path: Path, name: str) -> None:
    options = Options(theme=load_theme(name))
    (written,) = render(demo_trace("lstm"), [tmp_path / "a.gif"], options)
    assert written.size_bytes <= GIF_BYTES
    assert written.warnings == ()
