"""What every encoder can do, and what it tells when it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Protocol

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.pages import DrawnPage
from gatereel.scenes.export.changes import PixelChange
from gatereel.scenes.export.film import Film, Written


@dataclass(frozen=True)
class Outcome:
    """What an encoder tells when it is done; with the path and the length it makes a `Written`.

    `unit` is what its pictures are called: frames or pages.
    """

    width: int
    height: int
    frames: int
    seconds: float
    warnings: tuple[str, ...] = ()
    unit: str = "frame"

    def written(self, path: Path, size_bytes: int) -> Written:
        """The finished file at `path`, of `size_bytes`."""
        return Written(
            path,
            size_bytes,
            self.width,
            self.height,
            self.frames,
            self.seconds,
            self.warnings,
            self.unit,
        )


WritePages = Callable[[Path, Sequence[DrawnPage], Mapping[str, str]], Outcome]
"""Writes pages to a path; "title" and "comment" of the metadata go along."""


class Encoder(Protocol):
    """Turns a film's changes into one file. All calls come one after the other.

    `beside` tells whether `write` takes so long that a thread of its own pays.
    """

    beside: ClassVar[bool]

    def __init__(self, path: Path, film: Film) -> None:
        """Prepare to write `film` to `path`."""

    def write(self, change: PixelChange) -> None:
        """Show the picture that `change` makes of the one before; the first has every pixel."""

    def finish(self) -> Outcome:
        """Complete the file and close it."""

    def abort(self) -> None:
        """Let go of everything held; the file is of no use. Harmless after `finish`."""
