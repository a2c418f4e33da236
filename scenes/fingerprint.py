"""What a planned picture is made of, as one short word: the same plan has the same fingerprint.

    fingerprint(planned) -> "5d41402abc4b2a76..."

A plan holds everything that is drawn and said: the cell's list, the numbers and words of every
beat, the places of every row, size, frame rate and theme; a legend's, its cells, size, words and
theme; a clip's, its numbers, size, words and theme. So a file that carries the fingerprint of a
plan need not be drawn again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from gatereel.rnn_math import CELLS, Cell
from gatereel.rnn_math.cells import RELATIVES
from gatereel.rnn_math.version import VERSION
from gatereel.scenes.export.whole import is_whole
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.metadata import with_mark

# What draws a legend or a card is imported where one is drawn.
if TYPE_CHECKING:
    from gatereel.scenes.clips import ClipPlan
    from gatereel.scenes.draw.card import CardPlan
    from gatereel.scenes.legend import LegendPlan
    from gatereel.scenes.plan import Plan

T = TypeVar("T")
Planned = TypeVar("Planned", "Plan", "LegendPlan", "ClipPlan", "CardPlan")

_PATTERN = re.compile(rb"gatereel:([0-9a-f]{64})")
_DIGITS = 9
"""Of a number: the last ones of a float64 differ from one machine's arithmetic to another's."""


def fingerprint(planned: Planned) -> str:
    """The SHA-256 of a plan and of the program's version, 64 hexadecimal digits."""
    pieces: list[str] = []
    # Where a picture goes is not seen in it, nor are words of other cells.
    language = _without_others(planned.language, _cells_of(planned))
    _add(replace(planned, place=None, language=language), pieces, {})
    whole = VERSION + "\0".join((*pieces, ""))
    return sha256(whole.encode()).hexdigest()


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


def _cells_of(planned: object) -> tuple[Cell, ...]:
    """The cells that are seen: a film's or a card's one, those of a legend, none of a clip."""
    cell = getattr(getattr(planned, "storyboard", planned), "cell", None)
    return getattr(planned, "cells", ()) if cell is None else (cell,)


def _without_others(language: Language, cells: Sequence[Cell]) -> Language:
    """The language without the words that it has for `RELATIVES` alone which are not seen.

    With them, every picture would be drawn again when another relative gets words.
    """
    seen = {cell.family for cell in cells}
    unseen = {name: cell for name, cell in RELATIVES.items() if name not in seen}
    known = {node.operation.title for cell in (*CELLS.values(), *cells) for node in cell.nodes}
    titles = {node.operation.title for cell in unseen.values() for node in cell.nodes} - known
    left_out = unseen.keys() | titles

    def kept(entries: Mapping[str, T]) -> Mapping[str, T]:
        return {key: value for key, value in entries.items() if key not in left_out}

    return replace(
        language,
        titles=kept(language.titles),
        long_names=kept(language.long_names),
        vectors=kept(language.vectors),
        operations=kept(language.operations),
    )


def _add(value: object, pieces: list[str], added: dict[int, tuple[int, int]]) -> None:
    """Add a value as words, each of them and their order the same on every machine.

    A plan has some ten thousand values, so they are not passed on from generator to generator.
    Beats share equations and numbers: what was `added` says from which piece to which.
    """
    if isinstance(value, float):
        pieces.append(f"{value:.{_DIGITS}g}")
    elif isinstance(value, str | int) or value is None:
        pieces.append(repr(value))
    elif isinstance(value, tuple | list):
        pieces.append(f"{len(value)} in order")
        for entry in value:
            _add(entry, pieces, added)
    elif id(value) in added:
        start, end = added[id(value)]
        pieces += pieces[start:end]
    elif isinstance(value, Cell):
        pieces += (value.name, value.convention, *value.program)
    elif is_dataclass(value) and not isinstance(value, type):
        kind: type = type(value)
        start = len(pieces)
        pieces.append(kind.__name__)
        for name in _names(kind):
            pieces.append(name)
            _add(getattr(value, name), pieces, added)
        added[id(value)] = start, len(pieces)
    elif isinstance(value, Mapping):
        pieces.append(f"{len(value)} entries")
        for key, entry in value.items():
            pieces.append(str(key))
            _add(entry, pieces, added)
    else:
        raise TypeError(f"A plan holds {type(value).__name__}, which has no fingerprint yet.")


@cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass."""
    return tuple(field.name for field in fields(kind))
