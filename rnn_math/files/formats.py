"""Which file suffix is read and written by what.

A new format is a function with one of the types below and an entry in its table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Sized
from pathlib import Path
from typing import IO, TypeVar

from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import CELLS, get_cell
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.csv_files import parse_csv, read_sequence_csv
from gatereel.rnn_math.files.csv_traces import CsvTrace
from gatereel.rnn_math.files.json_files import (
    parse_json,
    read_parameters_json,
    read_sequence_json,
    write_parameters_json,
)
from gatereel.rnn_math.files.json_traces import JsonLinesTrace, JsonTrace
from gatereel.rnn_math.files.npy_files import read_sequence_npy
from gatereel.rnn_math.files.npz_files import read_parameters_npz, write_parameters_npz
from gatereel.rnn_math.files.npz_traces import NpzTrace
from gatereel.rnn_math.files.parameters_file import ParametersFile
from gatereel.rnn_math.files.reading import STANDARD_INPUT, read_standard_input
from gatereel.rnn_math.files.timesteps import Timesteps
from gatereel.rnn_math.files.trace_rows import TraceWriter
from gatereel.rnn_math.files.traces import Advance, computed_rows, pour, stored_rows
from gatereel.rnn_math.files.vocabulary import (
    Vocabulary,
    parse_text,
    read_sequence_text,
    read_vocabulary,
)
from gatereel.rnn_math.gradients import Gradients
from gatereel.rnn_math.parameters import Parameters, check_parameters
from gatereel.rnn_math.sequence import InputSequence
from gatereel.rnn_math.trace import Trace

PARAMETER_READERS: dict[str, Callable[[Path], ParametersFile]] = {
    ".json": read_parameters_json,
    ".npz": read_parameters_npz,
}
"""Suffix in lower case to reader. Other packages add theirs here."""

PARAMETER_WRITERS: dict[str, Callable[[Path, Parameters, Cell], None]] = {
    ".json": write_parameters_json,
    ".npz": write_parameters_npz,
}

INPUT_READERS: dict[str, Callable[[Path, Vocabulary | None], InputSequence]] = {
    ".csv": read_sequence_csv,
    ".json": read_sequence_json,
    ".npy": read_sequence_npy,
    ".txt": read_sequence_text,
}

TRACE_WRITERS: dict[str, TraceWriter] = {
    ".csv": CsvTrace,
    ".json": JsonTrace,
    ".jsonl": JsonLinesTrace,
    ".npz": NpzTrace,
}

_ARRAY_SUFFIX, _TABLE_SUFFIX = ".npy", ".csv"
_JSON_BEGINNINGS = ("[", "{")

_Function = TypeVar("_Function")


def read_parameters(path: Path, cell: Cell | None = None) -> tuple[Cell, Parameters]:
    """Read the parameters in a `.npz` or `.json` file, with the cell they belong to.

    The file says its cell; when it does not, the names of its weights tell, if they are those of
    one cell only. Raises InputError when that is not `cell` (if given), or the file cannot be read
    or does not hold its parameters.
    """
    content = _by_suffix(PARAMETER_READERS, path, "parameters")(path)
    try:
        parameters = Parameters(content.weights, content.biases, origin=path.name)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    found = _find_cell(path, content, cell)
    try:
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


def read_sequence(
    path: Path | None, *, vocabulary: Path | None = None, columns: Sequence[str] = ()
) -> InputSequence:
    """Read a sequence from a file, or from the standard input when `path` is None.

    The suffix says how: `.csv`, `.json` and `.npy` hold rows of numbers or token ids, with labels
    where they have them; `.txt`, and any other suffix when there is a `vocabulary`, is text. The
    vocabulary turns texts into token ids and labels them. Text on the standard input that comes
    without one is JSON when it begins with a bracket or a brace, else CSV. `columns` are those of
    CSV to read, by name or by number from 1; none for all. Raises InputError when something cannot
    be read or does not fit.
    """
    known = None if vocabulary is None else read_vocabulary(vocabulary)
    if path is None:
        return _parse_standard_input(known, columns)
    if columns:
        if path.suffix.lower() != _TABLE_SUFFIX:
            raise InputError(f"{path} has no columns to choose from; those of a .csv have.")
        return read_sequence_csv(path, known, columns)
    if known is not None and path.suffix.lower() not in INPUT_READERS:
        return read_sequence_text(path, known)
    return _by_suffix(INPUT_READERS, path, "inputs")(path, known)


def read_sample(path: Path, sample: int, *, vocabulary: Path | None = None) -> InputSequence:
    """Read one of several sequences in a `.npy` file, number `sample` from 0.

    Raises InputError as `read_sequence` does, and for a file of another kind.
    """
    if path.suffix.lower() != _ARRAY_SUFFIX:
        raise InputError(f"{path} holds one sequence; several are in {_ARRAY_SUFFIX} files.")
    known = None if vocabulary is None else read_vocabulary(vocabulary)
    return read_sequence_npy(path, known, sample)


def read_inputs(path: Path) -> Array:
    """Read rows of numbers, `(timesteps, input_size)`, as `read_sequence` does.

    Raises InputError when there are token ids instead.
    """
    rows = read_sequence(path).rows
    if rows is None:
        raise InputError(f"{path} holds token ids; rows of numbers are needed: [[0.9, -0.3], ...].")
    return rows


def write_trace(
    target: Path | IO[bytes],
    trace: Trace,
    *,
    gradients: Gradients | None = None,
    suffix: str = "",
    labels: Sequence[str] = (),
    backward: bool = False,
    start: int = 0,
    stop: int | None = None,
) -> None:
    """Write a trace to a `.csv`, `.json`, `.jsonl` or `.npz` file, whole or not at all.

    `labels` are the timesteps' in the order of the trace, or none; `backward` says that the trace
    begins with the sequence's last timestep; `start` and `stop` choose timesteps of the trace, from
    0. With `gradients`, the gradient by each vector stands there, too. `target` and `suffix` are as
    `stream_trace` has them. Raises InputError when the file cannot be written or something does not
    fit.
    """
    begin = _trace_writer(target, suffix)
    chosen = Timesteps(trace.timesteps, tuple(labels), backward, start, stop)
    heading, rows = stored_rows(trace, chosen, gradients)
    pour(target, begin, heading, rows)


def stream_trace(
    target: Path | IO[bytes],
    cell: Cell,
    parameters: Parameters,
    inputs: Iterable[ArrayLike],
    initial: Mapping[str, ArrayLike] | None = None,
    *,
    suffix: str = "",
    labels: Sequence[str] = (),
    backward: bool = False,
    start: int = 0,
    stop: int | None = None,
    progress: Advance | None = None,
) -> int:
    """Compute a trace and write it timestep by timestep; return how many were written.

    Memory does not grow with the number of timesteps. `target` is a file, which appears whole or
    not at all, or a binary stream, to which the lines of `.csv` and `.jsonl` go as they are
    computed. `suffix` names the format where `target` does not. Further options are those of
    `write_trace`; timesteps before `start` are computed, those from `stop` on are not. `inputs` may
    be any iterable of rows, but backward or with labels it must have a length. `progress` is told
    the number of timesteps done since it was last called.

    Raises InputError as `unroll` and `write_trace` do. An error of the stream, such as
    BrokenPipeError, passes as it is.
    """
    begin = _trace_writer(target, suffix)
    timesteps = len(inputs) if isinstance(inputs, Sized) else None
    chosen = Timesteps(timesteps, tuple(labels), backward, start, stop)
    heading, rows = computed_rows(cell, parameters, inputs, initial, chosen, progress)
    return pour(target, begin, heading, rows)


def _trace_writer(target: Path | IO[bytes], suffix: str) -> TraceWriter:
    named = Path(f"trace{suffix}") if suffix or not isinstance(target, Path) else target
    return _by_suffix(TRACE_WRITERS, named, "a trace")


def _parse_standard_input(vocabulary: Vocabulary | None, columns: Sequence[str]) -> InputSequence:
    text = read_standard_input()
    if columns and (vocabulary is not None or text.lstrip().startswith(_JSON_BEGINNINGS)):
        raise InputError(f"{STANDARD_INPUT} has no columns to choose from; those of CSV have.")
    if vocabulary is not None:
        return parse_text(text, vocabulary, STANDARD_INPUT)
    if text.lstrip().startswith(_JSON_BEGINNINGS):
        return parse_json(text, None, STANDARD_INPUT)
    return parse_csv(text, STANDARD_INPUT, columns)


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
    fitting = [
        cell
        for cell in CELLS.values()
        if {node.name for node in cell.weighted_sums} == set(content.weights)
    ]
    if len(fitting) > 1:
        names = ", ".join(cell.name for cell in fitting)
        raise InputError(
            f"{path} does not say its cell, and its weights fit {names}; add the cell's name."
        )
    if fitting:
        return fitting[0]
    raise InputError(
        f"{path} does not say its cell and has weights {', '.join(content.weights) or 'of no name'}"
        ", which are those of no cell; add the cell's name."
    )
