"""`gatereel legend`: the six symbols as a still."""

import click

from cli.options import debug_option, quiet_option
from cli.report import report_written
from cli.targets import folders_for, target

DEFAULT_LEGEND = "legend.png"

_EXAMPLES = """\b
Examples:
  gatereel legend
  gatereel legend -o media/legend.png --width 800
"""
"""The first line keeps the others from being wrapped."""


@click.command(epilog=_EXAMPLES)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="File to write, .png or any format of `gatereel render`; may be given several times. "
    f"A folder gets {DEFAULT_LEGEND} and is made if need be. Default: {DEFAULT_LEGEND} here.",
)
@click.option("--width", type=int, metavar="PIXELS", help="Default: as the illustrated legend.")
@quiet_option
@debug_option
def legend(outputs: tuple[str, ...], width: int | None, quiet: bool) -> None:
    """Render the symbols with their names and formulas."""
    from scenes.legend import render_legend

    outputs = outputs or (DEFAULT_LEGEND,)
    paths = [target(output, DEFAULT_LEGEND) for output in outputs]
    with folders_for(outputs):
        report_written(render_legend(paths, width), quiet=quiet)
