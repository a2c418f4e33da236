"""Measure whole processes, side by side, and print a Markdown table for the README.

    python tests/bench.py [--quick] [--no-stock] [--write]

For each cell: gatereel writing a GIF; the floor, a fresh process that imports manim and draws the
same scene, frames thrown away; gatereel writing GIF, MP4, WebP and PNG in one pass; and the stock
`manim` command writing a GIF of the same scene at the same size.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# The standard library alone: on Linux the peak of a child starts at the size of its parent, so
# this process must stay smaller than anything it measures.

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
STOCK_SCENES = ROOT / "scenes" / "stock.py"
BEGIN, END = "<!-- bench -->", "<!-- /bench -->"

ILLUSTRATED = ["rnn", "lstm", "gru"]
"""The cells that are measured: the others are drawn like them."""

ROUNDS = 3
"""The best of these counts: other work on the machine can only slow a run down."""

GIF, FLOOR, FOUR, STOCK = "gatereel, GIF", "floor", "gatereel, four files", "stock manim, GIF"

PLAIN_LSTM = ROOT / "tests" / "plain_lstm.py"
PLAIN_LSTM_ARGUMENTS = ("1000", "3")
"""Timesteps and rounds."""

SHORT_FILM, LONG_FILM = 3, 300
LONG_FILM_OPTIONS = ("--width", "300", "--pace", "0.5")
"""Memory depends on the film's length, not on how slowly it is told: a small, quick one will do."""

BYTES_A_MEGABYTE = 1_000_000
BYTES_A_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""macOS counts a process's peak in bytes, Linux in kibibytes."""


class BenchError(Exception):
    """A command failed, or an answer is not what was expected."""


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds of wall clock, and its peak memory in bytes."""

    seconds: float
    peak: int


@dataclass(frozen=True)
class GifFacts:
    """What a GIF holds: its size in pixels, its pictures, and the seconds of one round."""

    width: int
    height: int
    frames: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """A line of the table. `size` is in bytes; the floor writes nothing and has none."""

    cell: str
    what: str
    cost: Cost
    size: int | None
    frames: int


@dataclass(frozen=True)
class Target:
    """A ratio that is wanted at most, or at least, with what was measured for each subject."""

    name: str
    limit: float
    at_most: bool
    measured: Mapping[str, float]

    @property
    def met(self) -> bool:
        """Whether every subject reaches it."""
        if self.at_most:
            return all(ratio <= self.limit for ratio in self.measured.values())
        return all(ratio >= self.limit for ratio in self.measured.values())


# --- measuring ----------------------------------------------------------------------------------


def measure(command: Sequence[str], folder: Path) -> Cost:
    """Run `command` in `folder` and take its time and peak; raises BenchError when it fails."""
    log = folder / "log.txt"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        # wait4, unlike Popen.wait, tells the peak of this one process and what it waited for.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        told = log.read_text(encoding="utf-8", errors="replace")
        raise BenchError(f"{' '.join(command)} ended with {process.returncode}:\n{told}")
    return Cost(seconds, usage.ru_maxrss * BYTES_A_RSS_UNIT)


def last_line(folder: Path) -> str:
    """What the process measured last in `folder` said at the end."""
    return (folder / "log.txt").read_text(encoding="utf-8").splitlines()[-1]


def best(costs: Sequence[Cost]) -> Cost:
    """The shortest time and the lowest peak."""
    return Cost(min(cost.seconds for cost in costs), min(cost.peak for cost in costs))


def gatereel(*arguments: str) -> list[str]:
    """The command of this environment."""
    return [str(Path(sys.executable).with_name("gatereel")), *arguments]


def floor(cell: str) -> list[str]:
    """The floor is this file again; -P, for the folders beside it are named like packages."""
    return [sys.executable, "-P", str(Path(__file__).resolve()), "--floor", cell]


def stock(cell: str, size: tuple[int, int], fps: int, folder: Path) -> list[str]:
    """The stock command, which keeps everything it writes inside `folder`.

    Its GIF comes by way of a video that needs an even size, so an odd one grows by a pixel.
    """
    width, height = (length + length % 2 for length in size)
    return [
        str(Path(sys.executable).with_name("manim")),
        "render",
        *("--format", "gif"),
        *("--resolution", f"{width},{height}"),
        *("--fps", str(fps)),
        *("--media_dir", str(folder)),
        *("--progress_bar", "none"),
        *("--verbosity", "WARNING"),
        str(STOCK_SCENES),
        f"{cell.upper()}Scene",
    ]


def draw_floor(cell: str) -> None:
    """Draw a cell's demo and drop its frames; tell how many were drawn, and how fast they play."""
    from gatereel.rnn_math import demo, get_cell, unroll
    from gatereel.scenes.plan import plan
    from gatereel.scenes.play.manim_player import draw_film

    shown = demo(get_cell(cell))
    trace = unroll(shown.cell, shown.parameters, shown.inputs, shown.initial)
    planned = plan(trace, claims=shown.claims)
    drawn = 0

    def drop(frame: object, count: int) -> None:
        nonlocal drawn
        drawn += 1

    draw_film(planned, drop)
    print(json.dumps({"frames": drawn, "fps": planned.fps}))


