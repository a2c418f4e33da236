"""Themes as files: a theme is one TOML file.

    load_theme("dark") -> Theme
    load_theme("path/to/mine.toml") -> Theme

The package's own are beside this module. A file has the tables `colours` and `fills`, and where it
differs from the usual, `strengths`, `strokes` and `sizes`; their entries are the fields of
`scenes/theme/theme.py`. With `base = "dark"` it takes from that theme what it does not say itself.
"""

import re
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from gatereel.rnn_math import CELLS, InputError
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.theme.entries import (
    SUFFIX,
    Accepted,
    Entries,
    Entry,
    EntryType,
    assignments,
    check_complete,
    own_file,
    read_entries,
)
from gatereel.scenes.theme.theme import (
    DEFAULT_THEME,
    GRADIENT,
    ROLES,
    THEMES,
    Strengths,
    Strokes,
    Theme,
    TypeSizes,
)

_KIND = EntryType("theme", THEMES)
_FOLDER = Path(__file__).parent
_COLOUR = re.compile("#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class _Numbers:
    """A table of numbers: the class it becomes, and the smallest and largest accepted."""

    kind: type[Strengths] | type[Strokes] | type[TypeSizes]
    smallest: float
    largest: float

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(entry.name for entry in fields(self.kind))


_NUMBERS = {
    "strengths": _Numbers(Strengths, 0.0, 1.0),
    "strokes": _Numbers(Strokes, 0.0, 12.0),
    "sizes": _Numbers(TypeSizes, 6.0, 40.0),
}
_COLOURS = tuple(f.name for f in fields(Theme) if f.type is str and f.name != "name")


def load_theme(theme: str | Path = DEFAULT_THEME) -> Theme:
    """Return one of `THEMES` by its name, or a user's own from a .toml file.

    Raises InputError for a name that is none of them, and for a file that cannot be read, misses
    entries, or has some that no theme has or that cannot be used; all of a kind are named at once.
    """
    name = str(theme)
    return _own_theme(name) if name in THEMES else _read(own_file(theme, _KIND))


def roles() -> tuple[str, ...]:
    """Every role that `fills` may have, each once: what it must have, and those of other cells."""
    own = (
        role for cell in CELLS.values() for name in cell.widths(1, 1) for role in cell.roles(name)
    )
    return tuple(dict.fromkeys((*ROLES, GRADIENT, *own)))


@cache
def _own_theme(name: str) -> Theme:
    return _read(_FOLDER / f"{name}{SUFFIX}")


def _read(path: Path) -> Theme:
    required = {"colours": _COLOURS, "fills": ROLES}
    numbers = {table: kind.names for table, kind in _NUMBERS.items()}
    accepted: Accepted = {"colours": _COLOURS, "fills": roles(), **numbers}
    written, base = read_entries(path, _KIND, accepted)
    _check_and_lower(path, written)
    if base is not None:
        entries = _entries_of(_own_theme(base))
        for table, changed in written.items():
            entries[table].update(changed)
    else:
        entries = written
        check_complete(path, _KIND, entries, required)
    return Theme(
        name=path.stem,
        **entries["colours"],
        fills=MappingProxyType(entries["fills"]),
        strengths=Strengths(**entries["strengths"]),
        strokes=Strokes(**entries["strokes"]),
        sizes=TypeSizes(**entries["sizes"]),
    )


def _entries_of(theme: Theme) -> Entries:
    numbers = {
        table: {name: getattr(getattr(theme, table), name) for name in kind.names}
        for table, kind in _NUMBERS.items()
    }
    return {
        "colours": {name: getattr(theme, name) for name in _COLOURS},
        "fills": dict(theme.fills),
        **numbers,
    }


# --- checks --------------------------------------------------------------------------------------


def _check_and_lower(path: Path, entries: Entries) -> None:
    """Refuse values that cannot be used; put colours into small letters, as all others are."""
    colours, numbers = [], []
    for table, written in entries.items():
        for name, value in written.items():
            place = Entry(table, name)
            if table in _NUMBERS:
                kind = _NUMBERS[table]
                if not _is_number(value, kind.smallest, kind.largest):
                    numbers.append((place, value))
            elif not _is_fill(value) if table == "fills" else not _is_colour(value):
                colours.append((place, value))
            else:
                written[name] = _lowered(value, is_fill=table == "fills")
    if colours:
        raise InputError(
            f"{path}: {assignments(colours)} cannot be used; a colour is written "
            '"#rrggbb", such as "#1f6feb", and an entry of [fills] is one or a list of them.'
        )
    if numbers:
        ranges = in_words(
            [
                f"{_NUMBERS[table].smallest:g} to {_NUMBERS[table].largest:g} in [{table}]"
                for table in dict.fromkeys(place.table for place, _ in numbers)
            ]
        )
        raise InputError(f"{path}: {assignments(numbers)} cannot be used; accepted are {ranges}.")


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and _COLOUR.fullmatch(value) is not None


def _is_fill(value: object) -> bool:
    """Whether a value is a colour or a list of some."""
    colours = value if isinstance(value, list) else [value]
    return colours != [] and all(map(_is_colour, colours))


def _is_number(value: object, smallest: float, largest: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return smallest <= value <= largest


def _lowered(value: Any, *, is_fill: bool) -> str | tuple[str, ...]:
    """A colour, or a fill's colours, in small letters, as all others are."""
    if not is_fill:
        return str(value).lower()
    return tuple(colour.lower() for colour in ([value] if isinstance(value, str) else value))
