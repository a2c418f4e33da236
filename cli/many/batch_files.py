"""The rows of a batch file, whatever format it has: keys with values, as they stand there."""

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gatereel.cli.many.requests import BATCH_FILES
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.files.reading import read_text, shortened
from gatereel.rnn_math.records import dataclass

MAX_BYTES = 1 << 24
"""Largest batch file that is read, 16 MiB: some hundred thousand pictures."""

PICTURE, DEFAULTS = "picture", "defaults"
"""Tables of a TOML file."""


@dataclass(frozen=True)
class Row:
    """What one picture, or several, are asked for by."""

    where: str
    entries: Mapping[str, object]
    """None for what is not given."""
    is_text: bool = False
    """Whether all values are text, and empty ones are not given."""


def read_rows(path: Path) -> tuple[Row | None, Iterator[Row | InputError]]:
    """The row of defaults, if there is one, and the others, or what is wrong with them.

    Raises InputError for a file that cannot be read, and for one without pictures.
    """
    suffix = path.suffix.lower()
    if suffix not in BATCH_FILES:
        raise InputError(f"{path} is no batch file; one ends in {one_of(BATCH_FILES)}.")
    text = read_text(path, MAX_BYTES)
    if suffix == ".toml":
        return _of_toml(path, text)
    rows = (_of_csv if suffix == ".csv" else _of_json_lines)(path, text)
    return None, _at_least_one(path, rows)


def _at_least_one(path: Path, rows: Iterator[Row | InputError]) -> Iterator[Row | InputError]:
    found = False
    for row in rows:
        found = True
        yield row
    if not found:
        yield InputError(f"{path} has no picture in it.")


def _of_toml(path: Path, text: str) -> tuple[Row | None, Iterator[Row | InputError]]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is no TOML: {error}.") from None
    except RecursionError:
        raise InputError(f"{path} is nested too deeply.") from None
    unknown = [key for key in content if key not in (PICTURE, DEFAULTS)]
    if unknown:
        raise InputError(
            f"{path}: {shortened(unknown[0])} stands outside of a picture; accepted are tables "
            f"[[{PICTURE}]] and [{DEFAULTS}]."
        )
    defaults, pictures = content.get(DEFAULTS), content.get(PICTURE, [])
    if not (defaults is None or isinstance(defaults, dict)):
        raise InputError(f"{path}: {DEFAULTS} is no table; write [{DEFAULTS}].")
    if not isinstance(pictures, list) or not all(isinstance(each, dict) for each in pictures):
        raise InputError(f"{path}: {PICTURE} is no list of tables; write [[{PICTURE}]].")
    rows = (Row(f"{path}, picture {number}", entries) for number, entries in enumerate(pictures, 1))
    first = None if defaults is None else Row(f"{path}, [{DEFAULTS}]", defaults)
    return first, _at_least_one(path, rows)


def _of_csv(path: Path, text: str) -> Iterator[Row | InputError]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] | None = None
    try:
        for fields in reader:
            where = f"{path}, line {reader.line_num}"
            if not any(field.strip() for field in fields):
                continue
            if names is None:
                names = _header(where, fields)
                continue
            if len(fields) > len(names):
                yield InputError(
                    f"{where}: it has {len(fields)} fields; the first line names {len(names)}."
                )
                continue
            values = [field.strip() for field in fields]
            yield Row(where, dict(zip(names, values, strict=False)), is_text=True)
    except csv.Error as error:
        yield InputError(f"{path}, line {reader.line_num}: it is no CSV: {error}.")


def _header(where: str, fields: list[str]) -> list[str]:
    names = [field.strip() for field in fields]
    for number, name in enumerate(names, start=1):
        if not name:
            raise InputError(f"{where}: column {number} has no name.")
        if names.index(name) < number - 1:
            raise InputError(f"{where}: {shortened(name)} is named twice; name each column once.")
    return names


def _of_json_lines(path: Path, text: str) -> Iterator[Row | InputError]:
    # Not `splitlines`: JSON's strings may hold other line ends as they are.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            entries = json.loads(line, object_pairs_hook=_once)
            if not isinstance(entries, dict):
                raise InputError("it is no object; write {...}.")
        except (InputError, ValueError, RecursionError) as error:
            yield InputError(f"{where}: {_why(error)}")
        else:
            yield Row(where, entries)


def _why(error: Exception) -> str:
    match error:
        case InputError():
            return str(error)
        case RecursionError():
            return "it is nested too deeply."
        case _:
            return f"it is no JSON: {error}."


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"{shortened(twice)} is there twice; say each once.")
    return found
