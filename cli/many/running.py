"""Draw many planned pictures: those that are missing or out of date, each once."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import field, replace
from typing import TYPE_CHECKING

from gatereel.cli.drawing.collector import drawing
from gatereel.cli.drawing.engine import Engine
from gatereel.cli.drawing.task import Task
from gatereel.cli.many.planning import Ordered, Plans, merged
from gatereel.cli.many.spool import Spool
from gatereel.cli.options.targets import folders_for
from gatereel.cli.terminal.failures import reason
from gatereel.cli.terminal.report import Bar
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.stills import WORK_OF_A_STEP

if TYPE_CHECKING:
    from gatereel.scenes.export import Written


@dataclass
class RenderRun:
    """What came of a run so far."""

    pictures: "dict[int, tuple[Written, ...]]" = field(default_factory=dict)
    """The files of those that were drawn, by the number of the picture."""
    problems: dict[int, str] = field(default_factory=dict)
    """Why others could not be drawn."""
    same: int = 0
    """Pictures whose files were all there."""

    @property
    def written(self) -> "list[Written]":
        """All files, in the order in which they were asked for, whoever was done first."""
        return [file for _, files in sorted(self.pictures.items()) for file in files]

    @property
    def failures(self) -> list[str]:
        """Why pictures could not be drawn, in that order."""
        return [why for _, why in sorted(self.problems.items())]


def draw_all(
    plans: Plans, spool: Spool, engine: Engine, bar: Bar, done: RenderRun, *, force: bool
) -> None:
    """Draw what is to be drawn. All files are checked before the first one is.

    `done` is kept up to date, so that it tells what was done even when the run is interrupted.
    Raises InputError for files that cannot be written, EngineGoneError where what draws is gone.
    """
    from gatereel.scenes.export import check_targets

    with _folders(plans):
        for each in plans.ordered:
            check_targets(each.order.files, transparent=each.transparent)
        missing = [left for each in plans.ordered if (left := _missing(each, force=force))]
        done.same = len(plans.ordered) - len(missing)
        jobs = {str(number): each for number, each in enumerate(merged(missing))}
        tasks = (
            Task(key, job.fingerprint, job.order.paths, job.work, spool.take(job.place))
            for key, job in jobs.items()
        )
        with (
            bar(sum(job.work or WORK_OF_A_STEP for job in jobs.values())) as advance,
            drawing(tasks, len(jobs), engine, advance) as outcomes,
        ):
            for key, outcome in outcomes.each():
                if not jobs[key].work:  # a still tells nothing while it is drawn
                    advance(WORK_OF_A_STEP)
                if isinstance(outcome, Exception):
                    done.problems[int(key)] = f"{jobs[key].label}: {reason(outcome)}"
                else:
                    done.pictures[int(key)] = outcome


@contextmanager
def _folders(plans: Plans) -> Iterator[None]:
    """Create all folders that are named; those that get no file go again."""
    outputs = dict.fromkeys(name for request in plans.requests for name in request.outputs)
    stills = {
        (each.storyboard, each.steps, each.card): each
        for each in (request.stills for request in plans.requests)
    }
    with ExitStack() as stack:
        stack.enter_context(folders_for(list(plans.folders), parents=True))
        stack.enter_context(folders_for(list(outputs)))
        for each in stills.values():
            stack.enter_context(each.folders())
        yield


def _missing(ordered: Ordered, *, force: bool) -> Ordered | None:
    """The picture with those of its files that are missing or out of date; None without any.

    What comes with stills is drawn whole.
    """
    from gatereel.scenes.fingerprint import fingerprint_in

    order = ordered.order
    files: Sequence[object] = [
        path for path in order.files if force or fingerprint_in(path) != ordered.fingerprint
    ]
    if not files:
        return None
    if not ordered.merges:
        return ordered
    left = replace(order, paths=tuple(path for path in order.paths if path in files))
    return replace(ordered, order=left, work=ordered.work if left.film else 0)
