"""Parameters in numpy's `.npz` format: a zip archive with one `.npy` for each array.

They are stored as `W_f`, `b_f` and so on, with the cell's name under `cell`.
"""

import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rnn_math.cell import Cell
from rnn_math.errors import InputError
from rnn_math.files.atomic import write_bytes
from rnn_math.files.npy_files import parse_npy
from rnn_math.files.npz_traces import MEMBER_SUFFIX, write_array
from rnn_math.files.parameters_file import ParametersFile
from rnn_math.files.reading import MAX_BYTES, read_bytes
from rnn_math.parameters import Parameters

_CELL = "cell"
_ENCRYPTED = 0x1  # bit of a zip entry's flags
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,  # a name that is not UTF-8, a position before the file's beginning
)
"""What reading a damaged or unusual archive raises. It is in memory: no disk can fail."""


def read_parameters_npz(path: Path) -> ParametersFile:
    """Read parameters; raises InputError for a damaged archive or a name that is not known."""
    arrays = _read_arrays(path)
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


def _read_arrays(path: Path) -> dict[str, NDArray[np.generic]]:
    try:
        with zipfile.ZipFile(BytesIO(read_bytes(path))) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > MAX_BYTES:
                raise InputError(
                    f"{path} unpacks to {unpacked} bytes; at most {MAX_BYTES} are read."
                )
            if any(entry.flag_bits & _ENCRYPTED for entry in entries):
                raise InputError(f"{path} is encrypted; save it without a password.")
            if any(entry.compress_type not in _COMPRESSIONS for entry in entries):
                raise InputError(f"{path} is compressed in a way that numpy does not write.")
            members = [(entry.filename, archive.read(entry)) for entry in entries]
    except InputError:
        raise
    except _ZIP_ERRORS:
        raise InputError(f"{path} is not a readable .npz archive.") from None
    arrays: dict[str, NDArray[np.generic]] = {}
    for filename, data in members:
        key = filename.removesuffix(MEMBER_SUFFIX)
        if key == filename:
            raise InputError(f"{path} holds {filename!r}; accepted are .npy arrays only.")
        if key in arrays:
            raise InputError(f"{path} holds {key!r} twice.")
        arrays[key] = parse_npy(data, f"{path}: {key}")
    return arrays
