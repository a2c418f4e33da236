"""What the tests of the pictures share: films in memory, and a way to find discs again."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import find_objects, label

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
        pictures.append(frame.copy()[:, :, :3])  # whole, for pixels of three bytes are slow to copy
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
    # Channel by channel: a sum over the three of each pixel takes five times as long.
    red, green, blue = (picture[:, :, k] == channel for k, channel in enumerate(rgb(colour)))
    found: Mask = red & green & blue
    return found


def patches(picture: Picture, colour: str) -> list[Patch]:
    """The patches of a colour whose pixels are connected by their sides."""
    numbers, _ = label(mask_of(picture, colour))
    found = []
    for number, (rows, columns) in enumerate(find_objects(numbers), 1):
        width, height = columns.stop - columns.start, rows.stop - rows.start
        pixels = int((numbers[rows, columns] == number).sum())
        middle = ((columns.start + columns.stop) / 2, (rows.start + rows.stop) / 2)
        found.append(Patch(colour, *middle, width, height, pixels))
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
