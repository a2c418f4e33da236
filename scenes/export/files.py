"""The table of formats, the check of targets, and the pass that feeds all files at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryFile

import numpy as np

from rnn_math.errors import InputError
from rnn_math.files import atomic_path

from .changes import Change, Differ
from .encoder import Encoder
from .feed import Feed, feed_for
from .film import Film, Frame, Written
from .gif import GifEncoder
from .mp4 import Mp4Encoder
from .old_files import old_files
from .png import PngEncoder
from .video import VideoEncoder
from .webm import WebmEncoder
from .webp import WebpEncoder

ENCODERS: dict[str, type[Encoder]] = {
    ".gif": GifEncoder,
    ".mp4": Mp4Encoder,
    ".webm": WebmEncoder,
    ".webp": WebpEncoder,
    ".png": PngEncoder,
}
"""The encoder of each suffix; a new format is a file and a line here."""

WITHOUT_ALPHA = {
    ".gif": "a pixel of a GIF is there or not, which leaves a rim of the background around all",
    ".mp4": "its video has no transparency",
    ".webm": "its video has no transparency",
}
"""Why a format cannot hold a picture without its background; the others can."""

CHANNELS = (3, 4)


def check_targets(paths: Sequence[Path], *, transparent: bool = False) -> None:
    """Make sure, before anything is drawn, that every path can become a file.

    Raises:
        InputError: no path, a suffix without an encoder, a codec that is not installed, one file
            named twice, a folder in the place of a file, a parent folder that is missing or
            cannot be written; of a `transparent` film, a format without transparency.

    """
    if not paths:
        raise InputError(f"No file to write was named; give one that ends in {_accepted()}.")
    seen: set[Path] = set()
    for path in paths:
        final = path.resolve()
        if final in seen:
            raise InputError(f"{path} is named twice; give each file once.")
        seen.add(final)
        _check_format(path)
        if transparent:
            _check_alpha(path)
        _check_place(path, final)


def _check_format(path: Path) -> None:
    encoder = ENCODERS.get(path.suffix.lower())
    if encoder is None:
        raise InputError(f"{path}: the suffix {path.suffix!r} names no format; use {_accepted()}.")
    if issubclass(encoder, VideoEncoder) and not encoder.available():
        raise InputError(
            f"{path}: the installed PyAV lacks the codec {encoder.kind.codec};"
            f" install PyAV's own wheel, or choose another format."
        )


def _check_alpha(path: Path) -> None:
    reason = WITHOUT_ALPHA.get(path.suffix.lower())
    if reason is not None:
        able = [suffix for suffix in ENCODERS if suffix not in WITHOUT_ALPHA]
        raise InputError(
            f"{path} cannot be transparent: {reason}; write {' or '.join(able)} instead."
        )


def _check_place(path: Path, final: Path) -> None:
    if final.is_dir():
        raise InputError(f"{path} is a folder; name a file in it.")
    if not final.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist; create it first.")
    try:
        # Mode bits say nothing about a read-only disk or an administrator: really try.
        with TemporaryFile(dir=final.parent):
            pass
    except OSError as error:
        raise InputError(
            f"{path}: the folder {path.parent} cannot be written ({error.strerror})."
        ) from error


def _accepted() -> str:
    *rest, last = ENCODERS
    return f"{', '.join(rest)} or {last}"


class Files:
    """Several files that grow together, frame by frame."""

    def __init__(self, film: Film, feeds: Sequence[tuple[Path, Feed]]) -> None:
        """Pass frames to each of `feeds`, which stand for the paths beside them."""
        self.written: tuple[Written, ...] = ()
        self._film = film
        self._feeds = feeds
        self._differ = Differ(film.height, film.width, keeps_alpha=film.transparent)
        # Goes on only when the next picture comes, because until then its hold may grow.
        self._latest: Change | None = None

    def write(self, frame: Frame, count: int = 1) -> None:
        """Show `frame` in every file for ``count / fps`` seconds.

        Raises:
            ValueError: a frame that is not ``(height, width, 3 or 4)`` of uint8, or a count
                below one.
            OSError: the disk is full; the error names the file. It may concern an earlier
                frame, for encoders work beside the caller.

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
        change = self._differ.compare(frame, count)
        if change is not None:
            self._pass_on()
            self._latest = change
        elif self._latest is not None:
            self._latest = replace(self._latest, count=self._latest.count + count)

    def finish(self, temporaries: Sequence[Path]) -> None:
        """Complete all files at once, which lie at `temporaries` so far, and fill in `written`.

        Raises:
            OSError: a file cannot be written; the error names it.

        """
        self._pass_on()
        # All are told before the first is waited for: those in threads work at the same time.
        outcomes = [feed.finish() for _, feed in self._feeds]
        written = []
        for (path, _), temporary, outcome in zip(self._feeds, temporaries, outcomes, strict=True):
            with _naming(path):
                facts = vars(outcome())
                written.append(Written(path, temporary.stat().st_size, **facts))
        self.written = tuple(written)

    def _pass_on(self) -> None:
        if self._latest is None:
            return
        for path, feed in self._feeds:
            with _naming(path):
                feed.write(self._latest)


@contextmanager
def open_files(
    paths: Sequence[Path], film: Film, check: Callable[[Written], None] | None = None
) -> Iterator[Files]:
    """Write one film to every path; the suffix chooses the format.

    All files appear together when the block ends well. When it does not, for whatever reason,
    what stood there before stays untouched and nothing is left over. `check` sees each finished
    file before any of them appears, and may raise.

    Raises:
        InputError: see `check_targets`.
        OSError: a file cannot be written; the error names it.

    """
    check_targets(paths, transparent=film.transparent)
    with old_files() as old, ExitStack() as stack:
        temporaries = []
        for path in paths:
            with _naming(path):
                temporaries.append(stack.enter_context(atomic_path(path)))
        feeds: list[Feed] = []
        for path, temporary in zip(paths, temporaries, strict=True):
            with _naming(path):
                fed = feed_for(ENCODERS[path.suffix.lower()](temporary, film))
            stack.callback(fed.abort)
            feeds.append(fed)
        files = Files(film, list(zip(paths, feeds, strict=True)))
        yield files
        files.finish(temporaries)
        if check is not None:
            for written in files.written:
                check(written)
        # A single move cannot fail halfway. Several come one after the other as the stack unwinds.
        if len(paths) > 1:
            for path, temporary in zip(paths, temporaries, strict=True):
                with _naming(path):
                    old.keep(path, temporary)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Make an error inside tell which file it concerns."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise OSError(f"{path}: {error}") from error
        raise OSError(error.errno, error.strerror, str(path)) from error
    except ValueError as error:
        error.add_note(f"The file was {path}.")
        raise
