"""Every gate of every layer under its own name, in a `.npz` or a `.safetensors` file.

    lstm/f/W, lstm/f/U, lstm/f/b_input, lstm/f/b_recurrent

A layer of two directions has `forward` or `backward` after its name, a gate with peepholes a `P`;
what projects the hidden state is `lstm/h/W`.
The states that a layer starts from, where they are not noughts, are `lstm/h0` and `lstm/c0`; which
cell it is stands under `lstm/cell`, in `.safetensors` among the notes.
"""

import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.exporting.gates import gates_of, projection_of
from gatereel.rnn_math.files.atomic import write_bytes
from gatereel.rnn_math.files.npz_traces import write_array
from gatereel.rnn_math.models.model import Layer
from gatereel.rnn_math.models.packages import load

Floats = NDArray[np.floating[Any]]

_CELL = "cell"


def write_gates(path: Path, layers: Sequence[Layer]) -> int:
    """Write the gates of the layers; return how many arrays there are.

    The numbers are exact: float32 where that holds all of them, else float64. Raises InputError for
    another suffix, and where the file cannot be written.
    """
    write = GATE_SUFFIXES.get(path.suffix.lower())
    if write is None:
        raise InputError(
            f"{path} has the suffix {path.suffix!r}; gates are written to "
            f"{' or '.join(GATE_SUFFIXES)}. --to writes the file of a library."
        )
    arrays, cells = _named(layers)
    write_bytes(path, write(arrays, cells))
    return len(arrays)


def _named(layers: Sequence[Layer]) -> tuple[dict[str, Floats], dict[str, str]]:
    arrays: dict[str, Array] = {}
    cells: dict[str, str] = {}
    for layer in layers:
        for direction, strand in layer.strands.items():
            parts = (layer.name, direction) if len(layer.strands) > 1 else (layer.name,)
            place = "/".join(parts)
            cells[f"{place}/{_CELL}"] = strand.cell.name
            for gate, weights in gates_of(strand).items():
                arrays |= {f"{place}/{gate}/{n}": each for n, each in weights.arrays().items()}
            projection = projection_of(strand)
            if projection is not None:
                arrays[f"{place}/h/W"] = projection
            for state, values in (strand.initial or {}).items():
                arrays[f"{place}/{state}0"] = values
    is_single = all(np.array_equal(each.astype(np.float32), each) for each in arrays.values())
    dtype = np.float32 if is_single else np.float64
    return {name: np.ascontiguousarray(each, dtype) for name, each in arrays.items()}, cells


def _npz(arrays: Mapping[str, Floats], cells: Mapping[str, str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, cell in cells.items():
            write_array(archive, name, cell)
        for name, array in arrays.items():
            write_array(archive, name, array)
    return stream.getvalue()


def _safetensors(arrays: Mapping[str, Floats], cells: Mapping[str, str]) -> bytes:
    numpy_files = load("safetensors.numpy", "Writing .safetensors files", "gatereel")
    data: bytes = numpy_files.save(dict(arrays), metadata=dict(cells))
    return data


GATE_SUFFIXES: Mapping[str, Callable[[Mapping[str, Floats], Mapping[str, str]], bytes]] = (
    MappingProxyType({".npz": _npz, ".safetensors": _safetensors})
)
"""Suffix in lower case to what makes the bytes."""
