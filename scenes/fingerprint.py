"""What a planned picture is made of, as one short word: the same plan has the same fingerprint.

    fingerprint(planned) -> "5d41402abc4b2a76..."

A plan holds everything that is drawn and said: the cell's list, the numbers and words of every
beat, the places of every row, size, frame rate and theme; a legend's, its cells, size, words and
theme; a clip's, its numbers, size, words and theme. So a file that carries the fingerprint of a
plan need not be drawn again.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from gatereel.rnn_math import Cell
from gatereel.scenes.export.whole import is_whole
from gatereel.scenes.tell.metadata import with_mark

# What draws a legend or a card is imported where one is drawn.
if TYPE_CHECKING:
    from gatereel.scenes.clips import ClipPlan
    from gatereel.scenes.draw.card import CardPlan
    from gatereel.scenes.legend import LegendPlan
    from gatereel.scenes.plan import Plan

Planned = TypeVar("Planned", "Plan", "LegendPlan", "ClipPlan", "CardPlan")

_PATTERN = re.compile(rb"gatereel:([0-9a-f]{64})")
_DIGITS = 9
"""Of a number: the last ones of a float64 differ from one machine's arithmetic to another's."""


def fingerprint(planned: Planned) -> str:
    """The SHA-256 of a plan and of the program's version, 64 hexadecimal digits."""
    digest = sha256(version("gatereel").encode())
    # Where a picture goes is not seen in it.
    for piece in _pieces(replace(planned, place=None)):
        digest.update(piece.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def marked(planned: Planned, fingerprint: str) -> Planned:
    """The plan of files that carry `fingerprint` in their metadata."""
    comment = with_mark(planned.metadata.get("comment", ""), fingerprint)
    return replace(planned, metadata=MappingProxyType({**planned.metadata, "comment": comment}))


def fingerprint_in(path: Path) -> str | None:
    """The fingerprint that the file carries; None where there is no whole file with one.

    Raises OSError when there is a file that cannot be read.
    """
    if not path.is_file():  # reading a pipe or a device might never end
        return None
    data = path.read_bytes()
    found = _PATTERN.search(data)
    return found[1].decode() if found and is_whole(data, path.suffix.lower()) else None


def _pieces(value: object) -> Iterator[str]:
    """A value as words, each of them and their order the same on every machine."""
    if isinstance(value, Cell):
        yield from (value.name, value.convention, *value.program)
    elif is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__
        for field in fields(value):
            yield field.name
            yield from _pieces(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield f"{len(value)} entries"
        for key, entry in value.items():
            yield str(key)
            yield from _pieces(entry)
    elif isinstance(value, tuple | list):
        yield f"{len(value)} in order"
        for entry in value:
            yield from _pieces(entry)
    elif isinstance(value, float):
        yield f"{value:.{_DIGITS}g}"
    elif isinstance(value, str | int) or value is None:
        yield repr(value)
    else:
        raise TypeError(f"A plan holds {type(value).__name__}, which has no fingerprint yet.")
