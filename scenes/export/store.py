"""A film kept small: each picture is stored as the box that differs from the one before."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .film import Frame

Pixels = NDArray[np.uint32]
"""Packed pixels, ``(height, width)``: red in the lowest byte, then green, blue and alpha 255."""

OPAQUE = np.uint32(0xFF000000)
MEMORY_BOUND = 16 * 2**20
"""Compressed bytes of a film held in memory; beyond it the store moves to a nameless file."""
FASTEST = 1
"""zlib's level: flat drawings shrink a hundredfold even so, and speed counts here."""


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: from ``left`` and ``top``, ``width`` by ``height``."""

    left: int
    top: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rows and the columns of the box, to index a picture with."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )


def bounding_box(mask: NDArray[np.bool_]) -> Box | None:
    """Return the smallest box around the true pixels of `mask`, or None without any."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return Box(left, top, right - left, bottom - top)


class Canvas:
    """The picture shown last, which tells how a new one differs from it."""

    def __init__(self, height: int, width: int) -> None:
        """Start without a picture, so that the first one changes everything."""
        self.pixels: Pixels = np.zeros((height, width), np.uint32)
        self._blank = True

    def update(self, frame: Frame) -> tuple[Box, Pixels] | None:
        """Take over `frame`; return the box that changed and its bits that flipped.

        The second is the new pixels XOR the old ones, so zero wherever nothing changed. None
        stands for a frame that equals the one before.
        """
        new = pack(frame)
        height, width = self.pixels.shape
        box = Box(0, 0, width, height) if self._blank else bounding_box(new != self.pixels)
        self._blank = False
        if box is None:
            return None
        flipped = new[box.slices] ^ self.pixels[box.slices]
        self.pixels[box.slices] = new[box.slices]
        return box, flipped


def pack(frame: Frame) -> Pixels:
    """Return `frame` as one number a pixel, opaque, ``(height, width)``."""
    if frame.shape[2] == 4:
        whole: Pixels = np.ascontiguousarray(frame).view("<u4")[:, :, 0].astype(np.uint32)
        whole |= OPAQUE
        return whole
    red, green, blue = (frame[:, :, channel].astype(np.uint32) for channel in range(3))
    packed: Pixels = red | (green << np.uint32(8)) | (blue << np.uint32(16)) | OPAQUE
    return packed


def unpack(pixels: Pixels) -> Frame:
    """Return packed pixels as an RGBA frame, ``(height, width, 4)``."""
    packed = np.ascontiguousarray(pixels, dtype="<u4")
    return packed.view(np.uint8).reshape(*packed.shape, 4)


@dataclass(frozen=True)
class Entry:
    """One stored picture: its changed box, where its compressed bytes lie, and its hold."""

    box: Box
    offset: int
    length: int
    count: int


@dataclass(frozen=True)
class Change:
    """One picture read back: the changed box and its pixels, and the hold in frames.

    ``picture`` is the whole frame; both it and ``pixels`` are good until the next change is read.
    """

    box: Box
    pixels: Pixels
    picture: Pixels
    count: int


class FilmStore:
    """Keeps a film's changes, compressed; memory does not grow with its length.

    Pictures that equal the one before lengthen its hold instead of being stored.
    """

    def __init__(self, height: int, width: int) -> None:
        """Prepare for frames of ``height`` by ``width`` pixels."""
        self.canvas = Canvas(height, width)
        # Closed by close(); the film outlives any one block that could hold it.
        self._bytes = tempfile.SpooledTemporaryFile(max_size=MEMORY_BOUND)  # noqa: SIM115
        self._end = 0
        self._entries: list[Entry] = []

    def add(self, frame: Frame, count: int) -> Pixels:
        """Append `frame`, held for `count` frames; return its pixels that changed, in a row."""
        change = self.canvas.update(frame)
        if change is None:
            last = self._entries[-1]
            self._entries[-1] = replace(last, count=last.count + count)
            return np.zeros(0, np.uint32)
        box, flipped = change
        # Unchanged pixels are zero here, which deflate takes at several times the speed.
        data = zlib.compress(flipped.tobytes(), FASTEST)
        self._bytes.seek(self._end)
        self._bytes.write(data)
        self._entries.append(Entry(box, self._end, len(data), count))
        self._end += len(data)
        changed: Pixels = self.canvas.pixels[box.slices][flipped != 0]
        return changed

    def __len__(self) -> int:
        """Return the number of distinct pictures."""
        return len(self._entries)

    @property
    def counts(self) -> list[int]:
        """The hold of each distinct picture, in frames."""
        return [entry.count for entry in self._entries]

    def __iter__(self) -> Iterator[Change]:
        """Read the changes back, in order."""
        picture = np.zeros_like(self.canvas.pixels)
        for entry in self._entries:
            self._bytes.seek(entry.offset)
            data = zlib.decompress(self._bytes.read(entry.length))
            flipped = np.frombuffer(data, np.uint32).reshape(entry.box.height, entry.box.width)
            picture[entry.box.slices] ^= flipped
            yield Change(entry.box, picture[entry.box.slices], picture, entry.count)

    def close(self) -> None:
        """Free the memory or the nameless file."""
        self._bytes.close()
