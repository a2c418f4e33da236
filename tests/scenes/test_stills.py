"""Stills of a film: steps and panels show what the film shows, and come together or not at all."""

import errno
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import gatereel.scenes.export.files as files_module
from gatereel.rnn_math import CELLS, Cell, InputError
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.painted import uncovered
from gatereel.scenes.draw.tableau import Transition
from gatereel.scenes.draw.transitions import still_of, transitions
from gatereel.scenes.export import SHEETS, Frame
from gatereel.scenes.export.png import image_of
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.play.cairo_player import Steps
from gatereel.scenes.play.make import film_of
from gatereel.scenes.play.manim_player import draw_film
from gatereel.scenes.render import check_outputs, render
from gatereel.scenes.stills import Stills, order_of, sheet_steps, step_files
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.rows import OUT_SUFFIX
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import mix
from tests.scenes.export.svg_reader import Reader
from tests.scenes.films import draw_still
from tests.scenes.traces import demo_trace, narrate, random_trace

SMALL = Options(width=300, pace=0.3, fps=10)

LEVELS, MOST_LEVELS, EDGES = 6, 12, 0.00024
"""Of 255, and a share of all pixels: the renderer draws in other units, which rounds otherwise at
the edges of a few shapes."""


def steps_of(planned: Plan) -> dict[int, Frame]:
    steps = Steps(planned)
    beats = enumerate(transitions(planned))
    return {number: steps.frame(transition.after) for number, transition in beats}


# --- which steps ---------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_sheet_has_the_first_timestep_and_the_ends_of_later_ones(cell: Cell) -> None:
    beats = narrate(random_trace(cell, timesteps=4)).beats
    shown = [beats[step] for step in sheet_steps(narrate(random_trace(cell, timesteps=4)))]
    told = [(beat.timestep, beat.kind) for beat in shown]
    first = [beat for beat in beats[1:-1] if beat.timestep == 1]
    assert shown[: len(first)] == first
    assert [t for t, _ in told[len(first) :]] == [2, 2, 3, 3, 4, 4]
    for t in (2, 3):
        returning, *_, leaving = [beat for beat in beats[1:-1] if beat.timestep == t]
        assert [beat for beat in shown if beat.timestep == t] == [returning, leaving]
        assert leaving.appears[-1] == f"{cell.states[0]}{OUT_SUFFIX}"
    assert told[-2:] == [(4, "return"), (4, "complete")]


@pytest.mark.parametrize("timesteps", [1, 2])
def test_the_complete_cell_ends_each_sheet(timesteps: int) -> None:
    storyboard = narrate(random_trace(CELLS["rnn"], timesteps=timesteps))
    steps = sheet_steps(storyboard)
    assert steps[-1] == len(storyboard.beats) - 1
    assert len(steps) == {1: 5, 2: 6}[timesteps]


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_the_names_of_steps_sort_and_say_what_they_are(cell: Cell) -> None:
    storyboard = narrate(random_trace(cell))
    files = step_files(storyboard, Path("steps"))
    names = [path.name for path in files.values()]
    assert list(files) == list(range(1, len(storyboard.beats)))
    assert names == sorted(set(names))
    assert all(re.fullmatch(r"[a-z0-9-]+\.png", name) for name in names)
    assert names[0] == f"{cell.name}-01-t1-input.png"
    assert names[1] == f"{cell.name}-02-t1-hx.png"
    assert names[-1] == f"{cell.name}-{len(names)}-t3-complete.png"
    assert f"{cell.name}-{len(names) - 1}-t3-h-out.png" in names


def test_the_names_of_many_steps_still_sort_and_count_the_sequence_s_timesteps() -> None:
    trace = random_trace(CELLS["rnn"], timesteps=40)
    names = [
        path.name
        for path in step_files(
            narrate(trace, choose_excerpt(trace, start=3, stop=40)), Path()
        ).values()
    ]
    assert len(names) > 99
    assert names == sorted(names)
    assert names[0] == "rnn-001-t4-input.png"


