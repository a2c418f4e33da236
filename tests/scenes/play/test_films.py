"""Whole films, really drawn: frames, loops, sizes, flashes, colours and memory."""

import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageSequence

from gatereel.rnn_math import CELLS, Cell
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.export import Written, encoding
from gatereel.scenes.lay_out.placed_rows import Disc
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.play.make import film_of
from gatereel.scenes.play.manim_player import draw_film
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import rgb
from tests.scenes.export.drawing import open_files
from tests.scenes.films import Drawn, Picture, draw, draw_still, find_discs, mask_of
from tests.scenes.traces import demo_trace, random_trace

ILLUSTRATED = load_theme("illustrated")

pytestmark = pytest.mark.slow

MEGAPIXELS = 200e6
"""dev.to refuses a GIF of more: width x height x pictures."""

GIF_BYTES = 550_000
"""What the film of a cell may weigh at the reference's own width."""

COARSE = 8
"""Flashes are looked for in squares of so many pixels."""

FLASH_LUMINANCE = 0.1
FLASH_AREA = 0.25
FLASHES_A_SECOND = 3
"""WCAG 2.2, "general flash": a tenth of the brightest luminance, over a quarter of the view."""

CLOSE = 1.15
"""Times the pictures of a GIF that may be planned for: some frames of a motion look alike."""

BODY_SHARE = 0.7
"""Of the body's area that keeps the body's colour in every frame."""

SPARSE = 4
"""The body's pixels are counted in every so many rows and columns."""

INSIDE_A_TAG = 3
"""Pixels from a tag's corner to where its colour is looked at."""

GIF_DELAY_OFF = 0.01
"""Seconds: delays are whole hundredths."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


@dataclass(frozen=True)
class Film:
    """What is kept of a default film: no more than a few numbers a frame."""

    plan: Plan
    written: Written
    counts: tuple[int, ...]
    first: Picture
    last: Picture
    body_pixels: tuple[int, ...]
    missing_tags: tuple[str, ...]
    luminance: NDArray[np.float32]
    """`(pictures, rows, columns)`: relative luminance of coarse squares, 0 to 1."""
    shown: Picture
    """The last picture of the decoded GIF."""
    gif_seconds: float


def relative_luminance(picture: Picture) -> NDArray[np.float32]:
    """Relative luminance as WCAG 2.2 defines it, of squares of `COARSE` pixels."""
    # Four bytes a pixel as they are: to take three of them out takes longer than all else here.
    image = Image.fromarray(picture).convert("RGBX") if picture.shape[2] == 3 else as_rgbx(picture)
    mean = np.asarray(image.reduce(COARSE))[:, :, :3] / 255
    linear = np.where(mean <= 0.04045, mean / 12.92, ((mean + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), np.float32)


def as_rgbx(frame: Picture) -> Image.Image:
    """An image that shares a frame's bytes, alpha unread."""
    height, width, _ = frame.shape
    return Image.frombuffer("RGBX", (width, height), frame, "raw", "RGBX", 0, 1)


def flashes(luminance: NDArray[np.float32], starts: NDArray[np.float64]) -> int:
    """The most large changes of brightness that any one second holds.

    Counted one way and back again they are at least twice the flashes. A change that builds up
    over several frames counts at its end, for each frame is held against the last one that counted.
    """
    moments, base = [], luminance[0]
    for now, frame in zip(starts, luminance, strict=True):
        if (np.abs(frame - base) >= FLASH_LUMINANCE).mean() > FLASH_AREA:
            moments.append(now)
            base = frame
    return max((sum(at <= other < at + 1 for other in moments) for at in moments), default=0)


def tags_missing(planned: Plan, picture: Picture) -> list[str]:
    gone = []
    for tag in planned.layout.tags:
        x = int(tag.x - tag.width / 2) + INSIDE_A_TAG
        y = int(tag.y - tag.height / 2) + INSIDE_A_TAG
        backdrop = ILLUSTRATED.body if tag.kind == "gate" else ILLUSTRATED.background
        if tuple(picture[y, x, :3].tolist()) == rgb(backdrop):
            gone.append(f"{tag.row}: {tag.text}")
    return gone


