"""A guarded view of a zip archive in memory: nothing is unpacked to disk, no claim is believed.

The members' names and sizes are checked before any of them is read.
"""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import field
from io import BytesIO
from pathlib import PurePosixPath
from types import MappingProxyType

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import MAX_BYTES, allowed_memory
from gatereel.rnn_math.records import dataclass

MAX_MEMBERS = 50_000
"""Members of an archive; a checkpoint has one for each tensor."""

_LONGEST_NAME = 100
"""Characters of a name that an error repeats."""

_ENTRY = b"PK\x01\x02"  # begins each entry of the list of members
_ENCRYPTED = 0x1  # bit of an entry's flags
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,  # a password is needed
    ValueError,  # a name that is not UTF-8, a position before the file's beginning
)
"""What reading a damaged or unusual archive raises. It is in memory: no disk can fail."""


def quoted(name: str) -> str:
    """A name from a file, for an error: in quotes, without what a terminal would act on."""
    return repr(name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "...")


@dataclass(frozen=True, eq=False)
class Archive:
    """An archive whose members may be read."""

    where: str
    """What errors call it."""
    sizes: Mapping[str, int]
    """Member's name to its unpacked bytes, in the archive's order. Folders are left out."""
    _zip: zipfile.ZipFile = field(repr=False)

    def read(self, name: str, limit: int = MAX_BYTES) -> bytes:
        """Unpack a member.

        Raises InputError when it is damaged or has more than `limit` bytes, and KeyError when there
        is none.
        """
        size = self.sizes[name]
        if size > limit:
            raise InputError(
                f"{self.where}: {quoted(name)} has {size} bytes; at most {limit} are read."
            )
        try:
            with self._zip.open(name) as member:
                data = member.read(size)  # without a size, what it inflates to would have no limit
        except _ERRORS:
            data = None
        if data is None or len(data) != size:
            raise InputError(f"{self.where}: {quoted(name)} is damaged and cannot be unpacked.")
        return data


def open_archive(data: bytes, where: str, kind: str = "zip archive") -> Archive:
    """Open the archive in `data`; errors call it `where`, and what it should be `kind`.

    Raises InputError when it is damaged, encrypted, or packed in an unusual way, when it has too
    many members, would unpack to too much, or has a name twice or one that leads out of it.
    """
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise InputError(f"{where} has more members than the {MAX_MEMBERS} that are read.")
    try:
        opened = zipfile.ZipFile(BytesIO(data))
    except _ERRORS:
        raise InputError(f"{where} is not a readable {kind}.") from None
    # is_dir() fails over an empty name, which is refused below.
    entries = [entry for entry in opened.infolist() if not entry.filename.endswith("/")]
    _check_sizes(sum(entry.file_size for entry in entries), len(data), where)
    sizes: dict[str, int] = {}
    for entry in entries:
        _check_entry(entry, where)
        if entry.filename in sizes:
            raise InputError(f"{where} holds {quoted(entry.filename)} twice.")
        sizes[entry.filename] = entry.file_size
    return Archive(where, MappingProxyType(sizes), opened)


def _check_sizes(unpacked: int, packed: int, where: str) -> None:
    limit = min(MAX_BYTES, allowed_memory(packed))
    if unpacked > limit:
        raise InputError(
            f"{where} unpacks to {unpacked} bytes; at most {limit} are read from a file of "
            f"{packed} bytes. Save it without compression."
        )


def _check_entry(entry: zipfile.ZipInfo, where: str) -> None:
    name = entry.filename
    if entry.flag_bits & _ENCRYPTED:
        raise InputError(f"{where} is encrypted; save it without a password.")
    if entry.compress_type not in _COMPRESSIONS:
        raise InputError(f"{where}: {quoted(name)} is compressed in a way that is not read.")
    if entry.compress_type == zipfile.ZIP_STORED and entry.file_size != entry.compress_size:
        raise InputError(f"{where}: {quoted(name)} claims a size that is not stored.")
    path = PurePosixPath(name)
    if not path.parts:
        raise InputError(f"{where} has a member without a name.")
    leaves = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in path.parts[0]
    if leaves:
        raise InputError(f"{where}: the name {quoted(name)} leads out of the archive.")
