"""Films fitted to places and seconds: on paper for all of them, and a few really written."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from gatereel.rnn_math import CELLS, Cell, InputError, Trace
from gatereel.scenes.export import STILLS, Written
from gatereel.scenes.fitting import (
    COSTS,
    SLOWEST_FPS,
    SMALLEST_READABLE_WIDTH,
    Asked,
    Fitted,
    estimated_bytes,
    fit,
)
from gatereel.scenes.places import MEGABYTE, MEGAPIXEL, PLACES, Load, Place
from gatereel.scenes.plan import DEFAULT_FPS, Options, Plan, plan
from gatereel.scenes.render import check_outputs, render_plan
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.tempo import READABLE_PACE, MisfitError
from tests.scenes.traces import demo_trace, random_trace

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))
every_place = pytest.mark.parametrize("place", PLACES.values(), ids=list(PLACES))

CLOSE = 1.3
"""Times the real number of pictures, at most, that are planned for."""

SMALLEST_FILM = 21
"""Megapixels that a timestep of every cell needs at the least."""

WCAG_SECONDS = 5
"""WCAG 2.2, success criterion 2.2.2: what plays once within five seconds needs no pause."""


@cache
def trace_of(cell: str, timesteps: int, input_size: int, hidden_size: int) -> Trace:
    return random_trace(CELLS[cell], timesteps, input_size, hidden_size)


@cache
def wished_of(cell: str, timesteps: int, input_size: int, hidden_size: int) -> Plan:
    """What is drawn where no place has limits."""
    return plan(trace_of(cell, timesteps, input_size, hidden_size))


def load(planned: Plan, suffix: str) -> Load:
    frames = 1 if suffix in STILLS else planned.pictures
    return Load(planned.width, planned.height, frames, estimated_bytes(planned, suffix))


def megapixels(planned: Plan) -> float:
    return planned.width * planned.height * planned.pictures / MEGAPIXEL


def render_to(planned: Plan, paths: Sequence[Path]) -> tuple[Written, ...]:
    return render_plan(planned, check_outputs(planned, paths))


def drawn(fitted: Fitted) -> int:
    excerpt = fitted.plan.storyboard.excerpt
    return excerpt.stop - excerpt.start


# --- places, on paper ----------------------------------------------------------------------------


@every_place
@every_cell
@pytest.mark.parametrize("sizes", [(1, 3, 2), (3, 3, 2), (12, 3, 2), (40, 8, 6), (3, 300, 128)])
def test_every_film_fits_every_place(place: Place, cell: Cell, sizes: tuple[int, int, int]) -> None:
    trace = trace_of(cell.name, *sizes)
    suffixes = [suffix for suffix in place.suffixes if suffix in COSTS]
    fitted = fit(trace, place=place, suffixes=suffixes)
    wished = wished_of(cell.name, *sizes)
    assert fitted.plan.place is place
    for suffix in suffixes:
        assert place.excess(load(fitted.plan, suffix)) == ()
    assert SMALLEST_READABLE_WIDTH <= fitted.plan.width <= wished.width
    assert SLOWEST_FPS <= fitted.plan.fps <= DEFAULT_FPS
    assert 1 <= drawn(fitted) <= trace.timesteps
    fits_as_it_is = not any(place.excess(load(wished, suffix)) for suffix in suffixes)
    assert (fitted.given_up == ()) == fits_as_it_is
    if fits_as_it_is:
        assert fitted.plan == replace(wished, place=place)


@every_cell
def test_no_place_changes_nothing(cell: Cell) -> None:
    trace = trace_of(cell.name, 3, 3, 2)
    assert fit(trace) == Fitted(plan(trace))


@every_cell
@pytest.mark.parametrize("most_seconds", [None, 8.0])
def test_the_same_request_gives_the_same_plan(cell: Cell, most_seconds: float | None) -> None:
    trace, place = demo_trace(cell), PLACES["cloudflare"]
    options = Options(most_seconds=most_seconds)
    one, other = (fit(trace, options, place=place) for _ in range(2))
    assert one == other
    # And it is the plan of the size, the frames a second and the excerpt that it names.
    excerpt = one.plan.storyboard.excerpt
    named = replace(options, fps=one.plan.fps, width=one.plan.width)
    assert plan(trace, named, excerpt=excerpt, place=place) == one.plan


@settings(max_examples=25)
@given(
    st.sampled_from(sorted(CELLS)),
    st.integers(1, 4),
    st.integers(SMALLEST_FILM, 300),
    st.integers(0, 80),
)
def test_a_tighter_limit_never_gives_a_larger_picture(
    cell: str, timesteps: int, tight: int, more: int
) -> None:
    trace = trace_of(cell, timesteps, 3, 2)
    tighter, looser = (
        fit(trace, place=replace(PLACES["cloudflare"], most_megapixels=most))
        for most in (tight, tight + more)
    )
    assert megapixels(tighter.plan) <= min(megapixels(looser.plan), tight)
    assert drawn(tighter) <= drawn(looser)
    if drawn(tighter) == drawn(looser):
        assert tighter.plan.width <= looser.plan.width
        assert tighter.plan.fps <= looser.plan.fps


@every_cell
def test_timesteps_go_last(cell: Cell) -> None:
    """Three are kept down to the smallest size and rate; a megapixel less leaves two."""
    trace = demo_trace(cell)
    smallest = plan(trace, Options(width=SMALLEST_READABLE_WIDTH, fps=SLOWEST_FPS))
    limit = int(megapixels(smallest))
    barely, less = (
        fit(trace, place=replace(PLACES["cloudflare"], most_megapixels=most))
        for most in (limit + 1, limit)
    )
    assert (drawn(barely), drawn(less)) == (3, 2)
    assert barely.plan.width == SMALLEST_READABLE_WIDTH
    assert "2 of 3 timesteps" in less.given_up[0]


def test_what_is_given_up_is_told_with_the_limit() -> None:
    (note,) = fit(demo_trace("lstm"), place=PLACES["cloudflare"]).given_up
    assert note == (
        "Cloudflare Images shows up to 50 megapixels (width x height x frames); "
        "720 pixels wide instead of 1125, 15 frames a second instead of 25"
    )


def test_bytes_bite_for_long_films() -> None:
    trace = trace_of("lstm", 100, 3, 2)
    fitted = fit(trace, place=PLACES["github"])
    assert "10 MB" in fitted.given_up[0]
    assert estimated_bytes(plan(trace), ".gif") > 10 * MEGABYTE
    assert estimated_bytes(fitted.plan, ".gif") <= 10 * MEGABYTE


def test_frames_are_limited_too() -> None:
    place = replace(PLACES["devto"], most_megapixels=None, most_frames=100)
    fitted = fit(demo_trace("lstm"), place=place)
    assert fitted.plan.pictures <= 100
    assert "100 frames" in fitted.given_up[0]


def test_a_still_needs_to_give_up_nothing() -> None:
    trace = demo_trace("lstm")
    options = Options(most_seconds=1.0)
    fitted = fit(trace, options, place=PLACES["cloudflare"], suffixes=[".png"])
    assert (fitted.plan.width, drawn(fitted), fitted.given_up) == (1125, 3, ())


def test_an_unasked_width_beyond_what_readers_get_is_given_up() -> None:
    fitted = fit(demo_trace("lstm"), Options(width=2000), place=PLACES["medium"])
    assert fitted.plan.width == 1400
    assert fitted.given_up == (
        "Medium shows up to 1400 pixels in width; 1400 pixels wide instead of 2000",
    )


# --- what was asked for --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (Options(width=1125), Asked(width=True)),
        (Options(fps=25), Asked(fps=True)),
        (Options(), Asked(timesteps=True)),
        (Options(width=800, fps=20), Asked(width=True, fps=True)),
        (Options(width=500), Asked(width=True, timesteps=True)),
    ],
)
def test_what_was_asked_for_stays(options: Options, asked: Asked) -> None:
    trace = demo_trace("lstm")
    fitted = fit(trace, options, place=PLACES["cloudflare"], asked=asked)
    assert megapixels(fitted.plan) <= 50
    assert not asked.width or fitted.plan.width == options.width
    assert not asked.fps or fitted.plan.fps == options.fps
    assert not asked.timesteps or drawn(fitted) == 3


def test_what_cannot_fit_is_refused_with_the_excess_and_what_would() -> None:
    trace, place = demo_trace("lstm"), PLACES["cloudflare"]
    asked = Asked(width=True, timesteps=True)
    with pytest.raises(InputError, match=r"1125x850 .* 79 megapixels; .* up to 50") as caught:
        fit(trace, Options(width=1125), place=place, asked=asked)
    advice = re.search(r"With (\d+) pixels in width it would fit", str(caught.value))
    assert advice is not None
    fit(trace, Options(width=int(advice[1])), place=place, asked=asked)


def test_advice_names_all_that_must_change_together() -> None:
    trace, place = demo_trace("lstm"), PLACES["cloudflare"]
    asked = Asked(width=True, fps=True, timesteps=True)
    with pytest.raises(InputError, match=r"With (\d+) pixels in width and (\d+) f") as caught:
        fit(trace, Options(width=1125), place=place, asked=asked)
    found = re.search(r"With (\d+) pixels in width and (\d+) f", str(caught.value))
    assert found is not None
    fit(trace, Options(width=int(found[1]), fps=int(found[2])), place=place, asked=asked)


def test_an_error_that_is_not_about_room_gets_no_advice() -> None:
    with pytest.raises(InputError, match=r"^The pace is 99 seconds a step; [^;]* are accepted\.$"):
        fit(demo_trace("lstm"), Options(pace=99, most_seconds=5), asked=Asked(pace=True))
    with pytest.raises(InputError, match="Medium does not show"):
        fit(demo_trace("lstm"), place=PLACES["medium"], suffixes=[".webm"])


# --- seconds, on paper ---------------------------------------------------------------------------


@every_cell
@pytest.mark.parametrize("loop", [True, False])
@pytest.mark.parametrize("seconds", [4.5, 5.0, 8.0, 13.37, 20.0, 60.0])
def test_a_short_film_is_as_short_as_it_must_be_and_can_be_followed(
    cell: Cell, loop: bool, seconds: float
) -> None:
    fitted = fit(demo_trace(cell), Options(most_seconds=seconds, loop=loop))
    assert fitted.plan.frames / fitted.plan.fps <= seconds
    assert fitted.plan.timing.pace >= READABLE_PACE or drawn(fitted) == 1
    beats = fitted.plan.storyboard.beats
    assert beats[0].kind == beats[-1].kind == "complete"
    if drawn(fitted) < 3:
        assert fitted.given_up == (f"{seconds:g} s are enough for {drawn(fitted)} of 3 timesteps",)
        one_more = choose_excerpt(demo_trace(cell), stop=drawn(fitted) + 1)
        with_more = Options(most_seconds=seconds, loop=loop)
        try:
            too_fast = plan(demo_trace(cell), with_more, excerpt=one_more).timing.pace
        except MisfitError:
            too_fast = 0.0
        assert too_fast < READABLE_PACE
    else:
        assert fitted.given_up == ()


def test_timesteps_that_were_asked_for_are_not_dropped() -> None:
    trace = demo_trace("lstm")
    with pytest.raises(
        MisfitError, match=r"least [\d.]+ s for 3 .*; 5 s .* With 1 timestep it would fit"
    ):
        fit(trace, Options(most_seconds=5), asked=Asked(timesteps=True))
    hasty = fit(trace, Options(most_seconds=9), asked=Asked(timesteps=True))
    assert drawn(hasty) == 3
    assert hasty.plan.timing.pace < READABLE_PACE


def test_a_pace_that_was_asked_for_is_kept_with_fewer_timesteps_if_need_be() -> None:
    trace = demo_trace("lstm")
    asked = Asked(pace=True)
    fitted = fit(trace, Options(most_seconds=20, pace=1.0), asked=asked)
    assert (fitted.plan.timing.pace, drawn(fitted)) == (1.0, 1)
    with pytest.raises(
        MisfitError, match=r"at 1 s a step.* With a pace of .+ s it would"
    ) as caught:
        fit(trace, Options(most_seconds=5, pace=1.0), asked=asked)
    found = re.search(r"a pace of ([\d.]+) s", str(caught.value))
    assert found is not None
    advised = fit(trace, Options(most_seconds=5, pace=float(found[1])), asked=asked)
    assert advised.plan.frames <= 5 * DEFAULT_FPS


def test_an_impossible_length_is_refused_with_the_shortest() -> None:
    with pytest.raises(
        MisfitError, match=r"LSTM takes at least 4\.\d s for 1 timestep at .*; 2 s .*few"
    ):
        fit(demo_trace("lstm"), Options(most_seconds=2))


@every_place
@every_cell
def test_place_and_seconds_together(place: Place, cell: Cell) -> None:
    fitted = fit(demo_trace(cell), Options(most_seconds=WCAG_SECONDS, loop=False), place=place)
    assert place.excess(load(fitted.plan, ".gif")) == ()
    assert fitted.plan.frames <= WCAG_SECONDS * fitted.plan.fps


# --- really written ------------------------------------------------------------------------------


@every_cell
@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "sizes"),
    [(Options(width=640, fps=10), (2, 3, 2)), (Options(width=640, values=False), (2, 8, 6))],
)
def test_pictures_and_bytes_are_at_most_as_planned_and_nearly_so_many(
    cell: Cell, options: Options, sizes: tuple[int, int, int], tmp_path: Path
) -> None:
    planned = plan(trace_of(cell.name, *sizes), options)
    for written in render_to(planned, [tmp_path / f"film{suffix}" for suffix in COSTS]):
        suffix = written.path.suffix
        expected = load(planned, suffix)
        assert written.frames <= expected.frames <= CLOSE * written.frames
        assert written.size_bytes <= expected.size_bytes


@pytest.mark.slow
def test_bytes_of_a_transparent_film_are_at_most_as_planned(tmp_path: Path) -> None:
    planned = plan(trace_of("rnn", 2, 8, 6), Options(width=640, fps=10, transparent=True))
    for written in render_to(planned, [tmp_path / "film.webp", tmp_path / "film.png"]):
        assert written.size_bytes <= load(planned, written.path.suffix).size_bytes


def seconds_of(path: Path) -> tuple[float, int]:
    """How long a film really is, and how many pictures it has."""
    with Image.open(path) as image:
        pages = []
        for page in ImageSequence.Iterator(image):
            page.load()  # which is when a WebP says how long it stands
            pages.append(page.info["duration"])
    return sum(pages) / 1000, len(pages)


@every_cell
@pytest.mark.slow
def test_a_film_that_needs_no_pause_ends_on_the_complete_cell(cell: Cell, tmp_path: Path) -> None:
    options = Options(width=200, most_seconds=WCAG_SECONDS, loop=False)
    path = tmp_path / "film.gif"
    render_to(fit(demo_trace(cell), options).plan, [path])
    seconds, _ = seconds_of(path)
    assert 0.9 * WCAG_SECONDS <= seconds <= WCAG_SECONDS
    with Image.open(path) as image:
        assert "loop" not in image.info
        first, *_, last = (page.convert("RGB") for page in ImageSequence.Iterator(image))
        assert first.tobytes() == last.tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("fps", [12, 24, 25])
def test_no_format_shows_it_for_longer(fps: int, tmp_path: Path) -> None:
    import av

    options = Options(width=200, fps=fps, most_seconds=4.97, loop=False)
    paths = [tmp_path / f"film{suffix}" for suffix in (".gif", ".webp", ".mp4", ".webm")]
    written = render_to(fit(demo_trace("rnn"), options).plan, paths)
    for path, told in zip(paths, written, strict=True):
        if path.suffix in (".gif", ".webp"):
            seconds, _ = seconds_of(path)
        else:
            with av.open(path) as film:
                assert film.duration is not None
                seconds = film.duration / 1e6
        assert seconds <= 4.97
        assert seconds == pytest.approx(told.seconds, abs=0.011)


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "rnn"])
def test_a_film_for_cloudflare_decodes_to_fewer_than_its_megapixels(
    cell: str, tmp_path: Path
) -> None:
    place = PLACES["cloudflare"]
    path = tmp_path / "film.gif"
    render_to(fit(demo_trace(cell), place=place).plan, [path])
    _, pictures = seconds_of(path)
    with Image.open(path) as image:
        area = image.width * image.height * pictures
        assert image.info["loop"] == 0
    assert 0.8 * 50 * MEGAPIXEL <= area <= 50 * MEGAPIXEL
    assert path.stat().st_size <= 10 * MEGABYTE


@pytest.mark.slow
def test_a_file_that_came_out_too_large_never_appears(tmp_path: Path) -> None:
    place = replace(PLACES["github"], most_bytes=2_000)
    planned = replace(plan(demo_trace("rnn", 1), Options(width=300, pace=0.2)), place=place)
    paths = [tmp_path / "new.png", tmp_path / "old.gif"]
    paths[1].write_bytes(b"old")
    with pytest.raises(InputError, match=r"MB; GitHub shows up to 0\.002 MB"):
        render_to(planned, paths)
    assert list(tmp_path.iterdir()) == [paths[1]]
    assert paths[1].read_bytes() == b"old"
