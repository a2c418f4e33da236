"""A picture to draw, as it goes to whoever draws it.

A picture goes as its plan: all that is drawn and said is in it. So no file that it was planned from
goes along, nothing is computed twice, and the numbers are the same to the last bit everywhere.
"""

import copyreg
import io
import pickle
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files.traces import Advance
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.export import Written

_QUICK = 1
"""Of zlib's levels: a plan shrinks to a quarter in a millisecond, and to little less in ten."""


class Elsewhere(Protocol):
    """Where files are drawn that go to their places later."""

    def file(self, path: Path) -> Path:
        """Where to draw what goes to `path`."""

    def folder(self, path: Path) -> Path:
        """The same of a folder, which is made."""


class Drawable(Protocol):
    """What can be drawn: a frozen dataclass of plain data."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def fingerprint(self) -> str:
        """What its files carry."""

    def moved(self, elsewhere: Elsewhere) -> Self:
        """The same picture, with the files that it names itself elsewhere."""

    def draw(self, paths: Sequence[Path], advance: Advance) -> "tuple[Written, ...]":
        """Draw it into every path; `advance` is told the frame times that are done."""


@dataclass(frozen=True)
class Task:
    """A picture to draw, and where it goes."""

    key: str
    """Tells it from the others of its run."""
    fingerprint: str
    paths: tuple[Path, ...]
    """As the command names them, from where it runs; none where all files are the picture's own."""
    frames: int
    """Frame times of work in it; nought for a still."""
    packed: bytes
    """The picture."""


def task_of(key: str, picture: Drawable, paths: Sequence[Path], frames: int) -> Task:
    """The task to draw `picture` into `paths`."""
    return Task(key, picture.fingerprint, tuple(paths), frames, packed(picture))


def packed(picture: Drawable) -> bytes:
    """A picture as bytes."""
    # Without what it remembers: its fingerprint is found anew by whoever unpacks it.
    return as_bytes(replace(picture))


def as_bytes(thing: object) -> bytes:
    """Plain data as bytes, for a process of ours."""
    file = io.BytesIO()
    _Pickler(file, pickle.HIGHEST_PROTOCOL).dump(thing)
    return zlib.compress(file.getvalue(), _QUICK)


def from_bytes(data: bytes) -> Any:
    """What `as_bytes` made bytes of."""
    return pickle.loads(zlib.decompress(data))


def unpacked(task: Task) -> Drawable:
    """The picture of a task. Raises InputError where it is another one than was packed."""
    picture = unpack(task.packed)
    if picture.fingerprint != task.fingerprint:
        raise InputError(
            "whoever draws it has another gatereel, by which it would be another picture; install "
            "the same one."
        )
    return picture


def unpack(packed: bytes) -> Drawable:
    """The picture in bytes that `packed` made."""
    picture: Drawable = from_bytes(packed)
    return picture


def _read_only(entries: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(entries)


def _of_read_only(
    entries: Mapping[Any, Any],
) -> tuple[Callable[..., Any], tuple[dict[Any, Any]]]:
    return _read_only, (dict(entries),)


class _Pickler(pickle.Pickler):
    """Pickles read-only mappings, too."""

    dispatch_table = {**copyreg.dispatch_table, MappingProxyType: _of_read_only}  # noqa: RUF012
