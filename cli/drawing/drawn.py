"""What becomes of a task: files in their places, or bytes that are still to go there."""

from contextvars import ContextVar
from dataclasses import field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gatereel.cli.drawing.task import Task, unpacked
from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.leftovers import own_prefix
from gatereel.rnn_math.files.traces import Advance
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.export import Written


def _nobody(count: int) -> None:
    """Nobody wants to know."""


ADVANCING: ContextVar[Advance] = ContextVar("ADVANCING", default=_nobody)
"""Whom a drawing tells the frame times that are done."""


@dataclass(frozen=True)
class Drawn:
    """What was drawn of a task."""

    written: "tuple[Written, ...]"
    """Each file, or a folder of them, by its place."""
    contents: tuple[tuple[Path, bytes], ...] = ()
    """Files that do not stand in their places yet."""


def draw_in_place(task: Task) -> Drawn:
    """Draw a task where its files go."""
    return Drawn(unpacked(task).draw(task.paths, ADVANCING.get()))


def draw_as_bytes(task: Task, scratch: Path | None = None) -> Drawn:
    """Draw a task without its places: files are made in `scratch`, or the system's own folder."""
    with TemporaryDirectory(prefix=own_prefix(), dir=scratch) as root:
        elsewhere = _Scratch(Path(root))
        paths = [elsewhere.file(path) for path in task.paths]
        try:
            written = unpacked(task).moved(elsewhere).draw(paths, ADVANCING.get())
        except InputError as error:
            raise InputError(elsewhere.in_words(str(error))) from None
        contents = tuple(
            (elsewhere.place(path), path.read_bytes())
            for path in sorted(Path(root).rglob("*"))
            if path.is_file()
        )
        return Drawn(
            tuple(replace(each, path=elsewhere.place(each.path)) for each in written), contents
        )


def settle(drawn: Drawn) -> "tuple[Written, ...]":
    """Bring a task's files to their places, whole and all together."""
    from gatereel.scenes.export import together

    if drawn.contents:
        with together([path for path, _ in drawn.contents]) as temporaries:
            for path, content in drawn.contents:
                temporaries[path].write_bytes(content)
    return drawn.written


@dataclass(frozen=True)
class _Scratch:
    """A folder in the place of others: each has a numbered one in it."""

    root: Path
    _numbers: dict[Path, int] = field(default_factory=dict)

    def file(self, path: Path) -> Path:
        number = self._numbers.setdefault(path.parent, len(self._numbers))
        folder = self.root / str(number)
        folder.mkdir(exist_ok=True)
        return folder / path.name

    def folder(self, path: Path) -> Path:
        made = self.file(path)
        made.mkdir(exist_ok=True)
        return made

    def place(self, path: Path) -> Path:
        """Where a file goes that was drawn at `path`."""
        number, *rest = path.relative_to(self.root).parts
        return list(self._numbers)[int(number)].joinpath(*rest)

    def in_words(self, text: str) -> str:
        """A text that names the places instead of what stands for them."""
        for folder, number in self._numbers.items():
            text = text.replace(str(self.root / str(number)), str(folder))
        return text
