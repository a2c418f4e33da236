"""States before the first timestep, from a file: `.npz`, `.json`, or `.npy` where there is one.

In `.npz` and `.json` they are called `h` and `c`, or `h0` and `c0`. A trace in `.npz` gives those
after its last timestep, so that one run goes on where another ended.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.json_files import parsed
from gatereel.rnn_math.files.npy_files import parse_npy
from gatereel.rnn_math.files.npz_files import read_arrays
from gatereel.rnn_math.files.reading import read_bytes, read_text

_ARRAY, _ARRAYS, _JSON = ".npy", ".npz", ".json"
SUFFIXES = (_ARRAYS, _JSON, _ARRAY)

_START = "0"
_OF_A_TRACE = ("cell", "inputs")
"""Names that a trace has beside its vectors."""

_MOST_DIMENSIONS = 3


def read_initial(path: Path, states: Sequence[str]) -> dict[str, Array]:
    """Read a cell's `states`, such as ("h", "c"), by name: arrays of one to three dimensions.

    Raises InputError for a file of another kind, a state that is missing, and what is no numbers.
    """
    suffix = path.suffix.lower()
    found: Mapping[str, ArrayLike]
    if suffix == _ARRAYS:
        stored = read_arrays(path)
        is_trace = all(name in stored for name in _OF_A_TRACE)
        found = (
            {name: each[-1] for name, each in stored.items() if each.ndim} if is_trace else stored
        )
    elif suffix == _JSON:
        content = parsed(read_text(path), str(path))
        if not isinstance(content, dict):
            raise InputError(f'{path} must be an object of states: {{"h": [0.1, -0.2]}}.')
        found = content
    elif suffix == _ARRAY:
        if len(states) > 1:
            raise InputError(
                f"{path} holds one array, and the cell has {' and '.join(states)}; a .npz holds "
                "both by name."
            )
        found = {states[0]: parse_npy(read_bytes(path), str(path))}
    else:
        raise InputError(
            f"{path} has the suffix {path.suffix!r}; states are in {', '.join(SUFFIXES)}."
        )
    return {state: _state(path, state, found) for state in states}


def _state(path: Path, state: str, found: Mapping[str, ArrayLike]) -> Array:
    names = [name for name in (state, state + _START) if name in found]
    if len(names) != 1:
        there = ", ".join(sorted(found)[:10]) or "nothing"
        raise InputError(
            f"{path} must hold one array {state} or {state}{_START}; it holds {there}."
        )
    try:
        values = np.array(found[names[0]], dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        values = np.empty(())
    if not 1 <= values.ndim <= _MOST_DIMENSIONS or not values.size:
        raise InputError(f"{path}: {names[0]} must be numbers, one a hidden unit.")
    return values
