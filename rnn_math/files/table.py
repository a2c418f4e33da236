"""A trace as text, for a terminal."""

from collections.abc import Sequence

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.timesteps import Timesteps
from gatereel.rnn_math.gradients import Gradients
from gatereel.rnn_math.trace import Trace

_DECIMALS = 4
_FIXED_BELOW = 1e6
"""From this magnitude on, numbers are written with an exponent."""

_VALUES_SHOWN = 8
"""Longer vectors are cut to this many values, so that a line fits a terminal."""

MAX_TIMESTEPS = 100_000
"""Timesteps of a table: nobody reads more, and text takes many times the memory of numbers."""

_INDENT = "  "


def format_table(
    trace: Trace,
    *,
    gradients: Gradients | None = None,
    labels: Sequence[str] = (),
    backward: bool = False,
    start: int = 0,
    stop: int | None = None,
) -> str:
    """Return every vector of every timestep with four decimals, in aligned columns.

    A block a timestep, a line a vector: x, the previous states and all nodes in the order of
    computation. Timesteps are counted from 1. Vectors of more than eight values are cut, and the
    line says how many are left out. The options, and their errors, are those of `write_trace`; more
    than `MAX_TIMESTEPS` are refused.
    """
    chosen = Timesteps(trace.timesteps, tuple(labels), backward, start, stop)
    shown = range(trace.timesteps)[start:stop]
    if len(shown) > MAX_TIMESTEPS:
        raise InputError(
            f"A table of {len(shown)} timesteps is more than is shown, {MAX_TIMESTEPS}; choose "
            "some with --from and --to, or give --format csv or -o FILE."
        )
    names = list(trace.cell.widths(trace.input_size, trace.hidden_size))
    blocks = [[_fields(trace.vector(name, t)) for name in names] for t in shown]
    if gradients is not None:
        for t, block in zip(shown, blocks, strict=True):
            block += [_fields(gradients.vector(name, t)) for name in names]
        names = [*names, *(f"dL/d{name}" for name in names)]
    width = max(len(field) for block in blocks for fields, _ in block for field in fields)
    name_width = max(map(len, names))
    lines: list[str] = []
    for t, block in zip(shown, blocks, strict=True):
        lines.append(f"timestep {chosen.number(t)} {chosen.label(t)}".rstrip())
        for name, (fields, rest) in zip(names, block, strict=True):
            values = _INDENT.join(field.rjust(width) for field in fields)
            more = f"{_INDENT}... {rest} more" if rest else ""
            lines.append(f"{_INDENT}{name.ljust(name_width)}{_INDENT}{values}{more}")
        lines.append("")
    return "\n".join(lines[:-1])


def _fields(vector: Array) -> tuple[list[str], int]:
    """Return the values to show, as text, and how many are left out."""
    shown = [_number(value) for value in vector[:_VALUES_SHOWN].tolist()]
    return shown, len(vector) - len(shown)


def _number(value: float) -> str:
    if abs(value) >= _FIXED_BELOW:
        return f"{value:.{_DECIMALS}e}"
    # Rounding first, then adding zero, keeps "-0.0000" off the page.
    return f"{round(value, _DECIMALS) + 0.0:.{_DECIMALS}f}"
