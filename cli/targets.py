"""Which files a command writes: the meaning of `-o` and of what else names a file."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from rnn_math import InputError

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
def folders_for(outputs: Sequence[str], *, option: str = "-o") -> Iterator[None]:
    """Create the folders that `outputs` name, but not the folders above them.

    A folder that is still empty when the block ends is taken away again. Raises InputError, which
    names the `option`, when one cannot be created.
    """
    made: list[Path] = []
    try:
        for folder in (Path(output) for output in outputs if names_folder(output)):
            if folder.is_dir():
                continue
            if folder.exists():
                raise InputError(f"{option} {folder} is a file, not a folder.")
            if not folder.parent.is_dir():
                raise InputError(
                    f"{option} {folder}: the folder {folder.parent} does not exist; "
                    "create it first."
                )
            _create(folder, option)
            made.append(folder)
        yield
    finally:
        for folder in made:
            with suppress(OSError):  # it holds files, as it should
                folder.rmdir()


def _create(folder: Path, option: str) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InputError(
            f"{option} {folder}: the folder cannot be created ({error.strerror})."
        ) from error
