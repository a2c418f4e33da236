"""`gatereel trace`: every number of a cell, as a table or a file."""

from pathlib import Path

import click

from cli.options import cell_argument, debug_option, one_of, quiet_option
from cli.report import report_data, report_note
from cli.sources import Source, compute, source_options
from rnn_math import CELLS, counted
from rnn_math.files import format_table, write_trace

_EXAMPLES = """\b
Examples:
  gatereel trace lstm
  gatereel trace lstm -o lstm.json
  gatereel trace gru --weights gru.npz --inputs sentence.csv -o gru.csv
"""
"""The first line keeps the others from being wrapped."""


_HELP = f"""Compute CELL ({one_of(tuple(CELLS))}) and show its numbers.

Every value of every timestep is there. Without options it is the demo that `gatereel render` draws.
"""


@click.command(help=_HELP, epilog=_EXAMPLES)
@cell_argument()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write: .json, .csv or .npz. Default: a table on the standard output.",
)
@source_options
@quiet_option
@debug_option
def trace(cell: str, output: Path | None, source: Source, quiet: bool) -> None:
    """Run `gatereel trace`."""
    computed = compute(CELLS[cell], source)
    report_note(computed.note, quiet=quiet)
    if output is None:
        click.echo(format_table(computed.trace))
        return
    write_trace(output, computed.trace)
    report_data(output, counted(computed.trace.timesteps, "timestep"), quiet=quiet)
