"""One diagram a cell: a new cell brings a file of its own and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from gatereel.rnn_math import CELLS, Cell, InputError
from gatereel.rnn_math.cells import RELATIVES
from gatereel.scenes.diagrams.gru import GRU
from gatereel.scenes.diagrams.gru_reset_after import GRU_RESET_AFTER
from gatereel.scenes.diagrams.gru_reset_before import GRU_RESET_BEFORE
from gatereel.scenes.diagrams.lstm import LSTM
from gatereel.scenes.diagrams.lstm_coupled import LSTM_COUPLED, LSTM_PEEPHOLES_COUPLED
from gatereel.scenes.diagrams.lstm_peepholes import LSTM_PEEPHOLES
from gatereel.scenes.diagrams.lstm_projected import LSTM_PROJECTED
from gatereel.scenes.diagrams.rnn import RNN, RNN_RELU
from gatereel.scenes.lay_out.diagram import Diagram, of_cell

__all__ = ["DIAGRAMS", "diagram_of"]

_DRAWN = {
    diagram.cell: diagram
    for diagram in (
        RNN,
        LSTM,
        GRU,
        RNN_RELU,
        GRU_RESET_BEFORE,
        GRU_RESET_AFTER,
        LSTM_PROJECTED,
        LSTM_COUPLED,
        LSTM_PEEPHOLES,
        LSTM_PEEPHOLES_COUPLED,
    )
}


def diagram_of(cell: Cell) -> Diagram:
    """Return a cell's diagram, with the roles and letters that the cell gives its vectors.

    Raises InputError when none is drawn, or when the one of that name is another cell's.
    """
    if cell.family not in _DRAWN:
        raise InputError(
            f"{cell.title} has no diagram, which says where rows and wires stand; drawn are "
            f"{', '.join(_DRAWN)}. `gatereel trace`, or `unroll` in Python, computes a cell "
            "without a picture."
        )
    return of_cell(_DRAWN[cell.family], cell)


DIAGRAMS: Mapping[str, Diagram] = MappingProxyType(
    {name: diagram_of({**CELLS, **RELATIVES}[name]) for name in _DRAWN}
)
"""Every cell's diagram by the cell's name, and those of `RELATIVES`."""
