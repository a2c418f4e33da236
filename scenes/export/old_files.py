"""What stood at the targets, so that several files can be replaced together or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gatereel.rnn_math.files.leftovers import KEPT_SUFFIX
from gatereel.rnn_math.records import dataclass

Identity = tuple[int, int]
"""Disk and number of a file, which stay when it is moved."""


@dataclass(frozen=True)
class OldFile:
    """A target, the file that is about to come there, and where the old one is kept."""

    final: Path
    coming: Identity
    kept: Path

    def put_back(self) -> None:
        """Undo the move, if it took place; what another writer put there stays.

        Should that fail, the kept file remains, for it is the only one left of the old.
        """
        if not (self.final.exists() and _identity(self.final) == self.coming):
            self.forget()
        elif self.kept.exists():
            self.kept.replace(self.final)
        else:
            self.final.unlink()

    def forget(self) -> None:
        """Remove the kept file, if there is one."""
        self.kept.unlink(missing_ok=True)


class OldFiles:
    """Keeps the files that stand at targets under hidden names beside them."""

    def __init__(self) -> None:
        """Start without any."""
        self._files: list[OldFile] = []

    def keep(self, target: Path, temporary: Path) -> None:
        """Keep what stands at `target`, where `temporary`, in the same folder, moves next.

        The old file stays in its place too: there is no moment without one.
        """
        final = Path(os.path.realpath(target))
        kept = temporary.with_name(temporary.name + KEPT_SUFFIX)
        # Noted first, so that a copy that fails halfway is removed as well.
        self._files.append(OldFile(final, _identity(temporary), kept))
        if not final.exists():
            return
        try:
            kept.hardlink_to(final)
        except OSError:
            # Not every disk has second names for a file.
            shutil.copy2(final, kept)

    def put_back(self) -> None:
        """Undo every move that took place; go on if one cannot be undone, then raise that."""
        with ExitStack() as stack:
            for file in self._files:
                stack.callback(file.put_back)

    def forget(self) -> None:
        """Remove every kept file; go on if one cannot be removed, then raise that."""
        with ExitStack() as stack:
            for file in self._files:
                stack.callback(file.forget)


@contextmanager
def old_files() -> Iterator[OldFiles]:
    """Put the kept files back if the block raises, and remove them if it does not."""
    old = OldFiles()
    try:
        yield old
    except BaseException:
        old.put_back()
        raise
    old.forget()


def _identity(path: Path) -> Identity:
    status = path.stat()
    return status.st_dev, status.st_ino
