"""The tables of formats, and the check of what is to be written."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.errors import InputError
from gatereel.scenes.export.encoder import Encoder, WritePages
from gatereel.scenes.export.loading import Loading

ENCODERS: Mapping[str, type[Encoder]] = Loading(
    {
        ".gif": "gif.GifEncoder",
        ".mp4": "mp4.Mp4Encoder",
        ".webm": "webm.WebmEncoder",
        ".webp": "webp.WebpEncoder",
        ".png": "png.PngEncoder",
    }
)
"""The encoder of each suffix that takes frames; a new format is a file and a line here."""

_SHAPES = {".svg": "svg.write_svg", ".pdf": "pdf.write_pdf"}

SHAPES: Mapping[str, WritePages] = Loading(_SHAPES)
"""What writes each format of stills that keeps shapes."""

SHEETS: Mapping[str, WritePages] = Loading({".png": "png.write_png", **_SHAPES})
"""What writes a sheet of several pictures."""

_VIDEOS = (".mp4", ".webm")
"""Formats whose codec may be missing."""

FORMATS = (*ENCODERS, *SHAPES)

STILLS = (".png", *SHAPES)
"""Formats of a single picture. The others hold a film, and of these some a still as well."""

SINGLE_PICTURE = (*STILLS, ".webp", ".gif")
"""Formats that a still can have."""

WITHOUT_ALPHA = {
    ".gif": "a pixel of a GIF is there or not, which leaves a rim of the background around all",
    ".mp4": "its video has no transparency",
    ".webm": "its video has no transparency",
}
"""Why a format cannot hold a picture without its background; the others can."""


def check_targets(
    paths: Sequence[Path], *, transparent: bool = False, accepted: Collection[str] = FORMATS
) -> None:
    """Make sure, before anything is drawn, that every path can become a file.

    Raises InputError (no path, a suffix that is not `accepted`, a codec that is not installed, one
    file named twice, a folder in the place of a file, a parent folder that is missing or cannot be
    written; of a `transparent` film, a format without transparency).
    """
    if not paths:
        raise InputError(f"No file to write was named; give one that ends in {one_of(accepted)}.")
    seen: set[Path] = set()
    for path in paths:
        try:
            # Unlike `Path.resolve` it takes links that lead in a circle, which are told below.
            final = Path(os.path.realpath(path))
        except ValueError:
            raise InputError(f"{str(path)!r} is the path of no file: it has a NUL.") from None
        if final in seen:
            raise InputError(f"{path} is named twice; give each file once.")
        seen.add(final)
        _check_format(path, accepted)
        if transparent:
            _check_alpha(path)
        _check_place(path, final)


def _check_format(path: Path, accepted: Collection[str]) -> None:
    suffix = path.suffix.lower()
    if suffix not in accepted:
        raise InputError(
            f"{path}: the suffix {path.suffix!r} names no format; use {one_of(accepted)}."
        )
    if suffix not in _VIDEOS:
        return
    from gatereel.scenes.export.video import VideoEncoder

    encoder = ENCODERS[suffix]
    if issubclass(encoder, VideoEncoder) and not encoder.available():
        raise InputError(
            f"{path}: the installed PyAV lacks the codec {encoder.kind.codec};"
            f" install PyAV's own wheel, or choose another format."
        )


def _check_alpha(path: Path) -> None:
    reason = WITHOUT_ALPHA.get(path.suffix.lower())
    if reason is not None:
        able = one_of([suffix for suffix in FORMATS if suffix not in WITHOUT_ALPHA])
        raise InputError(f"{path} cannot be transparent: {reason}; write {able} instead.")


def _check_place(path: Path, final: Path) -> None:
    if final.is_dir():
        raise InputError(f"{path} is a folder; name a file in it.")
    if not final.parent.is_dir():
        raise InputError(f"{path}: the folder {path.parent} does not exist; create it first.")
    if final.is_symlink():  # all that lead somewhere were followed
        raise InputError(f"{path} is a symbolic link that leads to itself; name another file.")
    try:
        # Mode bits say nothing about a read-only disk or an administrator: really try.
        with TemporaryFile(dir=final.parent):
            pass
    except OSError as error:
        raise InputError(
            f"{path}: the folder {path.parent} cannot be written ({error.strerror})."
        ) from error
