"""What is painted again only where it changes is, to the byte, what is painted as a whole."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.scenes.draw.outlines import NOTHING, circle, join, polyline, rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.play.cairo_player import Brush, Easel, easel_of
from gatereel.scenes.play.canvas import Canvas
from tests.scenes.traces import demo_trace

RED, BLUE, PAPER = "#c81e1e", "#1e3cc8", "#f0f5fa"
WIDTH, HEIGHT = 80, 60

PLACES = st.floats(-20.0, 100.0)
POINTS = st.tuples(PLACES, PLACES)
OUTLINES = st.one_of(
    st.builds(circle, PLACES, PLACES, st.floats(0.5, 40.0)),
    st.builds(lambda points: polyline(points), st.lists(POINTS, min_size=2, max_size=5)),
    st.builds(
        lambda middles: join([circle(x, y, 3.3) for x, y in middles]),
        st.lists(POINTS, min_size=1, max_size=4),
    ),
    st.just(NOTHING),
)
COLOURS = st.sampled_from([None, RED, BLUE])
STYLES = st.builds(Style, COLOURS, COLOURS, st.floats(0.0, 6.0))
SHAPES = st.lists(st.builds(Painted, OUTLINES, STYLES), min_size=1, max_size=8)


def easel(size: int = 1, *, transparent: bool = False) -> Easel:
    pixels = (WIDTH * size, HEIGHT * size)
    return Easel((WIDTH, HEIGHT), pixels, PAPER, transparent=transparent)


def whole(on: Easel, *layers: Sequence[Painted]) -> Frame:
    frame = on.blank()
    for layer in layers:
        on.paint(frame, layer)
    return frame


@given(shapes=SHAPES, picks=st.data(), size=st.sampled_from([1, 2]), transparent=st.booleans())
def test_pictures_one_after_the_other(
    shapes: list[Painted], picks: st.DataObject, size: int, transparent: bool
) -> None:
    on = easel(size, transparent=transparent)
    canvas, ground = Canvas(on), shapes[:1]
    canvas.lay(ground)
    for _ in range(4):
        shown = picks.draw(st.lists(st.sampled_from(shapes), max_size=8))
        canvas.show(shown)
        np.testing.assert_array_equal(canvas.frame, whole(on, ground, shown))


@pytest.mark.parametrize("transparent", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_films(cell: str, transparent: bool) -> None:
    planned = plan(demo_trace(cell, 2), Options(width=300, transparent=transparent))
    on = easel_of(planned)
    canvas, ground = Canvas(on), None
    for transition in transitions(planned):
        if transition.after.ground is not ground:
            ground = transition.after.ground
            canvas.lay(ground)
        for items in (transition.at(0.3), transition.at(0.8), transition.after.items):
            canvas.show(items)
            np.testing.assert_array_equal(canvas.frame, whole(on, ground, items))


def test_a_ground_that_changes_takes_everything_away() -> None:
    on = easel()
    box = Painted(rounded_box(10.0, 20.0, 50.0, 40.0, 0.0), Style(RED, None, 0.0))
    canvas = Canvas(on)
    canvas.show([box])
    canvas.lay([])
    np.testing.assert_array_equal(canvas.frame, on.blank())
    canvas.show([box])
    np.testing.assert_array_equal(canvas.frame, whole(on, [box]))


def test_what_stays_is_not_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[Painted] = []
    paint = Brush.paint

    def counted(self: Brush, items: Sequence[Painted], rows: slice | None = None) -> None:
        kept = list(items)
        painted.extend(kept)
        paint(self, kept, rows)

    left = Painted(circle(10.0, 10.0, 5.0), Style(RED, None, 0.0))
    right = Painted(circle(60.0, 10.0, 5.0), Style(RED, None, 0.0))
    canvas = Canvas(easel())
    canvas.show([left, right])
    monkeypatch.setattr(Brush, "paint", counted)
    canvas.show([left, right])
    assert painted == []
    bluer = Painted(right.outline, Style(BLUE, None, 0.0))
    canvas.show([left, bluer])
    assert painted == [bluer]


def test_an_outline_of_the_same_place_in_memory_is_not_taken_for_another() -> None:
    """Paths are known by their outline's place in memory, which may be given to another."""
    on = easel()
    canvas = Canvas(on)
    for step in range(40):
        moved = Painted(circle(2.0 * step, 30.0, 6.0), Style(BLUE, RED, 1.5))
        canvas.show([moved])
        np.testing.assert_array_equal(canvas.frame, whole(on, [moved]))
        del moved
