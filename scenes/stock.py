"""The demo films for the stock `manim` command.

    manim render -r 1126,850 scenes/stock.py LSTMScene

The picture fits itself into whatever frame is set. The sizes below fill it almost without margins:
the command's videos need even ones.
"""

from typing import Any, ClassVar

from gatereel.rnn_math import (
    GRU,
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    RNN,
    RNN_RELU,
    Cell,
    unroll,
)
from gatereel.rnn_math.demo import demo
from gatereel.scenes.plan import plan
from gatereel.scenes.play.own_manim import config
from gatereel.scenes.play.scene import CellScene

__all__ = [
    "GRUResetAfterScene",
    "GRUResetBeforeScene",
    "GRUScene",
    "LSTMScene",
    "RNNReluScene",
    "RNNScene",
]


class _DemoScene(CellScene):
    """Plays a cell's demo."""

    cell: ClassVar[Cell]

    def __init__(self, **options: Any) -> None:
        # Comparing each play with cached ones takes longer than drawing it.
        config.disable_caching = True
        shown = demo(self.cell)
        trace = unroll(self.cell, shown.parameters, shown.inputs, shown.initial)
        planned = plan(trace, claims=shown.claims)
        super().__init__(planned, **options)


class RNNScene(_DemoScene):
    """The vanilla RNN, 964 x 822 pixels."""

    cell = RNN


class LSTMScene(_DemoScene):
    """The LSTM, 1126 x 850 pixels."""

    cell = LSTM


class GRUScene(_DemoScene):
    """The GRU, 1108 x 888 pixels."""

    cell = GRU


class RNNReluScene(_DemoScene):
    """The RNN with ReLU, 964 x 822 pixels."""

    cell = RNN_RELU


class GRUResetBeforeScene(_DemoScene):
    """The GRU with the reset before the product, 1114 x 888 pixels."""

    cell = GRU_RESET_BEFORE


class GRUResetAfterScene(_DemoScene):
    """The GRU with the reset after the product, 1114 x 888 pixels."""

    cell = GRU_RESET_AFTER
