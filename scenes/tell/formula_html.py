"""Formulas as HTML text.

    html(Name("h", BEFORE)) -> "h<sub>t−1</sub>"

There is no markup in it but <sub> and <sup>: it reads well where pages are read aloud.
"""

from html import escape
from typing import ClassVar

from gatereel.rnn_math.formulas import Formula, Name, Number, Time
from gatereel.rnn_math.printing import Printer
from gatereel.scenes.tell.numbers import MINUS

_WIDE_SPACE = "\N{EM SPACE}"

_FUNCTIONS = {"sigmoid": "σ"}
"""Those that have a sign of their own."""


def html(formula: Formula) -> str:
    """A formula as HTML text."""
    return _HTML.text(formula)


class _Html(Printer):
    minus: ClassVar[str] = f" {MINUS} "
    narrow: ClassVar[str] = _WIDE_SPACE
    wide: ClassVar[str] = 2 * _WIDE_SPACE

    def name(self, name: Name) -> str:
        letter = self.words(name.letter)
        match name.index:
            case None:
                return letter
            case Time(0):
                index = "t"
            case Time(offset):
                index = f"t{offset:+d}".replace("-", MINUS)
            case other:
                index = self.words(str(other))
        return f"{letter}<sub>{index}</sub>"

    def number(self, number: Number) -> str:
        digits = number.digits.replace("-", MINUS)
        if number.exponent is None:
            return digits
        return f"{digits}{self.times}10<sup>{number.exponent}</sup>".replace("-", MINUS)

    def function(self, name: str) -> str:
        return _FUNCTIONS.get(name, self.words(name))

    def raised(self, text: str, by: str) -> str:
        return f"{text}<sup>{by}</sup>"

    def loss_gradient(self, by: str) -> str:
        return f"∂L/∂{by}"

    def words(self, text: str) -> str:
        return escape(text, quote=False)


_HTML = _Html()
