"""From the options of a command to a planned film."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.excerpts import Selection, excerpt_of
from cli.look import Look
from cli.options import check_cell_given
from cli.preparing import prepare
from cli.sources import Source
from rnn_math import CELLS

if TYPE_CHECKING:
    from scenes.render import Plan


@dataclass(frozen=True, eq=False)
class Planned:
    """A cell's film before it is drawn, and what its user may not expect."""

    name: str
    """The cell's."""
    plan: "Plan"
    notes: tuple[str, ...]
    """Each a sentence or a line."""


def plan_picture(cell: str | None, source: Source, selection: Selection, look: Look) -> Planned:
    """Plan the film of a cell, or of the model that `source` names.

    Raises InputError for options, files or numbers that cannot be used.
    """
    from scenes.render import plan

    options = look.options()
    check_cell_given(cell, source.weights)
    prepared = prepare(None if cell is None else CELLS[cell], source)
    excerpt, left_out = excerpt_of(prepared, selection, limited=source.timesteps is None)
    planned = plan(prepared.trace, options, claims=prepared.claims, excerpt=excerpt)
    notes = tuple(note for note in (*prepared.notes, left_out) if note)
    return Planned(prepared.cell.name, planned, notes)