# --- reading a GIF -------------------------------------------------------------------------------


def read_gif(path: Path) -> GifFacts:
    """Count a GIF's pictures and add up their delays, without decoding any."""
    data = path.read_bytes()
    if data[:3] != b"GIF":
        raise BenchError(f"{path} is not a GIF.")
    width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
    frames = hundredths = 0
    for kind, block in _gif_blocks(data):
        if kind == "picture":
            frames += 1
        elif data[block + 1] == _GRAPHIC_CONTROL:
            hundredths += int.from_bytes(data[block + 4 : block + 6], "little")
    return GifFacts(width, height, frames, hundredths / 100)


_PICTURE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_GRAPHIC_CONTROL = 0xF9
_HEADER, _DESCRIPTOR = 13, 10
"""Bytes of the header with the screen's size, and of a picture's descriptor."""


def _gif_blocks(data: bytes) -> Iterator[tuple[str, int]]:
    """Each picture and each extension with its offset: GIF89a (CompuServe, 1990), appendix A."""
    at = _HEADER + _palette_bytes(data[_HEADER - 3])
    while data[at] != _TRAILER:
        if data[at] == _PICTURE:
            yield "picture", at
            at += _DESCRIPTOR + _palette_bytes(data[at + _DESCRIPTOR - 1]) + 1
        elif data[at] == _EXTENSION:
            yield "extension", at
            at += 2
        else:
            raise BenchError(f"Byte {at} of a GIF, {data[at]:#x}, starts no block.")
        while data[at]:
            at += 1 + data[at]
        at += 1


def _palette_bytes(flags: int) -> int:
    """Length of the palette that a flag byte announces."""
    return 3 * 2 ** ((flags & 0b111) + 1) if flags & 0b1000_0000 else 0


# --- what is measured ----------------------------------------------------------------------------