# --- the pictures --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_a_step_is_the_film_s_frame_at_the_end_of_its_beat(cell: str) -> None:
    planned = plan(demo_trace(cell, 2), SMALL)
    steps = steps_of(planned)
    frames: list[Frame] = []
    counts: list[int] = []

    def take(frame: Frame, count: int) -> None:
        frames.append(frame.copy())
        counts.append(count)

    draw_film(planned, take)
    ends = np.cumsum(counts)
    assert list(steps) == list(range(len(planned.storyboard.beats)))
    for number, beat in enumerate(planned.storyboard.beats):
        last = round((beat.start + beat.duration) * SMALL.fps) - 1
        held = frames[int(np.searchsorted(ends, last, side="right"))]
        np.testing.assert_array_equal(steps[number], held)


@pytest.mark.slow
def test_a_film_that_is_watched_is_the_same_film() -> None:
    planned = plan(demo_trace("rnn", 2), SMALL)
    films: list[list[tuple[bytes, int]]] = [[], []]
    steps = Steps(planned)

    def watched() -> Iterator[Transition]:
        for transition in transitions(planned):
            yield transition
            transition.at(0.5)
            steps.frame(transition.after)

    for film, beats in zip(films, (None, watched()), strict=True):
        draw_film(planned, lambda f, c, film=film: film.append((f.tobytes(), c)), beats)  # type: ignore[misc]
    assert films[0] == films[1]


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS)
def test_outlines_drawn_again_are_the_film_s_frame(cell: str) -> None:
    # In its own size: at another width, a film's height is rounded to whole pixels, and all of it
    # stretched by as much.
    planned = plan(demo_trace(cell, 1), Options(theme=load_theme("dark")))
    layout = planned.layout
    scale = planned.width / layout.width
    steps = Steps(planned)
    for transition in transitions(planned):
        frame = steps.frame(transition.after)
        group = Group(transition.after.painted)
        page = DrawnPage(layout.width, layout.height, (group,), planned.backdrop, scale)
        drawn = np.array(image_of(page))
        shown = frame[:, :, :3]
        off = np.maximum(drawn, shown) - np.minimum(drawn, shown)
        assert off.max() <= MOST_LEVELS
        assert (off > LEVELS).any(axis=2).mean() <= EDGES


@pytest.mark.slow
def test_an_svg_still_has_the_theme_s_colours_and_the_still_s_picture(tmp_path: Path) -> None:
    theme = load_theme("safe")
    planned = plan(demo_trace("lstm"), Options(theme=theme))
    render(demo_trace("lstm"), [tmp_path / "a.svg"], Options(theme=theme))
    reader = Reader((tmp_path / "a.svg").read_text(encoding="utf-8"))
    exact = {"#" + bytes(rgb).hex() for rgb in film_of(planned).exact_colours}
    assert reader.colours() <= exact
    assert {theme.background, theme.body, theme.line, theme.text} <= reader.colours()
    off = np.abs(reader.drawn()[:, :, :3].astype(int) - draw_still(planned)[:, :, :3])
    # What waits is left out where it is covered, which shows at edges.
    assert (off.max(axis=2) > 40).mean() < 0.002


@pytest.mark.slow
def test_a_step_has_no_colours_but_the_theme_s_and_their_shades() -> None:
    planned = plan(demo_trace("gru", 1))
    theme = planned.theme
    exact = ["#" + bytes(rgb).hex() for rgb in film_of(planned).exact_colours]
    strengths = theme.strengths
    shares = {
        *(strengths.waiting_fill, strengths.waiting_line, strengths.waiting_text),
        *(strengths.past_line, strengths.past_fan),
    }
    known = {mix(a, b, share) for a in exact for b in exact for share in (0.0, *shares)}
    grounds = (theme.body, theme.background)
    known |= {theme.waiting_letter(fill, ground) for fill in exact for ground in grounds}
    seen: set[str | None] = set()
    for transition in transitions(planned):
        for item in uncovered(transition.after.painted):
            seen.update((item.style.fill, item.style.stroke))
    assert len(seen) > 20
    assert seen - {None} <= known


