"""What matplotlib and Pillow take for a film like ours."""

import importlib.util
import shutil
import sys
from pathlib import Path

from tests.bench.cells import Row
from tests.bench.gifs import read_gif
from tests.bench.measuring import measure, program

MATPLOTLIB_GIF, MATPLOTLIB_MP4 = "matplotlib, GIF", "matplotlib, MP4"
PILLOW = "Pillow, GIF (encoding alone)"


def measure_peers(cell: str, film: Path, fps: int, drawn: int, folder: Path) -> list[Row]:
    """The peers that are installed, each once, with as many frames as the scene's own drawing."""
    facts = read_gif(film)
    rows = []
    forms = {}
    if importlib.util.find_spec("matplotlib") is None:
        print("matplotlib is not installed, and left out", file=sys.stderr)
    else:
        forms[MATPLOTLIB_GIF] = "gif"
        if shutil.which("ffmpeg"):
            forms[MATPLOTLIB_MP4] = "mp4"
    for what, form in forms.items():
        path = folder / f"matplotlib.{form}"
        numbers = map(str, (facts.width, facts.height, drawn, fps))
        cost = measure(program("peers/with_matplotlib", *numbers, str(path)), folder)
        rows.append(Row(cell, what, cost, path.stat().st_size, drawn))
    path = folder / "pillow.gif"
    cost = measure(program("peers/with_pillow", str(film), str(path)), folder)
    return [*rows, Row(cell, PILLOW, cost, path.stat().st_size, read_gif(path).frames)]
