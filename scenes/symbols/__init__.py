"""The legend's symbols, a file each, registered by the type of their operation."""

from scenes.symbols import addition, concatenate, multiplication, one_minus, tanh, weighted_sum
from scenes.symbols.symbol import Expression, Symbol, symbol_for, symbol_of

__all__ = [
    "Expression",
    "Symbol",
    "addition",
    "concatenate",
    "multiplication",
    "one_minus",
    "symbol_for",
    "symbol_of",
    "tanh",
    "weighted_sum",
]
