"""Traces on their way to a file or a stream, a timestep at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.atomic import atomic_path, blamed_on
from gatereel.rnn_math.files.timesteps import Timesteps
from gatereel.rnn_math.files.trace_rows import GRADIENT, Heading, Row, TraceWriter
from gatereel.rnn_math.gradients import Gradients
from gatereel.rnn_math.parameters import Parameters, check_parameters
from gatereel.rnn_math.trace import Trace
from gatereel.rnn_math.unroll import moments

Advance = Callable[[int], None]
"""Told how many more are done: timesteps of a trace, frame times of a picture."""

_MEMORY_BOUND = 1 << 18
"""Bytes of a temporary file that wait in memory, 256 KiB; beyond it they wait on disk."""

_Blame = Callable[[], AbstractContextManager[None]]


def stored_rows(
    trace: Trace, chosen: Timesteps, gradients: Gradients | None = None
) -> tuple[Heading, Iterator[Row]]:
    """The chosen timesteps of a trace, with the gradient by each vector behind the vectors."""
    heading = _heading(trace.cell, trace.input_size, trace.hidden_size, chosen)
    names = list(heading.widths)
    if gradients is not None:
        widths = heading.widths
        heading = replace(
            heading,
            widths={**widths, **{GRADIENT + name: widths[name] for name in names}},
            of_parameters={GRADIENT + name: each for name, each in gradients.of_parameters.items()},
        )

    def vectors(t: int) -> dict[str, Array]:
        found = {name: trace.vector(name, t) for name in names}
        if gradients is not None:
            found |= {GRADIENT + name: gradients.vector(name, t) for name in names}
        return found

    rows = (
        Row(chosen.number(t), chosen.label(t), vectors(t))
        for t in range(trace.timesteps)[chosen.start : chosen.stop]
    )
    return heading, rows


def computed_rows(
    cell: Cell,
    parameters: Parameters,
    inputs: Iterable[ArrayLike],
    initial: Mapping[str, ArrayLike] | None,
    chosen: Timesteps,
    progress: Advance | None,
) -> tuple[Heading, Iterator[Row]]:
    """The chosen timesteps, each computed when it is asked for. Raises as `moments` does.

    Parameters and initial states are checked at once.
    """
    heading = _heading(cell, *check_parameters(cell, parameters), chosen)
    computed = moments(cell, parameters, inputs, initial)

    def rows() -> Iterator[Row]:
        for t, moment in enumerate(islice(computed, chosen.stop)):
            if t >= chosen.start:
                yield Row(chosen.number(t), chosen.label(t), moment.vectors())
            if progress is not None:
                progress(1)

    return heading, rows()


def pour(
    target: Path | IO[bytes], begin: TraceWriter, heading: Heading, rows: Iterable[Row]
) -> int:
    """Write rows to a file, whole or not at all, or to a stream as they come; return their number.

    Raises InputError when there is no row or the file cannot be written. What a stream raises
    passes as it is.
    """
    with ExitStack() as stack:
        if isinstance(target, Path):
            blame: _Blame = partial(blamed_on, target)
            temporary = stack.enter_context(atomic_path(target))
            with blame():
                opened = temporary.open("wb")
            stream: IO[bytes] = stack.enter_context(_closing(opened, blame))
            folder, is_live = str(temporary.parent), False
        else:
            blame, stream, folder, is_live = nullcontext, target, None, True

        def scratch() -> IO[bytes]:
            # Beside the target is as much room as it needs; the system's own may be in memory.
            return stack.enter_context(
                _closing(
                    SpooledTemporaryFile(_MEMORY_BOUND, buffering=_MEMORY_BOUND, dir=folder), blame
                )
            )

        with blame():
            writer = begin(stream, heading, scratch)
        count = 0
        for row in rows:
            with blame():
                writer.write(row)
                if is_live:
                    stream.flush()
            count += 1
        if not count:
            raise InputError("There is no timestep to write; the sequence ends before.")
        with blame():
            writer.finish()
            stream.flush()
    return count


@contextmanager
def _closing(file: IO[bytes], blame: _Blame) -> Iterator[IO[bytes]]:
    """Close the file at the end, which may write, and so fail, as well."""
    try:
        yield file
    finally:
        with blame():
            file.close()


def _heading(cell: Cell, input_size: int, hidden_size: int, chosen: Timesteps) -> Heading:
    return Heading(
        cell, cell.widths(input_size, hidden_size), bool(chosen.labels), chosen.is_excerpt
    )
