"""The GIF: its pictures, palette, delays and size."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gatereel.scenes.export import Film, Frame, gif
from gatereel.scenes.export.changes import Pixels
from gatereel.scenes.export.palette import WORST, build_palette, pack_colour, to_lab

from .drawing import THEME, film_of, moving_disc, pictures, write

WORST_ERROR = WORST + 1e-6
"""CIELAB; where a palette stops early, and rounding."""
EVENLY_ROUNDED = 1e-9


def packed(rgb: Frame) -> Pixels:
    return rgb.astype(np.uint32) @ np.array([1, 256, 65536], np.uint32)


def test_decoded_frames_are_near_and_theme_fills_exact(tmp_path: Path) -> None:
    frames = list(moving_disc(30, 240, 160))
    write(tmp_path / "cell.gif", frames, film_of(frames[0]))
    shown, _ = pictures(tmp_path / "cell.gif")
    assert len(shown) == len(frames)
    for drawn, decoded in zip(frames, shown, strict=True):
        wanted, got = packed(drawn[:, :, :3]), packed(decoded)
        off = to_lab(wanted.ravel()) - to_lab(got.ravel())
        assert np.sqrt((off**2).sum(axis=1)).max() < WORST_ERROR
        for colour in THEME:
            fill = wanted == pack_colour(colour)
            assert (got[fill] == pack_colour(colour)).all()


@settings(max_examples=40)
@given(data=st.data())
def test_few_colours_decode_exactly(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    width, height = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))
    number = data.draw(st.integers(1, 6))
    seed = data.draw(st.integers(0, 2**16))
    random = np.random.default_rng(seed)
    colours = random.integers(0, 256, (data.draw(st.integers(1, 256)), 3), np.uint8)
    frames = [colours[random.integers(0, len(colours), (height, width))]]
    for _ in range(number - 1):
        flip = random.random((height, width)) < random.random()
        other = colours[random.integers(0, len(colours), (height, width))]
        frames.append(np.where(flip[:, :, None], other, frames[-1]))
    counts = random.integers(1, 4, number).tolist()
    path = tmp_path_factory.mktemp("exact") / "cell.gif"
    written = write(path, frames, Film(width, height, fps=25), counts)
    assert written.warnings == ()
    shown, durations = pictures(path)
    played = [
        picture for picture, ms in zip(shown, durations, strict=True) for _ in range(round(ms / 40))
    ]
    held = [frame for frame, count in zip(frames, counts, strict=True) for _ in range(count)]
    if len(shown) > 1:  # a single picture has no delay that Pillow reports
        np.testing.assert_array_equal(played, held)
    else:
        np.testing.assert_array_equal(shown[0], frames[0])


@pytest.mark.parametrize("fps", [20, 24, 25, 30, 50, 60, 100])
def test_total_time_is_exact_and_no_delay_too_short(tmp_path: Path, fps: int) -> None:
    frames = list(moving_disc(41))
    counts = [fps, *[1] * 39, 4 * fps]
    written = write(tmp_path / "cell.gif", frames, film_of(frames[0], fps), counts)
    _, durations = pictures(tmp_path / "cell.gif")
    assert min(durations) >= 20
    assert abs(sum(durations) - 1000 * sum(counts) / fps) <= 5 + EVENLY_ROUNDED
    assert written.seconds == sum(durations) / 1000


@pytest.mark.parametrize("fps", [20, 25, 50])
def test_rates_that_fit_hundredths_keep_every_delay(tmp_path: Path, fps: int) -> None:
    frames = list(moving_disc(5))
    write(tmp_path / "cell.gif", frames, film_of(frames[0], fps))
    assert pictures(tmp_path / "cell.gif")[1] == [1000 // fps] * 5


def test_equal_frames_become_one_hold(tmp_path: Path) -> None:
    one, other = moving_disc(2)
    written = write(tmp_path / "cell.gif", [one, one, other, other, one], film_of(one))
    assert written.frames == 3
    assert pictures(tmp_path / "cell.gif")[1] == [80, 80, 40]


def test_hold_longer_than_a_delay_is_split(tmp_path: Path) -> None:
    one, other = moving_disc(2)
    seconds = 1400
    write(tmp_path / "cell.gif", [one, other], film_of(one), [25 * seconds, 25])
    shown, durations = pictures(tmp_path / "cell.gif")
    assert sum(durations[:-1]) == 1000 * seconds
    assert max(durations) <= 655_350
    for picture in shown[:-1]:
        np.testing.assert_array_equal(picture, one[:, :, :3])


def test_only_the_changed_box_is_coded(tmp_path: Path) -> None:
    plain = np.full((50, 60, 3), 255, np.uint8)
    spot = plain.copy()
    spot[20:23, 30:37] = THEME[2]
    write(tmp_path / "cell.gif", [plain, spot], film_of(plain))
    with Image.open(tmp_path / "cell.gif") as image:
        image.seek(1)
        assert image.tile[0].extents == (30, 20, 37, 23)
        assert getattr(image, "disposal_method", None) == 1  # "do not dispose"


def test_few_changes_in_every_colour_leave_no_index_to_be_transparent(tmp_path: Path) -> None:
    grey = np.zeros((100, 100, 3), np.uint8)
    every = grey.copy()
    every[::6, ::6] = np.arange(17 * 17).reshape(17, 17, 1) % 256
    other = every.copy()
    other[::6, ::6] = 255 - every[::6, ::6]
    write(tmp_path / "cell.gif", [every, other], Film(100, 100, fps=25))
    shown, _ = pictures(tmp_path / "cell.gif")
    np.testing.assert_array_equal(shown, [every, other])


def test_of_grey_shades_no_more_are_kept_than_of_others(tmp_path: Path) -> None:
    ramp = np.repeat(np.arange(256, dtype=np.uint8), 40).reshape(64, 160)
    drawn = np.dstack([ramp] * 3)
    exact = ((0, 0, 0), (119, 119, 119), (255, 255, 255))
    write(tmp_path / "cell.gif", [drawn], Film(160, 64, 25, exact_colours=exact))
    (shown,), _ = pictures(tmp_path / "cell.gif")
    assert len(np.unique(shown)) < 128
    off = to_lab(packed(drawn).ravel()) - to_lab(packed(shown).ravel())
    assert np.sqrt((off**2).sum(axis=1)).max() < WORST_ERROR
    assert all((shown[drawn == grey] == grey).all() for grey, _, _ in exact)


@pytest.mark.parametrize("loop", [True, False])
def test_loop_for_ever_or_play_once(tmp_path: Path, loop: bool) -> None:
    frames = list(moving_disc(2))
    write(tmp_path / "cell.gif", frames, film_of(frames[0], loop=loop))
    with Image.open(tmp_path / "cell.gif") as image:
        assert image.info.get("loop") == (0 if loop else None)


@pytest.mark.parametrize("comment", ["", "a cell", "Mạng hồi quy " * 50])
def test_comment_is_kept(tmp_path: Path, comment: str) -> None:
    frame = next(moving_disc(1))
    write(tmp_path / "cell.gif", [frame], film_of(frame, comment=comment))
    with Image.open(tmp_path / "cell.gif") as image:
        assert image.info.get("comment", b"").decode() == comment


def test_too_many_colours_are_written_with_a_warning(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (300, 500, 3), np.uint8)
    written = write(tmp_path / "cell.gif", [noise, noise[::-1]], film_of(noise))
    assert "CIELAB" in written.warnings[0]
    assert len(pictures(tmp_path / "cell.gif")[0]) == 2


@pytest.mark.parametrize(("frames", "told"), [(2, []), (3, ["3 megapixels"])])
def test_a_gif_too_large_for_some_sites_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frames: int, told: list[str]
) -> None:
    monkeypatch.setattr(gif, "SHOWN_MEGAPIXELS", 2)
    drawn = [np.full((1000, 1000, 3), level, np.uint8) for level in range(frames)]
    written = write(tmp_path / "cell.gif", drawn, film_of(drawn[0]))
    assert [words for words in told if words in "".join(written.warnings)] == told
    assert len(written.warnings) == len(told)


def test_exact_colours_survive_in_a_film_of_very_many(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (500, 500, 3), np.uint8)
    noise[:9, :9] = THEME[1]
    write(tmp_path / "cell.gif", [noise], film_of(noise))
    assert (pictures(tmp_path / "cell.gif")[0][0][:9, :9] == THEME[1]).all()


def test_palette_puts_the_most_used_first_and_maps_chosen_to_themselves() -> None:
    colours = np.array([0x0000FF, 0x00FF00, 0xFF0000], np.uint32)
    palette = build_palette(colours, np.array([5, 50, 7]), exact=())
    assert palette.colours.tolist() == [[0, 255, 0], [0, 0, 255], [255, 0, 0]]
    assert palette.indices(colours).tolist() == [2, 0, 1]


def test_exact_colours_come_before_commoner_ones() -> None:
    colours = np.arange(1000, dtype=np.uint32)
    counts = np.full(1000, 10**6)
    counts[[3, 500]] = 1
    palette = build_palette(colours, counts, exact=[(3, 0, 0), (244, 1, 0)], size=4)
    kept = palette.colours.tolist()
    assert [3, 0, 0] in kept
    assert [244, 1, 0] in kept


@pytest.mark.skipif(shutil.which("gifsicle") is None, reason="gifsicle is not installed")
def test_hardly_larger_than_what_gifsicle_makes_of_it(tmp_path: Path) -> None:
    frames = list(moving_disc(60, 480, 320))
    ours = write(tmp_path / "cell.gif", frames, film_of(frames[0])).size_bytes
    small = tmp_path / "small.gif"
    command = ["gifsicle", "-O3", "--warnings", str(tmp_path / "cell.gif"), "-o", str(small)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert run.stderr == ""
    assert ours <= 1.03 * small.stat().st_size
