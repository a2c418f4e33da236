"""The demos once more, in decimal arithmetic of 50 digits, from the equations alone."""

from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, DEMOS, Concatenate, Demo, demo, unroll

DIGITS = 50

# float64 has 16 digits; three timesteps of a few roundings each, on values below 1.
TOLERANCE = 2e-15

Vector = list[Decimal]
Values = dict[str, Vector]


def exact(values: np.ndarray) -> Vector:
    return [Decimal(value) for value in values.tolist()]


def sigmoid(a: Decimal) -> Decimal:
    return 1 / (1 + (-a).exp())


def tanh(a: Decimal) -> Decimal:
    return 1 - 2 / (1 + (2 * a).exp())


def times(a: Vector, b: Vector) -> Vector:
    return [p * q for p, q in zip(a, b, strict=True)]


def plus(a: Vector, b: Vector) -> Vector:
    return [p + q for p, q in zip(a, b, strict=True)]


class Weights:
    """The weighted sums of a demo by name."""

    def __init__(self, story: Demo) -> None:
        self.parameters = story.parameters

    def sum(self, name: str, v: Vector) -> Vector:
        W, b = self.parameters.weights[name], exact(self.parameters.biases[name])
        return [sum(times(exact(row), v), start=c) for row, c in zip(W, b, strict=True)]

    def sigmoid(self, name: str, v: Vector) -> Vector:
        return [sigmoid(a) for a in self.sum(name, v)]

    def tanh(self, name: str, v: Vector) -> Vector:
        return [tanh(a) for a in self.sum(name, v)]


def rnn(weights: Weights, x: Vector, h: Vector) -> Values:
    return {"h": weights.tanh("h", h + x)}


def rnn_relu(weights: Weights, x: Vector, h: Vector) -> Values:
    return {"h": [max(a, Decimal(0)) for a in weights.sum("h", h + x)]}


def lstm(weights: Weights, x: Vector, h: Vector, c: Vector) -> Values:
    hx = h + x
    f, i, o = (weights.sigmoid(name, hx) for name in "fio")
    g = weights.tanh("g", hx)
    fc, ig = times(f, c), times(i, g)
    c = plus(fc, ig)
    tc = [tanh(a) for a in c]
    return {
        "f": f, "fc": fc, "i": i, "g": g, "ig": ig, "c": c, "o": o, "tc": tc, "h": times(o, tc)
    }  # fmt: skip


def gru(weights: Weights, x: Vector, h: Vector) -> Values:
    r, z = (weights.sigmoid(name, h + x) for name in "rz")
    nz = [1 - a for a in z]
    kept, rh = times(nz, h), times(r, h)
    n = weights.tanh("n", rh + x)
    zn = times(z, n)
    return {
        "r": r, "z": z, "nz": nz, "kept": kept, "rh": rh, "n": n, "zn": zn, "h": plus(kept, zn)
    }  # fmt: skip


def gru_reset_before(weights: Weights, x: Vector, h: Vector) -> Values:
    r, z = (weights.sigmoid(name, h + x) for name in "rz")
    nz = [1 - a for a in z]
    kept, rh = times(z, h), times(r, h)
    n = weights.tanh("n", rh + x)
    zn = times(nz, n)
    return {
        "r": r, "z": z, "nz": nz, "kept": kept, "rh": rh, "n": n, "zn": zn, "h": plus(kept, zn)
    }  # fmt: skip


def gru_reset_after(weights: Weights, x: Vector, h: Vector) -> Values:
    r, z = (weights.sigmoid(name, h + x) for name in "rz")
    nz = [1 - a for a in z]
    hn, xn = weights.sum("hn", h), weights.sum("xn", x)
    rhn = times(r, hn)
    s = plus(xn, rhn)
    n = [tanh(a) for a in s]
    kept, zn = times(z, h), times(nz, n)
    return {
        "r": r, "z": z, "nz": nz, "kept": kept, "hn": hn, "rhn": rhn, "xn": xn, "s": s, "n": n,
        "zn": zn, "h": plus(kept, zn)
    }  # fmt: skip


EQUATIONS: dict[str, Callable[..., Values]] = {
    "rnn": rnn,
    "rnn-relu": rnn_relu,
    "lstm": lstm,
    "gru": gru,
    "gru-reset-before": gru_reset_before,
    "gru-reset-after": gru_reset_after,
}


@pytest.mark.parametrize("name", DEMOS)
def test_a_demo_in_exact_arithmetic(name: str) -> None:
    cell = CELLS[name]
    story = demo(cell)
    trace = unroll(cell, story.parameters, story.inputs, story.initial)
    weights = Weights(story)
    computed_here = {
        node.name for node in cell.nodes if not isinstance(node.operation, Concatenate)
    }
    with localcontext() as context:
        context.prec = DIGITS
        states = {state: exact(story.initial[state]) for state in cell.states}
        for t in range(trace.timesteps):
            values = EQUATIONS[name](weights, exact(story.inputs[t]), **states)
            assert set(values) == computed_here
            for node, vector in values.items():
                computed = exact(trace.vector(node, t))
                error = max(abs(p - q) for p, q in zip(computed, vector, strict=True))
                assert error < Decimal(TOLERANCE), (node, t)
            states = {state: values[state] for state in cell.states}
