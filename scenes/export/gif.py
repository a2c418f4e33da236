"""GIF: one global palette, only what changed, the shortest of several codings for each picture.

The format is "Graphics Interchange Format, Version 89a" (CompuServe, 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from math import ceil
from os import SEEK_END
from pathlib import Path
from typing import IO, ClassVar

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.beside import Beside, CopyError, can_copy
from gatereel.rnn_math.printable import printable
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.export.changes import PixelBox, PixelChange, bounding_box
from gatereel.scenes.export.encoder import Outcome
from gatereel.scenes.export.film import Film
from gatereel.scenes.export.lzw import compress
from gatereel.scenes.export.palette import PALETTE_SIZE, ColourCounter, Palette, build_palette
from gatereel.scenes.export.store import FilmStore
from gatereel.scenes.tell.hundredths import HUNDREDTHS, delays

Indices = NDArray[np.uint8]

DELAY_BOUND = 0xFFFF
"""Hundredths of a second that the two bytes of a delay hold."""
SIZE_BOUND = 0xFFFF
"""Pixels that the two bytes of a width or a height hold."""
TEXT_BLOCK = 255
"""Bytes in one block of a comment."""
KEEP = 1 << 2
"""Disposal 1, "do not dispose": the next picture is drawn over this one."""
SHORT_GAP = 32
"""Pixels; to change to transparent and back for fewer may cost more codes than it saves."""
MOSTLY_UNCHANGED = 1 / 8
"""Share of changed pixels below which filling short gaps is nearly always the shortest."""
VISIBLE_ERROR = 2.3
"""A mean CIELAB distance that an eye just notices; above it the user is told."""
WORTHWHILE = 60
"""Pictures from which on a copy of this process codes half: making it takes as long as a few."""
COPIED_AT_ONCE = 2**20
"""Bytes that are copied at a time."""
OWN_SHARE = 0.55
"""Of the pixels that this process codes: its copy must go through them, too, to begin behind."""
_COUNT_BYTES = 8
MEGAPIXEL = 10**6
SHOWN_MEGAPIXELS = 200
"""Sites that scale or convert a GIF unpack all of it, and refuse or cut more than about this."""


@dataclass(frozen=True)
class Patch:
    """One picture in indices: what to draw, which of it changed, and when it starts."""

    box: PixelBox
    indices: Indices
    changed: NDArray[np.bool_]
    start: int


Held = tuple[Patch, int]
"""A picture, and the hundredths of a second for which it is shown."""


class GifEncoder:
    """Collects the film, then writes it with a palette of the colours that occurred."""

    beside: ClassVar[bool] = False

    def __init__(self, path: Path, film: Film) -> None:
        """Prepare a GIF at `path`.

        Raises ValueError (the film is larger than the format allows).
        """
        if max(film.width, film.height) > SIZE_BOUND:
            raise ValueError(
                f"A GIF is at most {SIZE_BOUND} pixels wide and high;"
                f" this film is {film.width}x{film.height}."
            )
        self._path = path
        self._film = film
        self._store = FilmStore()
        self._counter = ColourCounter(film.exact_colours)

    def write(self, change: PixelChange) -> None:
        """Keep `change` and count the colours it brings."""
        self._counter.add(change.values)
        self._store.add(change)

    def finish(self) -> Outcome:
        """Choose the palette and write the file.

        Raises ValueError (no frame was written) and OSError (the disk is full or gone).
        """
        if not len(self._store):
            raise ValueError("The film has no frame; write at least one.")
        palette = build_palette(*self._counter.histogram(), self._film.exact_colours)
        starts, end = delays(self._store.counts, self._film.fps)
        with self._path.open("wb") as file:
            file.write(_header(self._film, palette))
            pictures = self._code(file, lambda: _held(self._pictures(palette, starts), end))
            file.write(b";")
        self.abort()
        warnings = (*self._colour_warnings(palette), *self._size_warnings(pictures))
        seconds = end / HUNDREDTHS
        return Outcome(self._film.width, self._film.height, pictures, seconds, warnings)

    def abort(self) -> None:
        """Forget the film."""
        self._store.close()

    def _code(self, file: IO[bytes], held: Callable[[], Iterator[Held]]) -> int:
        """Write every picture, the last of them beside the first where that may be; count them.

        Which way to code a picture is the shortest takes trying, most of the time of a GIF.
        """
        if not (self._film.by_two and len(self._store) >= WORTHWHILE and can_copy()):
            return _write(file, held())
        middle = self._store.share(OWN_SHARE)

        def code_end(end: IO[bytes]) -> None:
            count = _write(end, islice(held(), middle, None))
            end.write(count.to_bytes(_COUNT_BYTES, "little"))

        with Beside(code_end) as beside:
            pictures = held()
            count = _write(file, islice(pictures, middle))
            try:
                end = beside.file()
            except CopyError:  # for want of memory, perhaps: it takes longer, and that is all
                return count + _write(file, pictures)
            end.seek(-_COUNT_BYTES, SEEK_END)
            count += int.from_bytes(end.read(_COUNT_BYTES), "little")
            left = end.tell() - _COUNT_BYTES
            end.seek(0)
            while left:
                piece = end.read(min(left, COPIED_AT_ONCE))
                left -= file.write(piece)
        return count

    def _colour_warnings(self, palette: Palette) -> tuple[str, ...]:
        if palette.mean_error <= VISIBLE_ERROR:
            return ()
        return (
            f"The film has more colours than a GIF's {PALETTE_SIZE}; they are off by"
            f" {palette.mean_error:.0f} on average (CIELAB). Flat fills, MP4 or WebP keep them.",
        )

    def _size_warnings(self, pictures: int) -> tuple[str, ...]:
        megapixels = self._film.width * self._film.height * pictures / MEGAPIXEL
        if megapixels <= SHOWN_MEGAPIXELS:
            return ()
        # Rounded up: what is told must never look as if it fitted.
        return (
            f"The GIF has {ceil(megapixels)} megapixels (width x height x frames); some sites show"
            f" at most {SHOWN_MEGAPIXELS}. Fewer timesteps, a smaller --width or MP4 help.",
        )

    def _pictures(self, palette: Palette, starts: list[int | None]) -> Iterator[Patch]:
        shown: Indices = np.zeros((self._film.height, self._film.width), np.uint8)
        first = True
        # What was on the screen before pictures that are never seen, and where they drew.
        before: Indices | None = None
        drawn_on: PixelBox | None = None
        for change, start in zip(self._store, starts, strict=True):
            if start is None and before is None:
                before = shown.copy()
            old = shown[change.box.slices][change.changed]
            new = palette.indices(self._counter.key(change.values))
            shown[change.box.slices][change.changed] = new
            area = change.box if drawn_on is None else drawn_on.around(change.box)
            if start is None:
                drawn_on = area
                continue
            # Different colours may share an entry, so less may change here than in the film.
            if first:
                changed = np.ones((area.height, area.width), np.bool_)
            elif before is not None:
                changed = shown[area.slices] != before[area.slices]
            else:
                changed = change.changed.copy()
                changed[change.changed] = new != old
            first, before, drawn_on = False, None, None
            inner = bounding_box(changed)
            if inner is None:
                continue
            box = PixelBox(area.left + inner.left, area.top + inner.top, inner.width, inner.height)
            # A copy, because the picture waits while the next one is drawn.
            yield Patch(box, shown[box.slices].copy(), changed[inner.slices], start)


def _held(pictures: Iterator[Patch], end: int) -> Iterator[Held]:
    """Each picture with the hundredths of a second for which it is shown."""
    waiting: Patch | None = None
    for picture in pictures:
        if waiting is not None:
            yield waiting, picture.start - waiting.start
        waiting = picture
    if waiting is not None:
        yield waiting, end - waiting.start


def _write(file: IO[bytes], held: Iterator[Held]) -> int:
    """Code pictures into a file; returns how many."""
    count = 0
    for picture, hundredths in held:
        file.write(_coded(picture, hundredths))
        count += 1
    return count


def _header(film: Film, palette: Palette) -> bytes:
    # One entry more than the colours leaves room for the transparent index.
    entries = min(len(palette.colours) + 1, PALETTE_SIZE)
    bits = max(1, (entries - 1).bit_length())
    table = palette.colours.tobytes().ljust(3 * 2**bits, b"\0")
    flags = 0xF0 | (bits - 1)
    size = film.width.to_bytes(2, "little") + film.height.to_bytes(2, "little")
    head = b"GIF89a" + size + bytes([flags, 0, 0]) + table
    if film.loop:
        head += b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
    if comment := printable(film.metadata.get("comment", "")).encode():
        head += b"!\xfe" + _blocks(comment)
    return head


def _blocks(data: bytes) -> bytes:
    pieces = (data[at : at + TEXT_BLOCK] for at in range(0, len(data), TEXT_BLOCK))
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def _coded(picture: Patch, hundredths: int) -> bytes:
    """Return a picture shown for so long; a hold too long for one delay takes several."""
    parts = -(-hundredths // DELAY_BOUND)
    cuts = [hundredths * part // parts for part in range(parts + 1)]
    again = Patch(
        PixelBox(picture.box.left, picture.box.top, 1, 1),
        picture.indices[:1, :1],
        np.ones((1, 1), np.bool_),
        picture.start,
    )
    pieces = [_image(picture, cuts[1])]
    pieces += [_image(again, cuts[part + 1] - cuts[part]) for part in range(1, parts)]
    return b"".join(pieces)


def _image(picture: Patch, hundredths: int) -> bytes:
    transparent, data = min(_codings(picture), key=lambda coding: len(coding[1]))
    flags = KEEP | (transparent is not None)
    control = b"!\xf9\x04" + bytes([flags]) + hundredths.to_bytes(2, "little")
    control += bytes([transparent or 0]) + b"\0"
    box = picture.box
    corners = (box.left, box.top, box.width, box.height)
    place = b"," + b"".join(number.to_bytes(2, "little") for number in corners) + b"\0"
    return control + place + data


def _codings(picture: Patch) -> Iterator[tuple[int | None, bytes]]:
    """Yield the transparent index and the data of each way worth trying to draw `picture`.

    What did not change may be drawn again or left transparent; which of the two repeats more,
    and so takes fewer codes, depends on the picture.
    """
    indices, changed = picture.indices, picture.changed
    sparse = np.count_nonzero(changed) < MOSTLY_UNCHANGED * changed.size
    drawn = _with_short_gaps(changed) if sparse else _with_whole_runs(changed, indices)
    values = indices[drawn]
    transparent = None if values.size == indices.size else _lowest_unused(values)
    if transparent is not None:
        mostly_transparent = np.full(indices.shape, transparent, np.uint8)
        mostly_transparent[drawn] = values
        yield transparent, compress(mostly_transparent)
    if transparent is None or not sparse:
        yield None, compress(indices)


def _lowest_unused(indices: Indices) -> int | None:
    """Return the transparent index that keeps the codes shortest, None when all are in use."""
    unused = np.flatnonzero(np.bincount(indices, minlength=PALETTE_SIZE) == 0)
    return int(unused[0]) if unused.size else None


def _with_short_gaps(changed: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return `changed`, read as one long row, with gaps under `SHORT_GAP` filled."""
    at = np.flatnonzero(changed)
    # The ends count as changed, so that the gaps beside them are gaps like any other.
    edges = np.concatenate([[-1], at, [changed.size]])
    wide = np.flatnonzero(np.diff(edges) > SHORT_GAP)
    # Each wide gap runs from after one changed pixel to the next; drawn and left out alternate.
    cuts = np.stack([edges[wide] + 1, edges[wide + 1]], axis=1).ravel()
    lengths = np.diff(cuts, prepend=0, append=changed.size)
    return np.repeat(np.arange(lengths.size) % 2 == 0, lengths).reshape(changed.shape)


def _with_whole_runs(changed: NDArray[np.bool_], indices: Indices) -> NDArray[np.bool_]:
    """Return `changed` grown to each whole run of one index that has a changed pixel."""
    starts, lengths = _runs(indices.ravel())
    touched = np.logical_or.reduceat(changed.ravel(), starts)
    return np.repeat(touched, lengths).reshape(changed.shape)


def _runs(row: NDArray[np.bool_] | Indices) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where the runs of equal values in `row` start and how long they are."""
    starts = np.concatenate([[0], np.flatnonzero(row[1:] != row[:-1]) + 1])
    return starts, np.diff(starts, append=row.size)
