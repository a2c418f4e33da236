"""The gated recurrent unit in its three conventions.

They differ in what the update gate weighs, and in where the reset gate is applied.
"""

from gatereel.rnn_math.cell import Cell, Node, Paper
from gatereel.rnn_math.operations import (
    Addition,
    Concatenate,
    Multiplication,
    OneMinus,
    Tanh,
    WeightedSumAlone,
    WeightedSumSigmoid,
    WeightedSumTanh,
)

_PAPER = Paper(
    "Cho et al.",
    "Learning phrase representations using RNN encoder-decoder for statistical machine translation",
    2014,
)

GRU = Cell(
    name="gru",
    title="GRU",
    long_name="gated recurrent unit",
    states=("h",),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("r", WeightedSumSigmoid(), ("hx",), "reset gate", letter="r"),
        Node("z", WeightedSumSigmoid(), ("hx",), "update gate", letter="z"),
        Node("nz", OneMinus(), ("z",), "one minus update"),
        Node("kept", Multiplication(), ("nz", "h_prev"), "kept hidden state", gate="keeps"),
        Node("rh", Multiplication(), ("r", "h_prev"), "reset * hidden state", gate="lets through"),
        Node("rhx", Concatenate(), ("rh", "x")),
        Node("n", WeightedSumTanh(), ("rhx",), "candidate", letter="n"),
        Node("zn", Multiplication(), ("z", "n"), "update * candidate"),
        Node("h", Addition(), ("kept", "zn"), "gru hidden state out", letter="h"),
    ),
    paper=_PAPER,
    convention="h' = (1 - z) h + z n, reset before the product",
)
"""The gated recurrent unit, with the reset applied before the product.

    hx   = [h_prev, x]              (hidden_size + input_size,)
    r    = sigmoid(W_r hx + b_r)    reset gate, (hidden_size,)
    z    = sigmoid(W_z hx + b_z)    update gate, (hidden_size,)
    nz   = 1 - z
    kept = nz * h_prev              what is kept of the hidden state
    rh   = r * h_prev               the hidden state the candidate may see
    rhx  = [rh, x]                  (hidden_size + input_size,)
    n    = tanh(W_n rhx + b_n)      candidate, (hidden_size,)
    zn   = z * n
    h    = kept + zn                hidden state, (hidden_size,)

Here z weighs the candidate, as illustrated cells draw it. The paper lets z weigh the old state
(`GRU_RESET_BEFORE`); negating W_z and b_z turns one into the other, for
sigmoid(-a) = 1 - sigmoid(a).

Source: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical
machine translation", 2014.
"""

GRU_RESET_BEFORE = Cell(
    name="gru-reset-before",
    title="GRU (reset before)",
    long_name="gated recurrent unit, reset before the product",
    states=("h",),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("r", WeightedSumSigmoid(), ("hx",), "reset gate", letter="r"),
        Node("z", WeightedSumSigmoid(), ("hx",), "update gate", letter="z"),
        Node("kept", Multiplication(), ("z", "h_prev"), "kept hidden state", gate="keeps"),
        Node("nz", OneMinus(), ("z",), "one minus update"),
        Node("rh", Multiplication(), ("r", "h_prev"), "reset * hidden state", gate="lets through"),
        Node("rhx", Concatenate(), ("rh", "x")),
        Node("n", WeightedSumTanh(), ("rhx",), "candidate", letter="n"),
        Node("zn", Multiplication(), ("nz", "n"), "one minus update * candidate"),
        Node("h", Addition(), ("kept", "zn"), "gru hidden state out", letter="h"),
    ),
    paper=_PAPER,
    convention="h' = (1 - z) n + z h, reset before the product",
    libraries=("Keras GRU(reset_after=False)", "ONNX GRU(linear_before_reset=0)"),
)
"""The gated recurrent unit as its paper has it: z weighs the old state, reset before the product.

    hx   = [h_prev, x]              (hidden_size + input_size,)
    r    = sigmoid(W_r hx + b_r)    reset gate, (hidden_size,)
    z    = sigmoid(W_z hx + b_z)    update gate, (hidden_size,)
    kept = z * h_prev               what is kept of the hidden state
    nz   = 1 - z
    rh   = r * h_prev               the hidden state the candidate may see
    rhx  = [rh, x]                  (hidden_size + input_size,)
    n    = tanh(W_n rhx + b_n)      candidate, (hidden_size,)
    zn   = nz * n
    h    = kept + zn                hidden state, (hidden_size,)

Source: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical
machine translation", 2014.
"""

GRU_RESET_AFTER = Cell(
    name="gru-reset-after",
    title="GRU (reset after)",
    long_name="gated recurrent unit, reset after the product",
    states=("h",),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("r", WeightedSumSigmoid(), ("hx",), "reset gate", letter="r"),
        Node("z", WeightedSumSigmoid(), ("hx",), "update gate", letter="z"),
        Node("kept", Multiplication(), ("z", "h_prev"), "kept hidden state", gate="keeps"),
        Node("nz", OneMinus(), ("z",), "one minus update"),
        Node("hn", WeightedSumAlone(), ("h_prev",), "hidden state's part"),
        Node(
            "rhn", Multiplication(), ("r", "hn"), "reset * hidden state's part", gate="lets through"
        ),
        Node("xn", WeightedSumAlone(), ("x",), "input's part"),
        Node("s", Addition(), ("xn", "rhn"), "sum of both parts"),
        Node("n", Tanh(), ("s",), "candidate", letter="n"),
        Node("zn", Multiplication(), ("nz", "n"), "one minus update * candidate"),
        Node("h", Addition(), ("kept", "zn"), "gru hidden state out", letter="h"),
    ),
    paper=_PAPER,
    convention="h' = (1 - z) n + z h, reset after the product, a bias of its own inside",
    libraries=("PyTorch nn.GRU", "Keras GRU", "ONNX GRU(linear_before_reset=1)"),
)
"""The gated recurrent unit as PyTorch and Keras compute it: the reset comes after the product.

The candidate has two weighted sums, one of the old state and one of the input, each with a bias;
the reset gate weighs the first one whole, bias included.

    hx   = [h_prev, x]              (hidden_size + input_size,)
    r    = sigmoid(W_r hx + b_r)    reset gate, (hidden_size,)
    z    = sigmoid(W_z hx + b_z)    update gate, (hidden_size,)
    kept = z * h_prev               what is kept of the hidden state
    nz   = 1 - z
    hn   = W_hn h_prev + b_hn       the old state's part of the candidate, (hidden_size,)
    rhn  = r * hn                   what the reset gate leaves of it
    xn   = W_xn x + b_xn            the input's part of the candidate, (hidden_size,)
    s    = xn + rhn
    n    = tanh(s)                  candidate, (hidden_size,)
    zn   = nz * n
    h    = kept + zn                hidden state, (hidden_size,)

Source: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical
machine translation", 2014, in its first version (arXiv 1406.1078v1). It lets a library multiply
all weights by the old state at once.
"""

FAMILY = (GRU, GRU_RESET_BEFORE, GRU_RESET_AFTER)
