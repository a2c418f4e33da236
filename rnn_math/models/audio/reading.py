"""What the readers of audio models share: numbers of a JSON file, and layers made of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.json_files import parsed
from gatereel.rnn_math.files.reading import read_text, shortened

Json = Mapping[str, Any]

MAX_LAYERS = 256
"""Layers of a file."""


def content_of(path: Path) -> Json:
    """A file's JSON object. Raises InputError when it is none."""
    content = parsed(read_text(path), str(path))
    if not isinstance(content, dict):
        raise InputError(f"{path} must be a JSON object.")
    return content


def numbers(values: Any, what: str, ndim: int) -> Array:
    """Numbers in lists of one length. Raises InputError, with `what` they are, when they are not.

    Each is rounded to float32 first, the type that these files are written from and computed in.
    """
    try:
        found = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        found = np.empty(0)
    if found.ndim != ndim or not found.size:
        raise InputError(f"{what} must be numbers in {ndim} dimensions, as many in each row.")
    with np.errstate(over="ignore"):
        single = found.astype(np.float32).astype(np.float64)
    if not np.isfinite(single).all():
        raise InputError(f"{what} holds a number that is not finite in float32.")
    return single


def shown(value: Any) -> str:
    """A value of a file as an error or a note repeats it."""
    return f"{value:g}" if type(value) in (int, float) else shortened(str(value))


def whole(options: Json, name: str, path: Path, default: int | None = None) -> int:
    """A size that a file states. Raises InputError when it is no whole number above 0."""
    value = options.get(name, default)
    if type(value) is not int or value < 1:
        raise InputError(f"{path}: {name} is {shown(value)}; it must be a whole number.")
    return value
