"""Seconds: what a short film gives up, in which order, and how short it can get."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import CELLS, Cell, InputError
from gatereel.scenes.plan import Options, plan
from gatereel.scenes.tell.beats import Storyboard
from gatereel.scenes.tell.hundredths import longest_within
from gatereel.scenes.tell.tempo import (
    CLOSING_HOLD,
    OPENING_HOLD,
    SHORTEST_CLOSING,
    SHORTEST_ENDING,
    SHORTEST_OPENING,
    SHORTEST_PACE,
    MisfitError,
    default_pace,
    timing_of,
)
from tests.scenes.traces import demo_trace, narrate, random_trace

SECONDS = 1e-9
"""Times are sums of a few dozen floats."""

LOOSE = 10.0
"""Seconds that every cell can tell three timesteps in, if it must."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def shortest(cell: Cell, timesteps: int, *, loop: bool, fps: int = 25) -> float:
    """The shortest film, as the error says."""
    with pytest.raises(MisfitError) as caught:
        timing_of(cell, timesteps, most_seconds=0.1, fps=fps, loop=loop)
    found = re.search(r"at least ([\d.]+) s", str(caught.value))
    assert found is not None
    return float(found[1])


@every_cell
@pytest.mark.parametrize("timesteps", [1, 3, 40])
def test_a_timing_says_how_long_its_storyboard_is(cell: Cell, timesteps: int) -> None:
    trace = random_trace(cell, timesteps)
    for timing in (
        timing_of(cell, timesteps),
        timing_of(cell, timesteps, pace=0.3),
        timing_of(cell, timesteps, most_seconds=shortest(cell, timesteps, loop=True), fps=25),
    ):
        storyboard = narrate(trace, timing=timing)
        assert storyboard.duration == pytest.approx(timing.seconds(cell, timesteps), abs=SECONDS)


@every_cell
@given(st.floats(LOOSE, 60.0), st.integers(5, 50), st.booleans())
def test_a_film_is_as_long_as_it_may_be_and_no_longer(
    cell: Cell, most: float, fps: int, loop: bool
) -> None:
    timing = timing_of(cell, 3, most_seconds=most, fps=fps, loop=loop)
    length = timing.seconds(cell, 3)
    within = longest_within(most, fps)
    assert length <= within + SECONDS
    usual = timing_of(cell, 3).seconds(cell, 3)
    if timing.closing < CLOSING_HOLD:  # else nothing was to be given up but a step's last moment
        assert length == pytest.approx(min(within, usual), abs=SECONDS)
    assert SHORTEST_PACE <= timing.pace <= default_pace(cell)
    assert SHORTEST_OPENING <= timing.opening <= OPENING_HOLD
    least = SHORTEST_CLOSING if loop else SHORTEST_ENDING
    assert least - SECONDS <= timing.closing <= CLOSING_HOLD


@every_cell
@given(st.floats(LOOSE, 60.0), st.floats(0.0, 5.0), st.booleans())
def test_more_seconds_never_make_steps_shorter(
    cell: Cell, most: float, more: float, loop: bool
) -> None:
    one, other = (
        timing_of(cell, 3, most_seconds=seconds, loop=loop, fps=50)
        for seconds in (most, most + more)
    )
    assert one.pace <= other.pace


@every_cell
def test_room_enough_changes_nothing(cell: Cell) -> None:
    usual = timing_of(cell, 3)
    length = usual.seconds(cell, 3)
    assert timing_of(cell, 3, most_seconds=length + 1.0, fps=25, loop=False) == usual
    assert timing_of(cell, 3, most_seconds=length - 1.0, fps=25) != usual


@every_cell
@pytest.mark.parametrize("loop", [True, False])
@pytest.mark.parametrize("fps", [10, 24, 25])
@pytest.mark.parametrize("timesteps", [1, 3])
def test_the_shortest_film_that_the_error_names_can_be_made(
    cell: Cell, loop: bool, fps: int, timesteps: int
) -> None:
    least = shortest(cell, timesteps, loop=loop, fps=fps)
    timing = timing_of(cell, timesteps, most_seconds=least, fps=fps, loop=loop)
    assert timing.seconds(cell, timesteps) <= least + SECONDS
    with pytest.raises(MisfitError):
        timing_of(cell, timesteps, most_seconds=least - 0.2, fps=fps, loop=loop)


@every_cell
def test_a_given_pace_is_kept(cell: Cell) -> None:
    needed = timing_of(cell, 2, pace=0.5).seconds(cell, 2) - OPENING_HOLD - CLOSING_HOLD
    timing = timing_of(cell, 2, pace=0.5, most_seconds=needed + 2.0, fps=50)
    assert timing.pace == 0.5
    assert timing.seconds(cell, 2) <= needed + 2.0
    with pytest.raises(MisfitError, match=r"at 0\.5 s a step"):
        timing_of(cell, 2, pace=0.5, most_seconds=needed + 0.5, fps=50)


@every_cell
def test_motion_in_a_short_film_is_no_faster_than_its_steps_ask_for(cell: Cell) -> None:
    """What a step loses is its hold: things move for as long as they usually do, if they can."""

    def moving(storyboard: Storyboard) -> list[tuple[float, float]]:
        return [(b.motion, b.duration) for b in storyboard.beats if b.kind == "compute"]

    trace = demo_trace(cell)
    usual = moving(narrate(trace))
    short = moving(narrate(trace, timing=timing_of(cell, 3, most_seconds=LOOSE, fps=25)))
    for (motion, _), (less, duration) in zip(usual, short, strict=True):
        assert less <= motion
        assert less >= min(motion, 0.12) - SECONDS or less == pytest.approx(0.7 * duration)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -3.0, 0.0])
def test_seconds_that_are_none_are_refused(seconds: float) -> None:
    with pytest.raises(InputError, match=f"{seconds:g} s"):
        plan(demo_trace("rnn"), Options(most_seconds=seconds))


def test_a_plan_lasts_no_longer_than_its_options_say() -> None:
    planned = plan(demo_trace("rnn"), Options(most_seconds=5.0, loop=False))
    assert planned.frames == 5 * planned.fps
    assert planned.storyboard.timesteps == 3
