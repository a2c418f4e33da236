"""The film store and the timing: exact, small, and flat in memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gatereel.scenes.export import Film, Frame, feed, store
from gatereel.scenes.export.changes import Differ, PixelBox, PixelChange, bounding_box, unpack
from gatereel.scenes.export.png import PngEncoder
from gatereel.scenes.export.store import FilmStore
from gatereel.scenes.tell.hundredths import delays

from .drawing import film_of, moving_disc, open_files, pictures, write


@pytest.mark.parametrize("bound", [1, 2**24], ids=["on disk", "in memory"])
def test_store_gives_back_every_picture(monkeypatch: pytest.MonkeyPatch, bound: int) -> None:
    monkeypatch.setattr(store, "MEMORY_BOUND", bound)
    frames = list(moving_disc(8))
    film = FilmStore()
    for change in changes(frames):
        film.add(change)
    assert film.counts == [2] * len(frames)
    for _ in range(2):  # it can be read more than once
        picture = np.zeros((80, 120), np.uint32)
        for drawn, change in zip(frames, film, strict=True):
            change.draw_on(picture)
            np.testing.assert_array_equal(unpack(picture), drawn)
            assert change.count == 2
    film.close()


def test_what_was_packed_already_is_kept_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = FilmStore(), FilmStore()
    for change in changes(list(moving_disc(4))):
        first.add(change)
    read = list(first)
    monkeypatch.setattr(store, "packed", None)  # compressing again would fail
    for change in read:
        second.add(change)
    for one, other in zip(first, second, strict=True):
        assert (one.box, one.compressed) == (other.box, other.compressed)
        np.testing.assert_array_equal(one.values, other.values)
    first.close()
    second.close()


def changes(frames: list[Frame]) -> Iterator[PixelChange]:
    differ = Differ(*frames[0].shape[:2])
    for frame in frames:
        change = differ.compare(frame, 2)
        assert change is not None
        yield change


@pytest.mark.parametrize("channels", [3, 4])
def test_differ_tells_the_pixels_that_changed(channels: int) -> None:
    differ = Differ(2, 3)
    frame = np.zeros((2, 3, channels), np.uint8)
    first = differ.compare(frame, 1)
    assert first is not None
    assert (first.box, first.values.tolist()) == (PixelBox(0, 0, 3, 2), [0xFF000000] * 6)
    assert differ.compare(frame, 1) is None
    frame[1, 2, :3] = (1, 2, 3)
    second = differ.compare(frame, 5)
    assert second is not None
    assert (second.values.tolist(), second.count) == ([0xFF030201], 5)
    assert second.changed[-1, -1]
    assert second.changed.sum() == 1


def test_alpha_alone_changes_nothing() -> None:
    differ = Differ(1, 1)
    assert differ.compare(np.zeros((1, 1, 4), np.uint8), 1) is not None
    assert differ.compare(np.full((1, 1, 4), (0, 0, 0, 255), np.uint8), 1) is None


@given(*[st.tuples(*[st.integers(0, 5)] * 2, *[st.integers(1, 5)] * 2)] * 2)
def test_box_around_two_holds_both_and_no_more(
    one: tuple[int, int, int, int], two: tuple[int, int, int, int]
) -> None:
    mask = np.zeros((12, 12), np.bool_)
    for box in (PixelBox(*one), PixelBox(*two)):
        mask[box.slices] = True
    assert PixelBox(*one).around(PixelBox(*two)) == bounding_box(mask)


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 7)), min_size=1))
def test_bounding_box_touches_all_four_sides(marked: set[tuple[int, int]]) -> None:
    mask = np.zeros((6, 8), np.bool_)
    for row, column in marked:
        mask[row, column] = True
    rows, columns = {row for row, _ in marked}, {column for _, column in marked}
    width, height = max(columns) - min(columns) + 1, max(rows) - min(rows) + 1
    assert bounding_box(mask) == PixelBox(min(columns), min(rows), width, height)


def test_bounding_box_of_nothing_is_none() -> None:
    assert bounding_box(np.zeros((2, 2), np.bool_)) is None


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60), st.integers(1, 120))
def test_delays_never_drift_and_never_fall_short(counts: list[int], fps: int) -> None:
    starts, end = delays(counts, fps)
    shown = [start for start in starts if start is not None]
    assert shown[0] == 0
    assert all(after - before >= 2 for before, after in zip(shown, [*shown[1:], end], strict=True))
    assert starts[-1] is not None
    exact = 100 * sum(counts) / fps
    # Half a hundredth of rounding, or the 0.02 s that a last picture needs at least.
    assert abs(end - exact) <= (0.5 if end - shown[-1] > 2 else 2)
    if fps <= 50 and 100 % fps == 0:
        assert (None not in starts, end) == (True, exact)


def endless(frames: int) -> Iterator[Frame]:
    """Yield pictures in which a spot wanders and its colour changes."""
    frame = np.full((60, 80, 4), 255, np.uint8)
    for number in range(frames):
        top, left = number * 7 % 56, number * 11 % 76
        frame[top : top + 4, left : left + 4, :3] = number % 50
        yield frame


def peak(path: Path, frames: int) -> int:
    tracemalloc.start()
    with open_files([path], Film(80, 60, fps=25)) as files:
        for frame in endless(frames):
            files.write(frame)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


ENTRY_BYTES = 500
"""What the list of a film's pictures may take for each: where it lies, its box, its hold."""


@pytest.mark.parametrize("suffix", [".gif", ".png", ".mp4"])
def test_memory_stays_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr(store, "MEMORY_BOUND", 2**12)
    monkeypatch.setattr(feed, "WAITING_BOUND", 2**18)
    short, long = (peak(tmp_path / f"{frames}{suffix}", frames) for frames in (100, 1000))
    assert long - short <= ENTRY_BYTES * 900


def test_still_is_the_last_frame_with_its_words(tmp_path: Path) -> None:
    frames = list(moving_disc(3))
    film = film_of(frames[0], title="Mạng", comment="a cell")
    write(tmp_path / "cell.png", frames, film, [1, 1, 50])
    (shown,), _ = pictures(tmp_path / "cell.png")
    np.testing.assert_array_equal(shown, frames[-1][:, :, :3])
    with Image.open(tmp_path / "cell.png") as image:
        assert image.mode == "RGB"
        assert (image.info["Title"], image.info["Comment"]) == ("Mạng", "a cell")


def test_aborted_still_writes_nothing(tmp_path: Path) -> None:
    encoder = PngEncoder(tmp_path / "cell.png", Film(120, 80, fps=25))
    for change in changes(list(moving_disc(1))):
        encoder.write(change)
    encoder.abort()
    assert list(tmp_path.iterdir()) == []
