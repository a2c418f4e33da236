"""Planned pictures on disk until they are drawn: memory does not grow with their number."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile

from gatereel.rnn_math.records import dataclass

_IN_MEMORY = 1 << 24
"""Bytes that are kept in memory, 16 MiB, before anything goes to disk."""


@dataclass(frozen=True)
class SpoolEntry:
    """Where something lies in a spool."""

    start: int
    size: int


NOWHERE = SpoolEntry(0, 0)
"""Of what has not been put down yet."""


class Spool:
    """Bytes that are put down one after the other, and each taken up again."""

    def __init__(self, file: "SpooledTemporaryFile[bytes]") -> None:
        self._file = file
        self._end = 0

    def put(self, data: bytes) -> SpoolEntry:
        """Put something down behind all that is there."""
        place = SpoolEntry(self._end, len(data))
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)
        return place

    def take(self, place: SpoolEntry) -> bytes:
        """What was put there."""
        self._file.seek(place.start)
        return self._file.read(place.size)


@contextmanager
def spooling() -> Iterator[Spool]:
    """A spool, which is gone when the block ends."""
    with SpooledTemporaryFile(_IN_MEMORY) as file:
        yield Spool(file)
