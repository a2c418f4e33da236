"""The vanilla recurrent network, with tanh and with ReLU."""

from types import MappingProxyType

from gatereel.rnn_math.cell import Cell, Node, Paper
from gatereel.rnn_math.operations import Concatenate, WeightedSumRelu, WeightedSumTanh

_PAPER = Paper("Elman", "Finding structure in time", 1990)

RNN = Cell(
    name="rnn",
    title="RNN",
    long_name="recurrent neural network",
    states=("h",),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("h", WeightedSumTanh(), ("hx",), "hidden state out", letter="h"),
    ),
    paper=_PAPER,
    convention="tanh",
    libraries=(
        "PyTorch nn.RNN",
        "Keras SimpleRNN",
        "ONNX RNN",
    ),
)
"""The vanilla recurrent network.

    hx = [h_prev, x]        (hidden_size + input_size,)
    h  = tanh(W_h hx + b_h) (hidden_size,)

Source: Elman, "Finding structure in time", 1990.
"""

RNN_RELU = Cell(
    name="rnn-relu",
    title="RNN (ReLU)",
    long_name="recurrent neural network with ReLU",
    states=("h",),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("h", WeightedSumRelu(), ("hx",), "hidden state out", letter="h"),
    ),
    paper=Paper(
        "Le, Jaitly & Hinton",
        "A simple way to initialize recurrent networks of rectified linear units",
        2015,
    ),
    convention="ReLU in place of tanh",
    libraries=(
        "PyTorch nn.RNN(nonlinearity='relu')",
        "Keras SimpleRNN(activation='relu')",
        "ONNX RNN(activations=['Relu'])",
    ),
)
"""The vanilla recurrent network with a rectifier: relu(s) = max(0, s).

    hx = [h_prev, x]        (hidden_size + input_size,)
    h  = relu(W_h hx + b_h) (hidden_size,)

Source: Le, Jaitly & Hinton, "A simple way to initialize recurrent networks of rectified linear
units", 2015.
"""

FAMILY = (RNN, RNN_RELU)

NONLINEARITIES = MappingProxyType({"tanh": RNN, "relu": RNN_RELU})
"""What follows the weighted sum of a plain RNN, by its name in PyTorch."""
