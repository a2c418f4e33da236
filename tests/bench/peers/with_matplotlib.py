"""A cell's film as matplotlib would make it: as many discs, wires and words, as many frames.

    python tests/bench/peers/with_matplotlib.py WIDTH HEIGHT FRAMES FPS FILE

Written as its documentation does it: artists that are changed in `update`, and a writer by suffix.
"""

import sys

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib.animation import FuncAnimation
from matplotlib.artist import Artist
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.pyplot import figure

DISCS, WIRES, WORDS, MOVING = 54, 40, 30, 4
"""About what stands in the LSTM's picture, and what moves at a time."""
DOTS_AN_INCH = 100


def main(width: int, height: int, frames: int, fps: int, path: str) -> None:
    """Draw and write."""
    drawn = figure(figsize=(width / DOTS_AN_INCH, height / DOTS_AN_INCH), dpi=DOTS_AN_INCH)
    axes = drawn.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    axes.add_patch(FancyBboxPatch((175, 35), width - 370, height - 320, facecolor="#ffe599"))
    random = np.random.default_rng(1)
    places = random.uniform((60, 60), (width - 60, height - 60), (DISCS, 2))
    for start, end in random.uniform((60, 60), (width - 60, height - 60), (WIRES, 2, 2)):
        axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>"})
    discs = [
        axes.add_patch(Circle((x, y), 14, facecolor="#b6d7a8", edgecolor="black"))
        for x, y in places
    ]
    words = [axes.text(x, y, "0.00", ha="center", va="center") for x, y in places[:WORDS]]

    def update(frame: int) -> list[Artist]:
        for disc, (x, y) in zip(discs[:MOVING], places, strict=False):
            disc.center = (x + 3 * (frame % fps), y)
        for word in words[:MOVING]:
            word.set_text(f"{frame / frames:.2f}")
        return [*discs[:MOVING], *words[:MOVING]]

    FuncAnimation(drawn, update, frames=frames, blit=True).save(path, fps=fps)


if __name__ == "__main__":
    width, height, frames, fps = map(int, sys.argv[1:5])
    main(width, height, frames, fps, sys.argv[5])
