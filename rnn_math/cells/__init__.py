"""The cells: a list of operations each. A new one is a list in a file here, entered in `CELLS`."""

from collections.abc import Mapping
from types import MappingProxyType

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells.gru import GRU, GRU_RESET_AFTER, GRU_RESET_BEFORE
from gatereel.rnn_math.cells.lstm import LSTM
from gatereel.rnn_math.cells.lstm_projected import lstm_projected
from gatereel.rnn_math.cells.lstm_relatives import (
    LSTM_COUPLED,
    LSTM_PEEPHOLES,
    LSTM_PEEPHOLES_COUPLED,
)
from gatereel.rnn_math.cells.rnn import RNN, RNN_RELU
from gatereel.rnn_math.cells.variants import variant
from gatereel.rnn_math.errors import InputError

__all__ = [
    "CELLS",
    "GRU",
    "GRU_RESET_AFTER",
    "GRU_RESET_BEFORE",
    "LSTM",
    "LSTM_COUPLED",
    "LSTM_PEEPHOLES",
    "LSTM_PEEPHOLES_COUPLED",
    "RELATIVES",
    "RNN",
    "RNN_RELU",
    "get_cell",
    "lstm_projected",
    "variant",
]

CELLS: Mapping[str, Cell] = MappingProxyType(
    {cell.name: cell for cell in (RNN, LSTM, GRU, RNN_RELU, GRU_RESET_BEFORE, GRU_RESET_AFTER)}
)
"""Every cell by its name."""

RELATIVES: Mapping[str, Cell] = MappingProxyType(
    {
        cell.name: cell
        for cell in (lstm_projected(1), LSTM_COUPLED, LSTM_PEEPHOLES, LSTM_PEEPHOLES_COUPLED)
    }
)
"""The cells that are drawn, beside those, where a file has them: nobody calls them by name. How
wide the projected state is, the file says."""


def get_cell(name: str) -> Cell:
    """Return the cell called `name`; raises InputError, listing the names, when there is none."""
    if name not in CELLS:
        raise InputError(f"There is no cell {name!r}; the cells are {', '.join(CELLS)}.")
    return CELLS[name]
