"""How seconds and memory grow with the length of a sequence and with the width of a layer."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.bench.gifs import read_gif
from tests.bench.measuring import BYTES_A_MEGABYTE, ROOT, gatereel, measure, program

PLOT = ROOT / "docs" / "growth.svg"

TIMESTEPS = (3, 10, 30, 100, 300)
_OF_LENGTH = ("--width", "300", "--pace", "0.5")
"""A small, quick film: how it grows does not depend on how slowly it is told."""

HIDDEN_SIZES = (2, 8, 32, 128, 512, 1024)
_OF_WIDTH = ("--width", "600", "--input-size", "3")
"""Of a wide layer a film shows a few units, and computes all."""


@dataclass(frozen=True)
class Point:
    """A film: what was varied, seconds of computing, megabytes at the peak, pictures in it."""

    at: int
    seconds: float
    megabytes: float
    frames: int


@dataclass(frozen=True)
class Growth:
    """Both series."""

    timesteps: tuple[Point, ...]
    hidden_sizes: tuple[Point, ...]


def measure_growth(folder: Path) -> Growth:
    """Draw a film for every point of the plot."""
    return Growth(
        tuple(_point(at, ("rnn", "--timesteps", str(at), *_OF_LENGTH), folder) for at in TIMESTEPS),
        tuple(
            _point(at, ("lstm", "--hidden-size", str(at), *_OF_WIDTH), folder)
            for at in HIDDEN_SIZES
        ),
    )


def _point(at: int, words: tuple[str, ...], folder: Path) -> Point:
    path = folder / "grown.gif"
    cost = measure(gatereel("render", *words, "-q", "-o", str(path)), folder)
    megabytes = cost.peak / BYTES_A_MEGABYTE
    return Point(at, cost.computing, megabytes, read_gif(path).frames)


def draw_growth(growth: Growth, folder: Path) -> None:
    """Write the plot."""
    data = folder / "growth.json"
    data.write_text(json.dumps(asdict(growth)), encoding="utf-8")
    measure(program("growth_plot", str(data), str(PLOT)), folder)
