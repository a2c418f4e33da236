"""`gatereel render`: cells as animations, and as stills."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gatereel.cli.drawing.engine import Engine
from gatereel.cli.drawing.options import engine_options
from gatereel.cli.drawing.processes import Here
from gatereel.cli.drawing.task import unpack
from gatereel.cli.inputs.planning import Proposal, plan_picture
from gatereel.cli.many.batch import problems_of, read_batch
from gatereel.cli.many.batch_files import SUFFIXES
from gatereel.cli.many.names import named, values_of
from gatereel.cli.many.picture import FilmPicture
from gatereel.cli.many.planning import Plans, plan_all, problem_lines, what_is_drawn
from gatereel.cli.many.requests import Asked, Request, picture_options, pictures
from gatereel.cli.many.running import Done, draw_all
from gatereel.cli.many.spool import Spool, spooling
from gatereel.cli.options.common import ALL, debug_option, quiet_option
from gatereel.cli.options.targets import folders_for
from gatereel.cli.renderer import load_renderer
from gatereel.cli.terminal.outlet import show, tell, warn
from gatereel.cli.terminal.report import (
    each_step,
    progress_bar,
    report_assumptions,
    report_note,
    report_written,
)
from gatereel.rnn_math import CELLS, counted
from gatereel.rnn_math.beside import can_copy
from gatereel.rnn_math.counting import one_of

if TYPE_CHECKING:
    from gatereel.scenes.stills import Stills

FAILURE = 1
"""Exit code when a picture of several could not be drawn."""

WRONG_USE = 2
"""Exit code when pictures of several cannot be drawn as they were asked for."""

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
    help=f"Pictures from a file, {one_of(SUFFIXES)}: a line a picture, by the names of these "
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
    engine: Engine,
    force: bool,
    dry_run: bool,
    quiet: bool,
    **values: Any,
) -> None:
    """Run `gatereel render`."""
    if batch is None:
        requests = pictures(Asked(**values))
    else:
        found = read_batch(batch, context)
        if found.problems:
            for problem in problems_of(found):
                warn(problem)
            context.exit(WRONG_USE)
        requests = found.requests
    if batch is None and len(requests) == 1 and isinstance(engine, Here):
        _render_one(requests[0], dry_run=dry_run, quiet=quiet)
    else:
        code = _render_many(requests, engine, force=force, dry_run=dry_run, quiet=quiet)
        context.exit(code)


def _render_one(request: Request, *, dry_run: bool, quiet: bool) -> None:
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
    if order.film:
        load_renderer()
    with progress_bar(order.work(planned.frames), proposal.name, quiet=quiet) as advance:
        written = render_plan(planned, order, progress=each_step(advance), by_two=can_copy())
    report_written(written, quiet=quiet)


def _render_many(
    requests: list[Request], engine: Engine, *, force: bool, dry_run: bool, quiet: bool
) -> int:
    """Draw several pictures; the exit code."""
    with spooling() as spool:
        plans = plan_all(requests, spool, engine.planners)
        report_assumptions(plans.assumptions.values())
        for note in plans.notes:
            report_note(note, quiet=quiet)
        if plans.problems:
            for line in problem_lines(plans, len(requests)):
                warn(line)
            return WRONG_USE if plans.is_input else FAILURE
        if dry_run:
            _show(plans, spool)
            return 0
        done = Done()
        try:
            draw_all(
                plans,
                spool,
                engine,
                lambda work: progress_bar(work, counted(len(requests), "picture"), quiet=quiet),
                done,
                force=force,
            )
        finally:
            _report(done, quiet=quiet)
            for note in engine.notes:
                report_note(note, quiet=quiet)
    return FAILURE if done.failures else 0


def _show(plans: Plans, spool: Spool) -> None:
    """Print what would happen when in every picture."""
    from gatereel.cli.terminal.dry_run import format_plan

    pictures = (unpack(spool.take(each.place)) for each in plans.ordered)
    show("\n\n".join(format_plan(each.plan) for each in pictures if isinstance(each, FilmPicture)))


def _report(done: Done, *, quiet: bool) -> None:
    """A line a file, one for all that is up to date, and one a failure."""
    report_written(done.written, quiet=quiet)
    if done.same and not quiet:
        tell(f"{counted(done.same, 'picture')} up to date")
    for failure in done.failures:
        warn(failure)
