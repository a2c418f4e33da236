"""MP4 and WebM: right colours that are tagged, exact time, even sizes."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from gatereel.scenes.export import ENCODERS, Film, Frame
from gatereel.scenes.export.changes import Differ
from gatereel.scenes.export.mp4 import LONGEST_HOLD
from gatereel.scenes.export.yuv import YuvCanvas

from .drawing import THEME, film_of, moving_disc, write

FILL_LEVELS = 3
"""How far a fill's commonest decoded colour may be off: limited range alone rounds by two."""
BT709 = 1
VIDEOS = [".mp4", ".webm"]


def decoded(path: Path) -> list[Frame]:
    with av.open(path) as container:
        return [
            frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray().astype(np.uint8)
            for frame in container.decode(video=0)
        ]


def commonest(pixels: Frame) -> Frame:
    colours, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    winner: Frame = colours[counts.argmax()]
    return winner


@pytest.mark.parametrize("suffix", VIDEOS)
def test_fills_at_rest_come_back_in_their_colour(tmp_path: Path, suffix: str) -> None:
    frames = list(moving_disc(4, 240, 160))
    hold = 12  # about half a second: codecs refine what stands still
    path = tmp_path / f"cell{suffix}"
    coded = write(path, frames, film_of(frames[0]), [hold] * len(frames)).frames // len(frames)
    for drawn, shown in zip(frames, decoded(path)[coded - 1 :: coded], strict=True):
        for colour in THEME:
            fill = (drawn[:, :, :3] == colour).all(axis=2)
            if fill.any():
                off = commonest(shown[fill]).astype(int) - colour
                assert abs(off).max() <= FILL_LEVELS


@pytest.mark.parametrize("suffix", VIDEOS)
def test_colours_are_tagged_and_words_kept(tmp_path: Path, suffix: str) -> None:
    frame = next(moving_disc(1))
    write(tmp_path / f"cell{suffix}", [frame], film_of(frame, title="Mạng", comment="a cell"))
    with av.open(tmp_path / f"cell{suffix}") as container:
        context = container.streams.video[0].codec_context
        assert context.pix_fmt == "yuv420p"
        assert (context.color_primaries, context.color_trc, context.colorspace) == (BT709,) * 3
        assert context.color_range == 1  # limited
        words = {key.lower(): text for key, text in container.metadata.items()}
    assert (words["title"], words["comment"]) == ("Mạng", "a cell")


@pytest.mark.parametrize("suffix", VIDEOS)
@pytest.mark.parametrize("fps", [20, 25, 30])
def test_time_is_exact(tmp_path: Path, suffix: str, fps: int) -> None:
    frames = list(moving_disc(3))
    counts = [fps, 1, 2 * fps]
    path = tmp_path / f"cell{suffix}"
    written = write(path, frames, film_of(frames[0], fps), counts)
    with av.open(path) as container:
        assert container.duration is not None
        # WebM counts whole milliseconds.
        assert container.duration / 1e6 == pytest.approx(sum(counts) / fps, abs=1e-3)
        pictures = list(container.decode(video=0))
    times = [picture.time for picture in pictures]
    assert pictures[0].key_frame
    # A constant rate in WebM; MP4 holds a picture, though never for long.
    step = 1 if suffix == ".webm" else int(LONGEST_HOLD * fps)
    holds = [range(0, fps, step), [fps], range(fps + 1, sum(counts), step)]
    assert times == pytest.approx([start / fps for hold in holds for start in hold], abs=1e-3)
    assert (written.frames, written.seconds) == (len(times), sum(counts) / fps)


@pytest.mark.parametrize("suffix", VIDEOS)
def test_odd_size_is_padded_with_the_background(tmp_path: Path, suffix: str) -> None:
    frame = np.full((31, 45, 3), THEME[1], np.uint8)
    film = Film(45, 31, fps=25, background=THEME[1])
    written = write(tmp_path / f"cell{suffix}", [frame], film)
    assert (written.width, written.height) == (46, 32)
    (shown,) = decoded(written.path)
    assert shown.shape == (32, 46, 3)
    assert abs(shown.astype(int) - THEME[1]).max() <= FILL_LEVELS


