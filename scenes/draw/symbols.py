"""The legend's symbols: the letters on an operation's discs, and a weighted sum's fan of lines.

An operation of the legend is a row of discs. Its letter says what is done to each; a fan of lines
to the row below says that there are weights.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from gatereel.rnn_math import (
    Activation,
    Addition,
    Concatenate,
    Multiplication,
    OneMinus,
    Operation,
    Projection,
    Tanh,
    WeightedSumAlone,
    WeightedSumOf,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
)
from gatereel.scenes.draw.fan import fan
from gatereel.scenes.draw.shapes import Shape, discs
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.placed_rows import PlacedRow
from gatereel.scenes.tell.weights import Weights
from gatereel.scenes.theme.theme import Theme

# What is drawn is told apart without Typst.
if TYPE_CHECKING:
    from gatereel.scenes.draw.typeset import Typesetter

LETTERS: Mapping[type[Operation], str] = MappingProxyType(
    {
        WeightedSumSigmoid: "S",
        WeightedSumTanh: "T",
        WeightedSumRelu: "R",
        WeightedSumAlone: "",
        Projection: "P",
        Tanh: "T",
        OneMinus: "1-",
        # Discs of their own colours, side by side, or named by a label.
        Concatenate: "",
        Multiplication: "",
        Addition: "",
    }
)
"""What stands on the discs of each operation's result."""

SIGNS: Mapping[type[Operation], str] = MappingProxyType({Multiplication: "×", Addition: "+"})
"""What stands between two operands that meet."""

LETTER_SIZE = 1.15
"""Type size of a disc's letter, in radii."""

_LONG_LETTER_SIZE = 1.0
_SMALLEST_LETTER = 13.0
"""Pixels: no text is smaller than the smallest label."""


def letter_of(operation: Operation) -> str:
    """What stands on an operation's discs. Raises TypeError for one that has no symbol."""
    if isinstance(operation, WeightedSumOf | Activation):
        return operation.function.letter
    try:
        return LETTERS[type(operation)]
    except KeyError:
        raise TypeError(f"{type(operation).__name__} has no symbol") from None


def symbol(
    operation: Operation,
    units: PlacedRow,
    operands: PlacedRow | None,
    theme: Theme,
    typesetter: "Typesetter",
    backdrop: str,
    *,
    hollow: bool = False,
    letters: bool = True,
    weights: Weights | None = None,
    largest: float = 0.0,
) -> tuple[Shape, ...]:
    """An operation as shapes, in pixels; `operands` is a weighted sum's second row.

    The result's discs have no letter without `letters`; they are `hollow` where levels and cores
    will lie in them. With `weights`, a weighted sum's lines are as wide as these are large, of
    which `largest` is the largest.

    Raises TypeError for an operation that has no symbol.
    """
    letter = letter_of(operation) if letters else ""
    own = (
        *discs(units.discs, theme, backdrop, hollow=hollow),
        *_letters(letter, units, theme, typesetter, backdrop, hollow=hollow),
    )
    if operands is None:
        return own
    below = (replace(s, is_operand=True) for s in discs(operands.discs, theme, backdrop))
    return (fan(operands, units, theme, backdrop, weights, largest), *below, *own)


def _letters(
    letter: str,
    row: PlacedRow,
    theme: Theme,
    typesetter: "Typesetter",
    backdrop: str,
    *,
    hollow: bool,
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
        behind = theme.hollow(fill) if hollow else fill
        outline = glyphs.moved(disc.x - glyphs.width / 2, disc.y + CAP_HEIGHT * size / 2)
        middle = outline * 0.0 + (disc.x, disc.y)
        shapes.append(
            Shape(
                "letter",
                outline,
                theme.letter_on(behind),
                backdrop,
                anchor=middle,
                role_fill=fill,
            )
        )
    return tuple(shapes)
