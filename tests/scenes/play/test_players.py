"""What plays tableaux: cairo draws them in pixels, manim shows them in a scene."""

import subprocess
import sys

import numpy as np
import pytest

from gatereel.scenes.draw.outlines import NOTHING, circle, rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.draw.tableau import Tableau
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.draw.viewport import UNITS_A_PIXEL, Viewport
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.play.cairo_film import frames
from gatereel.scenes.play.cairo_player import Easel, Steps, easel_of
from gatereel.scenes.play.frames import drawing, frame_writer
from gatereel.scenes.play.manim_player import draw_film
from gatereel.scenes.play.mobjects import Puppet, Troupe
from gatereel.scenes.play.own_manim import CairoRenderer
from gatereel.scenes.play.scene import CellScene
from tests.scenes.traces import demo_trace

RED, BLUE, PAPER = "#c81e1e", "#1e3cc8", "#f0f5fa"

BOX = Painted(rounded_box(10.0, 20.0, 50.0, 40.0, 0.0), Style(RED, None, 0.0))
DISC = Painted(circle(30.0, 30.0, 8.0), Style(BLUE, RED, 2.0))
UNSEEN = Painted(NOTHING, Style(BLUE, BLUE, 2.0))


def colour_at(frame: np.ndarray, x: int, y: int) -> tuple[int, ...]:
    return tuple(frame[y, x].tolist())


def test_the_settings_that_manim_was_imported_with_are_those_of_its_file() -> None:
    """What others have imported is another matter: their settings stand for theirs."""
    code = (
        "from gatereel.scenes.play import own_manim as own; "
        "print(own._AS_IMPORTED == dict(own._own_settings()))"
    )
    theirs = f"import manim; {code.replace('==', 'is None,')}"
    for words, told in ((code, "True"), (theirs, "True")):
        asked = subprocess.run(
            [sys.executable, "-c", words], capture_output=True, text=True, check=True
        )
        assert asked.stdout.split()[0] == told


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("rnn", Options(width=200, pace=0.3)),
        ("gru", Options(width=200, pace=0.3, smooth=True, transparent=True)),
        ("lstm", Options(width=200, pace=0.3, fps=10, title="How a cell remembers")),
    ],
    ids=["as by itself", "smooth and transparent", "titled"],
)
def test_cairo_alone_shows_the_frames_of_manim_s_scene(cell: str, options: Options) -> None:
    planned = plan(demo_trace(cell, 1), options)
    of_scene: list[tuple[Frame, int]] = []
    draw_film(planned, lambda frame, count: of_scene.append((frame.copy(), count)))
    count = 0
    for (theirs, stands), (frame, times) in zip(
        of_scene, frames(planned, transitions(planned)), strict=True
    ):
        assert stands == times
        np.testing.assert_array_equal(theirs, frame)
        count += times
    assert count == planned.frames


def test_what_stood_before_comes_first_and_for_no_time() -> None:
    planned = plan(demo_trace("rnn", 1), Options(width=200, pace=0.3))
    whole = list(transitions(planned))
    before, rest = whole[2].after, whole[3:]
    (first, times), *others = ((frame.copy(), n) for frame, n in frames(planned, rest, before))
    assert times == 0
    np.testing.assert_array_equal(first, Steps(planned).frame(before))
    for (frame, stands), (same, n) in zip(others, frames(planned, rest), strict=True):
        assert stands == n
        np.testing.assert_array_equal(frame, same)


# --- cairo ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_colours_come_out_exact_at_any_size(scale: int) -> None:
    frame = Easel((80, 60), (80 * scale, 60 * scale), PAPER).frame([BOX, UNSEEN, DISC])
    assert frame.shape == (60 * scale, 80 * scale, 4)
    assert colour_at(frame, 2, 2) == (0xF0, 0xF5, 0xFA, 255)
    assert colour_at(frame, 12 * scale, 30 * scale) == (0xC8, 0x1E, 0x1E, 255)
    assert colour_at(frame, 30 * scale, 30 * scale) == (0x1E, 0x3C, 0xC8, 255)


def test_a_transparent_picture_has_nothing_where_nothing_is_painted() -> None:
    frame = Easel((80, 60), (80, 60), PAPER, transparent=True).frame([BOX])
    assert colour_at(frame, 2, 2) == (0, 0, 0, 0)
    assert colour_at(frame, 12, 30) == (0xC8, 0x1E, 0x1E, 255)


