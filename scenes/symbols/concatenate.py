"""Concatenate: two rows of discs side by side, each with its own colours."""

from collections.abc import Sequence

from rnn_math import Array, Concatenate
from scenes.symbols.symbol import Expression, Symbol, symbol_for


@symbol_for(Concatenate)
class ConcatenateSymbol(Symbol):
    """[a, b]."""

    def formula(self, name: str, operands: Sequence[Expression]) -> Expression:
        """Write [a, b]."""
        return Expression("[" + ", ".join(operand.text for operand in operands) + "]")

    def numbers(self, operands: Sequence[Array]) -> str:
        """Nothing: the result itself shows both."""
        return ""
