"""Replace a file if it is still what it was: nothing that somebody else wrote is lost."""

import ctypes
import errno
import os
from pathlib import Path

from gatereel.rnn_math.files.atomic import blamed_on, mode_of, temporary_beside

_AT_FDCWD = -100
"""In the place of a folder's descriptor: names count from the current folder (Linux)."""

_RENAME_EXCHANGE = 2
"""Flag of renameat2(2): the two names change places."""

_UNSUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})
"""What a kernel or a file system says that cannot exchange names."""


def replace_bytes(target: Path, old: bytes, new: bytes) -> bool:
    """Replace the content `old` of `target` by `new`; False, and nothing done, if it is not `old`.

    Where the system can, the two files change places and what came out is compared: an edit that
    was saved up to that moment is put back. Elsewhere the file is compared just before it is
    replaced, and an edit in the microseconds between is lost. Raises InputError on failure.
    """
    final = Path(os.path.realpath(target))
    with temporary_beside(target) as temporary, blamed_on(target):
        temporary.write_bytes(new)
        temporary.chmod(mode_of(final))
        if final.read_bytes() != old:
            return False
        if not exchange(temporary, final):
            temporary.replace(final)
            return True
        ours, theirs = new, old
        while (found := temporary.read_bytes()) != theirs:
            # Somebody saved in between; it goes back, in the place of what we put there.
            ours, theirs = found, ours
            exchange(temporary, final)
        return ours is new


def exchange(one: Path, other: Path) -> bool:
    """Let two files change places in one step; False where the system cannot.

    Raises OSError when it can, and one of them is not there.
    """
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux, or an old library
        return False
    if function(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE):
        number = ctypes.get_errno()
        if number in _UNSUPPORTED:
            return False
        raise OSError(number, os.strerror(number), str(other))
    return True
