"""One pass feeds all files, and they appear together or not at all."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gatereel.scenes.export import ENCODERS, Film, Frame
from gatereel.scenes.export.png import PngEncoder

from .drawing import film_of, moving_disc, open_files, write

SUFFIXES = list(ENCODERS)


def test_one_pass_writes_every_format(tmp_path: Path) -> None:
    frames = list(moving_disc(3))
    paths = [tmp_path / f"cell{suffix}" for suffix in SUFFIXES]
    with open_files(paths, film_of(frames[0])) as files:
        for frame in frames:
            files.write(frame, 2)
    assert [written.path for written in files.written] == paths
    assert sorted(tmp_path.iterdir()) == sorted(paths)
    for written in files.written:
        assert written.size_bytes == written.path.stat().st_size > 0
        assert (written.width, written.height) == (120, 80)
        assert written.seconds == (0 if written.path.suffix == ".png" else 6 / 25)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_frames_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    frames = list(moving_disc(4))
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        write(path, frames, film_of(frames[0], title="t", comment="c"))
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_caller_may_reuse_the_array(tmp_path: Path, suffix: str) -> None:
    frames = list(moving_disc(4))
    write(tmp_path / f"kept{suffix}", frames, film_of(frames[0]))
    reused = np.empty_like(frames[0])
    with open_files([tmp_path / f"reused{suffix}"], film_of(frames[0])) as files:
        for frame in frames:
            reused[:] = frame
            files.write(reused)
        reused[:] = 0
    kept, again = (tmp_path / f"{name}{suffix}" for name in ("kept", "reused"))
    assert kept.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_alpha_makes_no_difference(tmp_path: Path, suffix: str) -> None:
    frames = list(moving_disc(3))
    film = film_of(frames[0])
    write(tmp_path / f"four{suffix}", frames, film)
    write(tmp_path / f"three{suffix}", [frame[:, :, :3] for frame in frames], film)
    four, three = (tmp_path / f"{name}{suffix}" for name in ("four", "three"))
    assert four.read_bytes() == three.read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (17, 33)])
def test_small_and_odd_sizes(tmp_path: Path, suffix: str, size: tuple[int, int]) -> None:
    width, height = size
    frame = np.full((height, width, 3), 200, np.uint8)
    written = write(tmp_path / f"small{suffix}", [frame], Film(width, height, fps=25))
    assert (written.frames, written.path.is_file()) == (1, True)
    if suffix in (".gif", ".png", ".webp"):
        assert (written.width, written.height) == size


def write_until(stop: type[BaseException], paths: list[Path], frame: Frame) -> None:
    with open_files(paths, film_of(frame)) as files:
        files.write(frame)
        raise stop


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("stop", [KeyboardInterrupt, ValueError, OSError])
def test_interruption_leaves_the_old_file_alone(
    tmp_path: Path, suffix: str, stop: type[BaseException]
) -> None:
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    paths[0].write_bytes(b"old")
    frames = list(moving_disc(2))
    with pytest.raises(stop):
        write_until(stop, paths, frames[0])
    assert list(tmp_path.iterdir()) == [paths[0]]
    assert paths[0].read_bytes() == b"old"


def write_all(paths: list[Path], frame: Frame) -> None:
    with open_files(paths, film_of(frame)) as files:
        files.write(frame)


def test_one_failing_encoder_takes_the_finished_ones_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: PngEncoder) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    frame = next(moving_disc(1))
    write(tmp_path / "cell.png", [frame], film_of(frame))
    monkeypatch.setattr(PngEncoder, "finish", full)
    old = (tmp_path / "cell.png").read_bytes()
    with pytest.raises(OSError, match=r"cell\.png") as caught:
        write_all([tmp_path / "cell.gif", tmp_path / "cell.png"], frame)
    assert caught.value.errno == errno.ENOSPC
    assert list(tmp_path.iterdir()) == [tmp_path / "cell.png"]
    assert (tmp_path / "cell.png").read_bytes() == old


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from gatereel.scenes.export import Film, encoding, together
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), np.uint8)
try:
    with (
        together([Path(sys.argv[1])]) as temporaries,
        encoding(temporaries, Film(200, 200, 25)) as files,
    ):
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
        for _ in range(3):
            files.write(noise)
            noise += 85
except OSError as error:
    assert sys.argv[1] in str(error), error
    sys.exit(7)
"""
REFUSED = 7


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX limits")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_full_disk_names_the_file_and_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"cell{suffix}"
    target.write_bytes(b"old")
    run = subprocess.run([sys.executable, "-c", FULL_DISK, target], capture_output=True, text=True)
    assert run.returncode == REFUSED, run.stderr
    assert list(tmp_path.iterdir()) == [target]
    assert target.read_bytes() == b"old"


def test_two_writers_in_one_folder(tmp_path: Path) -> None:
    frames = list(moving_disc(3))
    film = film_of(frames[0])
    target = tmp_path / "cell.gif"
    with open_files([target], film) as first, open_files([target], film) as second:
        for frame in frames:
            first.write(frame)
            second.write(frame)
    assert list(tmp_path.iterdir()) == [target]
    assert target.stat().st_size == first.written[0].size_bytes == second.written[0].size_bytes


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((80, 121, 3), np.uint8),
        np.zeros((80, 120), np.uint8),
        np.zeros((80, 120, 2), np.uint8),
        np.zeros((80, 120, 3), np.float64),
    ],
    ids=["size", "grey", "channels", "type"],
)
def test_wrong_frame_tells_what_is_wanted(tmp_path: Path, frame: Frame) -> None:
    film = Film(120, 80, fps=25)
    with pytest.raises(ValueError, match=r"\(80, 120, 3\)"):
        write(tmp_path / "cell.gif", [frame], film)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_film_without_frames_is_an_error(tmp_path: Path, suffix: str) -> None:
    film = Film(8, 8, fps=25)
    with pytest.raises(ValueError, match="no frame"), open_files([tmp_path / f"a{suffix}"], film):
        pass
    assert list(tmp_path.iterdir()) == []


def test_count_below_one_is_an_error(tmp_path: Path) -> None:
    frame = next(moving_disc(1))
    with pytest.raises(ValueError, match="at least 1"):
        write(tmp_path / "cell.gif", [frame], film_of(frame), [0])


def test_film_without_pixels_is_an_error() -> None:
    with pytest.raises(ValueError, match="width is 0"):
        Film(0, 8, fps=25)


def test_import_stays_light() -> None:
    code = "import sys, gatereel.scenes.export; print({'PIL', 'av', 'manim'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_equal_frames_lengthen_the_hold_in_every_format(tmp_path: Path) -> None:
    one, other = moving_disc(2)
    paths = [tmp_path / f"cell{suffix}" for suffix in SUFFIXES]
    apart = [tmp_path / f"apart{suffix}" for suffix in SUFFIXES]
    for targets, frames in (
        (paths, [(one, 3), (other, 2)]),
        (apart, [(one, 1)] * 3 + [(other, 2)]),
    ):
        with open_files(targets, film_of(one)) as files:
            for frame, count in frames:
                files.write(frame, count)
    for held, repeated in zip(paths, apart, strict=True):
        assert held.read_bytes() == repeated.read_bytes()
