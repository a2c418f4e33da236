"""The cells against the definitions that PyTorch and ONNX publish.

Each definition is written out below as its documentation gives it, number by number, with its own
weight layout; nothing of the package is used in it. Only the layouts are converted.
"""

import math
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

from gatereel.rnn_math import (
    GRU,
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    RNN,
    RNN_RELU,
    Cell,
    Parameters,
    unroll,
)
from gatereel.rnn_math.conversion import convert as shown_as
from gatereel.rnn_math.models.blocks import parameters_of_blocks

# Both sides add up the same products in another order; over 50 timesteps the states, which stay
# below 1, may then differ by some hundred roundings of 1e-16.
TOLERANCE = 1e-12

Array = NDArray[np.float64]
Vector = list[float]

# Weights of a thousand multiply every rounding by up to a thousand in each timestep: two right
# answers part after some tens of timesteps, so those sequences are short.
SIZES = [
    *product((1, 3, 16), (1, 2, 16), (1, 3, 50), (1.0,)),
    *product((1, 3, 16), (1, 2, 16), (1, 3), (1e3,)),
]


def sigmoid(a: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * a))


def affine(W: Array, v: Vector, b: Array) -> Vector:
    """W v + b, the sum exact up to one rounding."""
    return [
        math.fsum([*(float(w) * a for w, a in zip(row, v, strict=True)), float(c)])
        for row, c in zip(W, b, strict=True)
    ]


def plus(*vectors: Vector) -> Vector:
    return [math.fsum(values) for values in zip(*vectors, strict=True)]


def split(vector: Vector, count: int) -> list[Vector]:
    size = len(vector) // count
    return [vector[k * size : (k + 1) * size] for k in range(count)]


Stacked = tuple[Array, Array, Array, Array]
"""Input weights, recurrent weights and their two biases, the gates' blocks one below the other."""


def draw(
    gates: int, input_size: int, hidden_size: int, timesteps: int, scale: float
) -> tuple[Stacked, Array, Array, Array]:
    """Stacked parameters, inputs, h and c."""
    random = np.random.default_rng([gates, input_size, hidden_size, timesteps])
    bound = scale / math.sqrt(hidden_size)
    rows = gates * hidden_size
    stacked = (
        random.uniform(-bound, bound, (rows, input_size)),
        random.uniform(-bound, bound, (rows, hidden_size)),
        random.uniform(-bound, bound, rows),
        random.uniform(-bound, bound, rows),
    )
    return (
        stacked,
        random.standard_normal((timesteps, input_size)),
        random.uniform(-1.0, 1.0, hidden_size),
        random.uniform(-1.0, 1.0, hidden_size),
    )


def convert(cell: Cell, names: str, W_x: Array, W_h: Array, b_x: Array, b_h: Array) -> Parameters:
    """Stacked blocks, a letter of `names` each, as parameters of a cell."""
    return parameters_of_blocks(cell, names, W_x, W_h, b_x, b_h, "test")


def pytorch_rnn(W_ih: Array, W_hh: Array, b_ih: Array, b_hh: Array, x: Array, h: Vector) -> Array:
    # h_t = tanh(W_ih x_t + b_ih + W_hh h_(t-1) + b_hh); ONNX RNN with tanh is the same
    rows = []
    for x_t in x.tolist():
        h = [math.tanh(a) for a in plus(affine(W_ih, x_t, b_ih), affine(W_hh, h, b_hh))]
        rows.append(h)
    return np.array(rows)


def pytorch_rnn_relu(
    W_ih: Array, W_hh: Array, b_ih: Array, b_hh: Array, x: Array, h: Vector
) -> Array:
    # nonlinearity='relu': ReLU in place of tanh
    rows = []
    for x_t in x.tolist():
        h = [max(0.0, a) for a in plus(affine(W_ih, x_t, b_ih), affine(W_hh, h, b_hh))]
        rows.append(h)
    return np.array(rows)


def pytorch_lstm(
    W_ih: Array, W_hh: Array, b_ih: Array, b_hh: Array, x: Array, h: Vector, c: Vector
) -> tuple[Array, Array]:
    # i, f, o = sigmoid(...), g = tanh(...); c = f c + i g; h = o tanh(c); rows in order i, f, g, o
    hs, cs = [], []
    for x_t in x.tolist():
        i, f, g, o = split(plus(affine(W_ih, x_t, b_ih), affine(W_hh, h, b_hh)), 4)
        units = range(len(h))
        c = [sigmoid(f[k]) * c[k] + sigmoid(i[k]) * math.tanh(g[k]) for k in units]
        h = [sigmoid(o[k]) * math.tanh(c[k]) for k in units]
        hs.append(h)
        cs.append(c)
    return np.array(hs), np.array(cs)


