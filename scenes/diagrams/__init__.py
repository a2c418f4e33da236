"""One diagram a cell: a new one is a file here, in its `DRAWN`, and is found there by itself."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from gatereel.listed import listed
from gatereel.rnn_math import CELLS, Cell, InputError
from gatereel.rnn_math.cells import RELATIVES
from gatereel.scenes.lay_out.diagram import Diagram, of_cell

__all__ = ["DIAGRAMS", "diagram_of"]

_DRAWN: Mapping[str, Diagram] = MappingProxyType(
    {diagram.cell: diagram for drawn in listed(__name__, "DRAWN") for diagram in drawn}
)


@cache
def diagram_of(cell: Cell) -> Diagram:
    """Return a cell's diagram, with the roles and letters that the cell gives its vectors.

    Raises InputError when none is drawn, or when the one of that name is another cell's.
    """
    if cell.family not in _DRAWN:
        drawn = ", ".join(name for name in (*CELLS, *RELATIVES) if name in _DRAWN)
        raise InputError(
            f"{cell.title} has no diagram, which says where rows and wires stand; drawn are "
            f"{drawn}. `gatereel trace`, or `unroll` in Python, computes a cell without a picture."
        )
    return of_cell(_DRAWN[cell.family], cell)


DIAGRAMS: Mapping[str, Diagram] = MappingProxyType(
    {name: diagram_of(cell) for name, cell in (*CELLS.items(), *RELATIVES.items())}
)
"""Every cell's diagram by the cell's name, and those of `RELATIVES`."""
