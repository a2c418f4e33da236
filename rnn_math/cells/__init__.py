"""The cells: a list of operations each. A new one is a list in a file here, in its `FAMILY`.

It is found there by itself; imported by name is only what other code calls by name.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from types import MappingProxyType

from gatereel.listed import listed
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells.gru import GRU, GRU_RESET_AFTER, GRU_RESET_BEFORE
from gatereel.rnn_math.cells.lstm import LSTM
from gatereel.rnn_math.cells.relatives import RELATIVES
from gatereel.rnn_math.cells.rnn import RNN, RNN_RELU
from gatereel.rnn_math.errors import InputError

__all__ = [
    "CELLS",
    "GRU",
    "GRU_RESET_AFTER",
    "GRU_RESET_BEFORE",
    "LSTM",
    "RELATIVES",
    "RNN",
    "RNN_RELU",
    "get_cell",
]


def _in_order(families: Sequence[Sequence[Cell]]) -> list[Cell]:
    """The first of each family, the oldest first; then the second of each, and so on."""
    families = sorted(families, key=lambda family: family[0].year)
    return [cell for row in zip_longest(*families) for cell in row if cell is not None]


CELLS: Mapping[str, Cell] = MappingProxyType(
    {cell.name: cell for cell in _in_order(listed(__name__, "FAMILY"))}
)
"""Every cell by its name."""


def get_cell(name: str) -> Cell:
    """Return the cell called `name`; raises InputError, listing the names, when there is none."""
    if name not in CELLS:
        raise InputError(f"There is no cell {name!r}; the cells are {', '.join(CELLS)}.")
    return CELLS[name]