@cache
def film(cell: str) -> Film:
    """Draw a cell's default film once, at its own width, into a GIF and these facts."""
    planned = plan(demo_trace(cell))
    counts: list[int] = []
    ends: list[Picture] = []
    body_pixels: list[int] = []
    missing: set[str] = set()
    luminance: list[NDArray[np.float32]] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "film.gif"
        with open_files([path], film_of(planned)) as files:

            def take(frame: Picture, count: int) -> None:
                files.write(frame, count)
                counts.append(count)
                ends[1:] = [frame.copy()]
                sparse = mask_of(frame[::SPARSE, ::SPARSE, :3], ILLUSTRATED.body)
                body_pixels.append(int(sparse.sum()) * SPARSE**2)
                missing.update(tags_missing(planned, frame))
                luminance.append(relative_luminance(frame))

            draw_film(planned, take)
        with Image.open(path) as image:
            seconds = 0.0
            for page in ImageSequence.Iterator(image):
                seconds += page.info["duration"] / 1000
            shown = np.array(page.convert("RGB"))
    return Film(
        planned,
        files.written[0],
        tuple(counts),
        ends[0],
        ends[-1],
        tuple(body_pixels),
        tuple(sorted(missing)),
        np.array(luminance),
        shown,
        seconds,
    )


# --- the default films ---------------------------------------------------------------------------


@every_cell
def test_the_frames_are_as_many_as_planned(cell: Cell) -> None:
    shown = film(cell.name)
    assert sum(shown.counts) == shown.plan.frames
    assert min(shown.counts) >= 1
    frame = 1 / shown.plan.fps
    off = abs(shown.gif_seconds - shown.plan.storyboard.duration)
    assert off <= frame / 2 + GIF_DELAY_OFF


@every_cell
def test_the_pictures_are_at_most_as_planned_and_nearly_so_many(cell: Cell) -> None:
    shown = film(cell.name)
    assert shown.written.frames <= shown.plan.pictures <= CLOSE * shown.written.frames


@every_cell
def test_the_loop_closes_without_a_seam(cell: Cell) -> None:
    shown = film(cell.name)
    assert np.array_equal(shown.first, shown.last)


@every_cell
def test_no_frame_is_blank_or_lacks_a_tag(cell: Cell) -> None:
    shown = film(cell.name)
    left, top, right, bottom = DIAGRAMS[cell.name].body
    assert min(shown.body_pixels) >= BODY_SHARE * (right - left) * (bottom - top)
    assert shown.missing_tags == ()


@every_cell
def test_nothing_flashes_more_than_three_times_a_second(cell: Cell) -> None:
    shown = film(cell.name)
    starts = (np.cumsum(shown.counts) - shown.counts) / shown.plan.fps
    assert flashes(shown.luminance, starts) <= FLASHES_A_SECOND


@every_cell
def test_a_film_of_five_seconds_does_not_flash_either(cell: Cell) -> None:
    drawn = draw(demo_trace(cell, 1), Options(width=480, most_seconds=5.0, loop=False))
    luminance = np.array([relative_luminance(picture) for picture in drawn.pictures])
    starts = (np.cumsum(drawn.counts) - drawn.counts) / drawn.plan.fps
    assert flashes(luminance, starts) <= FLASHES_A_SECOND
    assert np.array_equal(drawn.pictures[0], drawn.pictures[-1])


def test_the_check_for_flashes_can_fail() -> None:
    starts = np.arange(20) / 20
    dark, bright = (
        relative_luminance(np.full((4 * COARSE, 4 * COARSE, 3), grey, np.uint8))
        for grey in (100, 200)
    )
    assert flashes(np.array([dark, bright] * 10), starts) > FLASHES_A_SECOND
    assert flashes(np.array([dark] * 10 + [bright] * 10), starts) == 1
    a_corner = bright.copy()
    a_corner[0, 0] = dark[0, 0]
    assert flashes(np.array([bright, a_corner] * 10), starts) == 0


