"""One diagram a cell: a new cell brings a file of its own and a line here."""

from collections.abc import Mapping
from types import MappingProxyType

from rnn_math import Cell, InputError
from scenes.diagrams.diagram import (
    OPERANDS_SUFFIX,
    OUT_SUFFIX,
    REFERENCE_HIDDEN_SIZE,
    REFERENCE_INPUT_SIZE,
    Diagram,
    Label,
    Point,
    Row,
    Stretch,
    Tag,
    Wire,
    label_lines,
    read_backward,
    translate,
)
from scenes.diagrams.gru import GRU
from scenes.diagrams.gru_reset_after import GRU_RESET_AFTER
from scenes.diagrams.gru_reset_before import GRU_RESET_BEFORE
from scenes.diagrams.lstm import LSTM
from scenes.diagrams.rnn import RNN, RNN_RELU

__all__ = [
    "DIAGRAMS",
    "OPERANDS_SUFFIX",
    "OUT_SUFFIX",
    "REFERENCE_HIDDEN_SIZE",
    "REFERENCE_INPUT_SIZE",
    "Diagram",
    "Label",
    "Point",
    "Row",
    "Stretch",
    "Tag",
    "Wire",
    "diagram_of",
    "label_lines",
    "read_backward",
    "translate",
]

DIAGRAMS: Mapping[str, Diagram] = MappingProxyType(
    {
        diagram.cell: diagram
        for diagram in (RNN, LSTM, GRU, RNN_RELU, GRU_RESET_BEFORE, GRU_RESET_AFTER)
    }
)
"""Every cell's diagram by the cell's name."""


def diagram_of(cell: Cell) -> Diagram:
    """Return a cell's diagram. Raises InputError when none is drawn yet."""
    if cell.name not in DIAGRAMS:
        raise InputError(
            f"{cell.title} has no diagram; `gatereel trace` computes it without a picture."
        )
    return DIAGRAMS[cell.name]
