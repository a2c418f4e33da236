"""Formulas as trees: what an operation says of itself, before anybody writes it down.

    Sum((MatrixProduct(Name("W", "f"), Name("v")), Name("b", "f")))    W_f v + b_f

A tree knows nothing of notation: brackets, signs and fonts come from a printer
(`rnn_math/printing.py`). Numbers in it are rounded and written already, for which digits are shown
is part of what is said.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class Time:
    """A timestep beside the one at hand: t + offset."""

    offset: int = 0


NOW = Time()
BEFORE = Time(-1)
AFTER = Time(1)


@dataclass(frozen=True)
class Name:
    """A letter, or a name, with what it is of: h_(t-1), W_f, C_3, hx."""

    letter: str
    index: Time | str | int | None = None


@dataclass(frozen=True)
class Number:
    """A number as it is written: "-0.04", or "1.2" times ten to the `exponent`."""

    digits: str
    exponent: int | None = None

    @property
    def is_negative(self) -> bool:
        """Whether it begins with a sign."""
        return self.digits.startswith("-")

    @property
    def opposite(self) -> "Number":
        """The number with the other sign."""
        digits = self.digits.removeprefix("-") if self.is_negative else f"-{self.digits}"
        return replace(self, digits=digits)


ONE = Number("1")


@dataclass(frozen=True)
class LeftOut:
    """Components that are there and not shown."""


@dataclass(frozen=True)
class Words:
    """Words in the place of a formula: "sum of 130 products"."""

    text: str


@dataclass(frozen=True)
class Vector:
    """A vector by its components: [0.97, -0.04, ...]."""

    components: tuple[Number | LeftOut, ...]


@dataclass(frozen=True)
class Concatenation:
    """Vectors one below the other: [a, b]."""

    parts: "tuple[Formula, ...]"


@dataclass(frozen=True)
class Sum:
    """The sum a + b + ..."""

    terms: "tuple[Formula, ...]"


@dataclass(frozen=True)
class Difference:
    """The difference a - b."""

    left: "Formula"
    right: "Formula"


@dataclass(frozen=True)
class Product:
    """The pointwise product of vectors."""

    factors: "tuple[Formula, ...]"


@dataclass(frozen=True)
class NumberProduct:
    """The product of numbers."""

    factors: "tuple[Formula, ...]"


@dataclass(frozen=True)
class MatrixProduct:
    """A matrix times a vector, W v."""

    matrix: "Formula"
    vector: "Formula"


@dataclass(frozen=True)
class Function:
    """A function, element by element, by its name in text: tanh(a)."""

    name: str
    argument: "Formula"


@dataclass(frozen=True)
class Negative:
    """Something with the other sign, -a."""

    of: "Formula"


@dataclass(frozen=True)
class Square:
    """Something times itself, a^2."""

    of: "Formula"


@dataclass(frozen=True)
class Transposed:
    """A matrix whose rows are columns, W^T."""

    matrix: "Formula"


@dataclass(frozen=True)
class LossGradient:
    """The gradient of the loss by something, dL/da."""

    by: "Formula"


Sign = Literal["=", "≈"]
"""Exact, or rounded."""


@dataclass(frozen=True)
class Link:
    """A sign and what stands on its right side."""

    sign: Sign
    right: "Formula"


@dataclass(frozen=True)
class Chain:
    """first = second ≈ third; without a first, it goes on from a line before."""

    first: "Formula | None"
    links: tuple[Link, ...] = ()

    def then(self, *links: Link) -> "Chain":
        """The chain with more at its end."""
        return replace(self, links=(*self.links, *links))


@dataclass(frozen=True)
class SideBySide:
    """Formulas in one line that have nothing to do with each other, or words before one."""

    parts: "tuple[Formula, ...]"
    gap: Literal["narrow", "wide"] = "wide"


Formula = (
    Name
    | Number
    | LeftOut
    | Words
    | Vector
    | Concatenation
    | Sum
    | Difference
    | Product
    | NumberProduct
    | MatrixProduct
    | Function
    | Negative
    | Square
    | Transposed
    | LossGradient
    | Chain
    | SideBySide
)
"""Any of them. What is new here is added to `with_names` and to `rnn_math/printing.py`."""


def with_names(formula: Formula, change: Callable[[Name], Formula]) -> Formula:
    """The formula with a change made to each of its names."""
    if isinstance(formula, Number | LeftOut | Words | Vector):
        return formula

    def changed(part: Formula) -> Formula:
        return with_names(part, change)

    def each(parts: tuple[Formula, ...]) -> tuple[Formula, ...]:
        return tuple(map(changed, parts))

    match formula:
        case Name():
            return change(formula)
        case Concatenation(parts):
            return Concatenation(each(parts))
        case Sum(terms):
            return Sum(each(terms))
        case Difference(left, right):
            return Difference(changed(left), changed(right))
        case Product(factors):
            return Product(each(factors))
        case NumberProduct(factors):
            return NumberProduct(each(factors))
        case MatrixProduct(matrix, vector):
            return MatrixProduct(changed(matrix), changed(vector))
        case Function(name, argument):
            return Function(name, changed(argument))
        case Negative(of):
            return Negative(changed(of))
        case Square(of):
            return Square(changed(of))
        case Transposed(matrix):
            return Transposed(changed(matrix))
        case LossGradient(by):
            return LossGradient(changed(by))
        case Chain(first, links):
            return Chain(
                None if first is None else changed(first),
                tuple(Link(link.sign, changed(link.right)) for link in links),
            )
        case SideBySide(parts, gap):
            return SideBySide(each(parts), gap)


def later(name: Name) -> Name:
    """The name of a vector where the sequence is read from its end: h_(t-1) is h_(t+1)."""
    return replace(name, index=AFTER) if name.index == BEFORE else name


def read_backward(formula: Formula) -> Formula:
    """The formula where the sequence is read from its end: the state before t is that of t + 1."""
    return with_names(formula, later)
