"""Draw clips into files, and write their numbers beside them: what three commands share."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatereel.cli.options.clips import ClipLook
from gatereel.cli.options.targets import folders_for, names_folder, target
from gatereel.cli.terminal.report import (
    progress_bar,
    report_data,
    report_note,
    report_written,
)
from gatereel.cli.terminal.signals import raise_if_stopped
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.files.tables import TABLE_FORMATS, write_columns

if TYPE_CHECKING:
    from gatereel.scenes.clips import ClipPlan, Content
    from gatereel.scenes.export import Written

FILM, TRANSPARENT_FILM, STILL = ".gif", ".webp", ".png"

output_option = click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="File to write, may be given several times: .gif, .mp4, .webm, .webp, or .png, .svg and "
    ".pdf for the whole as a still; .csv and .json for its numbers. A folder is made if need be.",
)


def draw_clips(
    contents: "Sequence[Content]", look: ClipLook, outputs: Sequence[str], *, quiet: bool
) -> None:
    """Draw each into its files. All are checked before the first one is drawn.

    Raises InputError for files that cannot be written; a file of its own is for one clip.
    """
    planned = [look.plan(content) for content in contents]
    if len(planned) > 1:
        for output in outputs:
            if not names_folder(output):
                raise InputError(
                    f"-o {output} is one file, but there are {counted(len(planned), 'picture')}; "
                    "name a folder, such as why/."
                )
    suffix = _suffix(look)
    with folders_for(outputs):
        jobs = [(plan, _paths(plan, outputs, suffix, look)) for plan in planned]
        _draw(jobs, look, quiet=quiet)


def _suffix(look: ClipLook) -> str:
    if look.still:
        return STILL
    if look.place is not None and not look.transparent:
        return look.place.default_suffix
    return TRANSPARENT_FILM if look.transparent else FILM


def _paths(
    planned: "ClipPlan", outputs: Sequence[str], suffix: str, look: ClipLook
) -> tuple[Path, ...]:
    default = f"{planned.content.name}{suffix}"
    paths = tuple(target(output, default) for output in outputs or (default,))
    if look.place is not None:
        look.place.check_suffixes([path.suffix.lower() for path in paths if not _is_table(path)])
    return paths


def _is_table(path: Path) -> bool:
    return path.suffix.lower() in TABLE_FORMATS


def _draw(
    jobs: "Sequence[tuple[ClipPlan, tuple[Path, ...]]]", look: ClipLook, *, quiet: bool
) -> None:
    from gatereel.scenes.clips import draw_clip
    from gatereel.scenes.export import check_targets

    for planned, paths in jobs:
        pictures = [path for path in paths if not _is_table(path)]
        if pictures:
            check_targets(pictures, transparent=planned.transparent)
    finished: list[Written] = []
    total = sum(planned.frames for planned, _ in jobs)
    label = ", ".join(planned.content.name for planned, _ in jobs)
    try:
        with progress_bar(total, label, quiet=quiet) as advance:

            def step(count: int) -> None:
                raise_if_stopped()
                advance(count)

            for planned, paths in jobs:
                pictures = [path for path in paths if not _is_table(path)]
                if pictures:
                    finished += draw_clip(planned, pictures, progress=step)
    finally:
        report_written(finished, quiet=quiet)
    for planned, paths in jobs:
        for path in paths:
            if _is_table(path):
                columns = planned.content.values().columns
                write_columns(path, columns)
                report_data(path, counted(len(columns), "column"), quiet=quiet)
            elif look.place is not None:
                report_note(look.place.note_on(path), quiet=quiet)
