"""An LSTM whose hidden state is projected: made narrower before it is handed on."""

from dataclasses import replace

from gatereel.rnn_math.cell import Cell, Node, Paper
from gatereel.rnn_math.cells.lstm import LSTM
from gatereel.rnn_math.operations import Projection

NAME = "lstm-projected"

_WHOLE = "ot"
"""What is projected."""


def lstm_projected(size: int) -> Cell:
    """The cell with `size` values in h: h = W_h (o * tanh(C)); C has hidden_size values.

    Source: Sak, Senior and Beaufays, "Long short-term memory based recurrent neural network
    architectures for large vocabulary speech recognition", 2014.
    """
    *others, last = LSTM.nodes
    return replace(
        LSTM,
        name=NAME,
        title="LSTM (projected)",
        long_name="long short-term memory, its hidden state projected",
        nodes=(
            *others,
            replace(last, name=_WHOLE, role="output * tanh", letter=""),
            Node("h", Projection(size), (_WHOLE,), last.role, letter=last.letter),
        ),
        paper=Paper("Sak et al.", "Long short-term memory based recurrent networks", 2014),
        convention=f"forget gate, no peepholes, h projected to {size} values",
        libraries=(f"PyTorch nn.LSTM(proj_size={size})",),
        projected=size,
    )


FAMILY = (lstm_projected(1),)
"""The narrowest; a file's own is as wide as the file says."""