def onnx_lstm(
    W: Array, R: Array, Wb: Array, Rb: Array, X: Array, H: Vector, C: Vector
) -> tuple[Array, Array]:
    # it = f(Xt Wi^T + Ht-1 Ri^T + Wbi + Rbi), ft, ct = g(...), Ct = ft . Ct-1 + it . ct,
    # ot = f(...), Ht = ot . h(Ct); without peepholes; rows in order i, o, f, c
    hs, cs = [], []
    Wi, Wo, Wf, Wc = np.split(W, 4)
    Ri, Ro, Rf, Rc = np.split(R, 4)
    Wbi, Wbo, Wbf, Wbc = np.split(Wb, 4)
    Rbi, Rbo, Rbf, Rbc = np.split(Rb, 4)
    for Xt in X.tolist():
        it = [sigmoid(a) for a in plus(affine(Wi, Xt, Wbi), affine(Ri, H, Rbi))]
        ft = [sigmoid(a) for a in plus(affine(Wf, Xt, Wbf), affine(Rf, H, Rbf))]
        ct = [math.tanh(a) for a in plus(affine(Wc, Xt, Wbc), affine(Rc, H, Rbc))]
        C = [f * old + i * new for f, old, i, new in zip(ft, C, it, ct, strict=True)]
        ot = [sigmoid(a) for a in plus(affine(Wo, Xt, Wbo), affine(Ro, H, Rbo))]
        H = [o * math.tanh(c) for o, c in zip(ot, C, strict=True)]
        hs.append(H)
        cs.append(C)
    return np.array(hs), np.array(cs)


def onnx_gru(W: Array, R: Array, Wb: Array, Rb: Array, X: Array, H: Vector) -> Array:
    # linear_before_reset = 0: zt = f(Xt Wz^T + Ht-1 Rz^T + Wbz + Rbz), rt,
    # ht = g(Xt Wh^T + (rt . Ht-1) Rh^T + Rbh + Wbh), Ht = (1 - zt) . ht + zt . Ht-1; rows z, r, h
    rows = []
    Wz, Wr, Wh = np.split(W, 3)
    Rz, Rr, Rh = np.split(R, 3)
    Wbz, Wbr, Wbh = np.split(Wb, 3)
    Rbz, Rbr, Rbh = np.split(Rb, 3)
    for Xt in X.tolist():
        zt = [sigmoid(a) for a in plus(affine(Wz, Xt, Wbz), affine(Rz, H, Rbz))]
        rt = [sigmoid(a) for a in plus(affine(Wr, Xt, Wbr), affine(Rr, H, Rbr))]
        reset = [r * old for r, old in zip(rt, H, strict=True)]
        ht = [math.tanh(a) for a in plus(affine(Wh, Xt, Wbh), affine(Rh, reset, Rbh))]
        H = [(1.0 - z) * new + z * old for z, new, old in zip(zt, ht, H, strict=True)]
        rows.append(H)
    return np.array(rows)


def pytorch_gru(W_ih: Array, W_hh: Array, b_ih: Array, b_hh: Array, x: Array, h: Vector) -> Array:
    # n = tanh(W_in x + b_in + r (W_hn h + b_hn)), h = (1 - z) n + z h; rows in order r, z, n
    rows = []
    for x_t in x.tolist():
        r_x, z_x, n_x = split(affine(W_ih, x_t, b_ih), 3)
        r_h, z_h, n_h = split(affine(W_hh, h, b_hh), 3)
        r = [sigmoid(a) for a in plus(r_x, r_h)]
        z = [sigmoid(a) for a in plus(z_x, z_h)]
        n = [math.tanh(a + r_k * b) for a, r_k, b in zip(n_x, r, n_h, strict=True)]
        h = [(1.0 - z_k) * n_k + z_k * h_k for z_k, n_k, h_k in zip(z, n, h, strict=True)]
        rows.append(h)
    return np.array(rows)


