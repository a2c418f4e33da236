"""Traces as JSON, in one piece or a line a timestep. Every number reads back to the last bit.

In one piece: `cell`, `timesteps`, `labels` if there are any, `numbers` of the timesteps if they are
not 1, 2, 3, ..., `inputs`, `initial` (state to values), `nodes` (node to rows), `gradients` if
there are any (`dL_df` and so on to rows, `dL_dW_f`, `dL_db_f` and `dL_dinitial_h` to values).
A line: `timestep`, `label` if there is one, then x, the previous states and all nodes.
"""

import json
import shutil
from collections.abc import Iterable
from typing import IO

from gatereel.rnn_math.cell import INPUT, previous
from gatereel.rnn_math.files.trace_rows import Heading, Row, Scratch


class JsonLinesTrace:
    """A `TraceStream` of `.jsonl`."""

    def __init__(self, stream: IO[bytes], heading: Heading, scratch: Scratch) -> None:
        """Begin; nothing needs a temporary file."""
        self._stream, self._heading = stream, heading

    def write(self, row: Row) -> None:
        """Add a line."""
        label = {"label": row.label} if self._heading.is_labelled else {}
        vectors = {name: row.vectors[name].tolist() for name in self._heading.widths}
        self._stream.write(_line({"timestep": row.timestep} | label | vectors))

    def finish(self) -> None:
        """All is written."""


class JsonTrace:
    """A `TraceStream` of `.json`: each vector's rows wait in a temporary file for their turn."""

    def __init__(self, stream: IO[bytes], heading: Heading, scratch: Scratch) -> None:
        """Begin."""
        self._stream, self._heading = stream, heading
        self._timesteps = 0
        self._initial: dict[str, list[float]] = {}
        self._inputs = scratch()
        self._nodes = {node.name: scratch() for node in heading.cell.nodes}
        self._gradients = {name: scratch() for name in heading.gradients}
        self._labels = scratch() if heading.is_labelled else None
        self._numbers = scratch() if heading.is_excerpt else None

    def write(self, row: Row) -> None:
        """Add a timestep."""
        if not self._timesteps:
            states = self._heading.cell.states
            self._initial = {state: row.vectors[previous(state)].tolist() for state in states}
        self._add(self._inputs, row.vectors[INPUT].tolist())
        for name, rows in (self._nodes | self._gradients).items():
            self._add(rows, row.vectors[name].tolist())
        if self._labels is not None:
            self._add(self._labels, row.label)
        if self._numbers is not None:
            self._add(self._numbers, row.timestep)
        self._timesteps += 1

    def finish(self) -> None:
        """Put the pieces together."""
        head = {"cell": self._heading.cell.name, "timesteps": self._timesteps}
        self._stream.write(_line(head).removesuffix(b"}\n"))
        optional = {"labels": self._labels, "numbers": self._numbers}
        lists = {key: rows for key, rows in optional.items() if rows is not None}
        for key, rows in (lists | {"inputs": self._inputs}).items():
            self._stream.write(b', "%s": [' % key.encode())
            _copy(rows, self._stream)
            self._stream.write(b"]")
        self._stream.write(b', "initial": ' + _line(self._initial).removesuffix(b"\n"))
        self._stream.write(b', "nodes": {')
        self._write_nodes(self._nodes.items())
        if self._gradients:
            self._stream.write(b'}, "gradients": {')
            self._write_nodes(self._gradients.items())
            for name, gradient in self._heading.of_parameters.items():
                of_it = _line({name: gradient.tolist()}).removesuffix(b"}\n").removeprefix(b"{")
                self._stream.write(b", " + of_it)
        self._stream.write(b"}}\n")

    def _write_nodes(self, nodes: Iterable[tuple[str, IO[bytes]]]) -> None:
        for k, (name, rows) in enumerate(nodes):
            self._stream.write((", " if k else "").encode() + json.dumps(name).encode() + b": [")
            _copy(rows, self._stream)
            self._stream.write(b"]")

    def _add(self, rows: IO[bytes], item: object) -> None:
        rows.write((", " if self._timesteps else "").encode() + _line(item).removesuffix(b"\n"))


def _line(content: object) -> bytes:
    return (json.dumps(content, allow_nan=False) + "\n").encode()


def _copy(rows: IO[bytes], stream: IO[bytes]) -> None:
    rows.seek(0)
    shutil.copyfileobj(rows, stream)