def test_what_is_painted_later_is_in_front() -> None:
    easel = Easel((80, 60), (80, 60), PAPER)
    assert colour_at(easel.frame([DISC, BOX]), 30, 30) == (0xC8, 0x1E, 0x1E, 255)


@pytest.mark.parametrize("transparent", [False, True])
def test_a_ground_that_is_kept_gives_the_same_as_all_drawn_anew(transparent: bool) -> None:
    planned = plan(demo_trace("rnn", 1), Options(width=240, transparent=transparent))
    kept = Steps(planned)
    for transition in transitions(planned):
        once = kept.frame(transition.after)
        np.testing.assert_array_equal(once, kept.frame(transition.after))
        np.testing.assert_array_equal(once, Steps(planned).frame(transition.after))


def test_another_ground_is_seen() -> None:
    planned = plan(demo_trace("rnn", 1), Options(width=240))
    steps = Steps(planned)
    empty, full = Tableau((), ()), Tableau((BOX,), ())
    assert (steps.frame(empty) != steps.frame(full)).any()
    np.testing.assert_array_equal(steps.frame(empty), steps.frame(Tableau((), ())))


# --- manim's own camera --------------------------------------------------------------------------


@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_the_stock_camera_draws_the_same_frames(cell: str, transparent: bool) -> None:
    """The scene is manim's: what our camera leaves undrawn is what its own would draw again."""
    options = Options(width=300, pace=0.3, transparent=transparent)
    planned = plan(demo_trace(cell, 2), options)
    ours: list[tuple[Frame, int]] = []
    stock: list[tuple[Frame, int]] = []
    draw_film(planned, lambda frame, count: ours.append((frame.copy(), count)))

    easel, size = easel_of(planned), (planned.page.width, planned.page.height)

    def take(frame: Frame, count: int) -> None:
        stock.append((easel.finished(frame).copy(), count * scene.stands))

    with drawing(planned.width, planned.height, size, planned.fps, transparent=transparent):
        scene = CellScene(planned, renderer=CairoRenderer(frame_writer(take)))
        scene.render()
    assert [count for _, count in ours] == [count for _, count in stock]
    for (one, _), (other, _) in zip(ours, stock, strict=True):
        np.testing.assert_array_equal(one, other)


# --- puppets of manim ----------------------------------------------------------------------------


@pytest.fixture
def troupe() -> Troupe:
    return Troupe(Viewport(80.0, 60.0, 80.0 * UNITS_A_PIXEL, 60.0 * UNITS_A_PIXEL))


def shown(puppets: list[Puppet]) -> list[Painted]:
    return [puppet.painted for puppet in puppets]


def test_who_shows_the_same_goes_on_showing_it(troupe: Troupe) -> None:
    box, disc = troupe.cast([BOX, DISC])
    assert troupe.cast([DISC, BOX]) == [disc, box]
    (alone,) = troupe.cast([DISC])
    assert alone is disc


def test_a_puppet_that_left_comes_again(troupe: Troupe) -> None:
    box, disc = troupe.cast([BOX, DISC])
    troupe.cast([])
    other = Painted(circle(5.0, 5.0, 3.0), BOX.style)
    assert set(troupe.cast([other, UNSEEN])) == {box, disc}


def test_another_style_of_an_outline_is_shown_by_the_same_puppet(troupe: Troupe) -> None:
    _, disc = troupe.cast([BOX, DISC])
    paler = Painted(DISC.outline, Style(PAPER, None, 0.0))
    assert troupe.cast([BOX, paler])[1] is disc
    assert disc.mobject.get_fill_color().to_hex().lower() == PAPER
    assert disc.mobject.get_stroke_width() == 0.0


def test_each_shows_its_own_even_what_is_there_twice(troupe: Troupe) -> None:
    for painted in ([UNSEEN, UNSEEN, BOX], [BOX, UNSEEN], [UNSEEN, DISC, UNSEEN, BOX], [DISC]):
        puppets = troupe.cast(painted)
        assert len(set(puppets)) == len(painted)
        assert shown(puppets) == painted
        for puppet, each in zip(puppets, painted, strict=True):
            assert len(puppet.mobject.points) == len(each.outline)
