"""Addition: plain discs, named by a label."""

from collections.abc import Sequence

from rnn_math import Addition, Array
from scenes.numbers import vector
from scenes.symbols.symbol import Expression, Symbol, symbol_for


@symbol_for(Addition)
class AdditionSymbol(Symbol):
    """a + b, pointwise."""

    def formula(self, name: str, operands: Sequence[Expression]) -> Expression:
        """Write a + b."""
        return Expression(" + ".join(operand.text for operand in operands), is_sum=True)

    def numbers(self, operands: Sequence[Array]) -> str:
        """Write [..] + [..]."""
        return " + ".join(vector(operand) for operand in operands)
