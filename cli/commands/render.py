"""`gatereel render`: a cell as an animation, and as stills."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatereel.cli.inputs.planning import plan_picture
from gatereel.cli.options.common import (
    ALL,
    cell_argument,
    check_cell_given,
    debug_option,
    quiet_option,
)
from gatereel.cli.options.look import LookOptions, look_options
from gatereel.cli.options.selection import Selection, selection_options
from gatereel.cli.options.sources import Source, source_options
from gatereel.cli.options.stills import StillOptions, still_options
from gatereel.cli.options.targets import folders_for, names_folder
from gatereel.cli.renderer import load_renderer
from gatereel.cli.terminal.outlet import show
from gatereel.cli.terminal.report import (
    each_step,
    progress_bar,
    report_assumptions,
    report_note,
    report_written,
)
from gatereel.rnn_math import CELLS, InputError
from gatereel.rnn_math.beside import can_copy
from gatereel.rnn_math.counting import one_of

if TYPE_CHECKING:
    from gatereel.scenes.export import Written
    from gatereel.scenes.plan import Plan
    from gatereel.scenes.stills import Stills

SECONDS_A_MINUTE = 60
LONG_FILM_MINUTES = 10
"""From here on a film's length is told before it is drawn."""


@dataclass(frozen=True, eq=False)
class Job:
    """A cell's planned film, the files it goes to, and the stills beside it or in its place."""

    name: str
    planned: "Plan"
    paths: tuple[Path, ...]
    stills: "Stills"


_EXAMPLES = """\b
Examples:
  gatereel render lstm
  gatereel render lstm -o lstm.gif -o lstm.mp4 -o lstm.png
  gatereel render all -o media/
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
"""


@click.command(
    help=_HELP, epilog=_EXAMPLES, short_help="Render a cell as an animation, or as stills."
)
@cell_argument(all_accepted=True)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="File to write, may be given several times: .gif, .mp4, .webm, .webp, or .png, .svg and "
    ".pdf for the complete cell as a still. A folder, such as media/, gets CELL.gif and is made if "
    "need be. Default: CELL.gif here.",
)
@still_options
@source_options
@selection_options
@look_options
@click.option("--dry-run", is_flag=True, help="Print what would happen when, and draw nothing.")
@quiet_option
@debug_option
def render(
    cell: str | None,
    outputs: tuple[str, ...],
    stills: StillOptions,
    source: Source,
    selection: Selection,
    look: LookOptions,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Run `gatereel render`."""
    check_cell_given(cell, source.weights, all_accepted=True)
    stills.check(look, outputs, every_cell=cell == ALL)
    if cell == ALL:
        _check_all(outputs, source)
    names = list(CELLS) if cell == ALL else [cell]
    suffixes = stills.suffixes(outputs, look.suffix)
    jobs = []
    for each in names:
        proposal = plan_picture(each, source, selection, look, suffixes)
        report_assumptions(proposal.assumptions)
        for note in proposal.notes:
            report_note(note, quiet=quiet)
        if not dry_run:  # which tells it by itself
            report_note(_what_is_drawn(proposal.plan), quiet=quiet)
        paths = stills.outputs(outputs, proposal.name, look.suffix)
        jobs.append(Job(proposal.name, proposal.plan, paths, stills.stills(proposal.name)))
        if look.place is not None:
            for path in paths:
                report_note(look.place.note_on(path), quiet=quiet)
    if dry_run:
        from gatereel.cli.terminal.dry_run import format_plan

        show("\n\n".join(format_plan(job.planned) for job in jobs))
    else:
        with folders_for(outputs), stills.folders():
            _draw(jobs, quiet=quiet)


def _what_is_drawn(planned: "Plan") -> str:
    """A line about what the picture leaves out, and about a film that nobody will sit through."""
    from gatereel.scenes.language.files import load_language
    from gatereel.scenes.tell.words import shown_forms

    minutes = planned.storyboard.duration / SECONDS_A_MINUTE
    shown = shown_forms(planned.storyboard.excerpt, load_language())  # as all that is reported
    parts = [f"drawn: {form}" for form in shown[:1]]
    if minutes > LONG_FILM_MINUTES:
        parts.append(f"the film lasts {minutes:.0f} minutes (--from and --to choose timesteps)")
    return "; ".join(parts)


def _check_all(outputs: Sequence[str], source: Source) -> None:
    """Refuse what only makes sense for one cell."""
    for output in outputs:
        if not names_folder(output):
            raise InputError(
                f"-o {output} is one file, but 'all' writes one a cell; name a folder, such as "
                "media/."
            )
    if source.weights is not None:
        raise InputError(
            f"{source.weights} holds the parameters of one cell; name that cell instead of 'all'."
        )


def _draw(jobs: Sequence[Job], *, quiet: bool) -> None:
    """Draw every job under one progress bar; what was finished is told even if a later one fails.

    All files are checked before the first one is drawn.
    """
    from gatereel.scenes.render import check_outputs, render_plan

    orders = [check_outputs(job.planned, job.paths, job.stills) for job in jobs]
    if any(order.film for order in orders):
        load_renderer()
    finished: list[Written] = []
    total = sum(order.work(job.planned.frames) for job, order in zip(jobs, orders, strict=True))
    label = ", ".join(job.name for job in jobs)
    try:
        with progress_bar(total, label, quiet=quiet) as advance:
            for job, order in zip(jobs, orders, strict=True):
                finished += render_plan(
                    job.planned, order, progress=each_step(advance), by_two=can_copy()
                )
    finally:
        report_written(finished, quiet=quiet)