@every_cell
def test_the_gif_is_light_enough_to_embed(cell: Cell) -> None:
    written = film(cell.name).written
    assert written.width == DIAGRAMS[cell.name].width
    assert written.width * written.height * written.frames <= MEGAPIXELS
    assert written.size_bytes <= GIF_BYTES
    assert written.warnings == ()


@every_cell
def test_the_decoded_gif_has_every_disc_in_its_exact_fill(cell: Cell, tmp_path: Path) -> None:
    """Without levels, a disc is full, and its colour is its role's to the byte."""
    planned, diagram = plan(demo_trace(cell), Options(levels=False)), DIAGRAMS[cell.name]
    path = tmp_path / "a.gif"
    with encoding({path: path}, film_of(planned)) as files:
        files.write(draw_still(planned), 1)
    with Image.open(path) as image:
        shown = np.array(image.convert("RGB"))
    discs = [disc for row in planned.layout.rows.values() for disc in row.discs]
    fills = {ILLUSTRATED.fill(disc.role, disc.unit) for disc in discs}
    # Rows with numbers have larger discs than the operands of weighted sums.
    found = find_discs(shown, fills, (diagram.radius + diagram.value_radius) / 2)
    assert sorted(patch.colour for patch in found) == sorted(
        ILLUSTRATED.fill(disc.role, disc.unit) for disc in discs
    )


@every_cell
def test_the_decoded_gif_has_the_themes_other_colours_exactly(cell: Cell) -> None:
    used = [
        ILLUSTRATED.background,
        ILLUSTRATED.body,
        ILLUSTRATED.line,
        ILLUSTRATED.text,
        ILLUSTRATED.accent,
        ILLUSTRATED.state_tag,
        ILLUSTRATED.caption_tag,
        ILLUSTRATED.strip,
    ]
    if any(tag.kind == "gate" for tag in DIAGRAMS[cell.name].tags):
        used.append(ILLUSTRATED.gate_tag)
    picture = film(cell.name).shown
    assert [colour for colour in used if not mask_of(picture, colour).any()] == []


# --- small films ---------------------------------------------------------------------------------

SMALL = Options(width=240, fps=10, pace=0.3)


@every_cell
def test_the_same_film_drawn_twice_is_the_same(cell: Cell) -> None:
    one, other = (draw(demo_trace(cell, 2), SMALL) for _ in range(2))
    assert one.counts == other.counts
    assert all(np.array_equal(a, b) for a, b in zip(one.pictures, other.pictures, strict=True))


@every_cell
@pytest.mark.parametrize("values", [True, False])
@pytest.mark.parametrize(("fps", "pace"), [(5, 0.2), (7, 0.9), (50, 0.2)])
def test_frames_are_as_planned_for_any_rate_and_pace(
    cell: Cell, values: bool, fps: int, pace: float
) -> None:
    """A step may last less than a frame, or have nothing that moves."""
    drawn = draw(
        demo_trace(cell, 2), Options(width=200, fps=fps, pace=pace, values=values, strip=values)
    )
    assert sum(drawn.counts) == drawn.plan.frames
    assert np.array_equal(drawn.pictures[0], drawn.pictures[-1])


@every_cell
@pytest.mark.parametrize("sizes", [(1, 1), (8, 6)])
def test_other_sizes_are_drawn_and_close_their_loop(cell: Cell, sizes: tuple[int, int]) -> None:
    drawn = draw(random_trace(cell, 2, *sizes), SMALL)
    assert sum(drawn.counts) == drawn.plan.frames
    assert np.array_equal(drawn.pictures[0], drawn.pictures[-1])


