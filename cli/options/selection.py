"""The options that choose what of a long or wide computation is shown."""

import click

from gatereel.cli.options.collecting import collecting
from gatereel.cli.options.sources import WholeNumber
from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class Window:
    """Timesteps as the user counts them: the first and the last, from 1; None where left out."""

    first: int | None = None
    last: int | None = None

    def bounds(self, timesteps: int) -> tuple[int, int]:
        """Start and stop, from 0, stop exclusive. Raises InputError when they do not exist."""
        first, last = self.first or 1, self.last or timesteps
        if last > timesteps:
            raise InputError(f"--to is {last}; the sequence has {timesteps} timesteps.")
        if first > last:
            raise InputError(f"--from is {first}; the timesteps end with {last}.")
        return first - 1, last


@dataclass(frozen=True)
class Selection:
    """Units, features and timesteps as the user counts them, from 1; None where left out."""

    units: tuple[int, ...] | None = None
    features: tuple[int, ...] | None = None
    window: Window = Window()


def _numbers(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[int, ...] | None:
    """Whole numbers from 1 on, separated by commas: "5,17"."""
    if value is None:
        return None
    try:
        numbers = tuple(int(part) for part in value.split(","))
    except ValueError:
        numbers = ()
    if not numbers or min(numbers) < 1:
        raise click.BadParameter(
            f"{value!r} is not a list of whole numbers from 1 on, such as 5,17."
        )
    return numbers


_WINDOW_OPTIONS = (
    click.option(
        "--from", "first", type=WholeNumber(min=1), metavar="N", help="First timestep to show."
    ),
    click.option(
        "--to",
        "last",
        type=WholeNumber(min=1),
        metavar="N",
        help="Last timestep to show; those before the first are computed all the same.",
    ),
)

_UNIT_OPTIONS = (
    click.option(
        "--units",
        callback=_numbers,
        metavar="N,N",
        help="Hidden units to draw, counted from 1. Default: all of up to 6, else the two most "
        "active.",
    ),
    click.option(
        "--features",
        callback=_numbers,
        metavar="N,N",
        help="Inputs to draw, counted from 1. Default: all of up to 8, else the three most active.",
    ),
)


def _selection(
    units: tuple[int, ...] | None,
    features: tuple[int, ...] | None,
    first: int | None,
    last: int | None,
) -> Selection:
    return Selection(units, features, Window(first, last))


window_options = collecting("window", Window, _WINDOW_OPTIONS, ("first", "last"))
"""Gives a command `--from` and `--to`, which it gets together as `window`."""

selection_options = collecting(
    "selection",
    _selection,
    (*_UNIT_OPTIONS, *_WINDOW_OPTIONS),
    ("units", "features", "first", "last"),
)
"""Gives a command `--units`, `--features`, `--from` and `--to`, together as `selection`."""