def test_mp4_has_its_index_at_the_front(tmp_path: Path) -> None:
    frame = next(moving_disc(1))
    write(tmp_path / "cell.mp4", [frame], film_of(frame))
    data = (tmp_path / "cell.mp4").read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(
    ("colour", "yuv"),
    # ITU-R BT.709-6, item 4.6: black, white and the primaries.
    [
        ((0, 0, 0), (16, 128, 128)),
        ((255, 255, 255), (235, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_planes_follow_bt709(colour: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    canvas = YuvCanvas(4, 4, colour, smallest=2)
    assert set(canvas.planes[:4].ravel()) == {yuv[0]}
    assert canvas.planes[4:].ravel().tolist() == [yuv[1]] * 4 + [yuv[2]] * 4


@pytest.mark.parametrize("size", [(120, 80), (121, 80), (120, 81), (33, 131)])
def test_updating_the_changed_box_equals_converting_the_whole(size: tuple[int, int]) -> None:
    width, height = size
    canvas = YuvCanvas(width, height, (9, 99, 199), smallest=2)
    differ = Differ(height, width)
    for frame in moving_disc(9, width, height):
        change = differ.compare(frame, 1)
        whole = Differ(height, width).compare(frame, 1)
        assert change is not None
        assert whole is not None
        canvas.update(change)
        fresh = YuvCanvas(width, height, (9, 99, 199), smallest=2)
        fresh.update(whole)
        np.testing.assert_array_equal(canvas.planes, fresh.planes)


ANY_COLOURS = """
import hashlib
import numpy as np
from gatereel.scenes.export.changes import Differ
from gatereel.scenes.export.yuv import YuvCanvas
frame = np.random.default_rng(0).integers(0, 256, (900, 1200, 4), dtype=np.uint8)
canvas = YuvCanvas(1200, 900, (9, 99, 199), smallest=2)
canvas.update(Differ(900, 1200).compare(frame, 1))
print(hashlib.sha256(canvas.planes.tobytes()).hexdigest())
"""


def test_planes_are_the_same_on_other_processors() -> None:
    """A library for matrices computes by the processor, and OpenBLAS can be told another one."""
    told = {
        subprocess.run(
            [sys.executable, "-c", ANY_COLOURS],
            env=os.environ | another,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for another in ({}, {"OPENBLAS_CORETYPE": "Nehalem"})
    }
    assert len(told) == 1


def test_h264_is_coded_by_one_thread(tmp_path: Path) -> None:
    """With several, what it decides might depend on which is ahead; the file tells how many."""
    frame = next(moving_disc(1))
    write(tmp_path / "cell.mp4", [frame], film_of(frame))
    settings = (tmp_path / "cell.mp4").read_bytes().partition(b"options: ")[2]
    told = dict(part.partition(b"=")[::2] for part in settings.split(b"\0")[0].split())
    assert (told[b"threads"], told[b"lookahead_threads"]) == (b"1", b"1")
    assert told[b"sliced_threads"] == b"0"


@pytest.mark.parametrize("suffix", VIDEOS)
def test_the_codec_has_one_thread(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[av.container.OutputContainer] = []

    def remembering(*arguments: Any, **options: Any) -> Any:
        opened.append(really_open(*arguments, **options))
        return opened[-1]

    really_open = av.open
    monkeypatch.setattr(av, "open", remembering)
    frame = next(moving_disc(1))
    encoder = ENCODERS[suffix](tmp_path / f"cell{suffix}", film_of(frame))
    (container,) = opened
    assert [stream.codec_context.thread_count for stream in container.streams] == [1]
    encoder.abort()


@pytest.mark.parametrize("suffix", VIDEOS)
def test_the_same_film_gives_the_same_bytes_beside_others(tmp_path: Path, suffix: str) -> None:
    frames = list(moving_disc(12, 240, 160))
    film = film_of(frames[0])

    def coded(number: int) -> bytes:
        path = tmp_path / f"{number}{suffix}"
        write(path, frames, film)
        return path.read_bytes()

    alone = coded(0)
    with ThreadPoolExecutor(6) as pool:  # more than there are cores: who is first is left to chance
        assert set(pool.map(coded, range(1, 13))) == {alone}


_CODED = """
import hashlib, sys
from pathlib import Path
from tests.scenes.export.test_video import film_of, moving_disc, write
frames = list(moving_disc(12, 240, 160))
write(Path(sys.argv[1]), frames, film_of(frames[0]))
print(hashlib.sha256(Path(sys.argv[1]).read_bytes()).hexdigest())
"""


@pytest.mark.parametrize("suffix", VIDEOS)
def test_nothing_hangs_on_what_memory_held_before(tmp_path: Path, suffix: str) -> None:
    """The C library of Linux fills what it hands out, so that reading it too early shows."""
    words = [sys.executable, "-c", _CODED, str(tmp_path / f"a{suffix}")]
    told = {
        subprocess.run(
            words,
            env={**os.environ, "MALLOC_PERTURB_": filled},
            cwd=Path(__file__).parents[3],
            capture_output=True,
            check=True,
        ).stdout
        for filled in ("0", "1", "85")
    }
    assert len(told) == 1
