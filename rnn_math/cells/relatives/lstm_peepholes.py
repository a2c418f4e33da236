"""LSTMs with peepholes, with one gate for input and forgetting, or with both."""

from dataclasses import replace

from gatereel.rnn_math.cell import Node, Paper
from gatereel.rnn_math.cells.lstm import LSTM
from gatereel.rnn_math.operations import Concatenate, OneMinus

_PEEPHOLES = Paper("Gers & Schmidhuber", "Recurrent nets that time and count", 2000)
_COUPLED = Paper("Greff et al.", "LSTM: a search space odyssey", 2017)

_SEES_BEFORE, _SEES_NOW = "hxc", "hxn"
"""What gates with peepholes read: the old cell state beside h and x, and the output gate the new
one."""


def _with_peepholes(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The gates see the cell state, through weights that are nought but on the diagonal."""
    found: list[Node] = []
    for node in nodes:
        if node.name in ("f", "i"):
            node = replace(node, operands=(_SEES_BEFORE,))
        elif node.name == "o":
            found.append(Node(_SEES_NOW, Concatenate(), ("hx", "c")))
            node = replace(node, operands=(_SEES_NOW,))
        found.append(node)
        if node.name == "hx":
            found.append(Node(_SEES_BEFORE, Concatenate(), ("hx", "c_prev")))
    return tuple(found)


def _coupled(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """What is not let in is kept: f = 1 - i."""
    named = {node.name: node for node in nodes}
    forget = Node("f", OneMinus(), ("i",), "forget gate", letter="f")
    order = [name for name in named if name not in ("f", "fc", "i")]
    place = order.index("g")
    own = [named["i"], forget, named["fc"]]
    rest = [named[name] for name in order]
    return (*rest[:place], *own, *rest[place:])


LSTM_PEEPHOLES = replace(
    LSTM,
    name="lstm-peepholes",
    title="LSTM (peepholes)",
    long_name="long short-term memory with peepholes",
    nodes=_with_peepholes(LSTM.nodes),
    paper=_PEEPHOLES,
    convention="forget gate, peepholes",
    libraries=("ONNX LSTM with P",),
)
"""Long short-term memory whose gates see the cell state.

    hx  = [h_prev, x]
    hxc = [hx, c_prev]
    f   = sigmoid(W_f hxc + b_f)    with W_f nought for c_prev but on its diagonal; so i
    g   = tanh(W_g hx + b_g)
    hxn = [hx, c]
    o   = sigmoid(W_o hxn + b_o)    the output gate sees the new cell state

Source: Gers & Schmidhuber, "Recurrent nets that time and count", 2000.
"""

LSTM_COUPLED = replace(
    LSTM,
    name="lstm-coupled",
    title="LSTM (coupled)",
    long_name="long short-term memory, input and forget gate coupled",
    nodes=_coupled(LSTM.nodes),
    paper=_COUPLED,
    convention="f = 1 - i, no peepholes",
    libraries=("ONNX LSTM(input_forget=1)",),
)
"""Long short-term memory that forgets as much as it lets in: f = 1 - i.

Source: Greff, Srivastava, Koutnik, Steunebrink & Schmidhuber, "LSTM: a search space odyssey", 2017.
"""

LSTM_PEEPHOLES_COUPLED = replace(
    LSTM_PEEPHOLES,
    name="lstm-peepholes-coupled",
    title="LSTM (peepholes, coupled)",
    long_name="long short-term memory with peepholes, input and forget gate coupled",
    nodes=_coupled(LSTM_PEEPHOLES.nodes),
    convention="f = 1 - i, peepholes",
    libraries=("ONNX LSTM(input_forget=1) with P",),
)
"""Both."""

FAMILY = (LSTM_COUPLED, LSTM_PEEPHOLES, LSTM_PEEPHOLES_COUPLED)
