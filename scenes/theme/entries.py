"""Files of named entries: what themes and languages, a TOML file each, have in common.

A file has tables of entries. It may take what it does not say from one of the package's own by
`base`. What is wrong with a file is named at once: all unknown entries, all missing ones.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from gatereel.rnn_math import InputError, counted
from gatereel.rnn_math.counting import in_words, one_of
from gatereel.rnn_math.files.reading import read_text, shortened
from gatereel.rnn_math.records import dataclass

SUFFIX = ".toml"

TOP = ""
"""The table of the entries at a file's top."""

MAX_BYTES = 1 << 18
"""Largest file that is read, 256 KiB; the package's own have a few."""

_MAX_DOTS = 200
"""Dots of a line: the memory that a dotted key takes grows with the square of its parts."""

_MOST_NAMED = 10
"""Entries that an error names; it counts the others."""

_BASE = "base"
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_NAME = 60

Accepted = Mapping[str, Sequence[str]]
"""The entries that each table may have. A table within another is "outer.inner"."""

Entries = dict[str, dict[str, Any]]
"""What a file says, by table and name."""


@dataclass(frozen=True)
class EntryType:
    """What the files are for: the word for it in errors, and the names of the package's own."""

    word: str
    names: tuple[str, ...]

    @property
    def default(self) -> str:
        """The one that is taken when none is named."""
        return self.names[0]


@dataclass(frozen=True)
class Entry:
    """Where an entry stands in a file: its table and its name."""

    table: str
    name: str

    def __str__(self) -> str:
        return f"[{self.table}] {written_key(self.name)}" if self.table else written_key(self.name)


def own_file(wanted: str | Path, kind: EntryType) -> Path:
    """The path of a user's own file. Raises InputError where the name is no path of one."""
    path = Path(wanted)
    if path.suffix.lower() != SUFFIX:
        name = str(wanted)
        raise InputError(
            f"The {kind.word} {name!r} is none of {one_of(kind.names)}, and no {SUFFIX} file."
            f"{_did_you_mean(name.lower(), kind.names)}"
        )
    return path


def read_entries(path: Path, kind: EntryType, accepted: Accepted) -> tuple[Entries, str | None]:
    """What a file says, table by table, and the name of its base.

    The order is the file's; accepted tables that it has not are there too, empty. Raises
    InputError for a file that cannot be read, and for tables, entries or a base that do not exist,
    all named at once.
    """
    document = _parsed(path, kind)
    base = _base(path, document, kind)
    entries: Entries = {}
    unknown: list[tuple[Entry, Sequence[str]]] = []
    no_tables: list[str] = []
    _collect(document, TOP, accepted, entries, unknown, no_tables)
    if unknown:
        verb = "is no entry" if len(unknown) == 1 else "are no entries"
        named = [f"{place}{_meant(place.name, known)}" for place, known in unknown[:_MOST_NAMED]]
        raise InputError(f"{path}: {_with_others(named, len(unknown))} {verb} of a {kind.word}.")
    if no_tables:
        raise InputError(
            f"{path}: {in_words(no_tables, 'and')} must be a table, such as [{no_tables[0]}] on a "
            "line of its own with its entries below."
        )
    for table in accepted:
        entries.setdefault(table, {})
    return entries, base


def check_complete(path: Path, kind: EntryType, entries: Entries, required: Accepted) -> None:
    """Without a base, every required entry must be there; what is missing is named at once."""
    missing = [
        " ".join((*([f"[{table}]"] if table else []), in_words(list(map(written_key, absent)))))
        for table, names in required.items()
        if (absent := [name for name in names if name not in entries[table]])
    ]
    if missing:
        raise InputError(
            f"{path} lacks {'; '.join(missing)}. Add what is missing, or name a {kind.word} to "
            f'take it from, such as {_BASE} = "{kind.default}", in the first line.'
        )


def _with_others(named: Sequence[object], count: int) -> str:
    """The first of `count` names in words, and how many more there are: "a, b and 5 others"."""
    shown, more = list(map(str, named[:_MOST_NAMED])), count - min(count, _MOST_NAMED)
    return in_words([*shown, counted(more, "other")] if more else shown)


def written_key(name: str) -> str:
    """An entry's name as it is written in a file, cut if it is none that a file could have."""
    name = name if len(name) <= _LONGEST_NAME else name[:_LONGEST_NAME] + "..."
    return name if _BARE_KEY.fullmatch(name) else repr(name) if '"' in name else f'"{name}"'


def assignments(entries: Sequence[tuple[Entry, object]]) -> str:
    """Entries with their values, for an error."""
    named = [f"{place} = {_quoted(value)}" for place, value in entries[:_MOST_NAMED]]
    return _with_others(named, len(entries))


def _parsed(path: Path, kind: EntryType) -> dict[str, Any]:
    text = read_text(path, MAX_BYTES)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.count(".") > _MAX_DOTS:
            raise InputError(
                f"{path}, line {number} has more than {_MAX_DOTS} dots; no entry of a {kind.word} "
                "has as many."
            )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}.") from None
    except ValueError as error:  # a whole number of thousands of digits, a day that does not exist
        raise InputError(f"{path} cannot be read as TOML: {error}.") from None
    except RecursionError:
        raise InputError(f"{path} is nested too deeply for a {kind.word}.") from None


def _base(path: Path, document: dict[str, Any], kind: EntryType) -> str | None:
    """Take the base out of a document."""
    base = document.pop(_BASE, None)
    if base is None:
        return None
    if isinstance(base, str) and base in kind.names:
        return base
    hint = _did_you_mean(base, kind.names) if isinstance(base, str) else ""
    raise InputError(
        f"{path}: {_BASE} is {_quoted(base)}; accepted are {in_words(kind.names)}.{hint}"
    )


def _collect(
    written: Mapping[str, Any],
    table: str,
    accepted: Accepted,
    entries: Entries,
    unknown: list[tuple[Entry, Sequence[str]]],
    no_tables: list[str],
) -> None:
    """Sort what is written in a table, and in the tables within it, into entries and mistakes."""
    own = accepted.get(table, ())
    inside = {
        name.removeprefix(f"{table}.").split(".")[0]
        for name in accepted
        if name != table and (table == TOP or name.startswith(f"{table}."))
    }
    known = (*((_BASE,) if table == TOP else ()), *own, *sorted(inside))
    for name, value in written.items():
        if name in inside:
            full = f"{table}.{name}" if table else name
            if isinstance(value, dict):
                _collect(value, full, accepted, entries, unknown, no_tables)
            else:
                no_tables.append(full)
        elif name in own:
            entries.setdefault(table, {})[name] = value
        else:
            unknown.append((Entry(table, name), known))


def _quoted(value: object) -> str:
    if isinstance(value, str):
        return shortened(value)
    try:
        return shortened(str(value)).strip("'\"")
    except ValueError:  # a hexadecimal number of thousands of digits
        return "a very large number"


def _meant(name: str, accepted: Sequence[str]) -> str:
    closest = get_close_matches(name, accepted, n=1)
    return f" (did you mean {closest[0]}?)" if closest else ""


def _did_you_mean(name: str, accepted: Sequence[str]) -> str:
    closest = get_close_matches(name, accepted, n=1)
    return f" Did you mean {closest[0]}?" if closest else ""
