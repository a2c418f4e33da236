"""The options that say on what pictures are drawn: `--jobs`."""

from typing import TYPE_CHECKING

import click

from gatereel.cli.drawing.processes import Here, cores
from gatereel.cli.options.collecting import collecting

if TYPE_CHECKING:
    from gatereel.cli.drawing.engine import Engine

AUTO = "auto"
"""As `--jobs`: one a core."""


def _jobs(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """How many at a time; None where the machine decides."""
    if value is None or value.strip().lower() == AUTO:
        return None
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise click.BadParameter(f"{value!r} is neither a whole number from 1 on nor {AUTO}.")
    return int(value)


def _engine(jobs: int | None) -> "Engine":
    return Here(jobs or cores())


_OPTIONS = (
    click.option(
        "--jobs",
        callback=_jobs,
        metavar=f"N|{AUTO}",
        help="How many pictures to draw at a time. Default: one a core.",
    ),
)

engine_options = collecting("engine", _engine, _OPTIONS, ("jobs",))
"""Gives a command what draws its pictures, as `engine`."""