@every_cell
def test_an_excerpt_is_drawn_with_its_ellipses_and_closes_its_loop(cell: Cell) -> None:
    """A row has as many discs as it has units shown, and one with dots for the rest."""
    trace = random_trace(cell, 2, 300, 128)
    small = draw(trace, SMALL)
    assert sum(small.counts) == small.plan.frames
    assert np.array_equal(small.pictures[0], small.pictures[-1])
    diagram = DIAGRAMS[cell.name]
    options = Options(
        width=LARGER * round(diagram.width), fps=5, pace=0.2, values=False, strip=False
    )
    # The complete cell, which the film closes on, is all that is looked at so large.
    planned = plan(random_trace(cell, 1, 300, 128), options)
    picture = draw_still(planned)[:, :, :3]
    placed = [disc for row in planned.layout.rows.values() for disc in row.discs]
    for disc in placed:
        fill = ILLUSTRATED.fill(disc.role, disc.unit)
        x, y, radius = (LARGER * length for length in (disc.x, disc.y, disc.radius))
        if disc.is_rest:
            dots = [x + side * radius / 2 for side in (-1, 0, 1)]
            between = [x + side * radius / 4 for side in (-1, 1)]
            assert [_is_dot(picture, at, y, disc) for at in dots] == [True] * 3
            assert [_is_dot(picture, at, y, disc) for at in between] == [False] * 2
        high = y - radius * ABOVE_DOTS
        assert tuple(picture[int(high), int(x)].tolist()) == rgb(fill)
    rests = sum(disc.is_rest for disc in placed)
    assert rests == sum(len(row.stretches) for row in diagram.rows)


LARGER = 3
"""Times the reference's width: in a small disc a dot is a pixel wide."""

ABOVE_DOTS = 0.62
"""Of a disc's radius: over its letter or dots, and inside its outline."""


def _is_dot(picture: Picture, x: float, y: float, disc: Disc) -> bool:
    """Whether a pixel is nearer to the dots' colour than to the disc's."""
    fill = ILLUSTRATED.fill(disc.role, disc.unit)
    dot = ILLUSTRATED.letter_on(fill)
    pixel = picture[int(y), int(x)].astype(int)
    off = [int(np.abs(pixel - np.array(rgb(colour))).sum()) for colour in (dot, fill)]
    return off[0] < off[1]


def moves_in(drawn: Drawn) -> list[float]:
    """Seconds of motion drawn in each beat: pictures that stand a single frame."""
    fps, at, found = drawn.plan.fps, 0, []
    for count in drawn.counts:
        if count == 1:
            found.append(at / fps)
        at += count
    return found


@every_cell
def test_values_travel_in_every_step_of_the_first_timestep(cell: Cell) -> None:
    """Between a step's start and its hold there are pictures of things on their way."""
    drawn = draw(demo_trace(cell, 1), Options(width=240, smooth=True))
    moments = moves_in(drawn)
    for beat in drawn.plan.storyboard.beats[2:-1]:
        inside = [m for m in moments if beat.start <= m < beat.start + beat.duration]
        assert len(inside) > 1, beat.telling.step


# --- memory --------------------------------------------------------------------------------------

SECOND_HALF_MB = 12.0
"""What the second half of a film of thirty timesteps may take beyond the first: what was set is
kept for a while, and allocators keep a little. Its frames, if they were kept, would take 33 MB."""

MEASURE = """
from pathlib import Path
from tests.scenes.traces import random_trace
from gatereel.rnn_math import CELLS
from gatereel.scenes.play.manim_player import draw_film
from gatereel.scenes.plan import Options, plan
planned = plan(random_trace(CELLS["rnn"], 30), Options(width=280, fps=5, pace=0.5))
pictures = 0
def take(frame, count):
    global pictures
    pictures += 1
    if pictures in (planned.pictures // 2, planned.pictures):
        # Not ru_maxrss: Linux lets a process begin with that of the one which started it.
        status = Path("/proc/self/status").read_text()
        print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
draw_film(planned, take)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process its peak so far")
def test_a_film_takes_no_more_memory_as_it_goes_on() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", MEASURE],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    half, whole = (int(kilobytes) / 1000 for kilobytes in done.stdout.split())
    assert whole - half <= SECOND_HALF_MB
