"""The floor: import manim, draw a cell's film as manim itself draws it, and drop the frames.

    python tests/bench/stock_scene.py CELL

Prints how many frames were drawn, and how many a second there are.
"""

import json
import sys

import manim  # as whoever uses it does, all of it  # noqa: F401

from gatereel.rnn_math import demo, get_cell, unroll
from gatereel.scenes.plan import plan
from gatereel.scenes.play.frames import drawing, frame_writer
from gatereel.scenes.play.own_manim import CairoRenderer
from gatereel.scenes.play.scene import CellScene


def main(cell: str) -> None:
    """Draw with manim's own camera, which knows nothing of what ours leaves out."""
    shown = demo(get_cell(cell))
    trace = unroll(shown.cell, shown.parameters, shown.inputs, shown.initial)
    planned = plan(trace, claims=shown.claims)
    drawn = 0

    def drop(frame: object, count: int) -> None:
        nonlocal drawn
        drawn += 1

    size = (planned.page.width, planned.page.height)
    with drawing(planned.width, planned.height, size, planned.fps):
        CellScene(planned, renderer=CairoRenderer(frame_writer(drop))).render()
    print(json.dumps({"frames": drawn, "fps": planned.fps}))


if __name__ == "__main__":
    main(sys.argv[1])
