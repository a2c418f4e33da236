"""Which files a command writes: the meaning of `-o` and of what else names a file."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.leftovers import own_prefix

_IN_USE = ".use"
"""The end of the name of a file that shows that a command is at a folder."""

_SEPARATORS = tuple(filter(None, (os.sep, os.altsep)))


def names_folder(output: str) -> bool:
    """Whether `output` means a folder: it ends with a slash, or is one already."""
    try:
        return output.endswith(_SEPARATORS) or Path(output).is_dir()
    except OSError as error:  # a name that is too long
        raise InputError(f"{output} cannot be written: {error.strerror}.") from error


def target(output: str, default: str, *, option: str = "-o") -> Path:
    """The file that `-o output` means: itself, or `default` in the folder that it names."""
    if not output:
        raise InputError(f"{option} is empty; name a file, such as {default}.")
    return Path(output) / default if names_folder(output) else Path(output)


@contextmanager
def folders_for(
    outputs: Sequence[str], *, option: str = "-o", parents: bool = False
) -> Iterator[None]:
    """Create the folders that `outputs` name, and the folders above them only with `parents`.

    A folder that is still empty when the block ends is taken away again, unless another command
    is about to write into it: each leaves a hidden file there as long as it is at it.

    Raises InputError, which names the `option`, when a folder cannot be created.
    """
    made: list[Path] = []
    marks: list[Path] = []
    try:
        for folder in (Path(output) for output in outputs if names_folder(output)):
            if folder.is_dir() and _mark(folder, marks):
                continue
            if folder.exists() and not folder.is_dir():
                raise InputError(f"{option} {folder} is a file, not a folder.")
            if parents:
                for above in reversed([each for each in folder.parents if not each.exists()]):
                    _create(above, option)
                    made.append(above)
            if not folder.parent.is_dir():
                raise InputError(
                    f"{option} {folder}: the folder {folder.parent} does not exist; "
                    "create it first."
                )
            _create(folder, option)
            made.append(folder)
            _mark(folder, marks)
        yield
    finally:
        for mark in marks:
            with suppress(OSError):  # whoever took it away has done what is to be done
                mark.unlink()
        for folder in reversed(made):
            with suppress(OSError):  # it holds files, as it should
                folder.rmdir()


def _mark(folder: Path, marks: list[Path]) -> bool:
    """Show that this command is at `folder`; whether the folder is still there."""
    try:
        handle, name = tempfile.mkstemp(prefix=own_prefix(), suffix=_IN_USE, dir=folder)
    except FileNotFoundError:  # another command has taken it away since we looked
        return False
    except OSError:  # nothing can be written; that is told where something is
        return True
    os.close(handle)
    marks.append(Path(name))
    return True


def _create(folder: Path, option: str) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{option} {folder}: the folder cannot be created ({error.strerror})."
        ) from error
