"""Multiplication: plain discs, named by a label."""

from collections.abc import Sequence

from rnn_math import Array, Multiplication
from scenes.numbers import vector
from scenes.symbols.symbol import Expression, Symbol, symbol_for


@symbol_for(Multiplication)
class MultiplicationSymbol(Symbol):
    """a ⊙ b, pointwise."""

    def formula(self, name: str, operands: Sequence[Expression]) -> Expression:
        """Write a ⊙ b."""
        return Expression(" ⊙ ".join(operand.as_factor() for operand in operands))

    def numbers(self, operands: Sequence[Array]) -> str:
        """Write [..] ⊙ [..]."""
        return " ⊙ ".join(vector(operand) for operand in operands)
