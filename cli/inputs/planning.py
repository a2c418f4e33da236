"""From the options of a command to a planned film."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gatereel.cli.inputs.excerpt import excerpt_of
from gatereel.cli.inputs.preparing import prepare
from gatereel.cli.options.common import check_cell_given
from gatereel.cli.options.look import LookOptions
from gatereel.cli.options.loss import as_read_backward
from gatereel.cli.options.selection import Selection, Window
from gatereel.cli.options.sources import Source
from gatereel.rnn_math import CELLS
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.plan import Plan


SECONDS_A_MINUTE = 60
LONG_FILM_MINUTES = 10
"""From here on a film's length is told before it is drawn."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """A cell's film before it is drawn, and what its user may not expect."""

    name: str
    """The cell's."""
    plan: "Plan"
    assumptions: tuple[str, ...]
    """What its numbers hang on and no file says, each a sentence."""
    notes: tuple[str, ...]
    """What else, each a sentence or a line."""


def plan_picture(
    cell: str | None,
    source: Source,
    selection: Selection,
    look: LookOptions,
    suffixes: Sequence[str] = (),
) -> Proposal:
    """Plan the film of a cell, or of the model that `source` names, to fit where it goes.

    `suffixes` are those of the files that it is written to, `look.suffix` if there are none. Raises
    InputError for options, files or numbers that cannot be used.
    """
    (proposal,) = plan_pictures(cell, source, selection, (look,), suffixes)
    return proposal


def plan_pictures(
    cell: str | None,
    source: Source,
    selection: Selection,
    looks: Sequence[LookOptions],
    suffixes: Sequence[str] = (),
) -> tuple[Proposal, ...]:
    """Plan one film in several looks, of a computation that is run once; see `plan_picture`."""
    from gatereel.scenes.fitting import fit

    options = [look.options() for look in looks]
    check_cell_given(cell, source.weights)
    prepared = prepare(None if cell is None else CELLS[cell], source)
    if prepared.backward:
        timesteps = len(prepared.inputs)
        options = [
            replace(each, backward=as_read_backward(each.backward, timesteps))
            for each in options
            if each.backward is not None
        ] or options
    excerpt, left_out = excerpt_of(prepared, selection, limited=source.timesteps is None)
    chosen = source.timesteps is not None or selection.window != Window()
    fits = [
        fit(
            prepared.trace,
            asked,
            excerpt=excerpt,
            claims=prepared.claims,
            place=look.place,
            suffixes=suffixes or (look.suffix,),
            asked=look.asked(timesteps=chosen),
        )
        for look, asked in zip(looks, options, strict=True)
    ]
    return tuple(
        Proposal(
            prepared.cell.name,
            fitted.plan,
            prepared.assumptions,
            tuple(note for note in (*prepared.notes, left_out, *fitted.given_up) if note),
        )
        for fitted in fits
    )


def what_is_drawn(planned: "Plan") -> str:
    """A line about what the picture leaves out, and about a film that nobody will sit through."""
    from gatereel.scenes.language.files import load_language
    from gatereel.scenes.tell.words import shown_forms

    minutes = planned.storyboard.duration / SECONDS_A_MINUTE
    shown = shown_forms(planned.storyboard.excerpt, load_language())  # as all that is reported
    parts = [f"drawn: {form}" for form in shown[:1]]
    if minutes > LONG_FILM_MINUTES:
        parts.append(f"the film lasts {minutes:.0f} minutes (--from and --to choose timesteps)")
    return "; ".join(parts)