@pytest.mark.slow
def test_a_transparent_still_keeps_the_page(tmp_path: Path) -> None:
    options = Options(width=300, transparent=True)
    render(demo_trace("rnn", 1), [tmp_path / "a.svg", tmp_path / "a.pdf"], options)
    reader = Reader((tmp_path / "a.svg").read_text(encoding="utf-8"))
    alpha = reader.drawn()[:, :, 3]
    assert (alpha[0, 0], alpha[150, 150]) == (0, 255)


# --- the files -----------------------------------------------------------------------------------

TARGETS = ("a.gif", "a.svg", "a.png", "a.pdf")


def make(folder: Path, paths: Sequence[str] = TARGETS, *, suffix: str = ".pdf") -> tuple[str, ...]:
    (folder / "steps").mkdir(exist_ok=True)
    stills = Stills(storyboard=folder / f"sheet{suffix}", steps=folder / "steps")
    written = render(demo_trace("rnn", 1), [folder / p for p in paths], SMALL, stills=stills)
    for file in written[:-1]:
        assert file.size_bytes == file.path.stat().st_size
    assert written[-1].size_bytes == sum(p.stat().st_size for p in (folder / "steps").iterdir())
    return tuple(
        f"{file.path.relative_to(folder).as_posix()} {file.frames} {file.unit}" for file in written
    )


@pytest.mark.slow
def test_film_stills_sheet_and_steps_come_from_one_call(tmp_path: Path) -> None:
    frames, *rest = make(tmp_path)
    assert frames.startswith("a.gif ")
    assert rest == [
        "a.svg 1 frame",
        "a.png 1 frame",
        "a.pdf 1 page",
        "sheet.pdf 5 page",
        "steps 5 picture",
    ]
    planned = plan(demo_trace("rnn", 1), SMALL)
    for number, frame in steps_of(planned).items():
        if number == 0:
            continue
        path = step_files(planned.storyboard, tmp_path / "steps")[number]
        with Image.open(path) as image:
            np.testing.assert_array_equal(np.array(image), frame[:, :, :3])
            assert image.info["Title"] == planned.metadata["title"]
            assert image.info["Comment"] == planned.metadata["comment"]


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_what_is_drawn_beside_a_film_is_what_is_drawn_alone(tmp_path: Path, suffix: str) -> None:
    for folder, paths in (("beside", ["a.gif", "a.svg"]), ("alone", ["a.svg"])):
        (tmp_path / folder).mkdir()
        make(tmp_path / folder, paths, suffix=suffix)
    beside, alone = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in found}
        for folder in ("beside", "alone")
        for found in [[p for p in (tmp_path / folder).rglob("*") if p.is_file()]]
    )
    assert alone.items() <= beside.items()
    assert {path.name for path in beside.keys() - alone.keys()} == {"a.gif"}


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pdf", ".png"])
def test_when_one_cannot_be_written_no_file_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    (tmp_path / "steps").mkdir()
    old = [tmp_path / "a.gif", tmp_path / "steps" / "rnn-01-t1-input.png"]
    other = tmp_path / "steps" / "notes.txt"
    for path in (*old, other):
        path.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files_module, "SHEETS", {**SHEETS, suffix: full})
    with pytest.raises(OSError, match=f"sheet{suffix}"):
        make(tmp_path, ["a.gif"], suffix=suffix)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(found) == sorted([*old, other])
    assert {path.read_text(encoding="utf-8") for path in found} == {"old"}


EDGES_OFF = 96
"""Levels of 255: a GIF has few shades at edges, and few pixels are as far off as this."""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.png", "a.gif", "a.webp"])
def test_a_still_is_the_complete_cell_in_any_format(tmp_path: Path, name: str) -> None:
    options = Options(width=300)
    render(demo_trace("rnn"), [tmp_path / name], options, stills=Stills(still=True))
    still = draw_still(plan(demo_trace("rnn"), options))
    with Image.open(tmp_path / name) as image:
        assert getattr(image, "n_frames", 1) == 1
        shown = np.array(image.convert("RGB"))
    exact = name != "a.gif"
    assert np.abs(shown.astype(int) - still[:, :, :3]).max() <= (0 if exact else EDGES_OFF)


