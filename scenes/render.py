"""From a trace to files: the whole way in one call.

    render(trace, [Path("lstm.gif")]) -> (Written(...),)

`plan` does everything that needs no renderer, so that a dry run and bad input cost nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from gatereel.rnn_math import Claim, Trace
from gatereel.scenes.export import Written, check_targets, together
from gatereel.scenes.places import Load
from gatereel.scenes.plan import Options, Plan, plan
from gatereel.scenes.stills import NO_STILLS, OnProgress, Order, Stills, check_stills, order_of
from gatereel.scenes.tell.excerpt import Excerpt


def render(
    trace: Trace,
    paths: Sequence[Path],
    options: Options | None = None,
    *,
    claims: Sequence[Claim] = (),
    excerpt: Excerpt | None = None,
    stills: Stills = NO_STILLS,
    progress: OnProgress | None = None,
) -> tuple[Written, ...]:
    """Draw `trace`, or an excerpt of it, once and write it to every path.

    The suffix chooses the format; a PNG, SVG or PDF holds the complete cell. `stills` come beside
    the film or in its place. Raises InputError for options or paths that cannot be used, OSError
    when a file cannot be written; then no file is touched.
    """
    planned = plan(trace, options, claims=claims, excerpt=excerpt)
    return render_plan(planned, check_outputs(planned, paths, stills), progress=progress)


def render_plan(
    planned: Plan,
    order: Order,
    *,
    progress: OnProgress | None = None,
    by_two: bool = False,
    load_manim: Callable[[], None] | None = None,
) -> tuple[Written, ...]:
    """Draw a planned film once and write all files of an order, as `render` does.

    `by_two` lets a copy of this process draw half of a longer film, see `rnn_math/beside.py`.
    `load_manim` imports manim in a way of the caller's when it is needed, which a still does not.
    Raises InputError, too, for a file that came out larger than the plan's place shows.
    """
    # Only now: it takes longer to import than a plan takes to be made.
    from gatereel.scenes.play.make import Making

    with together(order.files) as temporaries:
        made = Making(
            planned, order, temporaries, progress, by_two=by_two, load_manim=load_manim
        ).make()
        if planned.place is not None:
            for written in made.values():
                load = Load(written.width, written.height, written.frames, written.size_bytes)
                planned.place.check_written(written.path, load)
    folder = order.stills.steps
    if folder is not None:
        made[folder] = _folder_of(folder, [made[path] for path in order.steps.values()])
    others = (order.sheet, folder, order.stills.card)
    whole = [*order.paths, *(path for path in others if path is not None)]
    return tuple(made[path] for path in whole)


def check_outputs(planned: Plan, paths: Sequence[Path], stills: Stills = NO_STILLS) -> Order:
    """Return every file that is to be made of a planned film.

    Raises InputError where one could not be written, or a sheet would be too large.
    """
    order = order_outputs(planned, paths, stills)
    check_targets(order.files, transparent=planned.transparent)
    return order


def order_outputs(planned: Plan, paths: Sequence[Path], stills: Stills = NO_STILLS) -> Order:
    """The same without a look at the disk, whose folders may be made later."""
    from gatereel.scenes.draw.sheet import check_sheet_size

    order = order_of(planned.storyboard, [Path(path) for path in paths], stills)
    check_stills(order.paths, stills)
    if order.sheet is not None:
        check_sheet_size(planned, order.sheet, len(order.panels))
    return order


def _folder_of(folder: Path, files: Sequence[Written]) -> Written:
    """The pictures of a folder as one."""
    return replace(
        files[0],
        path=folder,
        size_bytes=sum(file.size_bytes for file in files),
        frames=len(files),
        unit="picture",
    )
