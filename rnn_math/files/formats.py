"""Which file suffix is read and written by what.

A new format is a function with one of the types below and an entry in its table.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from rnn_math.arrays import Array
from rnn_math.cell import Cell
from rnn_math.cells import CELLS, get_cell
from rnn_math.errors import InputError
from rnn_math.files.csv_files import read_inputs_csv, write_trace_csv
from rnn_math.files.json_files import (
    read_inputs_json,
    read_parameters_json,
    write_parameters_json,
    write_trace_json,
)
from rnn_math.files.npy_files import read_inputs_npy
from rnn_math.files.npz_files import read_parameters_npz, write_parameters_npz, write_trace_npz
from rnn_math.files.parameters_file import ParametersFile
from rnn_math.parameters import Parameters, check_parameters
from rnn_math.trace import Trace

PARAMETER_READERS: dict[str, Callable[[Path], ParametersFile]] = {
    ".json": read_parameters_json,
    ".npz": read_parameters_npz,
}
"""Suffix in lower case to reader. Other packages add theirs here."""

PARAMETER_WRITERS: dict[str, Callable[[Path, Parameters, Cell], None]] = {
    ".json": write_parameters_json,
    ".npz": write_parameters_npz,
}

INPUT_READERS: dict[str, Callable[[Path], Array]] = {
    ".csv": read_inputs_csv,
    ".json": read_inputs_json,
    ".npy": read_inputs_npy,
}

TRACE_WRITERS: dict[str, Callable[[Path, Trace], None]] = {
    ".csv": write_trace_csv,
    ".json": write_trace_json,
    ".npz": write_trace_npz,
}

_Function = TypeVar("_Function")


def read_parameters(path: Path, cell: Cell | None = None) -> tuple[Cell, Parameters]:
    """Read the parameters in a `.npz` or `.json` file, with the cell they belong to.

    The file says its cell; when it does not, the names of its weights tell. Raises InputError when
    that is not `cell` (if given), or the file cannot be read or does not hold its parameters.
    """
    content = _by_suffix(PARAMETER_READERS, path, "parameters")(path)
    found = _find_cell(path, content, cell)
    try:
        parameters = Parameters(content.weights, content.biases, origin=path.name)
        check_parameters(found, parameters)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    return found, parameters


def write_parameters(path: Path, parameters: Parameters, cell: Cell) -> None:
    """Write parameters to a `.npz` or `.json` file that reads back to the last bit.

    Raises InputError when they are not those of `cell` or the file cannot be written.
    """
    write = _by_suffix(PARAMETER_WRITERS, path, "parameters")
    check_parameters(cell, parameters)
    write(path, parameters, cell)


def read_inputs(path: Path) -> Array:
    """Read inputs, `(timesteps, input_size)`, from a `.csv`, `.json` or `.npy` file.

    Raises InputError when the file cannot be read or holds anything but finite numbers.
    """
    return _by_suffix(INPUT_READERS, path, "inputs")(path)


def write_trace(path: Path, trace: Trace) -> None:
    """Write a trace to a `.csv`, `.json` or `.npz` file; raises InputError on failure."""
    _by_suffix(TRACE_WRITERS, path, "a trace")(path, trace)


def _by_suffix(functions: Mapping[str, _Function], path: Path, what: str) -> _Function:
    suffix = path.suffix.lower()
    if suffix not in functions:
        if path.is_dir():
            raise InputError(f"{path} is a folder; a file is needed.")
        found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        accepted = ", ".join(sorted(functions))
        raise InputError(f"{path} has {found}; {what} can be in {accepted}.")
    return functions[suffix]


def _find_cell(path: Path, content: ParametersFile, wanted: Cell | None) -> Cell:
    if content.cell is not None:
        if wanted is not None and content.cell == wanted.name:
            return wanted
        if wanted is not None:
            raise InputError(
                f"{path} holds parameters of the cell {content.cell!r}; {wanted.name!r} is needed."
            )
        try:
            return get_cell(content.cell)
        except InputError as error:
            raise InputError(f"{path}: {error}") from None
    if wanted is not None:
        return wanted
    for cell in CELLS.values():
        if {node.name for node in cell.weighted_sums} == set(content.weights):
            return cell
    raise InputError(
        f"{path} does not say its cell and has weights {', '.join(content.weights) or 'of no name'}"
        ", which are those of no cell; add the cell's name."
    )
