"""Formulas in Typst's mathematics: what stands between dollar signs.

Letters are those of the text's own font, slanted, so that words and mathematics are one family.
"""

from typing import ClassVar

from gatereel.rnn_math.formulas import Formula, Name, Number, Time
from gatereel.rnn_math.printing import Printer
from gatereel.scenes.tell.numbers import MINUS, typst_string

_FUNCTIONS = {"sigmoid": 'op("σ")', "tanh": "tanh"}
"""Those that have a sign of their own, or that Typst knows by name."""


def typst(formula: Formula) -> str:
    """A formula in Typst's mathematics."""
    return _TYPST.text(formula)


def upright(name: Name) -> str:
    """A vector's letter with its time as Typst's markup, in upright letters: "C#sub[t-1]"."""
    letter = name.letter if name.letter.isalpha() else f"#{typst_string(name.letter)}"
    match name.index:
        case None:
            return letter
        case Time(0):
            return f"{letter}#sub[t]"
        case Time(offset):
            return f"{letter}#sub[t{offset:+d}]"
        case index:
            return f"{letter}#sub[#{typst_string(str(index))}]"


class _Typst(Printer):
    narrow: ClassVar[str] = " quad "
    wide: ClassVar[str] = " wide "

    def name(self, name: Name) -> str:
        """An index is in a box: digits alone mathematics would not lower."""
        letter = _slanted(name.letter)
        match name.index:
            case None:
                return letter
            case Time(0):
                index = _slanted("t")
            case Time(offset):
                index = _slanted("t") + f"{offset:+d}".replace("-", MINUS)
            case int() as number:
                index = str(number)
            case word:
                index = _slanted(word)
        return f"{letter}#sub[#box[{index}]]"

    def number(self, number: Number) -> str:
        digits = number.digits.replace("-", MINUS)
        return digits if number.exponent is None else f"{digits} dot 10^({number.exponent})"

    def function(self, name: str) -> str:
        return _FUNCTIONS.get(name, f"op({typst_string(name)})")

    def raised(self, text: str, by: str) -> str:
        return f"{text}#super[#box[{by}]]"

    def loss_gradient(self, by: str) -> str:
        return f'#text("∂"){_slanted("L")}#text("/∂");{by}'

    def words(self, text: str) -> str:
        return typst_string(text)


def _slanted(letters: str) -> str:
    """A variable's letters; Typst's own would come from a font that text has not."""
    return f'#text(style: "italic", {typst_string(letters)})'


_TYPST = _Typst()