def test_what_is_to_be_drawn_is_known_before() -> None:
    storyboard = narrate(random_trace(CELLS["rnn"]))
    count = len(storyboard.beats) - 1
    everything = Stills(storyboard=Path("s.pdf"), steps=Path("d"))
    paths = [Path("a.gif"), Path("a.SVG")]
    order = order_of(storyboard, paths, everything)
    assert (order.film, order.pictures, order.shapes) == (True, (paths[0],), (paths[1],))
    assert len(order.files) == 3 + count
    assert len(order.visited) == count
    alone = order_of(storyboard, paths, Stills(still=True))
    assert (alone.film, alone.pictures, alone.work(100)) == (False, (paths[0],), 0)
    assert order.work(100) > order_of(storyboard, paths, Stills()).work(100) == 100


@pytest.mark.slow
def test_progress_ends_with_everything_done(tmp_path: Path) -> None:
    (tmp_path / "steps").mkdir()
    stills = Stills(storyboard=tmp_path / "a.svg", steps=tmp_path / "steps")
    for paths in ([tmp_path / "a.gif"], []):
        told: list[tuple[int, int]] = []
        render(
            demo_trace("rnn", 1),
            paths,
            SMALL,
            stills=stills,
            progress=lambda done, of, told=told: told.append((done, of)),  # type: ignore[misc]
        )
        assert told == sorted(told)
        assert told[-1][0] == told[-1][1] > len(told) > 5


# --- what cannot be written ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["film.mp4", "film.WEBM"])
def test_a_still_as_a_film_is_refused_with_what_is_accepted(tmp_path: Path, name: str) -> None:
    planned = plan(demo_trace("rnn", 1))
    with pytest.raises(InputError, match=rf"{name} would be a film.*\.svg, \.pdf, \.webp or \.gif"):
        check_outputs(planned, [tmp_path / name], Stills(still=True))


def test_a_sheet_in_a_format_of_films_is_refused(tmp_path: Path) -> None:
    planned = plan(demo_trace("rnn", 1))
    with pytest.raises(InputError, match=r"s\.gif: a storyboard is one of \.png, \.svg or \.pdf"):
        check_outputs(planned, [], Stills(storyboard=tmp_path / "s.gif"))


def test_a_sheet_too_large_for_pixels_is_refused_before_it_is_drawn(tmp_path: Path) -> None:
    planned = plan(demo_trace("lstm"), Options(width=4000))
    with pytest.raises(InputError, match=r"pixels for its 17 panels.*\.pdf"):
        check_outputs(planned, [], Stills(storyboard=tmp_path / "s.png"))
    check_outputs(planned, [], Stills(storyboard=tmp_path / "s.pdf"))
    check_outputs(replace(planned, width=1125), [], Stills(storyboard=tmp_path / "s.png"))


def test_a_step_that_is_also_named_as_a_film_s_still_is_found(tmp_path: Path) -> None:
    planned = plan(demo_trace("rnn", 1))
    with pytest.raises(InputError, match="twice"):
        check_outputs(planned, [tmp_path / "rnn-02-t1-hx.png"], Stills(steps=tmp_path))


@pytest.mark.slow
def test_the_outlines_of_a_still_are_those_of_its_layout() -> None:
    planned = plan(demo_trace("rnn", 1), Options(width=321))
    points = np.concatenate([item.outline for item in still_of(planned).painted])
    assert points.min() >= -1.0
    assert (points.max(axis=0) <= (planned.layout.width + 1.0, planned.layout.height + 1.0)).all()
    assert points[:, 0].max() == pytest.approx(planned.layout.width, abs=1.0)
