"""What of a long or wide computation is shown, as the options choose it."""

from typing import TYPE_CHECKING

from gatereel.cli.inputs.prepared import Prepared
from gatereel.cli.options.selection import Selection, Window

if TYPE_CHECKING:
    from gatereel.scenes.tell.excerpt import Excerpt

MOST_DRAWN_UNASKED = 12
"""Timesteps of a film that nobody chose; a longer one is asked for by --to or --timesteps."""


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
