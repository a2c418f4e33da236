"""The pass that feeds all files of a film at once, and what writes pages beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gatereel.scenes.draw.pages import DrawnPage
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.export.changes import Differ, PixelChange
from gatereel.scenes.export.film import Film, Written
from gatereel.scenes.export.targets import ENCODERS, SHEETS
from gatereel.scenes.export.together import naming

if TYPE_CHECKING:
    from gatereel.scenes.export.feed import Feed

CHANNELS = (3, 4)


class Files:
    """Several files that grow together, frame by frame."""

    def __init__(self, film: Film, feeds: Sequence[tuple[Path, Feed]]) -> None:
        """Pass frames to each of `feeds`, which stand for the paths beside them."""
        self.written: tuple[Written, ...] = ()
        self._film = film
        self._feeds = feeds
        self._differ = Differ(film.height, film.width, keeps_alpha=film.transparent)
        # Goes on only when the next picture comes, because until then its hold may grow.
        self._latest: PixelChange | None = None

    def write(self, frame: Frame, count: int = 1) -> None:
        """Show `frame` in every file for `count / fps` seconds.

        Raises ValueError (a frame that is not `(height, width, 3 or 4)` of uint8, or a count
        below one) and OSError (the disk is full; the error names the file. It may concern an
        earlier frame, for encoders work beside the caller).
        """
        height, width = self._film.height, self._film.width
        shapes = [(height, width, channels) for channels in CHANNELS]
        if frame.shape not in shapes or frame.dtype != np.uint8:
            raise ValueError(
                f"The frame is {frame.dtype} of shape {frame.shape};"
                f" this film takes uint8 of shape {shapes[0]} or {shapes[1]}."
            )
        if count < 1:
            raise ValueError(f"A frame is held for at least 1 count, not {count}.")
        self.follow(self._differ.compare(frame, count), count)

    def follow(self, change: PixelChange | None, count: int) -> None:
        """Show what a change makes of the last frame; without one it is held for longer.

        Raises OSError, as `write` does.
        """
        if change is not None:
            self._pass_on()
            self._latest = change
        elif self._latest is not None:
            self._latest = replace(self._latest, count=self._latest.count + count)

    def finish(self, temporaries: Sequence[Path]) -> None:
        """Complete all files at once, which lie at `temporaries` so far, and fill in `written`.

        Raises OSError (a file cannot be written; the error names it).
        """
        self._pass_on()
        # All are told before the first is waited for: those in threads work at the same time.
        outcomes = [feed.finish() for _, feed in self._feeds]
        written = []
        for (path, _), temporary, outcome in zip(self._feeds, temporaries, outcomes, strict=True):
            with naming(path):
                written.append(outcome().written(path, temporary.stat().st_size))
        self.written = tuple(written)

    def _pass_on(self) -> None:
        if self._latest is None:
            return
        for path, feed in self._feeds:
            with naming(path):
                feed.write(self._latest)


@contextmanager
def encoding(temporaries: Mapping[Path, Path], film: Film) -> Iterator[Files]:
    """Write one film for every path to where it lies so far, beside other writers.

    Raises OSError (a file cannot be written; the error names it).
    """
    from gatereel.scenes.export.feed import feed_for  # which brings what runs threads

    with ExitStack() as stack:
        feeds: list[tuple[Path, Feed]] = []
        for path, temporary in temporaries.items():
            with naming(path):
                fed = feed_for(ENCODERS[path.suffix.lower()](temporary, film))
            stack.callback(fed.abort)
            feeds.append((path, fed))
        files = Files(film, feeds)
        yield files
        files.finish([*temporaries.values()])


def write_pages(
    path: Path, temporary: Path, pages: Sequence[DrawnPage], metadata: Mapping[str, str]
) -> Written:
    """Write pages of outlines for `path` to where it lies so far, beside other writers.

    Raises OSError (the file cannot be written; the error names it).
    """
    with naming(path):
        outcome = SHEETS[path.suffix.lower()](temporary, pages, metadata)
        return outcome.written(path, temporary.stat().st_size)
