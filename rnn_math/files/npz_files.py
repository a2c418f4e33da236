"""Parameters in numpy's `.npz` format: a zip archive with one `.npy` for each array.

They are stored as `W_f`, `b_f` and so on, with the cell's name under `cell`.
"""

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import open_archive
from gatereel.rnn_math.files.atomic import write_bytes
from gatereel.rnn_math.files.npy_files import parse_npy
from gatereel.rnn_math.files.npz_traces import MEMBER_SUFFIX, write_array
from gatereel.rnn_math.files.parameters_file import ParametersFile
from gatereel.rnn_math.files.reading import check_numbers, read_bytes
from gatereel.rnn_math.parameters import Parameters

_CELL = "cell"


def read_parameters_npz(path: Path) -> ParametersFile:
    """Read parameters; raises InputError for a damaged archive or a name that is not known."""
    arrays = read_arrays(path)
    cell: str | None = None
    weights: dict[str, ArrayLike] = {}
    biases: dict[str, ArrayLike] = {}
    for key, array in arrays.items():
        letter, _, node = key.partition("_")
        if key == _CELL:
            if array.ndim != 0 or array.dtype.kind != "U":
                raise InputError(f"{path}: cell must be one text, such as 'lstm'.")
            cell = str(array)
        elif letter == "W" and node:
            weights[node] = array
        elif letter == "b" and node:
            biases[node] = array
        else:
            raise InputError(
                f"{path} holds {key!r}; accepted are cell and names such as W_f and b_f."
            )
    return ParametersFile(cell, weights, biases)


def write_parameters_npz(path: Path, parameters: Parameters, cell: Cell) -> None:
    """Write parameters so that `read_parameters_npz` gives them back to the last bit."""
    arrays: dict[str, ArrayLike] = {_CELL: cell.name}
    arrays |= {f"W_{name}": W for name, W in parameters.weights.items()}
    arrays |= {f"b_{name}": b for name, b in parameters.biases.items()}
    _write_arrays(path, arrays)


def _write_arrays(path: Path, arrays: dict[str, ArrayLike]) -> None:
    stream = BytesIO()
    # The names go in by hand: savez would take some of them for its own arguments.
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            write_array(archive, name, array)
    write_bytes(path, stream.getvalue())


def read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    """Every array of an `.npz` file by its name; raises InputError for a damaged archive."""
    data = read_bytes(path)
    archive = open_archive(data, str(path), ".npz archive")
    arrays: dict[str, NDArray[np.generic]] = {}
    for filename in archive.sizes:
        key = filename.removesuffix(MEMBER_SUFFIX)
        if key == filename:
            raise InputError(f"{path} holds {filename!r}; accepted are .npy arrays only.")
        if key in arrays:
            raise InputError(f"{path} holds {key!r} twice.")
        arrays[key] = parse_npy(archive.read(filename), f"{path}: {key}")
        check_numbers(sum(array.size for array in arrays.values()), len(data), str(path))
    return arrays
