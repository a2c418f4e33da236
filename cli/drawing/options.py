"""The options that say on what pictures are drawn: `--jobs`, `--dask`."""

from typing import TYPE_CHECKING

import click

from gatereel.cli.drawing.words import AUTO, LOCAL
from gatereel.cli.options.collecting import collecting
from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.cli.drawing.engine import Engine


def _jobs(context: click.Context, parameter: click.Parameter, value: str | None) -> int | None:
    """How many at a time; None where the machine decides."""
    if value is None or value.strip().lower() == AUTO:
        return None
    if not (value.isascii() and value.isdigit() and int(value) > 0):
        raise click.BadParameter(f"{value!r} is neither a whole number from 1 on nor {AUTO}.")
    return int(value)


@dataclass(frozen=True)
class EngineChoice:
    """What was asked for; what runs it is imported when it is asked for."""

    jobs: int | None
    dask: str | None

    @property
    def is_here(self) -> bool:
        """Whether this machine draws."""
        return self.dask is None

    def engine(self) -> "Engine":
        """What draws."""
        if self.dask is None:
            from gatereel.cli.drawing.processes import Here, cores

            return Here(self.jobs or cores())
        from gatereel.cli.drawing.dask_engine import OnDask

        return OnDask(self.dask, self.jobs)


def _choice(jobs: int | None, dask: str | None) -> EngineChoice:
    if dask == "":
        raise InputError(f"--dask is empty; give {LOCAL}, an address, or a scheduler's file.")
    if jobs is not None and dask not in (None, LOCAL):
        raise InputError(
            f"--jobs is for this machine, and {dask} draws with the workers it has; leave it out."
        )
    return EngineChoice(jobs, dask)


_OPTIONS = (
    click.option(
        "--jobs",
        callback=_jobs,
        metavar=f"N|{AUTO}",
        help="How many pictures to draw at a time. Default: one a core.",
    ),
    click.option(
        "--dask",
        metavar="ADDRESS",
        help="Draw on a cluster of dask.distributed: a scheduler's address, such as "
        "tcp://10.0.0.1:8786, the .json file that it wrote, or local. Needs gatereel[dask].",
    ),
)

engine_options = collecting("engine", _choice, _OPTIONS, ("jobs", "dask"))
"""Gives a command what draws its pictures, as `engine`."""
