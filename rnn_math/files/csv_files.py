"""Sequences as comma-separated values: a row a timestep, a column a feature."""

import csv
import math
import re
from io import StringIO
from pathlib import Path

from rnn_math.arrays import finite_array
from rnn_math.counting import counted
from rnn_math.errors import InputError
from rnn_math.files.labels import shown_label
from rnn_math.files.reading import read_text, shortened
from rnn_math.files.vocabulary import Vocabulary
from rnn_math.sequence import InputSequence

_LABEL_AND_NUMBER = 2
"""Columns of the narrowest table with labels."""

_OTHER_SEPARATORS = re.compile(r"[;\s]+")
"""What other programs put between columns: a semicolon, a tab, spaces."""


def read_sequence_csv(path: Path, vocabulary: Vocabulary | None = None) -> InputSequence:
    """Read a table as `parse_csv` does; with a vocabulary, its one column holds token ids."""
    sequence = parse_csv(read_text(path), str(path))
    return sequence if vocabulary is None else vocabulary.label(sequence, str(path))


def parse_csv(text: str, name: str) -> InputSequence:
    """Rows, `(timesteps, input_size)`, of a table; a first column of text holds their labels.

    A first line without any number is a header and skipped, as are blank lines. Raises
    InputError, with line and column, for text in a cell and for rows of unequal length; `name` is
    what it calls the table.
    """
    rows = _read_rows(text, name)
    if rows and _is_header(rows[0][1]):
        header, rows = rows[0], rows[1:]
        if not rows:
            line, fields = header
            raise InputError(
                f"{name} has no row of numbers; line {line} reads {shortened(', '.join(fields))}."
            )
    if not rows:
        raise InputError(f"{name} has no row of numbers.")
    labels = _labels([fields for _, fields in rows])
    numbers = _numbers(rows, 1 if labels else 0, name)
    return InputSequence(finite_array(f"{name}: the table", numbers, ndim=2), labels=labels)


def _labels(rows: list[list[str]]) -> tuple[str, ...]:
    """The first column where it is text in every row; else empty."""
    firsts = [fields[0].strip() for fields in rows]
    if len(rows[0]) < _LABEL_AND_NUMBER or not all(map(_is_label, firsts)):
        return ()
    # Nothing but "nan" or "inf" is a broken column of numbers.
    return tuple(map(shown_label, firsts)) if not all(map(_is_number, firsts)) else ()


def _is_label(field: str) -> bool:
    """Whether a field is text: "2026-11-23", "inf"; not "0.5;0.7", which are numbers."""
    parts = _OTHER_SEPARATORS.split(field)
    return field != "" and not all(
        _is_number(part) and math.isfinite(float(part)) for part in parts
    )


def _numbers(rows: list[tuple[int, list[str]]], start: int, name: str) -> list[list[float]]:
    """The fields from column `start` on, checked one by one."""
    first_line, first = rows[0]
    for line, fields in rows:
        for column, field in enumerate(fields[start:], start=start + 1):
            if not _is_number(field):
                raise InputError(
                    f"{name}, line {line}, column {column}: {shortened(field)} is not a number; "
                    "columns are separated by commas, decimals by a point."
                )
            if not math.isfinite(float(field)):
                raise InputError(
                    f"{name}, line {line}, column {column}: {shortened(field)} is not a finite "
                    "number."
                )
        if len(fields) != len(first):
            raise InputError(
                f"{name}, line {line} has {counted(len(fields), 'column')}; line {first_line} "
                f"has {len(first)}. All rows need the same number."
            )
    return [[float(field) for field in fields[start:]] for _, fields in rows]


def _read_rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """All lines that are not blank, each with its number."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                rows.append((reader.line_num, fields))
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num} is not valid CSV: {error}.") from None
    return rows


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
