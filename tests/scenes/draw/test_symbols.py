"""What symbols write and draw of a weighted sum with its activations, and without one."""

import pytest

from gatereel.rnn_math import (
    Operation,
    Tanh,
    WeightedSum,
    WeightedSumAlone,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
)
from gatereel.rnn_math.formulas import Name, Product
from gatereel.scenes.diagrams import DIAGRAMS
from gatereel.scenes.draw.symbols import letter_of, symbol
from gatereel.scenes.draw.typeset import Text, Typesetter
from gatereel.scenes.lay_out.layout import lay_out
from gatereel.scenes.tell.numbers import vector
from gatereel.scenes.theme.files import load_theme
from tests.scenes.typst_text import written

ILLUSTRATED = load_theme("illustrated")


@pytest.mark.parametrize(
    ("operation", "formula", "numbers"),
    [
        (WeightedSumSigmoid(), "σ(W_f v + b_f)", "σ([0.50, −1.00])"),
        (WeightedSumTanh(), "tanh(W_f v + b_f)", "tanh([0.50, −1.00])"),
        (WeightedSumRelu(), 'op("relu")(W_f v + b_f)', 'op("relu")([0.50, −1.00])'),
        (WeightedSumAlone(), "W_f v + b_f", "[0.50, −1.00]"),
    ],
)
def test_a_weighted_sum_is_written_with_its_activation(
    operation: WeightedSum, formula: str, numbers: str
) -> None:
    assert written(operation.formula("f", [Name("v")])) == formula
    assert written(operation.activated(vector([0.5, -1.0]))) == numbers


def test_a_weighted_sum_alone_has_brackets_as_a_factor_and_others_have_none() -> None:
    alone, squashed = (
        operation.formula("hn", [Name("h")])
        for operation in (WeightedSumAlone(), WeightedSumTanh())
    )
    assert written(Product((Name("r"), alone))) == 'r ⊙ (W_"hn" h + b_"hn")'
    assert written(Product((Name("r"), squashed))) == f"r ⊙ {written(squashed)}"


def test_relu_is_set_upright_as_one_word() -> None:
    """Letters side by side would be slanted variables, or unknown to Typst."""
    typesetter = Typesetter()
    set_word = typesetter.glyphs(Text('op("relu")', 20.0, math=True))
    upright = typesetter.glyphs(Text('upright("relu")', 20.0, math=True))
    slanted = typesetter.glyphs(Text('italic("relu")', 20.0, math=True))
    assert set_word.width == upright.width
    assert set_word.width != slanted.width


@pytest.mark.parametrize(
    ("cell", "node", "operation", "letters", "fans"),
    [
        ("rnn-relu", "h", WeightedSumRelu(), 2, 1),
        ("gru-reset-after", "hn", WeightedSumAlone(), 0, 1),
        ("gru-reset-after", "n", Tanh(), 2, 0),
    ],
)
def test_a_fan_means_weights_and_a_letter_an_activation(
    cell: str, node: str, operation: Operation, letters: int, fans: int
) -> None:
    rows = lay_out(DIAGRAMS[cell], 3, 2).rows
    shapes = symbol(
        operation, rows[node], rows.get(f"{node}.in"), ILLUSTRATED, Typesetter(), ILLUSTRATED.body
    )
    kinds = [shape.kind for shape in shapes]
    assert (kinds.count("letter"), kinds.count("fan")) == (letters, fans)


def test_an_operation_without_a_symbol_is_named() -> None:
    class Swish(WeightedSumSigmoid):
        """Not in the legend."""

    with pytest.raises(TypeError, match="Swish has no symbol"):
        letter_of(Swish())
