"""Columns of numbers as a file: .csv, a line a row, or .json, a list a column."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.atomic import write_bytes

TABLE_FORMATS = (".csv", ".json")

Column = Sequence[float | int | str]


def write_columns(path: Path, columns: Mapping[str, Column]) -> None:
    """Write columns under their names, numbers to every digit; all are of one length.

    Raises InputError for another suffix and where the file cannot be written.
    """
    match path.suffix.lower():
        case ".csv":
            text = io.StringIO(newline="")
            lines = csv.writer(text, lineterminator="\n")
            lines.writerow(columns)
            lines.writerows(zip(*columns.values(), strict=True))
            write_bytes(path, text.getvalue().encode())
        case ".json":
            listed = {name: list(column) for name, column in columns.items()}
            write_bytes(path, (json.dumps(listed, ensure_ascii=False) + "\n").encode())
        case _:
            raise InputError(f"{path}: numbers are written to {one_of(TABLE_FORMATS)}.")
