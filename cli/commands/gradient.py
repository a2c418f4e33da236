"""`gatereel gradient`: how much of the gradient arrives at each earlier timestep."""

import click

from gatereel.cli.clips import draw_clips, output_option
from gatereel.cli.inputs.clips import gradient_of
from gatereel.cli.options.clips import ClipLook, clip_look_options, gradient_options
from gatereel.cli.options.common import debug_option, quiet_option
from gatereel.cli.options.gradient_request import GradientRequest
from gatereel.cli.terminal.report import report_assumptions, report_note
from gatereel.rnn_math import CELLS
from gatereel.rnn_math.counting import one_of

_EXAMPLES = """\b
Examples:
  gatereel gradient
  gatereel gradient rnn lstm --timesteps 30 -o gradient.gif -o gradient.csv
  gatereel gradient rnn --scale 0.5,1,1.5
  gatereel gradient lstm --forget-bias 0,1,2,chrono
  gatereel gradient --weights a.pt --weights b.pt --inputs sequence.csv
"""
"""The first line keeps the others from being wrapped."""

_HELP = f"""Show how much of the gradient arrives at each earlier timestep.

A band a cell ({one_of(tuple(CELLS))}), or a model, on one logarithmic scale: the norm of what the
last state is by an earlier one. Without options the cells are three that were trained on one task,
to name the first of 60 letters.
"""


@click.command(help=_HELP, epilog=_EXAMPLES)
@gradient_options
@output_option
@clip_look_options
@quiet_option
@debug_option
def gradient(
    request: GradientRequest, outputs: tuple[str, ...], look: ClipLook, quiet: bool
) -> None:
    """Run `gatereel gradient`."""
    proposal = gradient_of(request)
    report_assumptions(proposal.assumptions)
    for note in proposal.notes:
        report_note(note, quiet=quiet)
    draw_clips((proposal.content,), look, outputs, quiet=quiet)
