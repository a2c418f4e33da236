"""Several pictures from the command line: all planned, then drawn, then told."""

from collections.abc import Sequence

from gatereel.cli.drawing.engine import Engine
from gatereel.cli.drawing.task import unpack
from gatereel.cli.many.picture import FilmPicture
from gatereel.cli.many.planning import Plans, plan_all, problem_lines
from gatereel.cli.many.requests import PictureRequest
from gatereel.cli.many.running import RenderRun, draw_all
from gatereel.cli.many.spool import Spool, spooling
from gatereel.cli.terminal.outlet import show, tell, warn
from gatereel.cli.terminal.report import (
    progress_bar,
    report_assumptions,
    report_note,
    report_written,
)
from gatereel.rnn_math import counted

FAILURE = 1
"""Exit code when a picture of several could not be drawn."""

WRONG_USE = 2
"""Exit code when pictures of several cannot be drawn as they were asked for."""


def render_many(
    requests: list[PictureRequest],
    engine: Engine,
    unread: Sequence[str] = (),
    *,
    force: bool,
    dry_run: bool,
    quiet: bool,
) -> int:
    """Draw several pictures; the exit code.

    `unread` says what could not be read of others that were asked for. Like what cannot be planned,
    it costs nobody else's picture, and is told at the end.
    """
    with spooling() as spool:
        plans = plan_all(requests, spool, engine.planners)
        report_assumptions(plans.assumptions.values())
        for note in plans.notes:
            report_note(note, quiet=quiet)
        problems = [*unread, *problem_lines(plans, len(requests))]
        if problems and (dry_run or not plans.ordered):
            _warn_of(problems)
            return WRONG_USE if plans.is_input else FAILURE
        if problems:
            left = counted(len(plans.ordered), "picture")
            report_note(f"{left} of what was asked for can be drawn", quiet=quiet)
        if dry_run:
            _show(plans, spool)
            return 0
        done = RenderRun()
        try:
            draw_all(
                plans,
                spool,
                engine,
                lambda work: progress_bar(
                    work, counted(len(plans.ordered), "picture"), quiet=quiet
                ),
                done,
                force=force,
            )
        finally:
            _report(done, quiet=quiet)
            for note in engine.notes:
                report_note(note, quiet=quiet)
            _warn_of(problems)
    return FAILURE if done.failures or problems else 0


def _warn_of(problems: Sequence[str]) -> None:
    for line in problems:
        warn(line)


def _show(plans: Plans, spool: Spool) -> None:
    """Print what would happen when in every picture."""
    from gatereel.cli.terminal.dry_run import format_plan

    pictures = (unpack(spool.take(each.place)) for each in plans.ordered)
    show("\n\n".join(format_plan(each.plan) for each in pictures if isinstance(each, FilmPicture)))


def _report(done: RenderRun, *, quiet: bool) -> None:
    """A line a file, one for all that is up to date, and one a failure."""
    report_written(done.written, quiet=quiet)
    if done.same and not quiet:
        tell(f"{counted(done.same, 'picture')} up to date")
    for failure in done.failures:
        warn(failure)
