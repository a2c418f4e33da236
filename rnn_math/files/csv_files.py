"""Sequences as comma-separated values: a row a timestep, a column a feature."""

import csv
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import chain
from math import isfinite, nan
from pathlib import Path

import numpy as np

from gatereel.rnn_math.arrays import finite_array
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.columns import find_columns
from gatereel.rnn_math.files.labels import shown_label
from gatereel.rnn_math.files.reading import read_text, shortened
from gatereel.rnn_math.files.vocabulary import Vocabulary
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.sequence import MAX_TOKENS, InputSequence

MAX_COLUMNS = 1_000_000
"""Fields of a row."""

_LABEL_AND_NUMBER = 2
"""Columns of the narrowest table with labels."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

_OTHER_SEPARATORS = re.compile(r"[;\s]+")
"""What other programs put between columns: a semicolon, a tab, spaces."""


def read_sequence_csv(
    path: Path, vocabulary: Vocabulary | None = None, columns: Sequence[str] = ()
) -> InputSequence:
    """Read a table as `parse_csv` does; with a vocabulary, its one column holds token ids."""
    sequence = parse_csv(read_text(path), str(path), columns)
    return sequence if vocabulary is None else vocabulary.label(sequence, str(path))


def parse_csv(text: str, name: str, columns: Sequence[str] = ()) -> InputSequence:
    """Rows, `(timesteps, input_size)`, of a table; a first column of text holds their labels.

    A first line without any number is a header and skipped, as are blank lines. `columns` are
    those to read, by the header's names or by number from 1; none for all. Raises InputError, with
    line and column, for text in a cell, for rows of unequal length and for a column that is not
    there; `name` is what it calls the table.
    """
    rows = _read_rows(text, name)
    first = next(rows, None)
    header: list[str] = []
    if first is None:
        raise InputError(f"{name} has no row of numbers.")
    if _is_header(first[1]):
        line, header = first
        first = next(rows, None)
        if first is None:
            raise InputError(
                f"{name} has no row of numbers; line {line} reads {shortened(', '.join(header))}."
            )
    rows = chain([first], rows)
    if columns:
        label = _is_label(first[1][0].strip())
        rows = find_columns(columns, header, first[1], name, label).of(rows)
        first = next(rows)
        rows = chain([first], rows)
    table = _Table(name, *first)
    for line, fields in rows:
        table.add(line, fields)
    return table.finished()


@dataclass(eq=False)
class _Table:
    """The rows so far, in an array: lists of Python's floats would take many times the memory."""

    name: str
    first_line: int
    first: list[str]
    is_labelled: bool = False
    labels: list[str] = field(default_factory=list)
    numbers: "array[float]" = field(default_factory=lambda: array("d"))

    def __post_init__(self) -> None:
        wide = len(self.first) >= _LABEL_AND_NUMBER
        self.is_labelled = wide and _is_label(self.first[0].strip())

    def add(self, line: int, fields: list[str]) -> None:
        """Add a row; raises InputError for what is no number, and for other columns than before."""
        numbers = fields
        if self.is_labelled:
            label, *numbers = fields
            if not _is_label(label.strip()):
                self._blame(self.first_line, self.first, 0)
            if len(self.labels) == MAX_TOKENS:
                raise InputError(
                    f"{self.name} has more than {MAX_TOKENS} rows with labels, the most that are "
                    "read; use a shorter sequence."
                )
            self.labels.append(label)
        try:
            values = [float(each) for each in numbers]
        except ValueError:
            values = [nan]
        # Python reads 1_000 as a number; a spreadsheet does not.
        if not all(map(isfinite, values)) or any("_" in each for each in numbers):
            self._blame(line, fields, len(fields) - len(numbers))
        if len(fields) != len(self.first):
            raise InputError(
                f"{self.name}, line {line} has {counted(len(fields), 'column')}; line "
                f"{self.first_line} has {len(self.first)}. All rows need the same number."
            )
        self.numbers.extend(values)

    def _blame(self, line: int, fields: list[str], start: int) -> None:
        """Raise InputError for the first field from column `start` on that is no finite number."""
        for column, each in enumerate(fields[start:], start=start + 1):
            if not _is_number(each):
                raise InputError(
                    f"{self.name}, line {line}, column {column}: {shortened(each)} is not a "
                    "number; columns are separated by commas, decimals by a point."
                )
            if not isfinite(float(each)):
                raise InputError(
                    f"{self.name}, line {line}, column {column}: {shortened(each)} is not a finite "
                    "number."
                )

    def finished(self) -> InputSequence:
        """The sequence of all rows."""
        if self.labels and all(_is_number(label) for label in self.labels):
            # Nothing but "nan" or "inf" is a broken column of numbers.
            self._blame(self.first_line, self.first, 0)
        columns = len(self.first) - self.is_labelled
        rows = np.frombuffer(self.numbers).reshape(-1, columns)
        return InputSequence(
            finite_array(f"{self.name}: the table", rows, ndim=2),
            labels=tuple(map(shown_label, self.labels)),
        )


def _is_label(text: str) -> bool:
    """Whether a field is text: "2026-11-23", "inf"; not "0.5;0.7", which are numbers."""
    parts = _OTHER_SEPARATORS.split(text)
    return text != "" and not all(_is_number(part) and isfinite(float(part)) for part in parts)


def _read_rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """All lines that are not blank, each with its number."""
    commas = 0

    def lines() -> Iterator[str]:
        nonlocal commas
        for found in _LINE.finditer(text):
            commas += found[0].count(",")
            if commas >= MAX_COLUMNS:
                raise InputError(
                    f"{name} has a row of more than {MAX_COLUMNS} columns, the most that are read."
                )
            yield found[0]

    reader = csv.reader(lines(), strict=True)
    try:
        for fields in reader:
            commas = 0
            if any(each.strip() for each in fields):
                yield reader.line_num, fields
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num} is not valid CSV: {error}.") from None


def _is_header(fields: list[str]) -> bool:
    """Whether a line names columns: no field is a number, nor numbers between other separators."""
    return not any(
        all(_is_number(part) for part in _OTHER_SEPARATORS.split(field.strip())) for field in fields
    )


def _is_number(field: str) -> bool:
    # Python reads 1_000 as a number; a spreadsheet does not.
    if "_" in field:
        return False
    try:
        float(field)
    except ValueError:
        return False
    return True