@pytest.mark.parametrize(("input_size", "hidden_size", "timesteps", "scale"), SIZES)
class TestDefinitions:
    def test_rnn(self, input_size: int, hidden_size: int, timesteps: int, scale: float) -> None:
        stacked, x, h, _ = draw(1, input_size, hidden_size, timesteps, scale)
        trace = unroll(RNN, convert(RNN, "h", *stacked), x, {"h": h})
        expected = pytorch_rnn(*stacked, x, h.tolist())
        np.testing.assert_allclose(trace.values["h"], expected, rtol=0.0, atol=TOLERANCE)

    def test_lstm_of_pytorch(
        self, input_size: int, hidden_size: int, timesteps: int, scale: float
    ) -> None:
        stacked, x, h, c = draw(4, input_size, hidden_size, timesteps, scale)
        trace = unroll(LSTM, convert(LSTM, "ifgo", *stacked), x, {"h": h, "c": c})
        hs, cs = pytorch_lstm(*stacked, x, h.tolist(), c.tolist())
        np.testing.assert_allclose(trace.values["h"], hs, rtol=0.0, atol=TOLERANCE)
        np.testing.assert_allclose(trace.values["c"], cs, rtol=0.0, atol=TOLERANCE)

    def test_lstm_of_onnx(
        self, input_size: int, hidden_size: int, timesteps: int, scale: float
    ) -> None:
        stacked, x, h, c = draw(4, input_size, hidden_size, timesteps, scale)
        trace = unroll(LSTM, convert(LSTM, "iofg", *stacked), x, {"h": h, "c": c})
        hs, cs = onnx_lstm(*stacked, x, h.tolist(), c.tolist())
        np.testing.assert_allclose(trace.values["h"], hs, rtol=0.0, atol=TOLERANCE)
        np.testing.assert_allclose(trace.values["c"], cs, rtol=0.0, atol=TOLERANCE)

    def test_gru_of_onnx(
        self, input_size: int, hidden_size: int, timesteps: int, scale: float
    ) -> None:
        stacked, x, h, _ = draw(3, input_size, hidden_size, timesteps, scale)
        parameters = convert(GRU_RESET_BEFORE, "zrn", *stacked)
        expected = onnx_gru(*stacked, x, h.tolist())
        for cell in (GRU_RESET_BEFORE, GRU):
            shown = shown_as(GRU_RESET_BEFORE, parameters, cell)
            trace = unroll(cell, shown, x, {"h": h})
            np.testing.assert_allclose(trace.values["h"], expected, rtol=0.0, atol=TOLERANCE)

    def test_gru_of_pytorch(
        self, input_size: int, hidden_size: int, timesteps: int, scale: float
    ) -> None:
        # ONNX's linear_before_reset = 1 and Keras's reset_after=True are the same.
        stacked, x, h, _ = draw(3, input_size, hidden_size, timesteps, scale)
        trace = unroll(GRU_RESET_AFTER, convert(GRU_RESET_AFTER, "rzn", *stacked), x, {"h": h})
        expected = pytorch_gru(*stacked, x, h.tolist())
        np.testing.assert_allclose(trace.values["h"], expected, rtol=0.0, atol=TOLERANCE)


@pytest.mark.parametrize(
    ("input_size", "hidden_size", "timesteps"), [*product((1, 3, 16), (1, 2, 16), (1, 3, 8))]
)
def test_rnn_with_relu(input_size: int, hidden_size: int, timesteps: int) -> None:
    # Its states are not bounded, so sequences are short and the tolerance goes with their size.
    stacked, x, h, _ = draw(1, input_size, hidden_size, timesteps, scale=1.0)
    trace = unroll(RNN_RELU, convert(RNN_RELU, "h", *stacked), x, {"h": h})
    expected = pytorch_rnn_relu(*stacked, x, h.tolist())
    np.testing.assert_allclose(trace.values["h"], expected, rtol=TOLERANCE, atol=TOLERANCE)


def test_a_reset_after_the_product_is_another_cell() -> None:
    stacked, x, h, _ = draw(3, 3, 2, 5, scale=1.0)
    before = unroll(GRU_RESET_BEFORE, convert(GRU_RESET_BEFORE, "rzn", *stacked), x, {"h": h})
    expected = pytorch_gru(*stacked, x, h.tolist())
    assert np.abs(before.values["h"] - expected).max() > 1e-3
