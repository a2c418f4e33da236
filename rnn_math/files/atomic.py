"""Write a file so that a reader finds the old one or the whole new one, never a part."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.leftovers import own_prefix, remove_leftovers, remove_own

_folders: set[Path] = set()
"""Where this process has begun to write."""

_NEW_FILE_MODE = 0o666
"""What a new file may be, before the umask takes its bits away."""


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside `target`; move it there when the block ends well.

    The temporary file exists already, is hidden, is unique to this writer, tells whose it is
    (`rnn_math/files/leftovers.py`) and has the target's suffix. What killed processes left in the
    folder is removed first. When the block raises, it is removed and an old target stays
    untouched. The new file has the mode of the old one, or the one the umask gives a new file. A
    symbolic link is followed: the file it points to is replaced.

    Raises InputError when the target is no regular file, or its folder is missing or not
    writable. What the block raises is passed on as it is.
    """
    with temporary_beside(target) as temporary:
        yield temporary
        final = Path(os.path.realpath(target))
        with blamed_on(target):
            temporary.chmod(mode_of(final))
            temporary.replace(final)


@contextmanager
def temporary_beside(target: Path) -> Iterator[Path]:
    """Yield a temporary file beside `target`, as `atomic_path` does; it goes when the block ends.

    What became of it in the block, such as a move, is the block's own business.
    """
    temporary = _create_beside(Path(os.path.realpath(target)), target)
    try:
        yield temporary
    finally:
        # After a successful move there is nothing left to remove.
        temporary.unlink(missing_ok=True)


def write_bytes(target: Path, data: bytes) -> None:
    """Replace the file `target` by `data`, whole or not at all; raises InputError on failure."""
    with atomic_path(target) as temporary, blamed_on(target):
        temporary.write_bytes(data)


@contextmanager
def blamed_on(target: Path) -> Iterator[None]:
    """Turn an OSError of the block, which does nothing but write to `target`, into InputError."""
    try:
        yield
    except OSError as error:
        raise _cannot_write(target, error) from error


def end_writing() -> None:
    """Remove whatever this process has begun to write and not finished: it ends now."""
    for folder in _folders:
        remove_own(folder)
    _folders.clear()


def _create_beside(final: Path, target: Path) -> Path:
    try:
        if final.is_dir():
            raise InputError(f"{target} is a folder; the name of a file is needed.")
        if final.exists() and not final.is_file():
            raise InputError(f"{target} is a device or a pipe; the name of a file is needed.")
        if not final.parent.is_dir():
            raise InputError(f"{target} cannot be written: there is no folder {final.parent}.")
        remove_leftovers(final.parent)
        _folders.add(final.parent)
        handle, name = tempfile.mkstemp(prefix=own_prefix(), suffix=final.suffix, dir=final.parent)
    except OSError as error:
        raise _cannot_write(target, error) from error
    os.close(handle)
    return Path(name)


def _cannot_write(target: Path, error: OSError) -> InputError:
    return InputError(f"{target} cannot be written: {error.strerror}.")


def mode_of(path: Path) -> int:
    """The permissions of a file, or those that the umask gives a new one."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        # The umask can only be read by setting it.
        umask = os.umask(0)
        os.umask(umask)
        return _NEW_FILE_MODE & ~umask
