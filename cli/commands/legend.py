"""`gatereel legend`: the symbols as a still."""

from typing import TYPE_CHECKING

import click

from gatereel.cli.options.common import (
    cells_argument,
    debug_option,
    language_option,
    quiet_option,
    theme_option,
    transparent_option,
)
from gatereel.cli.options.targets import folders_for, target
from gatereel.cli.terminal.report import report_written
from gatereel.rnn_math import CELLS, Cell
from gatereel.rnn_math.counting import one_of

if TYPE_CHECKING:
    from gatereel.scenes.tell.language import Language
    from gatereel.scenes.theme.theme import Theme

DEFAULT_LEGEND = "legend.png"

_EXAMPLES = """\b
Examples:
  gatereel legend
  gatereel legend gru-reset-after -o gru.png
  gatereel legend -o media/legend.png --width 800
  gatereel legend --theme print -o handout.pdf
"""
"""The first line keeps the others from being wrapped."""


_HELP = f"""Render the symbols with their names and formulas.

With CELL, only the symbols that it uses; several cells may be named: {one_of(tuple(CELLS))}.
"""


@click.command(help=_HELP, epilog=_EXAMPLES)
@cells_argument
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="File to write, .png, .svg, .pdf or any format of `gatereel render`; may be given "
    "several times. "
    f"A folder gets {DEFAULT_LEGEND} and is made if need be. Default: {DEFAULT_LEGEND} here.",
)
@click.option(
    "--width",
    type=int,
    metavar="PIXELS",
    help="Default: as many as the symbols need, 1125 with three in a row.",
)
@theme_option
@language_option
@transparent_option
@click.option(
    "--readings/--no-readings",
    default=True,
    show_default=True,
    help="Explain below the symbols how values are read: levels, cores, widths of lines.",
)
@quiet_option
@debug_option
def legend(
    cells: tuple[Cell, ...],
    outputs: tuple[str, ...],
    width: int | None,
    theme: "Theme | None",
    language: "Language | None",
    transparent: bool,
    readings: bool,
    quiet: bool,
) -> None:
    """Write the legend."""
    from gatereel.scenes.legend import render_legend

    outputs = outputs or (DEFAULT_LEGEND,)
    paths = [target(output, DEFAULT_LEGEND) for output in outputs]
    with folders_for(outputs):
        written = render_legend(
            paths,
            width,
            cells,
            theme,
            language=language,
            transparent=transparent,
            readings=readings,
        )
        report_written(written, quiet=quiet)
