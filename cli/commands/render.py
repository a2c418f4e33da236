"""`gatereel render`: cells as animations, and as stills."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gatereel.cli.drawing.options import EngineChoice, engine_options
from gatereel.cli.inputs.planning import Proposal, plan_picture, what_is_drawn
from gatereel.cli.many.names import named, values_of
from gatereel.cli.many.requests import (
    BATCH_FILES,
    GivenOptions,
    PictureRequest,
    picture_options,
    pictures,
)
from gatereel.cli.options.common import ALL, debug_option, quiet_option
from gatereel.cli.options.targets import folders_for
from gatereel.cli.renderer import load_renderer
from gatereel.cli.terminal.outlet import show, warn
from gatereel.cli.terminal.report import (
    each_step,
    progress_bar,
    report_assumptions,
    report_note,
    report_written,
)
from gatereel.rnn_math import CELLS
from gatereel.rnn_math.beside import can_copy
from gatereel.rnn_math.counting import one_of

if TYPE_CHECKING:
    from gatereel.scenes.stills import Stills

WRONG_USE = 2
"""Exit code for a batch file that cannot be used."""

_EXAMPLES = """\b
Examples:
  gatereel render lstm
  gatereel render lstm -o lstm.gif -o lstm.mp4 -o lstm.png
  gatereel render all -o media/
  gatereel render lstm gru --theme dark --theme print --lang en --lang vi -o media/
  gatereel render lstm gru -o '{cell}.gif' -o '{cell}.mp4' --jobs 4
  gatereel render --batch pictures.toml --theme dark
  gatereel render --weights model.safetensors --inputs sequence.csv -o gates.gif
  gatereel render --weights model.pt --text hello --vocab letters.txt --units 5,17 --to 3
  gatereel render rnn --seed 7 --input-size 4 --hidden-size 3 --plain
  gatereel render gru --theme dark -o gru.webp --transparent
  gatereel render lstm --still -o lstm.svg
  gatereel render lstm --storyboard handout.pdf --steps steps/
"""
"""The first line keeps the others from being wrapped."""


_HELP = f"""Render CELL as an animation: {one_of((*CELLS, ALL))}.

Without options it is the demo: three timesteps with numbers chosen to show what the cell can do.

Several cells, models, themes or languages give every combination, a picture each. Of these, those
whose files are there and up to date are not drawn again.
"""


@click.command(
    help=_HELP, epilog=_EXAMPLES, short_help="Render a cell as an animation, or as stills."
)
@picture_options
@click.option(
    "--batch",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=f"Pictures from a file, {one_of(BATCH_FILES)}: a line a picture, by the names of these "
    "options without dashes, and cell. What a line does not say, the command line says for all.",
)
@engine_options
@click.option(
    "--force", is_flag=True, help="Of several pictures, draw those again that are up to date, too."
)
@click.option("--dry-run", is_flag=True, help="Print what would happen when, and draw nothing.")
@quiet_option
@debug_option
@click.pass_context
def render(
    context: click.Context,
    /,
    batch: Path | None,
    engine: EngineChoice,
    force: bool,
    dry_run: bool,
    quiet: bool,
    **values: Any,
) -> None:
    """Run `gatereel render`."""
    unread: Sequence[str] = ()
    if batch is None:
        requests = pictures(GivenOptions(**values))
    else:
        from gatereel.cli.many.batch import problems_of, read_batch

        found = read_batch(batch, context)
        requests, unread = found.requests, problems_of(found)
        if not requests:
            for problem in unread:
                warn(problem)
            context.exit(WRONG_USE)
    if batch is None and len(requests) == 1 and engine.is_here:
        _render_one(requests[0], dry_run=dry_run, quiet=quiet)
    else:
        # One picture needs nothing of what many do.
        from gatereel.cli.many.rendering import render_many

        code = render_many(
            requests, engine.engine(), unread, force=force, dry_run=dry_run, quiet=quiet
        )
        context.exit(code)


def _render_one(request: PictureRequest, *, dry_run: bool, quiet: bool) -> None:
    proposal = plan_picture(
        request.cell, request.source, request.selection, request.look, request.suffixes
    )
    report_assumptions(proposal.assumptions)
    for note in proposal.notes:
        report_note(note, quiet=quiet)
    if not dry_run:  # which tells it by itself
        report_note(what_is_drawn(proposal.plan), quiet=quiet)
    whole = named(request, values_of(request, 1, proposal.plan))
    outputs, stills, look = whole.request.outputs, whole.request.stills, request.look
    paths = stills.outputs(outputs, proposal.name, look.suffix)
    if look.place is not None:
        for path in paths:
            report_note(look.place.note_on(path), quiet=quiet)
    if dry_run:
        from gatereel.cli.terminal.dry_run import format_plan

        show(format_plan(proposal.plan))
        return
    with folders_for(whole.folders, parents=True), folders_for(outputs), stills.folders():
        _draw(proposal, paths, stills.stills(proposal.name), quiet=quiet)


def _draw(proposal: Proposal, paths: Sequence[Path], stills: "Stills", *, quiet: bool) -> None:
    """Draw one picture under a progress bar."""
    from gatereel.scenes.render import check_outputs, render_plan

    planned = proposal.plan
    order = check_outputs(planned, paths, stills)
    with progress_bar(order.work(planned.frames), proposal.name, quiet=quiet) as advance:
        written = render_plan(
            planned,
            order,
            progress=each_step(advance),
            by_two=can_copy(),
            load_manim=load_renderer,
        )
    report_written(written, quiet=quiet)
