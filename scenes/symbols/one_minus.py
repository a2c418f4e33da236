"""One minus: discs with "1-" on them."""

from collections.abc import Sequence

from rnn_math import Array, OneMinus
from scenes.numbers import vector
from scenes.symbols.symbol import Expression, Symbol, symbol_for


@symbol_for(OneMinus)
class OneMinusSymbol(Symbol):
    """1 - a, pointwise."""

    letter = "1-"

    def formula(self, name: str, operands: Sequence[Expression]) -> Expression:
        """Write 1 - a."""
        (a,) = operands
        return Expression(f"1 - {a.as_factor()}", is_sum=True)

    def numbers(self, operands: Sequence[Array]) -> str:
        """Write 1 - [..]."""
        (a,) = operands
        return f"1 - {vector(a)}"
