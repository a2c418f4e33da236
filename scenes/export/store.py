"""A film kept small: of each picture only what changed, compressed."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gatereel.scenes.export.changes import Change, PixelBox

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
        # Closed by close(); the film outlives any one block that could hold it.
        self._bytes = tempfile.SpooledTemporaryFile(max_size=MEMORY_BOUND)  # noqa: SIM115
        self._end = 0
        self._entries: list[Entry] = []

    def add(self, change: Change) -> None:
        """Append a picture."""
        mask = np.packbits(change.changed).tobytes()
        data = zlib.compress(mask + change.values.tobytes(), FASTEST)
        self._bytes.seek(self._end)
        self._bytes.write(data)
        self._entries.append(Entry(change.box, self._end, len(data), change.count))
        self._end += len(data)

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self._entries)

    @property
    def counts(self) -> list[int]:
        """The hold of each picture, in frames."""
        return [entry.count for entry in self._entries]

    def __iter__(self) -> Iterator[Change]:
        """Read the changes back, in order."""
        for entry in self._entries:
            self._bytes.seek(entry.offset)
            data = zlib.decompress(self._bytes.read(entry.length))
            box = entry.box
            pixels = box.height * box.width
            mask_bytes = -(-pixels // BITS_A_BYTE)
            bits = np.unpackbits(np.frombuffer(data, np.uint8, mask_bytes), count=pixels)
            changed = bits.view(np.bool_).reshape(box.height, box.width)
            values = np.frombuffer(data, np.uint32, offset=mask_bytes)
            yield Change(box, changed, values, entry.count)

    def close(self) -> None:
        """Free the memory or the nameless file."""
        self._bytes.close()
