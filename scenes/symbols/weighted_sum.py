"""Weighted sum: the operands' row, a fan of lines, and the units with the activation's letter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from rnn_math import (
    Array,
    WeightedSumAlone,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
)
from scenes.diagrams import REFERENCE_HIDDEN_SIZE, REFERENCE_INPUT_SIZE
from scenes.layout import PlacedRow
from scenes.numbers import vector
from scenes.outlines import Outline, join, line
from scenes.shapes import Shape, discs
from scenes.symbols.symbol import Expression, Symbol, symbol_for
from scenes.theme import Theme

if TYPE_CHECKING:
    from scenes.typeset import Typesetter

# A fan of more lines is drawn with thinner ones, or it would close to a black patch.
_REFERENCE_LINES = REFERENCE_HIDDEN_SIZE * (REFERENCE_HIDDEN_SIZE + REFERENCE_INPUT_SIZE)


class WeightedSumSymbol(Symbol):
    """activation(W v + b): a line for each weight."""

    activation: str = ""

    def shapes(
        self,
        units: PlacedRow,
        operands: PlacedRow | None,
        theme: Theme,
        typesetter: "Typesetter",
        backdrop: str,
    ) -> tuple[Shape, ...]:
        """The units, and below them the fan and the operands."""
        own = super().shapes(units, operands, theme, typesetter, backdrop)
        if operands is None:
            return own
        outline, anchor = _fan(operands, units)
        lines = len(operands.discs) * len(units.discs)
        weight = min(1.0, (_REFERENCE_LINES / lines) ** 0.5)
        fan = Shape("fan", outline, theme.line, backdrop, anchor=anchor, weight=weight)
        below = (replace(s, is_operand=True) for s in discs(operands.discs, theme, backdrop))
        return (fan, *below, *own)

    def formula(self, name: str, operands: Sequence[Expression]) -> Expression:
        """Write activation(W v + b)."""
        (v,) = operands
        # Several letters in a row would be a product, or a variable that nobody has defined.
        index = f'_"{name}"' if len(name) > 1 else f"_{name}" if name else ""
        s = f"W{index} {v.text} + b{index}"
        return Expression(f"{self.activation}({s})") if self.activation else Expression(s, True)

    def numbers(self, operands: Sequence[Array]) -> str:
        """Write activation([..]); the operand is the weighted sum itself.

        Nothing without an activation: the result itself shows it.
        """
        (s,) = operands
        return f"{self.activation}({vector(s)})" if self.activation else ""


@symbol_for(WeightedSumSigmoid)
class WeightedSumSigmoidSymbol(WeightedSumSymbol):
    """sigma(W v + b)."""

    letter = "S"
    activation = "σ"


@symbol_for(WeightedSumTanh)
class WeightedSumTanhSymbol(WeightedSumSymbol):
    """tanh(W v + b)."""

    letter = "T"
    activation = "tanh"


@symbol_for(WeightedSumRelu)
class WeightedSumReluSymbol(WeightedSumSymbol):
    """relu(W v + b)."""

    letter = "R"
    # Typst knows tanh, but not relu: without `op` its letters would be variables.
    activation = 'op("relu")'


@symbol_for(WeightedSumAlone)
class WeightedSumAloneSymbol(WeightedSumSymbol):
    """W v + b: the fan of lines, and units without a letter."""


def _fan(operands: PlacedRow, units: PlacedRow) -> tuple[Outline, Outline]:
    """Lines from the top of each operand to the bottom of each unit, and where each starts."""
    lines = [
        line((a.x, a.y - a.radius), (b.x, b.y + b.radius))
        for b in units.discs
        for a in operands.discs
    ]
    starts = [np.repeat(curve[:1], len(curve), axis=0) for curve in lines]
    return join(lines), join(starts)
