"""`gatereel trace`: every number of a cell, as a table or a file."""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

import click

from gatereel.cli.inputs.excerpt import reading_order
from gatereel.cli.inputs.preparing import prepare
from gatereel.cli.options.common import (
    cell_argument,
    check_cell_given,
    debug_option,
    quiet_option,
)
from gatereel.cli.options.loss import (
    as_read_backward,
    gradients_of_option,
    gradients_option,
    loss_of,
    loss_option,
    read_gradients,
)
from gatereel.cli.options.selection import Window, window_options
from gatereel.cli.options.sources import Source, source_options
from gatereel.cli.terminal.outlet import data_output, show
from gatereel.cli.terminal.report import progress_bar, report_assumptions, report_data, report_note
from gatereel.rnn_math import CELLS, InputError, counted
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.files import TRACE_WRITERS, format_table, stream_trace, write_trace
from gatereel.rnn_math.gradients import Gradients, backpropagate, check

TABLE = "table"
FAILURE = 1
"""Exit code where somebody's own gradients differ."""
STANDARD_OUTPUT = Path("-")
FORMATS = (TABLE, *(suffix.removeprefix(".") for suffix in TRACE_WRITERS))
BINARY = "npz"
"""No terminal is meant to show it."""

_EXAMPLES = """\b
Examples:
  gatereel trace lstm
  gatereel trace lstm -o lstm.json
  gatereel trace --weights model.safetensors --inputs sequence.csv -o gates.csv
  gatereel trace --weights model.onnx --inputs - --format jsonl < sequence.csv
  gatereel trace lstm --gradients --loss "c[1]@2"
"""
"""The first line keeps the others from being wrapped."""


_HELP = f"""Compute CELL ({one_of(tuple(CELLS))}) and show its numbers.

Every value of every timestep is there, in the order in which the cell reads: a backward layer
begins with the sequence's last timestep. Without options it is the demo that `gatereel render`
draws; with the weights of a model, CELL is left out.
"""


@click.command(help=_HELP, epilog=_EXAMPLES, short_help="Compute a cell and show its numbers.")
@cell_argument()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="File to write: .csv, .json, .jsonl or .npz. Default, or as -: the standard output.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Default: as the file's suffix says; on the standard output, a table.",
)
@gradients_option
@gradients_of_option
@loss_option
@source_options
@window_options
@quiet_option
@debug_option
def trace(
    cell: str | None,
    output: Path | None,
    format_: str | None,
    gradients: bool,
    own_gradients: Path | None,
    loss_words: str | None,
    source: Source,
    window: Window,
    quiet: bool,
) -> None:
    """Run `gatereel trace`."""
    check_cell_given(cell, source.weights)
    to_stdout = output in (None, STANDARD_OUTPUT)
    chosen = format_ or (TABLE if to_stdout else None)
    _check_format(chosen, to_stdout=to_stdout)
    loss = loss_of(loss_words, gradients or own_gradients is not None)
    prepared = prepare(None if cell is None else CELLS[cell], source)
    report_assumptions(prepared.assumptions)
    for note in prepared.notes:
        report_note(note, quiet=quiet)
    timesteps = len(prepared.inputs)
    start, stop = reading_order(window.bounds(timesteps), timesteps, backward=prepared.backward)
    if loss is not None and prepared.backward:
        loss = as_read_backward(loss, timesteps)
    found = None if loss is None else backpropagate(prepared.trace, loss)
    if own_gradients is not None and found is not None:
        _check_own(own_gradients, found, backward=prepared.backward)
        return
    if chosen == TABLE:
        table = format_table(
            prepared.trace,
            gradients=found,
            labels=prepared.labels,
            backward=prepared.backward,
            start=start,
            stop=stop,
        )
        show(table)
        return
    writes_there: AbstractContextManager[BinaryIO | Path] = (
        data_output() if output is None or to_stdout else nullcontext(output)
    )
    shows_progress = not to_stdout
    with (
        progress_bar(stop, str(output), quiet=quiet or not shows_progress) as advance,
        writes_there as target,
    ):
        if found is not None:
            # What comes back from later timesteps is known when all are computed.
            write_trace(
                target,
                prepared.trace,
                gradients=found,
                suffix="" if chosen is None else f".{chosen}",
                labels=prepared.labels,
                backward=prepared.backward,
                start=start,
                stop=stop,
            )
            advance(stop)
            count = stop - start
        else:
            count = stream_trace(
                target,
                prepared.cell,
                prepared.parameters,
                prepared.inputs,
                prepared.initial,
                suffix="" if chosen is None else f".{chosen}",
                labels=prepared.labels,
                backward=prepared.backward,
                start=start,
                stop=stop,
                progress=advance,
            )
    if isinstance(target, Path):
        report_data(target, counted(count, "timestep"), quiet=quiet)


def _check_own(path: Path, gradients: Gradients, *, backward: bool) -> None:
    """Tell of a reader's own backward pass what agrees, and exit with 1 if something does not."""
    checks = check(gradients, read_gradients(path))
    for each in checks:
        what = f"d{each.name}" + (f", {each.gate}" if each.gate else "")
        verdict = "agrees" if each.agrees else "DIFFERS"
        first = ""
        if each.timestep is not None:
            last = gradients.trace.timesteps - 1
            t = last - each.timestep if backward else each.timestep
            first = f", first at timestep {t + 1}"
        show(f"{what}: {verdict}{first}; largest difference {each.difference:.1e}")
    if not all(each.agrees for each in checks):
        raise click.exceptions.Exit(FAILURE)


def _check_format(format_: str | None, *, to_stdout: bool) -> None:
    if to_stdout and format_ == BINARY:
        raise InputError(f"--format {BINARY} needs a file; give -o FILE.")
    if not to_stdout and format_ == TABLE:
        raise InputError("--format table is for the standard output; leave -o out.")
