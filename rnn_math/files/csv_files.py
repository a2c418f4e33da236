"""Inputs and traces as comma-separated values.

Inputs have a row a timestep and a column a feature. A trace has a row a timestep, too: the
timestep, then x, the previous states and all nodes in the order of computation, a column for each
value (`x_1`, `x_2`, `h_prev_1`, ...). Timesteps and values are counted from 1.
"""

import csv
import math
import re
from io import StringIO
from pathlib import Path

from rnn_math.arrays import Array, finite_array
from rnn_math.counting import counted
from rnn_math.errors import InputError
from rnn_math.files.atomic import write_bytes
from rnn_math.files.reading import read_text
from rnn_math.trace import Trace

_LONGEST_QUOTE = 20
"""Characters of a wrong field that an error repeats."""

_OTHER_SEPARATORS = re.compile(r"[;\s]+")
"""What other programs put between columns: a semicolon, a tab, spaces."""


def read_inputs_csv(path: Path) -> Array:
    """Read inputs, `(timesteps, input_size)`.

    A first line without any number is a header and skipped, as are blank lines. Raises
    InputError, with line and column, for text in a cell and for rows of unequal length.
    """
    rows = _read_rows(path)
    if rows and _is_header(rows[0][1]):
        header, rows = rows[0], rows[1:]
        if not rows:
            line, fields = header
            raise InputError(
                f"{path} has no row of numbers; line {line} reads {_quote(', '.join(fields))}."
            )
    if not rows:
        raise InputError(f"{path} has no row of numbers.")
    first_line, first = rows[0]
    for line, fields in rows:
        for column, field in enumerate(fields, start=1):
            if not _is_number(field):
                raise InputError(
                    f"{path}, line {line}, column {column}: {_quote(field)} is not a number; "
                    "columns are separated by commas, decimals by a point."
                )
            if not math.isfinite(float(field)):
                raise InputError(
                    f"{path}, line {line}, column {column}: {_quote(field)} is not a finite number."
                )
        if len(fields) != len(first):
            raise InputError(
                f"{path}, line {line} has {counted(len(fields), 'column')}; line {first_line} "
                f"has {len(first)}. All rows need the same number."
            )
    numbers = [[float(field) for field in fields] for _, fields in rows]
    return finite_array(f"{path}: the table", numbers, ndim=2)


def write_trace_csv(path: Path, trace: Trace) -> None:
    """Write a trace; every number reads back to the last bit."""
    widths = trace.cell.widths(trace.input_size, trace.hidden_size)
    text = StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    columns = [f"{name}_{k + 1}" for name, width in widths.items() for k in range(width)]
    table.writerow(["timestep", *columns])
    for t in range(trace.timesteps):
        # repr gives the shortest decimal that reads back as the same float64.
        values = (repr(value) for name in widths for value in trace.vector(name, t).tolist())
        table.writerow([t + 1, *values])
    write_bytes(path, text.getvalue().encode())


def _read_rows(path: Path) -> list[tuple[int, list[str]]]:
    """All lines that are not blank, each with its number."""
    reader = csv.reader(StringIO(read_text(path), newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                rows.append((reader.line_num, fields))
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num} is not valid CSV: {error}.") from None
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


def _quote(field: str) -> str:
    shown = field if len(field) <= _LONGEST_QUOTE else field[:_LONGEST_QUOTE] + "..."
    return repr(shown)
