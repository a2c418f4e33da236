"""Themes as files: a theme is one TOML file.

    load_theme("dark") -> Theme
    load_theme("path/to/mine.toml") -> Theme

The package's own are in `scenes/themes`. A file has the tables `colours` and `fills`, and where it
differs from the usual, `strengths`, `strokes` and `sizes`; their entries are the fields of
`scenes.theme`. With `base = "dark"` it takes from that theme what it does not say itself.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from rnn_math import InputError
from rnn_math.files.reading import read_text, shortened
from scenes.diagrams import DIAGRAMS
from scenes.theme import DEFAULT_THEME, THEMES, Strengths, Strokes, Theme, TypeSizes

THEME_SUFFIX = ".toml"

_FOLDER = Path(__file__).with_name("themes")
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_NAME = 60
_BASE = "base"


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

_Tables = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class _Place:
    """Where an entry stands in a file: its table, "" for the file's top, and its name."""

    table: str
    name: str

    def __str__(self) -> str:
        name = _key(self.name)
        return f"[{self.table}] {name}" if self.table else name


def load_theme(theme: str | Path = DEFAULT_THEME) -> Theme:
    """Return one of `THEMES` by its name, or a user's own from a .toml file.

    Raises InputError for a name that is none of them, and for a file that cannot be read, misses
    entries, or has some that no theme has or that cannot be used; all of a kind are named at once.
    """
    name = str(theme)
    if name in THEMES:
        return _own_theme(name)
    path = Path(theme)
    if path.suffix.lower() != THEME_SUFFIX:
        raise InputError(
            f"The theme {name!r} is none of {_listed(THEMES, 'or')}, and no {THEME_SUFFIX} file."
            f"{_did_you_mean(name.lower(), THEMES)}"
        )
    return _read(path)


def roles() -> tuple[str, ...]:
    """Every role of discs in any diagram, each once: what `fills` must have."""
    return tuple(
        dict.fromkeys(
            stretch.role
            for diagram in DIAGRAMS.values()
            for row in diagram.rows
            for stretch in row.stretches
        )
    )


@cache
def _own_theme(name: str) -> Theme:
    return _read(_FOLDER / f"{name}{THEME_SUFFIX}")


def _read(path: Path) -> Theme:
    tables = _parsed(path)
    base = tables.pop(_BASE, None)
    written = _checked(path, tables)
    if base is not None:
        if base not in THEMES:
            hint = _did_you_mean(base, THEMES) if isinstance(base, str) else ""
            raise InputError(
                f"{path}: base is {_quoted(base)}; accepted are {_listed(THEMES, 'and')}.{hint}"
            )
        entries = _tables_of(_own_theme(base))
        for table, changed in written.items():
            entries[table].update(changed)
    else:
        entries = written
        _check_complete(path, entries)
    return Theme(
        name=path.stem,
        **entries["colours"],
        fills=MappingProxyType(entries["fills"]),
        strengths=Strengths(**entries["strengths"]),
        strokes=Strokes(**entries["strokes"]),
        sizes=TypeSizes(**entries["sizes"]),
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}.") from None
    except RecursionError:
        raise InputError(f"{path} is nested too deeply for a theme.") from None


def _tables_of(theme: Theme) -> _Tables:
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


def _accepted() -> Mapping[str, Sequence[str]]:
    """The entries that each table may have."""
    numbers = {table: kind.names for table, kind in _NUMBERS.items()}
    return {"colours": _COLOURS, "fills": roles(), **numbers}


def _checked(path: Path, tables: Mapping[str, Any]) -> _Tables:
    """Every table of a file, with its colours in small letters; empty where it has none."""
    accepted = _accepted()
    _check_known(path, tables, accepted)
    entries: _Tables = {table: {} for table in accepted}
    colours, numbers = [], []
    for table, written in tables.items():
        for name, value in written.items():
            place = _Place(table, name)
            if table in _NUMBERS:
                kind = _NUMBERS[table]
                if not _is_number(value, kind.smallest, kind.largest):
                    numbers.append((place, value))
            elif not _is_fill(value) if table == "fills" else not _is_colour(value):
                colours.append((place, value))
            else:
                value = _lowered(value, is_fill=table == "fills")
            entries[table][name] = value
    if colours:
        raise InputError(
            f"{path}: {_assignments(colours)} cannot be used; a colour is written "
            '"#rrggbb", such as "#1f6feb", and an entry of [fills] is one or a list of them.'
        )
    if numbers:
        ranges = _listed(
            [
                f"{_NUMBERS[table].smallest:g} to {_NUMBERS[table].largest:g} in [{table}]"
                for table in dict.fromkeys(place.table for place, _ in numbers)
            ],
            "and",
        )
        raise InputError(f"{path}: {_assignments(numbers)} cannot be used; accepted are {ranges}.")
    return entries


def _check_known(
    path: Path, tables: Mapping[str, Any], accepted: Mapping[str, Sequence[str]]
) -> None:
    """Refuse tables and entries that no theme has, all of them at once."""
    unknown = [
        f"{_Place('', table)}{_meant(table, (_BASE, *accepted))}"
        for table in tables
        if table not in accepted
    ]
    if not unknown:
        plain = [table for table, written in tables.items() if not isinstance(written, dict)]
        if plain:
            raise InputError(
                f"{path}: {_listed(plain, 'and')} must be a table, such as [{plain[0]}] on a line "
                "of its own with its entries below."
            )
    unknown += [
        f"{_Place(table, name)}{_meant(name, accepted[table])}"
        for table, written in tables.items()
        if table in accepted and isinstance(written, dict)
        for name in written
        if name not in accepted[table]
    ]
    if unknown:
        verb = "is no entry" if len(unknown) == 1 else "are no entries"
        raise InputError(f"{path}: {_listed(unknown, 'and')} {verb} of a theme.")


def _check_complete(path: Path, entries: _Tables) -> None:
    """Without a base, every colour must be there; what is missing is named at once."""
    missing = [
        f"[{table}] {_listed(list(map(_key, absent)), 'and')}"
        for table, names in (("colours", _COLOURS), ("fills", roles()))
        if (absent := [name for name in names if name not in entries[table]])
    ]
    if missing:
        raise InputError(
            f"{path} lacks {'; '.join(missing)}. Add what is missing, or name a theme to take "
            f'it from, such as {_BASE} = "{DEFAULT_THEME}", in the first line.'
        )


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


# --- words ---------------------------------------------------------------------------------------


def _key(name: str) -> str:
    """An entry's name as it is written in a file, cut if it is none that a theme could have."""
    name = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "..."
    return name if _BARE_KEY.fullmatch(name) else repr(name) if '"' in name else f'"{name}"'


def _assignments(entries: Sequence[tuple[_Place, object]]) -> str:
    return _listed([f"{place} = {_quoted(value)}" for place, value in entries], "and")


def _quoted(value: object) -> str:
    return shortened(value) if isinstance(value, str) else shortened(str(value)).strip("'\"")


def _listed(names: Sequence[object], joint: str) -> str:
    """Names in words: "a, b and c"."""
    *rest, last = map(str, names)
    return f"{', '.join(rest)} {joint} {last}" if rest else last


def _meant(name: str, accepted: Sequence[str]) -> str:
    closest = get_close_matches(name, accepted, n=1)
    return f" (did you mean {closest[0]}?)" if closest else ""


def _did_you_mean(name: str, accepted: Sequence[str]) -> str:
    closest = get_close_matches(name, accepted, n=1)
    return f" Did you mean {closest[0]}?" if closest else ""
