"""Languages as files: a language is one TOML file.

    load_language("vi") -> Language
    load_language("path/to/mine.toml") -> Language

The package's own are beside this module. A file has a table for each mapping of `Language` in
`scenes/tell/language.py`, and one for each of its groups of sentences. With `base = "en"` it takes
from that language what it does not say itself.
"""

from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from gatereel.rnn_math import CELLS, Cell
from gatereel.rnn_math.cells import RELATIVES
from gatereel.rnn_math.demo import Verb
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.language.checks import (
    check_legend,
    check_rooms,
    check_texts,
    check_told,
)
from gatereel.scenes.tell.language import DEFAULT_LANGUAGE, LANGUAGES, SENTENCES, Language
from gatereel.scenes.theme.entries import (
    SUFFIX,
    TOP,
    Accepted,
    Entries,
    EntryType,
    check_complete,
    own_file,
    read_entries,
)

VECTORS = "vectors"
"""The table that holds a table for each cell."""

_KIND = EntryType("language", LANGUAGES)
_FOLDER = Path(__file__).parent


def load_language(language: str | Path = DEFAULT_LANGUAGE) -> Language:
    """Return one of `LANGUAGES` by its name, or a user's own from a .toml file.

    Raises InputError for a name that is none of them, and for a file that cannot be read, misses
    entries, or has some that no language has or that cannot be used; all of a kind are named at
    once.
    """
    name = str(language)
    if name in LANGUAGES:
        return _own_language(name)
    path = own_file(language, _KIND)
    read = _read(path)
    check_rooms(path, read)
    check_legend(path, read)
    check_told(path, read)
    return read


def entries_of_a_language(named_cells: Mapping[str, Cell] | None = None) -> Accepted:
    """Every entry that a language has, table by table; `TOP` is the file's top.

    Those of `RELATIVES` a user's own may lack: they are then called by what the cell says.
    """
    named_cells = {**CELLS, **RELATIVES} if named_cells is None else named_cells
    cells = named_cells.values()
    diagrams = [DIAGRAMS[name] for name in named_cells]
    named: Mapping[str, list[str]] = {
        TOP: ["code", "name"],
        "titles": list(named_cells),
        "long_names": list(named_cells),
        **{f"{VECTORS}.{cell.name}": [node.name for node in cell.nodes] for cell in cells},
        "states": [state for cell in cells for state in cell.states],
        "labels": [label.text for diagram in diagrams for label in diagram.labels],
        "tags": [tag.text for d in diagrams for tag in d.tags if tag.kind != "state"],
        "operations": [node.operation.title for cell in cells for node in cell.nodes],
        "predicates": list(get_args(Verb)),
        **{table: [entry.name for entry in fields(kind)] for table, kind in SENTENCES.items()},
    }
    return {table: tuple(dict.fromkeys(names)) for table, names in named.items()}


@cache
def _own_language(name: str) -> Language:
    """One of ours, which the tests hold to all checks."""
    entries, _ = read_entries(_FOLDER / f"{name}{SUFFIX}", _KIND, entries_of_a_language())
    return _language(entries)


def _read(path: Path) -> Language:
    accepted = entries_of_a_language()
    entries, base = read_entries(path, _KIND, accepted)
    check_texts(path, entries)
    if base is None:
        check_complete(path, _KIND, entries, entries_of_a_language(CELLS))
    else:
        whole, _ = read_entries(_FOLDER / f"{base}{SUFFIX}", _KIND, accepted)
        for table, written in entries.items():
            whole[table].update(written)
        entries = whole
    return _language(entries)


def _language(entries: Entries) -> Language:
    tables = {table: MappingProxyType(names) for table, names in entries.items()}
    vectors = {
        table.removeprefix(f"{VECTORS}."): names
        for table, names in tables.items()
        if table.startswith(f"{VECTORS}.")
    }
    return Language(
        code=entries[TOP]["code"],
        name=entries[TOP]["name"],
        titles=tables["titles"],
        long_names=tables["long_names"],
        vectors=MappingProxyType(vectors),
        states=tables["states"],
        labels=tables["labels"],
        tags=tables["tags"],
        operations=tables["operations"],
        predicates=tables["predicates"],
        **{table: kind(**entries[table]) for table, kind in SENTENCES.items()},
    )
