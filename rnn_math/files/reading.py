"""What every reader needs: the bytes or the text of a file, or an error that names it."""

import sys
from pathlib import Path

from rnn_math.errors import InputError

MAX_BYTES = 1 << 30
"""Largest file, and largest unpacked archive, that is read: 1 GiB."""

MAX_TEXT_BYTES = 1 << 28
"""Largest text file that is read, 256 MiB; parsed, it takes many times its size in memory."""

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
        if path.is_dir():
            raise InputError(f"{path} is a folder; a file is needed.")
        if not path.exists():
            raise InputError(f"{path} does not exist.")
        if not path.is_file():
            raise InputError(f"{path} is a device or a pipe; a file is needed.")
        size = path.stat().st_size
        if size > limit:
            raise InputError(f"{path} has {size} bytes; at most {limit} are read.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    if not data:
        raise InputError(f"{path} is empty.")
    return data


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, without a byte order mark; raises as `read_bytes` does."""
    return _decoded(read_bytes(path, MAX_TEXT_BYTES), str(path))


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
