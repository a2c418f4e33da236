"""An older commit beside this one, in turn on the same machine, in the same environment.

Only our own code differs: the interpreter and the libraries are those of this environment.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measuring import (
    BYTES_A_MEGABYTE,
    ROOT,
    BenchError,
    Cost,
    best,
    last_line,
    measure,
    program,
)

ROUNDS = 5

_FILM = ("render", "lstm", "-q", "-o", "film.gif")

_ONCE: Mapping[str, Sequence[str]] = {
    "still, PNG": ("render", "lstm", "--still", "-q", "-o", "still.png"),
    "still, SVG": ("render", "lstm", "--still", "-q", "-o", "still.svg"),
    "`--help`": ("--help",),
    "`trace lstm`": ("trace", "lstm"),
    "`render lstm --dry-run`": ("render", "lstm", "--dry-run"),
}


@dataclass(frozen=True)
class Commit:
    """Where its packages lie, and what they are called."""

    name: str
    path: Path

    @property
    def prefix(self) -> str:
        """Before there was the package gatereel, its parts stood alone."""
        return "gatereel." if (self.path / "gatereel" / "__main__.py").exists() else ""

    def command(self, words: Sequence[str]) -> list[str]:
        """Its command, run from its packages rather than from those that are installed."""
        return [sys.executable, "-P", "-m", "gatereel" if self.prefix else "cli", *words]


def unpacked(commit: str, folder: Path) -> Commit:
    """The files of a commit. Raises BenchError where there is no such commit."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "archive", "--format=tar", commit],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(done.stderr.decode(errors="replace").strip())
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="tar")
    return Commit(commit, folder)


@dataclass(frozen=True)
class Line:
    """What was measured of both: the unit, and a number each."""

    what: str
    unit: str
    old: float
    new: float


def compare(commit: str, rounds: int, folder: Path) -> list[Line]:
    """Measure a commit and this tree in turn."""
    packages = folder / "commit"
    packages.mkdir()
    both = [unpacked(commit, packages), Commit("this", ROOT)]
    film: dict[str, list[Cost]] = {each.name: [] for each in both}
    two: dict[str, list[Cost]] = {each.name: [] for each in both}
    split: dict[str, list[dict[str, float]]] = {each.name: [] for each in both}
    once: dict[tuple[str, str], list[Cost]] = {}
    core = {min(os.sched_getaffinity(0))}
    for count in range(rounds + 1):  # the first one writes bytecode
        for each in both:
            split_film = program("film_split", each.prefix, *_FILM)
            split_film.insert(1, "-P")
            measure(split_film, folder, cores=core, path=each.path)
            if count:
                split[each.name].append(json.loads(last_line(folder)))
            for kind, cores in ((film, core), (two, set[int]())):
                cost = measure(each.command(_FILM), folder, cores=cores, path=each.path)
                if count:
                    kind[each.name].append(cost)
            for what, words in _ONCE.items():
                cost = measure(each.command(words), folder, path=each.path)
                if count:
                    once.setdefault((each.name, what), []).append(cost)
    old, new = (each.name for each in both)

    def line(what: str, unit: str, numbers: Mapping[str, float]) -> Line:
        return Line(what, unit, numbers[old], numbers[new])

    least = {name: min(parts["fixed"] for parts in of) for name, of in split.items()}
    frame = {name: min(parts["frame"] for parts in of) * 1000 for name, of in split.items()}
    ones = {name: best(costs) for name, costs in film.items()}
    twos = {name: best(costs) for name, costs in two.items()}
    return [
        line("up to the first frame, computing", "s", least),
        line("a frame drawn and encoded, computing", "ms", frame),
        line("the film, computing, one core", "s", {n: c.computing for n, c in ones.items()}),
        line("the film, one core", "s", {n: c.seconds for n, c in ones.items()}),
        line("the film, all cores", "s", {n: c.seconds for n, c in twos.items()}),
        line("the film, peak", "MB", {n: c.peak / BYTES_A_MEGABYTE for n, c in ones.items()}),
        *(
            line(
                f"{what}, computing",
                "s",
                {name: best(once[name, what]).computing for name in (old, new)},
            )
            for what in _ONCE
        ),
    ]


def table(commit: str, lines: Sequence[Line]) -> str:
    """Both, and their ratios, as Markdown."""
    return "\n".join(
        [
            f"| LSTM | {commit} | now | ratio |",
            "|---|---:|---:|---:|",
            *(
                f"| {line.what} | {line.old:.3g} {line.unit} | {line.new:.3g} {line.unit}"
                f" | {line.new / line.old:.2f} |"
                for line in lines
            ),
        ]
    )
