"""Traces as comma-separated values.

A row a timestep: its number, its label if there are any, then x, the previous states and all nodes
in the order of computation, a column for each value (`x_1`, `x_2`, `h_prev_1`, ...). Timesteps and
values are counted from 1. Every number reads back to the last bit.
"""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import IO

from gatereel.rnn_math.files.trace_rows import Heading, Row, Scratch


class CsvTrace:
    """A `TraceStream`."""

    def __init__(self, stream: IO[bytes], heading: Heading, scratch: Scratch) -> None:
        """Write the line of names; nothing needs a temporary file."""
        self._stream, self._heading = stream, heading
        columns = (
            f"{name}_{k + 1}" for name, width in heading.widths.items() for k in range(width)
        )
        self._write_line("timestep", "label", columns)

    def write(self, row: Row) -> None:
        """Add a line."""
        # The shortest decimal that reads back as the same float64; it never needs quotes.
        numbers = (",".join(map(repr, row.vectors[name].tolist())) for name in self._heading.widths)
        self._write_line(str(row.timestep), row.label, numbers)

    def finish(self) -> None:
        """All is written."""

    def _write_line(self, timestep: str, label: str, fields: Iterable[str]) -> None:
        first = [timestep, _field(label)] if self._heading.is_labelled else [timestep]
        self._stream.write((",".join((*first, *fields)) + "\n").encode())


def _field(text: str) -> str:
    """A text as a field: in quotes where it must be."""
    line = StringIO(newline="")
    csv.writer(line, lineterminator="").writerow([text])
    return line.getvalue()
