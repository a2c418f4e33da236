"""The films of the illustrated cells: ours, the floor, and the stock `manim` command."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.gifs import read_gif
from tests.bench.measuring import (
    ROOT,
    BenchError,
    Cost,
    best,
    gatereel,
    last_line,
    measure,
    program,
)

ILLUSTRATED = ["rnn", "lstm", "gru"]
"""The cells that are measured: the others are drawn like them."""

GIF, FLOOR, FOUR = "gatereel, GIF", "floor", "gatereel, four files"
STOCK_GIF, STOCK_MP4 = "stock manim, GIF", "stock manim, MP4"

_STOCK_SCENES = ROOT / "scenes" / "stock.py"


@dataclass(frozen=True)
class Row:
    """A line of the table. `size` is in bytes; the floor writes nothing and has none."""

    cell: str
    what: str
    cost: Cost
    size: int | None
    frames: int | None


def measure_cell(cell: str, rounds: int, with_stock: bool, folder: Path) -> list[Row]:
    """Measure one cell. The three that are compared take turns, so that they share the weather."""
    one = folder / "one.gif"
    four = [folder / f"four{suffix}" for suffix in (".gif", ".mp4", ".webp", ".png")]
    to_four = [argument for path in four for argument in ("-o", str(path))]
    commands = {
        GIF: gatereel("render", cell, "-o", str(one)),
        FLOOR: program("stock_scene", cell),
        FOUR: gatereel("render", cell, *to_four),
    }
    costs: dict[str, list[Cost]] = {what: [] for what in commands}
    drawn: dict[str, int] = {}
    for _ in range(rounds):
        for what, command in commands.items():
            costs[what].append(measure(command, folder))
            if what == FLOOR:
                drawn = json.loads(last_line(folder))
    facts = read_gif(one)
    if four[0].read_bytes() != one.read_bytes():
        raise BenchError(f"{cell}: the GIF beside three other files differs from the one alone.")
    rows = [
        Row(cell, GIF, best(costs[GIF]), one.stat().st_size, facts.frames),
        Row(cell, FLOOR, best(costs[FLOOR]), None, drawn["frames"]),
        Row(cell, FOUR, best(costs[FOUR]), sum(path.stat().st_size for path in four), facts.frames),
    ]
    if with_stock:
        size, fps = (facts.width, facts.height), drawn["fps"]
        rows += [
            _stock(cell, what, form, size, fps, folder)
            for what, form in ((STOCK_GIF, "gif"), (STOCK_MP4, "mp4"))
        ]
    return rows


def _stock(cell: str, what: str, form: str, size: tuple[int, int], fps: int, folder: Path) -> Row:
    """The stock command, once, which keeps everything that it writes inside `folder`.

    Its GIF comes by way of a video that needs an even size, so an odd one grows by a pixel.
    """
    media = folder / f"stock-{form}"
    media.mkdir()
    width, height = (length + length % 2 for length in size)
    command = [
        str(Path(sys.executable).with_name("manim")),
        "render",
        *("--format", form),
        *("--resolution", f"{width},{height}"),
        *("--fps", str(fps)),
        *("--media_dir", str(media)),
        *("--progress_bar", "none"),
        *("--verbosity", "WARNING"),
        str(_STOCK_SCENES),
        f"{cell.upper()}Scene",
    ]
    cost = measure(command, folder)
    made = max(media.rglob(f"*.{form}"), key=lambda path: path.stat().st_size)
    frames = read_gif(made).frames if form == "gif" else None
    row = Row(cell, what, cost, made.stat().st_size, frames)
    shutil.rmtree(media)
    return row


def measure_squeezed(gif: Path) -> float | None:
    """A GIF's bytes over those that `gifsicle -O3` makes of it; None where gifsicle is not."""
    gifsicle = shutil.which("gifsicle")
    if gifsicle is None:
        return None
    smaller = gif.with_name("gifsicle.gif")
    measure([gifsicle, "-O3", str(gif), "-o", str(smaller)], gif.parent)
    return gif.stat().st_size / smaller.stat().st_size
