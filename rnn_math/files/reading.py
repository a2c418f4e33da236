"""What every reader needs: the bytes or the text of a file, or an error that names it.

How much memory a file may take is said here, once, and held to by every reader before the memory
is set aside: unpacked, or as numbers in float64, ten times the file's own size. A file below
6.4 MiB may take 64 MiB all the same, since matrices of zeros pack well. A file, and what an archive
unpacks to, has at most 1 GiB. What is parsed from text may take another 512 MiB (`text_memory`),
for Python's lists are large.
"""

import stat
import sys
from pathlib import Path

from gatereel.rnn_math.errors import InputError

MAX_BYTES = 1 << 30
"""Largest file, and largest unpacked archive, that is read: 1 GiB."""

MAX_TEXT_BYTES = 1 << 28
"""Largest text file that is read, 256 MiB; parsed, it takes many times its size in memory."""

MAX_EXPANSION = 10
"""Bytes in memory for one byte of a file, above `ALWAYS_ALLOWED`: int8 as float64 is eight."""

ALWAYS_ALLOWED = 1 << 26
"""However small a file is, it may take 64 MiB: matrices of zeros pack well."""

_PARSED_ALLOWED = 1 << 29
"""What the values of a text may take besides, 512 MiB: short rows are mostly Python's own."""

_NUMBER_BYTES = 8  # of a float64

STANDARD_INPUT = "standard input"
"""What an error calls it."""

_LONGEST_QUOTE = 20
"""Characters of a wrong text that an error repeats."""


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return the content of a file.

    Raises InputError when there is none, it is no regular file, it is empty, or it is larger
    than `limit` bytes.
    """
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise InputError(f"{path} does not exist.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError:
        raise InputError(f"{str(path)!r} is the path of no file: it has a character NUL.") from None
    try:
        if stat.S_ISDIR(found.st_mode):
            raise InputError(f"{path} is a folder; a file is needed.")
        if is_device(found.st_mode):
            raise InputError(f"{path} is a device or a pipe; a file is needed.")
        size = found.st_size
        if size <= limit:
            data = path.read_bytes()
            size = len(data)  # it may have grown
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    if size > limit:
        raise InputError(f"{path} has {size} bytes; at most {limit} are read.")
    if not data:
        raise InputError(f"{path} is empty.")
    return data


def is_device(mode: int) -> bool:
    """Whether a file's mode says that it is a device or a pipe: neither a file proper nor a folder.

    Reading one may wait for ever, or never end.
    """
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def read_text(path: Path, limit: int | None = None) -> str:
    """Return the text of a UTF-8 file, without a byte order mark; raises as `read_bytes` does."""
    return _decoded(read_bytes(path, MAX_TEXT_BYTES if limit is None else limit), str(path))


def allowed_memory(size: int) -> int:
    """How many bytes a file of `size` may take, unpacked or as numbers in float64."""
    return max(ALWAYS_ALLOWED, MAX_EXPANSION * size)


def text_memory(size: int) -> int:
    """How many bytes the values in a text of `size` bytes may take while it is parsed."""
    return _PARSED_ALLOWED + MAX_EXPANSION * size


def check_numbers(count: int, size: int, name: str) -> None:
    """Raise InputError when `count` numbers are more than a file of `size` bytes may become."""
    needed, allowed = count * _NUMBER_BYTES, allowed_memory(size)
    if needed > allowed:
        raise InputError(
            f"{name} claims {count} numbers, {needed} bytes as float64; at most {allowed} are set "
            f"aside for a file of {size} bytes. Save it without compression."
        )


def read_standard_input() -> str:
    """Return the text on the standard input, up to its end.

    Raises InputError when it is closed, empty, too long or not UTF-8.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise InputError(f"{STANDARD_INPUT} is closed; give a file.")
    try:
        data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise InputError(f"{STANDARD_INPUT} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_TEXT_BYTES:
        raise InputError(f"{STANDARD_INPUT} has more than {MAX_TEXT_BYTES} bytes, the most read.")
    if not data:
        raise InputError(f"{STANDARD_INPUT} is empty.")
    return _decoded(data, STANDARD_INPUT)


def shortened(text: str) -> str:
    """A text for an error: in quotes, cut to a few characters."""
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "...")


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8 text: byte {error.start} cannot be decoded; save it as UTF-8."
        ) from None