def measure_cell(cell: str, rounds: int, with_stock: bool, folder: Path) -> list[Row]:
    """Measure one cell. The three that are compared take turns, so that they share the weather."""
    one = folder / "one.gif"
    four = [folder / f"four{suffix}" for suffix in (".gif", ".mp4", ".webp", ".png")]
    to_four = [argument for path in four for argument in ("-o", str(path))]
    commands = {
        GIF: gatereel("render", cell, "-o", str(one)),
        FLOOR: floor(cell),
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
        media = folder / "stock"
        media.mkdir()
        cost = measure(stock(cell, (facts.width, facts.height), drawn["fps"], media), folder)
        (made,) = media.rglob("*.gif")
        rows.append(Row(cell, STOCK, cost, made.stat().st_size, read_gif(made).frames))
    return rows


def measure_squeezed(gif: Path) -> float | None:
    """A GIF's bytes over those that `gifsicle -O3` makes of it; None where gifsicle is not."""
    gifsicle = shutil.which("gifsicle")
    if gifsicle is None:
        return None
    smaller = gif.with_name("gifsicle.gif")
    measure([gifsicle, "-O3", str(gif), "-o", str(smaller)], gif.parent)
    return gif.stat().st_size / smaller.stat().st_size


def measure_length(folder: Path) -> dict[int, int]:
    """Peak memory of a short film and a long one, by their timesteps."""
    return {
        timesteps: measure(
            gatereel(
                "render",
                "rnn",
                *("--timesteps", str(timesteps)),
                *LONG_FILM_OPTIONS,
                *("-o", str(folder / "long.gif")),
            ),
            folder,
        ).peak
        for timesteps in (SHORT_FILM, LONG_FILM)
    }


def measure_trace(folder: Path) -> dict[str, float]:
    """Seconds of a long sequence through a wide LSTM over those of its products in plain numpy."""
    program = [sys.executable, "-P", str(PLAIN_LSTM), *PLAIN_LSTM_ARGUMENTS]
    measure([*program, str(folder / "trace.npz")], folder)
    plain, in_memory, to_npz = map(float, last_line(folder).split())
    return {"in memory": in_memory / plain, "into .npz": to_npz / plain}


def targets(
    rows: Sequence[Row],
    squeezed: Mapping[str, float],
    peaks: Mapping[int, int],
    traced: Mapping[str, float],
) -> list[Target]:
    """What was wanted, and what came of it."""
    by_key = {(row.cell, row.what): row for row in rows}
    cells = list(dict.fromkeys(row.cell for row in rows))

    def seconds(what: str, cell: str) -> float:
        return by_key[cell, what].cost.seconds

    def peak(what: str, cell: str) -> int:
        return by_key[cell, what].cost.peak

    def size(what: str, cell: str) -> int:
        return by_key[cell, what].size or 0

    wanted = [
        Target(
            "GIF against the floor, time",
            1.15,
            True,
            {cell: seconds(GIF, cell) / seconds(FLOOR, cell) for cell in cells},
        ),
        Target(
            "GIF against the floor, memory",
            1.4,
            True,
            {cell: peak(GIF, cell) / peak(FLOOR, cell) for cell in cells},
        ),
        Target(
            "four files in one pass against the floor, time",
            2.5,
            True,
            {cell: seconds(FOUR, cell) / seconds(FLOOR, cell) for cell in cells},
        ),
    ]
    compared = [cell for cell in cells if (cell, STOCK) in by_key]
    if compared:
        wanted += [
            Target(
                "stock manim against GIF, time",
                7.0,
                False,
                {cell: seconds(STOCK, cell) / seconds(GIF, cell) for cell in compared},
            ),
            Target(
                "stock manim against GIF, bytes",
                150.0,
                False,
                {cell: size(STOCK, cell) / size(GIF, cell) for cell in compared},
            ),
        ]
    if squeezed:
        wanted.append(Target("GIF against `gifsicle -O3` of it, bytes", 1.03, True, squeezed))
    # Flat, but for the trace and the storyboard, which hold every timestep and weigh little.
    length = f"{LONG_FILM} timesteps against {SHORT_FILM} (`{' '.join(LONG_FILM_OPTIONS)}`), memory"
    wanted += [
        Target(length, 1.1, True, {"rnn": peaks[LONG_FILM] / peaks[SHORT_FILM]}),
        Target("1,000 timesteps of a 512-unit LSTM against plain numpy, time", 2.0, True, traced),
    ]
    return wanted


# --- telling -------------------------------------------------------------------------------------


def report(rows: Sequence[Row], wanted: Sequence[Target], rounds: int) -> str:
    """Both tables, with the date and the machine, as Markdown."""
    lines = [
        f"Measured on {datetime.now(tz=UTC):%Y-%m-%d} with {os.cpu_count()} cores"
        f" ({platform.system()}, {platform.machine()}), Python {platform.python_version()};"
        f" whole processes, {_runs(rounds, any(row.what == STOCK for row in rows))}.",
        "",
        "| cell | what | seconds | peak MB | KB | frames |",
        "|---|---|---:|---:|---:|---:|",
        *(_line(row) for row in rows),
        "",
        "| ratio | wanted | measured | met |",
        "|---|---|---|---|",
        *(_target_line(target) for target in wanted),
    ]
    return "\n".join(lines)


def _runs(rounds: int, with_stock: bool) -> str:
    if rounds == 1:
        return "one run each"
    return f"best of {rounds} runs" + (", stock manim once" if with_stock else "")


def _line(row: Row) -> str:
    size = "" if row.size is None else f"{row.size / 1000:,.0f}"
    peak = f"{row.cost.peak / BYTES_A_MEGABYTE:.0f}"
    return f"| {row.cell} | {row.what} | {row.cost.seconds:.1f} | {peak} | {size} | {row.frames} |"


def _target_line(target: Target) -> str:
    sign = "at most" if target.at_most else "at least"
    decimals = 2 if target.at_most else 0
    measured = ", ".join(f"{name} {ratio:.{decimals}f}" for name, ratio in target.measured.items())
    met = "yes" if target.met else "**no**"
    return f"| {target.name} | {sign} {target.limit:g} | {measured} | {met} |"


def replace_section(text: str, section: str) -> str:
    """Put `section` between the markers of `text`; raises BenchError when they are not there."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchError(f"The text has no {BEGIN} that is followed by {END}.")
    return f"{before}{BEGIN}\n{section}\n{END}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description="Measure gatereel against its floor and manim.")
    parser.add_argument("--quick", action="store_true", help="one run, of the RNN alone")
    parser.add_argument(
        "--no-stock", action="store_true", help="leave out stock manim, which takes minutes and GBs"
    )
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    parser.add_argument("--floor", metavar="CELL", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.floor:
        draw_floor(options.floor)
        return 0
    if options.write and (options.quick or options.no_stock):
        parser.error("--write needs everything measured: leave out --quick and --no-stock")

    rows: list[Row] = []
    squeezed: dict[str, float] = {}
    try:
        cells, rounds = (ILLUSTRATED[:1], 1) if options.quick else (ILLUSTRATED, ROUNDS)
        with tempfile.TemporaryDirectory(prefix="gatereel-bench-") as place:
            for cell in cells:
                print(f"measuring {cell}", file=sys.stderr)
                folder = Path(place) / cell
                folder.mkdir()
                rows += measure_cell(cell, rounds, not options.no_stock, folder)
                ratio = measure_squeezed(folder / "one.gif")
                if ratio is not None:
                    squeezed[cell] = ratio
            print("measuring memory over the length of a film", file=sys.stderr)
            peaks = measure_length(Path(place))
            print("measuring a trace", file=sys.stderr)
            traced = measure_trace(Path(place))
        section = report(rows, targets(rows, squeezed, peaks, traced), rounds)
        print(section)
        if options.write:
            text = README.read_text(encoding="utf-8")
            README.write_text(replace_section(text, section), encoding="utf-8")
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
