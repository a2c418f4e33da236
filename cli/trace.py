"""`gatereel trace`: every number of a cell, as a table or a file."""

from pathlib import Path

import click

from cli.options import cell_argument, debug_option, quiet_option
from cli.report import report_data
from cli.sources import Source, compute, source_options
from rnn_math import CELLS
from rnn_math.files import format_table, write_trace

_EXAMPLES = """\b
Examples:
  gatereel trace lstm
  gatereel trace lstm -o lstm.json
  gatereel trace gru --weights gru.npz --inputs sentence.csv -o gru.csv
"""
"""The first line keeps the others from being wrapped."""


@click.command(epilog=_EXAMPLES)
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
    """Compute CELL (rnn, lstm or gru) and show its numbers.

    Every value of every timestep is there. Without options it is the demo that `gatereel render`
    draws.
    """
    computed = compute(CELLS[cell], source).trace
    if output is None:
        click.echo(format_table(computed))
        return
    write_trace(output, computed)
    steps = "1 timestep" if computed.timesteps == 1 else f"{computed.timesteps} timesteps"
    report_data(output, steps, quiet=quiet)
