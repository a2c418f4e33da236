"""The file of a post: read within bounds, and written if it is still the one that was read."""

import errno
import os
import stat
from pathlib import Path

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.exchange import replace_bytes
from gatereel.rnn_math.files.reading import is_device

MOST_BYTES = 16 << 20
"""Largest post that is read, 16 MiB: a book of five million words has less than two."""

_REMOVED = "it was removed in the meantime; nothing was written."
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH

_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opening a pipe that nobody writes to would wait for ever."""


class PostChangedError(InputError):
    """The post is not the one any more that was read."""


def read_post_file(path: Path) -> bytes:
    """The bytes of a post.

    Raises InputError for what is no regular file and for what is too large, OSError for a file
    that cannot be read.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | _NO_WAIT), "rb") as file:
        status = os.fstat(file.fileno())
        if stat.S_ISDIR(status.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if is_device(status.st_mode):
            raise InputError("it is a device or a pipe; a post is a file.")
        # Some files tell no size, or grow.
        content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise InputError(
                f"it has {max(status.st_size, len(content))} bytes; a post has at most "
                f"{MOST_BYTES}. Divide it."
            )
        return content


def check_writable(path: Path) -> None:
    """Raise InputError for a post that was removed, or that its owner has made read-only."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise InputError(_REMOVED) from None
    if not mode & _WRITABLE:
        raise InputError("it is read-only; nothing was written.")


def write_post_file(path: Path, old: bytes, new: bytes) -> bool:
    """Write `new` where `old` was read; False where `new` stands there already.

    Raises PostChangedError when the post has become another one, InputError when it was removed or
    is read-only, and when it cannot be written.
    """
    try:
        found = read_post_file(path)
        if found == new:  # another run of the same command was faster
            return False
        check_writable(path)
    except FileNotFoundError:
        raise InputError(_REMOVED) from None
    if found == old and replace_bytes(path, old, new):
        return True
    if found == old and read_post_file(path) == new:
        return False
    raise PostChangedError("it was changed in the meantime; run the command again.")
