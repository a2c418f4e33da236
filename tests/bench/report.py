"""What was wanted, and what came of it, as Markdown."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.bench.cells import FLOOR, FOUR, GIF, STOCK_GIF, Row
from tests.bench.measuring import BYTES_A_MEGABYTE, BenchError
from tests.bench.others import MATPLOTLIB_GIF

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"

SHORT_FILM, LONG_FILM = 3, 300
_OURS = 3
"""Rows of a cell without those of others."""
LONG_FILM_OPTIONS = ("--width", "300", "--pace", "0.5")
"""Memory depends on the film's length, not on how slowly it is told: a small, quick one will do."""


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
            0.6,
            True,
            {cell: seconds(GIF, cell) / seconds(FLOOR, cell) for cell in cells},
        ),
        Target(
            "GIF against the floor, memory",
            1.0,
            True,
            {cell: peak(GIF, cell) / peak(FLOOR, cell) for cell in cells},
        ),
        Target(
            "four files in one pass against the floor, time",
            1.5,
            True,
            {cell: seconds(FOUR, cell) / seconds(FLOOR, cell) for cell in cells},
        ),
    ]
    compared = [cell for cell in cells if (cell, STOCK_GIF) in by_key]
    if compared:
        wanted += [
            Target(
                "stock manim against GIF, time",
                7.0,
                False,
                {cell: seconds(STOCK_GIF, cell) / seconds(GIF, cell) for cell in compared},
            ),
            Target(
                "stock manim against GIF, bytes",
                150.0,
                False,
                {cell: size(STOCK_GIF, cell) / size(GIF, cell) for cell in compared},
            ),
        ]
    drawn = [cell for cell in cells if (cell, MATPLOTLIB_GIF) in by_key]
    if drawn:
        wanted.append(
            Target(
                "matplotlib's animation against GIF, time",
                5.0,
                False,
                {cell: seconds(MATPLOTLIB_GIF, cell) / seconds(GIF, cell) for cell in drawn},
            )
        )
    if squeezed:
        wanted.append(Target("GIF against `gifsicle -O3` of it, bytes", 1.03, True, squeezed))
    # Flat, but for the trace and the storyboard, which hold every timestep and weigh little.
    length = f"{LONG_FILM} timesteps against {SHORT_FILM} (`{' '.join(LONG_FILM_OPTIONS)}`), memory"
    wanted += [
        Target(length, 1.1, True, {"rnn": peaks[LONG_FILM] / peaks[SHORT_FILM]}),
        Target("1,000 timesteps of a 512-unit LSTM against plain numpy, time", 2.0, True, traced),
    ]
    return wanted


def report(rows: Sequence[Row], wanted: Sequence[Target], rounds: int) -> str:
    """Both tables, with the date and the machine, as Markdown."""
    lines = [
        f"Measured on {datetime.now(tz=UTC):%Y-%m-%d} with {os.cpu_count()} cores"
        f" ({platform.system()}, {platform.machine()}), Python {platform.python_version()};"
        f" whole processes, {_runs(rounds, len(rows) > _OURS * len({row.cell for row in rows}))}.",
        "",
        "| cell | what | seconds | of computing | peak MB | KB | frames |",
        "|---|---|---:|---:|---:|---:|---:|",
        *(_line(row) for row in rows),
        "",
        "| ratio | wanted | measured | met |",
        "|---|---|---|---|",
        *(_target_line(target) for target in wanted),
    ]
    return "\n".join(lines)


def _runs(rounds: int, with_others: bool) -> str:
    if rounds == 1:
        return "one run each"
    return f"best of {rounds} runs" + (", others once" if with_others else "")


def _line(row: Row) -> str:
    size = "" if row.size is None else f"{row.size / 1000:,.0f}"
    peak = f"{row.cost.peak / BYTES_A_MEGABYTE:.0f}"
    frames = "" if row.frames is None else row.frames
    times = f"{row.cost.seconds:.1f} | {row.cost.computing:.1f}"
    return f"| {row.cell} | {row.what} | {times} | {peak} | {size} | {frames} |"


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
