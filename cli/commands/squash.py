"""`gatereel squash`: numbers through sigmoid, tanh or ReLU."""

from typing import TYPE_CHECKING

import click

from gatereel.cli.clips import draw_clips, output_option
from gatereel.cli.options.clips import FUNCTIONS_HELP, ClipLook, clip_look_options, squash_options
from gatereel.cli.options.common import debug_option, quiet_option

if TYPE_CHECKING:
    from gatereel.scenes.clips import Content

_EXAMPLES = """\b
Examples:
  gatereel squash
  gatereel squash tanh --values 5,0.1,-0.5
  gatereel squash sigmoid relu -o squash.mp4 -o squash.csv
"""
"""The first line keeps the others from being wrapped."""

_HELP = f"""Show what functions make of numbers: {FUNCTIONS_HELP}.

Each number goes down to the axis, up to the curve and out at the side. One or two functions are
drawn side by side; sigmoid and tanh if none is named.
"""


@click.command(
    help=_HELP,
    epilog=_EXAMPLES,
    short_help="Show what functions such as sigmoid and tanh make of numbers.",
)
@squash_options
@output_option
@clip_look_options
@quiet_option
@debug_option
def squash(content: "Content", outputs: tuple[str, ...], look: ClipLook, quiet: bool) -> None:
    """Run `gatereel squash`."""
    draw_clips((content,), look, outputs, quiet=quiet)
