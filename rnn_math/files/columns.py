"""Some of a table's columns, by name or number: `--columns close,volume`."""

import csv
from collections.abc import Iterator, Sequence

from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.records import dataclass

Line = tuple[int, list[str]]
"""A line's number, and its fields."""

_SHOWN = 12  # names that an error lists


def parse_columns(text: str) -> tuple[str, ...]:
    """The names or numbers between commas; a name with a comma in it stands in quotes.

    Raises InputError when there is none, one is empty, or one stands twice.
    """
    try:
        (fields,) = csv.reader([text], strict=True, skipinitialspace=True)
    except (ValueError, csv.Error):
        fields = []
    columns = tuple(field.strip() for field in fields)
    if not columns or "" in columns or len(set(columns)) < len(columns):
        raise InputError(
            f"{shortened(text)} names no columns: give each once, by its name or its number from "
            "1, with commas between, such as close,volume."
        )
    return columns


@dataclass(frozen=True)
class Columns:
    """The places of the columns in a row, from 0."""

    name: str
    """What an error calls the table."""
    places: tuple[int, ...]

    def of(self, rows: Iterator[Line]) -> Iterator[Line]:
        """The fields of these columns. Raises InputError for a row that is too short."""
        needed = max(self.places) + 1
        for line, fields in rows:
            if len(fields) < needed:
                raise InputError(
                    f"{self.name}, line {line} has {counted(len(fields), 'column')}; column "
                    f"{needed} is asked for."
                )
            yield line, [fields[place] for place in self.places]


def find_columns(
    asked: Sequence[str], header: Sequence[str], first: Sequence[str], name: str, label: bool
) -> Columns:
    """Where the columns `asked` for stand; with `label`, the first column comes before them.

    `header` is the line of names, empty where there is none, `first` the first row. Raises
    InputError for a column that is not there.
    """
    names = [each.strip() for each in header]
    places = [_place(each, names, len(first), name) for each in asked]
    if len(set(places)) < len(places):
        raise InputError(f"{name}: {', '.join(asked)} names a column twice.")
    return Columns(name, tuple([0, *places] if label and 0 not in places else places))


def _place(asked: str, names: Sequence[str], width: int, name: str) -> int:
    if names.count(asked) > 1:
        raise InputError(
            f"{name} has {names.count(asked)} columns called {asked!r}; ask by number, from 1."
        )
    if asked in names:
        return names.index(asked)
    number = int(asked) if asked.isascii() and asked.isdigit() else 0
    if 1 <= number <= width:
        return number - 1
    more = ", ..." if len(names) > _SHOWN else ""
    there = ", ".join(map(shortened, names[:_SHOWN])) + more if names else "no names"
    raise InputError(
        f"{name} has no column {shortened(asked)}; it has {counted(width, 'column')}: {there}."
    )
