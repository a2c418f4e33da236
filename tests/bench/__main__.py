"""Measure whole processes, side by side, and print Markdown tables for the README.

    python -m tests.bench [--quick] [--no-stock] [--against COMMIT] [--write]

For each illustrated cell: gatereel writing a GIF; the floor, a fresh process that imports manim and
has it draw the same scene, frames thrown away; gatereel writing GIF, MP4, WebP and PNG in one pass;
and, once, the stock `manim` command. For the LSTM also matplotlib and Pillow, and how seconds and
memory grow. With a commit, that commit in turn with this tree.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.against import ROUNDS as ROUNDS_AGAINST
from tests.bench.against import compare, table
from tests.bench.cells import FLOOR, ILLUSTRATED, Row, measure_cell, measure_squeezed
from tests.bench.growth import PLOT, draw_growth, measure_growth
from tests.bench.measuring import ROOT, BenchError, gatereel, last_line, measure, program
from tests.bench.others import measure_peers
from tests.bench.report import (
    LONG_FILM,
    LONG_FILM_OPTIONS,
    SHORT_FILM,
    replace_section,
    report,
    targets,
)

README = ROOT / "README.md"

ROUNDS = 3
"""The best of these counts: other work on the machine can only slow a run down."""

PEERS_OF = "lstm"
FPS = 25
"""Frames a second of a peer's film."""

PLAIN_LSTM = ROOT / "tests" / "plain_lstm.py"
PLAIN_LSTM_ARGUMENTS = ("1000", "3")
"""Timesteps and rounds."""


def measure_length(folder: Path) -> dict[int, int]:
    """Peak memory of a short film and a long one, by their timesteps."""
    return {
        timesteps: measure(
            gatereel(
                *("render", "rnn", "--timesteps", str(timesteps)),
                *LONG_FILM_OPTIONS,
                *("-q", "-o", str(folder / "long.gif")),
            ),
            folder,
        ).peak
        for timesteps in (SHORT_FILM, LONG_FILM)
    }


def measure_trace(folder: Path) -> dict[str, float]:
    """Seconds of a long sequence through a wide LSTM over those of its products in plain numpy."""
    words = [sys.executable, "-P", str(PLAIN_LSTM), *PLAIN_LSTM_ARGUMENTS]
    measure([*words, str(folder / "trace.npz")], folder)
    plain, in_memory, to_npz = map(float, last_line(folder).split())
    return {"in memory": in_memory / plain, "into .npz": to_npz / plain}


def measure_cells(
    cells: Sequence[str], rounds: int, with_others: bool, place: Path
) -> tuple[list[Row], dict[str, float]]:
    """The rows of the table, and how much smaller gifsicle makes each GIF."""
    rows: list[Row] = []
    squeezed: dict[str, float] = {}
    for cell in cells:
        print(f"measuring {cell}", file=sys.stderr)
        folder = place / cell
        folder.mkdir()
        ours = measure_cell(cell, rounds, with_others, folder)
        rows += ours
        if with_others and cell == PEERS_OF:
            print("measuring others", file=sys.stderr)
            drawn = next(row.frames for row in ours if row.what == FLOOR)
            assert drawn is not None
            rows += measure_peers(cell, folder / "one.gif", FPS, drawn, folder)
        ratio = measure_squeezed(folder / "one.gif")
        if ratio is not None:
            squeezed[cell] = ratio
    return rows, squeezed


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and perhaps write."""
    parser = argparse.ArgumentParser(description="Measure gatereel against its floor and others.")
    parser.add_argument("--quick", action="store_true", help="one run, of the RNN alone")
    parser.add_argument(
        "--no-stock",
        action="store_true",
        help="leave out others: manim takes minutes and GBs",
    )
    parser.add_argument("--against", metavar="COMMIT", help="a commit to measure in turn with this")
    parser.add_argument("--only-against", action="store_true", help="nothing but --against")
    parser.add_argument("--write", action="store_true", help="put tables and plot into the README")
    options = parser.parse_args(arguments)
    if options.write and (options.quick or options.no_stock or options.only_against):
        parser.error("--write needs everything measured: leave out what leaves something out")
    if (options.write or options.only_against) and not options.against:
        parser.error("--write and --only-against need --against COMMIT")
    rounds = 1 if options.quick else ROUNDS
    sections = []
    try:
        with tempfile.TemporaryDirectory(prefix="gatereel-bench-") as name:
            place = Path(name)
            measure(program("stock_scene", ILLUSTRATED[0]), place)  # which writes bytecode
            if not options.only_against:
                cells = ILLUSTRATED[:1] if options.quick else ILLUSTRATED
                rows, squeezed = measure_cells(cells, rounds, not options.no_stock, place)
                print("measuring memory over the length of a film", file=sys.stderr)
                peaks = measure_length(place)
                print("measuring a trace", file=sys.stderr)
                traced = measure_trace(place)
                wanted = targets(rows, squeezed, peaks, traced)
                sections.append(report(rows, wanted, rounds))
                if options.write:
                    print("measuring growth", file=sys.stderr)
                    draw_growth(measure_growth(place), place)
                    print(f"{PLOT} is written", file=sys.stderr)
            if options.against:
                print(f"measuring {options.against}", file=sys.stderr)
                folder = place / "against"
                folder.mkdir()
                lines = compare(options.against, 1 if options.quick else ROUNDS_AGAINST, folder)
                sections.append(table(options.against, lines))
        section = "\n\n".join(sections)
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
