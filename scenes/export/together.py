"""Several files that appear together or not at all, whoever writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gatereel.rnn_math.files import atomic_path
from gatereel.scenes.export.old_files import old_files


@contextmanager
def together(paths: Sequence[Path]) -> Iterator[Mapping[Path, Path]]:
    """Yield where to write what shall stand at each of `paths`.

    All files appear together when the block ends well. When it does not, for whatever reason,
    what stood there before stays untouched and nothing is left over.

    Raises InputError (see `atomic_path`) and OSError (a file cannot be moved into place; the error
    names it).
    """
    with old_files() as old, ExitStack() as stack:
        temporaries = {}
        for path in paths:
            with naming(path):
                temporaries[path] = stack.enter_context(atomic_path(path))
        yield temporaries
        # A single move cannot fail halfway. Several come one after the other as the stack unwinds.
        if len(paths) > 1:
            for path, temporary in temporaries.items():
                with naming(path):
                    old.keep(path, temporary)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Make an error inside tell which file it concerns."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise OSError(f"{path}: {error}") from error
        raise OSError(error.errno, error.strerror, str(path)) from error
    except ValueError as error:
        error.add_note(f"The file was {path}.")
        raise
