"""What a symbol of the legend must say of itself: how it is drawn, and how it is written.

Symbols are registered by the type of their operation. A new operation brings a file with its
symbol and a line in `scenes/symbols/__init__.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from rnn_math import Array, Operation
from scenes.layout import PlacedRow
from scenes.metrics import CAP_HEIGHT
from scenes.shapes import Shape, discs
from scenes.theme import Theme

# A formula is written without anything that sets type: a storyboard needs no Typst.
if TYPE_CHECKING:
    from scenes.typeset import Typesetter

LETTER_SIZE = 1.15
"""Type size of a disc's letter, in radii."""

_LONG_LETTER_SIZE = 1.0
_SMALLEST_LETTER = 13.0
"""Pixels: no text is smaller than the smallest label."""


@dataclass(frozen=True)
class Expression:
    """A formula in Typst's mathematics, and whether it needs brackets as a factor."""

    text: str
    is_sum: bool = False

    def as_factor(self) -> str:
        """The formula as one side of a product."""
        return f"({self.text})" if self.is_sum else self.text


class Symbol:
    """A pointwise operation's symbol: a row of discs, each with `letter` if there is one."""

    letter: str = ""

    def shapes(
        self,
        units: PlacedRow,
        operands: PlacedRow | None,
        theme: Theme,
        typesetter: "Typesetter",
        backdrop: str,
    ) -> tuple[Shape, ...]:
        """Everything that is drawn, in pixels; `operands` is a weighted sum's second row."""
        return (
            *discs(units.discs, theme, backdrop),
            *letters(self.letter, units, theme, typesetter, backdrop),
        )

    def formula(self, name: str, operands: Sequence[Expression]) -> Expression:
        """The operation with letters; its weights carry the node's `name`, if it has one."""
        raise NotImplementedError(f"{type(self).__name__} has no formula")

    def numbers(self, operands: Sequence[Array]) -> str:
        """The operation with its operands' numbers, without the result."""
        raise NotImplementedError(f"{type(self).__name__} has no formula with numbers")


def letters(
    letter: str, row: PlacedRow, theme: Theme, typesetter: "Typesetter", backdrop: str
) -> tuple[Shape, ...]:
    """`letter` in the middle of each of a row's units, dark or light as the fill asks."""
    if not letter:
        return ()
    in_radii = LETTER_SIZE if len(letter) == 1 else _LONG_LETTER_SIZE
    size = max(in_radii * row.radius, _SMALLEST_LETTER)
    glyphs = typesetter.bold(letter, size)
    shapes = []
    for disc in row.discs:
        if disc.is_rest:
            continue
        fill = theme.fill(disc.role, disc.unit)
        outline = glyphs.moved(disc.x - glyphs.width / 2, disc.y + CAP_HEIGHT * size / 2)
        middle = outline * 0.0 + (disc.x, disc.y)
        shapes.append(Shape("letter", outline, theme.letter_on(fill), backdrop, anchor=middle))
    return tuple(shapes)


S = TypeVar("S", bound=Symbol)

_SYMBOLS: dict[type[Operation], Symbol] = {}


def symbol_for(operation: type[Operation]) -> Callable[[type[S]], type[S]]:
    """Register a symbol class for an operation."""

    def register(symbol: type[S]) -> type[S]:
        _SYMBOLS[operation] = symbol()
        return symbol

    return register


def symbol_of(operation: Operation) -> Symbol:
    """The symbol of an operation. Raises TypeError for one that has none."""
    try:
        return _SYMBOLS[type(operation)]
    except KeyError:
        raise TypeError(f"{type(operation).__name__} has no symbol") from None
