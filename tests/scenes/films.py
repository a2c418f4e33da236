"""What the tests of the pictures share: films in memory, and a way to find discs again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math import Trace
from gatereel.scenes.draw.transitions import still_of
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.play.cairo_player import Steps
from gatereel.scenes.play.manim_player import draw_film
from gatereel.scenes.theme.theme import rgb

Picture = NDArray[np.uint8]
"""`(height, width, 3)` RGB."""

Mask = NDArray[np.bool_]

PLAIN = Options(values=False, strip=False)

_CORNERS = ((0, 1), (1, 0), (0, -1), (-1, 0))


@dataclass(frozen=True)
class Drawn:
    """A film as it came from the renderer: its plan, each picture, and how long each stands."""

    plan: Plan
    pictures: tuple[Picture, ...]
    counts: tuple[int, ...]

    def at(self, seconds: float) -> Picture:
        """The picture that stands just before `seconds`."""
        ends = np.cumsum(self.counts)
        frame = round(seconds * self.plan.fps) - 1
        return self.pictures[int(np.searchsorted(ends, frame, side="right"))]


def draw(trace: Trace, options: Options | None = None) -> Drawn:
    """Draw a film and keep it."""
    planned = plan(trace, options)
    pictures: list[Picture] = []
    counts: list[int] = []

    def take(frame: Picture, count: int) -> None:
        pictures.append(frame[:, :, :3].copy())
        counts.append(count)

    draw_film(planned, take)
    return Drawn(planned, tuple(pictures), tuple(counts))


def draw_still(planned: Plan) -> Picture:
    """The complete cell alone, `(height, width, 4)` RGBA."""
    return Steps(planned).frame(still_of(planned))


@dataclass(frozen=True)
class Patch:
    """A connected patch of exactly one colour: its middle, width and height in pixels."""

    colour: str
    x: float
    y: float
    width: int
    height: int
    pixels: int


def mask_of(picture: Picture, colour: str) -> Mask:
    """Where a picture has exactly this colour."""
    found: Mask = (picture == np.array(rgb(colour), np.uint8)).all(axis=2)
    return found


def patches(picture: Picture, colour: str) -> list[Patch]:
    """The connected patches of a colour."""
    mask = mask_of(picture, colour)
    found = []
    height, width = mask.shape
    for y, x in zip(*np.nonzero(mask), strict=True):
        if not mask[y, x]:
            continue
        mask[y, x] = False
        open_pixels, ys, xs = [(int(y), int(x))], [], []
        while open_pixels:
            py, px = open_pixels.pop()
            ys.append(py)
            xs.append(px)
            for dy, dx in _CORNERS:
                ny, nx = py + dy, px + dx
                if 0 <= ny < height and 0 <= nx < width and mask[ny, nx]:
                    mask[ny, nx] = False
                    open_pixels.append((ny, nx))
        found.append(
            Patch(
                colour,
                (min(xs) + max(xs) + 1) / 2,
                (min(ys) + max(ys) + 1) / 2,
                max(xs) - min(xs) + 1,
                max(ys) - min(ys) + 1,
                len(ys),
            )
        )
    return found


SMALLEST_DISC, LARGEST_DISC = 0.75, 1.05
"""Of a disc's diameter: the outline covers the edge of the fill."""

UNEVEN = 2
"""Pixels by which a round patch may be wider than high."""

FILLED = 0.5
"""Share of a disc's own square that keeps the fill, under its letter."""


def find_discs(picture: Picture, fills: set[str], radius: float) -> list[Patch]:
    """Every disc in a picture whose fill is exactly one of `fills`."""
    diameter = 2 * radius
    return [
        patch
        for fill in sorted(fills)
        for patch in patches(picture, fill)
        if abs(patch.width - patch.height) <= UNEVEN
        and SMALLEST_DISC * diameter <= patch.width <= LARGEST_DISC * diameter
        and patch.pixels >= FILLED * patch.width * patch.height
    ]
