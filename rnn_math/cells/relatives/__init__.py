"""Cells that are drawn where a model's file has them; nobody calls them by name.

A new one is a list in a file here, in its `FAMILY`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from gatereel.listed import listed
from gatereel.rnn_math.cell import Cell

__all__ = ["RELATIVES"]

RELATIVES: Mapping[str, Cell] = MappingProxyType(
    {cell.name: cell for family in listed(__name__, "FAMILY") for cell in family}
)
"""Each by its name. How wide a projected state is, the file says."""
