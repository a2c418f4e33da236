"""Traces in numpy's `.npz` format: `cell`, `inputs`, `initial_h` and so on, the nodes by name.

Labels, if there are any, are under `labels`; the numbers of the timesteps, if they are not
1, 2, 3, ..., under `numbers`. Gradients, if there are any, are `dL_df` and so on, of parameters
`dL_dW_f`, `dL_db_f` and `dL_dinitial_h`.
"""

import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from math import prod
from typing import IO

import numpy as np
from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import INPUT, previous
from gatereel.rnn_math.files.trace_rows import Heading, Row, Scratch

MEMBER_SUFFIX = ".npy"

_FLOAT = np.dtype("<f8")

_BLOCK_BYTES = 1 << 17
"""What is kept of each vector before it goes to its file, 128 KiB."""


class NpzTrace:
    """A `TraceStream`: each vector's rows wait in a temporary file, as members are written whole.

    Labels and numbers, a few bytes a timestep, wait in memory.
    """

    def __init__(self, stream: IO[bytes], heading: Heading, scratch: Scratch) -> None:
        """Begin."""
        self._stream, self._heading = stream, heading
        self._numbers: list[int] = []
        self._labels: list[str] = []
        self._initial: Mapping[str, Array] = {}
        self._inputs = _Rows(heading.widths[INPUT], scratch)
        named = (*(node.name for node in heading.cell.nodes), *heading.gradients)
        self._nodes = {name: _Rows(heading.widths[name], scratch) for name in named}

    def write(self, row: Row) -> None:
        """Add a timestep."""
        if not self._numbers:
            states = self._heading.cell.states
            self._initial = {state: row.vectors[previous(state)].copy() for state in states}
        self._inputs.add(row.vectors[INPUT])
        for name, rows in self._nodes.items():
            rows.add(row.vectors[name])
        self._numbers.append(row.timestep)
        self._labels.append(row.label)

    def finish(self) -> None:
        """Write the archive."""
        with zipfile.ZipFile(self._stream, "w") as archive:
            for name, array in self._small_arrays().items():
                write_array(archive, name, array)
            _write_rows(archive, "inputs", self._inputs)
            for state, value in self._initial.items():
                write_array(archive, f"initial_{state}", value)
            for name, rows in self._nodes.items():
                _write_rows(archive, name, rows)
            for name, gradient in self._heading.of_parameters.items():
                write_array(archive, name, gradient)

    def _small_arrays(self) -> dict[str, ArrayLike]:
        arrays: dict[str, ArrayLike] = {"cell": self._heading.cell.name}
        if self._heading.is_labelled:
            arrays["labels"] = self._labels
        if self._heading.is_excerpt:
            arrays["numbers"] = self._numbers
        return arrays


class _Rows:
    """The rows of one vector; when a block of them is full, it goes to a temporary file."""

    def __init__(self, width: int, scratch: Scratch) -> None:
        rows = max(1, _BLOCK_BYTES // (width * _FLOAT.itemsize))
        self._block = np.empty((rows, width), _FLOAT)
        self._filled = 0  # rows of the block
        self._filed = 0  # rows in the file
        self._scratch = scratch
        self._file: IO[bytes] | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return self._filed + self._filled, self._block.shape[1]

    def add(self, row: Array) -> None:
        if self._filled == len(self._block):
            if self._file is None:
                self._file = self._scratch()
            self._file.write(self._block.data.cast("B"))
            self._filed, self._filled = self._filed + self._filled, 0
        self._block[self._filled] = row
        self._filled += 1

    def copy_to(self, stream: IO[bytes]) -> None:
        if self._file is not None:
            self._file.seek(0)
            shutil.copyfileobj(self._file, stream, _BLOCK_BYTES)
        stream.write(self._block[: self._filled].data.cast("B"))


def _write_rows(archive: zipfile.ZipFile, name: str, rows: _Rows) -> None:
    header = BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": _FLOAT.str, "fortran_order": False, "shape": rows.shape}
    )
    size = len(header.getvalue()) + prod(rows.shape) * _FLOAT.itemsize
    with _member(archive, name, size) as member:
        member.write(header.getvalue())
        rows.copy_to(member)


def write_array(archive: zipfile.ZipFile, name: str, array: ArrayLike) -> None:
    """Add an array to an archive."""
    member = BytesIO()
    np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    with _member(archive, name, len(member.getvalue())) as whole:
        whole.write(member.getvalue())


def _member(archive: zipfile.ZipFile, name: str, size: int) -> IO[bytes]:
    """Open a member of `size` bytes for writing."""
    # A ZipInfo of its own has a fixed date: the same arrays give the same bytes.
    info = zipfile.ZipInfo(name + MEMBER_SUFFIX)
    info.file_size = size  # tells whether the archive needs the form for more than 2 GiB
    return archive.open(info, "w")
