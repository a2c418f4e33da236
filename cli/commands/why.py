"""`gatereel why`: the same numbers with tanh and without, with sigmoid and without."""

import click

from gatereel.cli.clips import draw_clips, output_option
from gatereel.cli.options.clips import REASONS, ClipLook, clip_look_options, reason_of
from gatereel.cli.options.common import debug_option, quiet_option
from gatereel.rnn_math.counting import one_of

_EXAMPLES = """\b
Examples:
  gatereel why
  gatereel why state -o bounded.gif
  gatereel why -o why/ --still --lang vi
"""
"""The first line keeps the others from being wrapped."""

_HELP = f"""Show why gates use sigmoid and contents tanh: {one_of(REASONS)}.

The same numbers go two ways, one below the other: a state times 3 with tanh and without, a gate
and a candidate with sigmoid and with tanh, an output with tanh and without; then how steep both
functions are. Each is a film of its own; all five if none is named.
"""


@click.command(
    help=_HELP, epilog=_EXAMPLES, short_help="Show why gates use sigmoid and contents tanh."
)
@click.argument("reasons", nargs=-1, metavar="[WHAT]...")
@output_option
@clip_look_options
@quiet_option
@debug_option
def why(reasons: tuple[str, ...], outputs: tuple[str, ...], look: ClipLook, quiet: bool) -> None:
    """Run `gatereel why`."""
    names = dict.fromkeys(name.lower() for name in reasons or REASONS)
    draw_clips([reason_of(name) for name in names], look, outputs, quiet=quiet)
