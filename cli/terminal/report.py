"""What a command tells while it runs and when it is done."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from gatereel.cli.terminal.outlet import tell, warn
from gatereel.cli.terminal.signals import raise_if_stopped
from gatereel.rnn_math import counted
from gatereel.rnn_math.printable import printable

if TYPE_CHECKING:
    from gatereel.rnn_math.files.traces import Advance
    from gatereel.scenes.export import Written

KILO = 1000
"""Sizes are decimal, as the limits of the places that pictures go to."""

Bar: TypeAlias = "Callable[[int], AbstractContextManager[Advance]]"
"""Opens a progress bar over so many frame times."""

_STEPS_A_REDRAW = 5
"""Frame times between two states of the bar: redrawing it must not slow the drawing."""


def size_text(size: int) -> str:
    """A file's size for a reader: "812 bytes", "487 KB", "1.2 MB"."""
    if size < KILO:
        return f"{size} bytes"
    if round(size / KILO) < KILO:
        return f"{round(size / KILO)} KB"
    return f"{size / KILO**2:.1f} MB"


def written_line(written: "Written") -> str:
    """A line about a picture: path, size, width x height, frames; of a film, seconds."""
    fields = [
        str(written.path),
        size_text(written.size_bytes),
        f"{written.width}x{written.height}",
        counted(written.frames, written.unit),
    ]
    if written.seconds > 0:
        fields.append(f"{written.seconds:.1f} s")
    return "  ".join(fields)


def report_written(files: Iterable["Written"], *, quiet: bool) -> None:
    """Print a line a file, unless `quiet`, and every warning."""
    for written in files:
        if not quiet:
            tell(written_line(written))
        for warning in written.warnings:
            warn(f"{written.path}: {warning}")


def report_data(path: Path, content: str, *, quiet: bool) -> None:
    """Print a line about a file of numbers, unless `quiet`."""
    if not quiet:
        tell(f"{path}  {size_text(path.stat().st_size)}  {content}")


def report_note(note: str, *, quiet: bool) -> None:
    """Tell what the user may not expect, beside the output proper, unless `quiet`."""
    if note and not quiet:
        warn(note)


def report_assumptions(assumptions: Iterable[str]) -> None:
    """Tell what a file leaves open and how it was taken, always: the numbers hang on it."""
    for assumption in assumptions:
        warn(assumption)


def each_step(advance: "Advance") -> Callable[[int, int], None]:
    """Tell `advance` how much more is done whenever one is told how much is done, and of what.

    Whoever is to stop does so between two steps.
    """
    told = 0

    def show(done: int, of: int) -> None:
        nonlocal told
        raise_if_stopped()
        advance(done - told)
        told = done

    return show


@contextmanager
def progress_bar(total: int, label: str, *, quiet: bool) -> "Iterator[Advance]":
    """Show a bar on the terminal while the block runs; nothing in a pipe or when `quiet`."""
    if quiet or total == 0 or sys.stderr is None or not sys.stderr.isatty():
        yield lambda count: None
        return
    with click.progressbar(
        length=total, label=printable(label), file=sys.stderr, update_min_steps=_STEPS_A_REDRAW
    ) as bar:
        yield bar.update
