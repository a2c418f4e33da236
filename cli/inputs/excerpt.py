"""The options that choose what of a long or wide computation is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from gatereel.cli.inputs.prepared import Prepared
from gatereel.cli.options.sources import WholeNumber
from gatereel.rnn_math import InputError

if TYPE_CHECKING:
    from gatereel.scenes.tell.excerpt import Excerpt

MOST_DRAWN_UNASKED = 12
"""Timesteps of a film that nobody chose; a longer one is asked for by --to or --timesteps."""


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


def window_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--from` and `--to`, which it gets together as `window`."""

    @wraps(command)
    def collected(*args: Any, first: int | None, last: int | None, **values: Any) -> Any:
        return command(*args, window=Window(first, last), **values)

    for option in reversed(_WINDOW_OPTIONS):
        collected = option(collected)
    return collected


def selection_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--units`, `--features`, `--from` and `--to`, together as `selection`."""

    @wraps(command)
    def collected(
        *args: Any,
        units: tuple[int, ...] | None,
        features: tuple[int, ...] | None,
        window: Window,
        **values: Any,
    ) -> Any:
        return command(*args, selection=Selection(units, features, window), **values)

    for option in reversed(_UNIT_OPTIONS):
        collected = option(collected)
    return window_options(collected)


def excerpt_of(prepared: Prepared, selection: Selection, *, limited: bool) -> "tuple[Excerpt, str]":
    """What of the computation is drawn, and a line for the user where timesteps were left out.

    A backward layer's timesteps are counted as the sequence's, like all others. With `limited`, a
    long sequence of which nobody chose timesteps ends early.
    """
    from gatereel.scenes.tell.excerpt import choose_excerpt

    trace = prepared.trace
    bounds = selection.window.bounds(trace.timesteps)
    start, stop = reading_order(bounds, trace.timesteps, backward=prepared.backward)
    note = ""
    unasked = selection.window == Window()
    if limited and unasked and stop - start > MOST_DRAWN_UNASKED:
        stop = start + MOST_DRAWN_UNASKED
        note = (
            f"the sequence has {trace.timesteps} timesteps; the first {MOST_DRAWN_UNASKED} that "
            "the cell reads are drawn (--from and --to choose others)"
        )
    excerpt = choose_excerpt(
        trace,
        units=_from_zero(selection.units),
        features=_from_zero(selection.features),
        start=start,
        stop=stop,
        labels=prepared.labels,
        backward=prepared.backward,
    )
    return excerpt, note


def reading_order(bounds: tuple[int, int], timesteps: int, *, backward: bool) -> tuple[int, int]:
    """Start and stop of the sequence's timesteps in the order in which the cell reads them."""
    start, stop = bounds
    return (timesteps - stop, timesteps - start) if backward else bounds


def _from_zero(numbers: tuple[int, ...] | None) -> tuple[int, ...] | None:
    return None if numbers is None else tuple(number - 1 for number in numbers)
