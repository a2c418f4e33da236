"""Tanh: discs with a T, without the fan of lines of a weighted sum."""

from collections.abc import Sequence

from rnn_math import Array, Tanh
from scenes.numbers import vector
from scenes.symbols.symbol import Expression, Symbol, symbol_for


@symbol_for(Tanh)
class TanhSymbol(Symbol):
    """tanh(a), pointwise: the letter T without a fan of lines."""

    letter = "T"

    def formula(self, name: str, operands: Sequence[Expression]) -> Expression:
        """Write tanh(a)."""
        (a,) = operands
        return Expression(f"tanh({a.text})")

    def numbers(self, operands: Sequence[Array]) -> str:
        """Write tanh([..])."""
        (a,) = operands
        return f"tanh({vector(a)})"
