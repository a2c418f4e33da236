"""The WebP: every pixel as drawn, every duration to the millisecond."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gatereel.scenes.export import Film, webp

from .drawing import film_of, moving_disc, pictures, write


def test_every_pixel_is_exact(tmp_path: Path) -> None:
    frames = list(moving_disc(12))
    written = write(tmp_path / "cell.webp", frames, film_of(frames[0]))
    shown, _ = pictures(tmp_path / "cell.webp")
    np.testing.assert_array_equal(shown, [frame[:, :, :3] for frame in frames])
    assert written.frames == len(frames)


@pytest.mark.parametrize("fps", [20, 24, 30, 60])
def test_total_time_is_exact(tmp_path: Path, fps: int) -> None:
    frames = list(moving_disc(7))
    counts = [fps, 1, 1, 1, 1, 1, 4 * fps]
    written = write(tmp_path / "cell.webp", frames, film_of(frames[0], fps), counts)
    _, durations = pictures(tmp_path / "cell.webp")
    assert sum(durations) == round(1000 * sum(counts) / fps)
    assert written.seconds == sum(durations) / 1000


@pytest.mark.parametrize("loop", [True, False])
def test_loop_for_ever_or_play_once(tmp_path: Path, loop: bool) -> None:
    frames = list(moving_disc(2))
    write(tmp_path / "cell.webp", frames, film_of(frames[0], loop=loop))
    with Image.open(tmp_path / "cell.webp") as image:
        assert image.info["loop"] == (0 if loop else 1)


@pytest.mark.parametrize("frames", [1, 2])
def test_words_are_kept(tmp_path: Path, frames: int) -> None:
    drawn = list(moving_disc(frames))
    film = film_of(drawn[0], title="Mạng <LSTM>", comment="f & i")
    write(tmp_path / "cell.webp", drawn, film)
    with Image.open(tmp_path / "cell.webp") as image:
        packet = image.info["xmp"].decode()
    assert "Mạng &lt;LSTM&gt;" in packet
    assert "f &amp; i" in packet


def test_too_large_a_picture_names_the_bound(tmp_path: Path) -> None:
    frame = np.zeros((1, 20_000, 3), np.uint8)
    with pytest.raises(ValueError, match="16383"):
        write(tmp_path / "cell.webp", [frame], Film(20_000, 1, fps=25))


@settings(max_examples=30)
@given(
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    number=st.integers(1, 6),
    seed=st.integers(0, 2**16),
)
def test_changes_at_any_place_are_exact(
    tmp_path_factory: pytest.TempPathFactory, size: tuple[int, int], number: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    frames = [random.integers(0, 256, (*size, 3), np.uint8)]
    for _ in range(number - 1):
        frame = frames[-1].copy()
        frame[random.integers(size[0]), random.integers(size[1])] += 1
        frames.append(frame)
    path = tmp_path_factory.mktemp("exact") / "cell.webp"
    write(path, frames, film_of(frames[0]))
    np.testing.assert_array_equal(pictures(path)[0], frames)


def test_hold_longer_than_a_duration_is_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webp, "DURATION_BOUND", 100)
    frames = list(moving_disc(2))
    written = write(tmp_path / "cell.webp", frames, film_of(frames[0]), [6, 1])
    shown, durations = pictures(tmp_path / "cell.webp")
    assert durations == [80, 80, 80, 40]
    assert written.frames == len(shown)
    np.testing.assert_array_equal(shown[2], frames[0][:, :, :3])


def test_length_in_the_head_is_the_files(tmp_path: Path) -> None:
    frames = list(moving_disc(2))
    write(tmp_path / "cell.webp", frames, film_of(frames[0], title="odd"))
    data = (tmp_path / "cell.webp").read_bytes()
    assert int.from_bytes(data[4:8], "little") == len(data) - 8
