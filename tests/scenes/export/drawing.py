"""Small films for the tests: flat discs with soft edges, as the scenes draw them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from gatereel.scenes.export import (
    ENCODERS,
    Files,
    Film,
    Frame,
    Written,
    check_targets,
    encoding,
    together,
)

PAPER = (255, 255, 255)
BODY = (255, 242, 204)
HIDDEN = (234, 153, 153)
INPUT = (147, 196, 125)
THEME = (PAPER, BODY, HIDDEN, INPUT)
FINE = 4
"""Drawn so many times larger and shrunk, which softens the edges."""


def moving_disc(frames: int, width: int = 120, height: int = 80) -> Iterator[Frame]:
    """Yield a disc that crosses a body in `frames` steps, as RGBA."""
    for number in range(frames):
        large = Image.new("RGB", (width * FINE, height * FINE), PAPER)
        draw = ImageDraw.Draw(large)
        draw.rectangle((30, 30, width * FINE - 30, height * FINE - 30), fill=BODY)
        left = 40 + number * (width * FINE - 160) / max(1, frames - 1)
        draw.ellipse((left, 100, left + 80, 180), fill=(HIDDEN, INPUT)[number % 2])
        small = large.resize((width, height), Image.Resampling.LANCZOS)
        yield np.array(small.convert("RGBA"))


def film_of(frame: Frame, fps: int = 25, loop: bool = True, **metadata: str) -> Film:
    """Return what an encoder must know of a film whose frames look like `frame`."""
    height, width = frame.shape[:2]
    return Film(width, height, fps, PAPER, THEME, loop, metadata)


@contextmanager
def open_files(paths: Sequence[Path], film: Film) -> Iterator[Files]:
    """Write one film to every path, all or nothing; the suffix chooses the format."""
    check_targets(paths, transparent=film.transparent, accepted=ENCODERS)
    with together(paths) as temporaries, encoding(temporaries, film) as files:
        yield files


def write(path: Path, frames: list[Frame], film: Film, counts: list[int] | None = None) -> Written:
    """Write `frames` to `path` and return what was written."""
    with open_files([path], film) as files:
        for frame, count in zip(frames, counts or [1] * len(frames), strict=True):
            files.write(frame, count)
    return files.written[0]


def pictures(path: Path) -> tuple[list[Frame], list[float]]:
    """Return a file's pictures as RGB and how many milliseconds each is shown."""
    shown, durations = [], []
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            image.load()
            shown.append(np.array(image.convert("RGB")))
            durations.append(image.info.get("duration", 0))
    return shown, durations
