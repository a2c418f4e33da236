"""A film kept small: of each picture only what changed, compressed."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator
from typing import IO

import numpy as np

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.export.changes import PixelBox, PixelChange

MEMORY_BOUND = 4 * 2**20
"""Compressed bytes of a film held in memory; beyond it the store moves to a nameless file."""
FASTEST = 1
"""zlib's level: flat drawings shrink a hundredfold even so, and speed counts here."""
BITS_A_BYTE = 8


@dataclass(frozen=True)
class Entry:
    """One stored picture: its changed box, where its compressed bytes lie, and its hold."""

    box: PixelBox
    offset: int
    length: int
    count: int


class FilmStore:
    """Keeps a film's changes, compressed; memory does not grow with its length."""

    def __init__(self) -> None:
        """Prepare for the first picture."""
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._end = 0
        self._entries: list[Entry] = []

    def add(self, change: PixelChange) -> None:
        """Append a picture."""
        data = change.compressed or packed(change)
        if self._file is None and self._end + len(data) > MEMORY_BOUND:
            # Closed by close(); the film outlives any one block that could hold it.
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            self._file.write(self._memory)
            self._memory.clear()
        if self._file is None:
            self._memory += data
        else:
            self._file.seek(self._end)
            self._file.write(data)
        self._entries.append(Entry(change.box, self._end, len(data), change.count))
        self._end += len(data)

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self._entries)

    @property
    def counts(self) -> list[int]:
        """The hold of each picture, in frames."""
        return [entry.count for entry in self._entries]

    def share(self, of_pixels: float) -> int:
        """How many of the first pictures have such a share of all pixels in changed boxes."""
        pixels = np.cumsum([entry.box.width * entry.box.height for entry in self._entries])
        return int(np.searchsorted(pixels, of_pixels * pixels[-1]))

    def __iter__(self) -> Iterator[PixelChange]:
        """Read the changes back, in order."""
        if self._file is not None:
            self._file.flush()
        for entry in self._entries:
            yield unpacked(entry.box, self._read(entry.offset, entry.length), entry.count)

    def _read(self, offset: int, length: int) -> bytes:
        if self._file is None:
            return bytes(self._memory[offset : offset + length])
        if hasattr(os, "pread"):  # a copy of this process may read at the same time
            return os.pread(self._file.fileno(), length, offset)
        self._file.seek(offset)
        return self._file.read(length)

    def close(self) -> None:
        """Free the memory or the nameless file."""
        self._memory.clear()
        if self._file is not None:
            self._file.close()


def packed(change: PixelChange) -> bytes:
    """What a change's mask and values take when they are compressed."""
    mask = np.packbits(change.changed).tobytes()
    return zlib.compress(mask + change.values.tobytes(), FASTEST)


def unpacked(box: PixelBox, compressed: bytes, count: int) -> PixelChange:
    """A change out of what `packed` made of it."""
    data = zlib.decompress(compressed)
    pixels = box.height * box.width
    mask_bytes = -(-pixels // BITS_A_BYTE)
    bits = np.unpackbits(np.frombuffer(data, np.uint8, mask_bytes), count=pixels)
    changed = bits.view(np.bool_).reshape(box.height, box.width)
    values = np.frombuffer(data, np.uint32, offset=mask_bytes)
    return PixelChange(box, changed, values, count, compressed)
