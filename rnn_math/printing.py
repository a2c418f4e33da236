"""Formulas as text. What one notation does otherwise than another is a method of its printer.

    PLAIN.text(Sum((Name("a"), Name("b")))) -> "a + b"

Brackets come from here alone: a part is in brackets where it binds less than what it stands in.
"""

from abc import ABC, abstractmethod
from enum import IntEnum
from typing import ClassVar

from gatereel.rnn_math.formulas import (
    Chain,
    Concatenation,
    Difference,
    Formula,
    Function,
    LeftOut,
    LossGradient,
    MatrixProduct,
    Name,
    Negative,
    Number,
    NumberProduct,
    Product,
    SideBySide,
    Square,
    Sum,
    Time,
    Transposed,
    Vector,
    Words,
)


class Binding(IntEnum):
    """How tightly a formula holds together, loosest first."""

    LINE = 0
    SUM = 1
    PRODUCT = 2
    MATRIX_PRODUCT = 3
    ATOM = 4


def binding(formula: Formula) -> Binding:
    """How tightly `formula` holds together. A sign makes a number a sum."""
    match formula:
        case Chain() | SideBySide():
            return Binding.LINE
        case Sum() | Difference() | Words() | Negative():
            return Binding.SUM
        case Product() | NumberProduct():
            return Binding.PRODUCT
        case MatrixProduct():
            return Binding.MATRIX_PRODUCT
        case Number(_, exponent):
            if formula.is_negative:
                return Binding.SUM
            return Binding.ATOM if exponent is None else Binding.PRODUCT
        case Name() | LeftOut() | Vector() | Concatenation() | Function():
            return Binding.ATOM
        case Square() | Transposed() | LossGradient():
            return Binding.ATOM


class Printer(ABC):
    """Writes formulas in one notation."""

    plus: ClassVar[str] = " + "
    minus: ClassVar[str] = " - "
    pointwise: ClassVar[str] = " ⊙ "
    times: ClassVar[str] = " ⋅ "
    transpose: ClassVar[str] = "T"
    ellipsis: ClassVar[str] = "\N{HORIZONTAL ELLIPSIS}"
    narrow: ClassVar[str]
    """Between words and a formula."""
    wide: ClassVar[str]
    """Between formulas."""

    @abstractmethod
    def name(self, name: Name) -> str:
        """A letter with its index."""

    @abstractmethod
    def number(self, number: Number) -> str:
        """A number with its sign and its power of ten."""

    @abstractmethod
    def function(self, name: str) -> str:
        """A function's name, to stand before brackets."""

    @abstractmethod
    def raised(self, text: str, by: str) -> str:
        """What is written with something raised behind it: a power, or a transpose's T."""

    @abstractmethod
    def loss_gradient(self, by: str) -> str:
        """The gradient of the loss by something that is written already."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Words, whatever characters are in them."""

    def text(self, formula: Formula) -> str:
        """The formula in this notation."""
        match formula:
            case Name():
                return self.name(formula)
            case Number():
                return self.number(formula)
            case LeftOut():
                return self.ellipsis
            case Words(text):
                return self.words(text)
            case Vector(parts) | Concatenation(parts):
                return f"[{', '.join(map(self.text, parts))}]"
            case Sum(terms):
                return self._sum(terms)
            case Difference(left, right):
                return self._in(left, Binding.SUM) + self.minus + self._in(right, Binding.PRODUCT)
            case Product(factors):
                return self._product(factors, self.pointwise)
            case NumberProduct(factors):
                return self._product(factors, self.times)
            case MatrixProduct(matrix, vector):
                return f"{self._in(matrix, Binding.ATOM)} {self._in(vector, Binding.ATOM)}"
            case Function(name, argument):
                return f"{self.function(name)}({self.text(argument)})"
            case Negative(of):
                return f"{self.minus.strip()}{self._in(of, Binding.PRODUCT)}"
            case Square(of):
                return self.raised(self._in(of, Binding.ATOM), "2")
            case Transposed(matrix):
                return self.raised(self._in(matrix, Binding.ATOM), self.transpose)
            case LossGradient(by):
                return self.loss_gradient(self._in(by, Binding.ATOM))
            case Chain(first, links):
                begun = () if first is None else (self.text(first),)
                return " ".join(
                    (*begun, *(f"{link.sign} {self.text(link.right)}" for link in links))
                )
            case SideBySide(parts, gap):
                return (self.wide if gap == "wide" else self.narrow).join(map(self.text, parts))

    def _in(self, part: Formula, least: Binding) -> str:
        """A part where nothing looser than `least` may stand."""
        text = self.text(part)
        return text if binding(part) >= least else f"({text})"

    def _sum(self, terms: tuple[Formula, ...]) -> str:
        """Terms that begin with a negative number are taken off: 1 - 2, not 1 + -2."""
        first, *others = terms
        written = self._in(first, Binding.SUM)
        for term in others:
            opposite = _opposite(term)
            written += self.plus if opposite is None else self.minus
            written += self._in(term if opposite is None else opposite, Binding.SUM)
        return written

    def _product(self, factors: tuple[Formula, ...], sign: str) -> str:
        """A number at the beginning keeps its sign without brackets."""
        first, *others = factors
        begun = self.text(first) if isinstance(first, Number) else self._in(first, Binding.PRODUCT)
        return sign.join((begun, *(self._in(factor, Binding.PRODUCT) for factor in others)))


def _opposite(term: Formula) -> Formula | None:
    """The term with the other sign, if it begins with a minus."""
    match term:
        case Number() if term.is_negative:
            return term.opposite
        case NumberProduct((Number() as first, *others)) if first.is_negative:
            return NumberProduct((first.opposite, *others))
    return None


class PlainPrinter(Printer):
    """One line of plain text, as a program would have it."""

    pointwise: ClassVar[str] = " * "
    times: ClassVar[str] = " * "
    narrow: ClassVar[str] = "  "
    wide: ClassVar[str] = "    "

    def name(self, name: Name) -> str:
        """Write h_(t-1), W_f or hx."""
        match name.index:
            case None:
                return name.letter
            case Time(0):
                return f"{name.letter}_t"
            case Time(offset):
                return f"{name.letter}_(t{offset:+d})"
            case index:
                return f"{name.letter}_{index}"

    def number(self, number: Number) -> str:
        """Write -0.04 or 1.2e5."""
        return number.digits if number.exponent is None else f"{number.digits}e{number.exponent}"

    def function(self, name: str) -> str:
        """The name itself."""
        return name

    def raised(self, text: str, by: str) -> str:
        """Write tanh(C_t)^2."""
        return f"{text}^{by}"

    def loss_gradient(self, by: str) -> str:
        """Write dL/df_t."""
        return f"dL/d{by}"

    def words(self, text: str) -> str:
        """The words themselves."""
        return text


PLAIN = PlainPrinter()
