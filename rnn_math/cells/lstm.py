"""Long short-term memory."""

from rnn_math.cell import Cell, Node, Paper
from rnn_math.operations import (
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
        Node("f", WeightedSumSigmoid(), ("hx",)),
        Node("fc", Multiplication(), ("f", "c_prev")),
        Node("i", WeightedSumSigmoid(), ("hx",)),
        Node("g", WeightedSumTanh(), ("hx",)),
        Node("ig", Multiplication(), ("i", "g")),
        Node("c", Addition(), ("fc", "ig")),
        Node("o", WeightedSumSigmoid(), ("hx",)),
        Node("tc", Tanh(), ("c",)),
        Node("h", Multiplication(), ("o", "tc")),
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
