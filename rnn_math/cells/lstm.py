"""Long short-term memory."""

from gatereel.rnn_math.cell import Cell, Node, Paper
from gatereel.rnn_math.operations import (
    Addition,
    Concatenate,
    Multiplication,
    Tanh,
    WeightedSumSigmoid,
    WeightedSumTanh,
)

LSTM = Cell(
    name="lstm",
    title="LSTM",
    long_name="long short-term memory",
    states=("h", "c"),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("f", WeightedSumSigmoid(), ("hx",), "forget gate", letter="f"),
        Node("fc", Multiplication(), ("f", "c_prev"), "forget * cell state", gate="keeps"),
        Node("i", WeightedSumSigmoid(), ("hx",), "input gate", letter="i"),
        Node("g", WeightedSumTanh(), ("hx",), "candidate", letter="g"),
        Node("ig", Multiplication(), ("i", "g"), "input * candidate"),
        Node("c", Addition(), ("fc", "ig"), "cell state out", letter="C"),
        Node("o", WeightedSumSigmoid(), ("hx",), "output gate", letter="o"),
        Node("tc", Tanh(), ("c",), "cell state out"),
        Node("h", Multiplication(), ("o", "tc"), "hidden state out", letter="h"),
    ),
    paper=Paper("Hochreiter & Schmidhuber", "Long short-term memory", 1997),
    convention="forget gate, no peepholes",
    libraries=("PyTorch nn.LSTM", "Keras LSTM", "ONNX LSTM"),
)
"""Long short-term memory, with a forget gate and without peepholes.

    hx = [h_prev, x]              (hidden_size + input_size,)
    f  = sigmoid(W_f hx + b_f)    forget gate, (hidden_size,) as all below
    fc = f * c_prev               what is kept of the cell state
    i  = sigmoid(W_i hx + b_i)    input gate
    g  = tanh(W_g hx + b_g)       candidate
    ig = i * g                    what is let in
    c  = fc + ig                  cell state
    o  = sigmoid(W_o hx + b_o)    output gate
    tc = tanh(c)
    h  = o * tc                   hidden state

Source: Hochreiter & Schmidhuber, "Long short-term memory", 1997; the forget gate by Gers,
Schmidhuber & Cummins, "Learning to forget: continual prediction with LSTM", 2000.
"""

FAMILY = (LSTM,)
