"""d s_T / d s_t: closed forms, gradients as witnesses, and the two ways that make the whole."""

import tracemalloc

import numpy as np
import pytest

from gatereel.rnn_math import (
    CELLS,
    RNN,
    Cell,
    InputError,
    Parameters,
    Trace,
    random_parameters,
    unroll,
)
from gatereel.rnn_math.cell import Node, Paper
from gatereel.rnn_math.gradients import Unit, backpropagate, bound, gradient_flow, jacobians
from gatereel.rnn_math.gradients.flow import keeping
from gatereel.rnn_math.operations import Concatenate, WeightedSumAlone
from tests.rnn_math.gradients.test_backward import trace_of

SUMS = 1e-12
"""The whole and its two parts are sums of the same float64 numbers."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def linear_rnn() -> Cell:
    nodes = (
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("h", WeightedSumAlone(), ("hx",), "hidden state", letter="h"),
    )
    return Cell("linear", "linear RNN", "linear RNN", ("h",), nodes, Paper("A", "B", 1990), "")


def run(cell: Cell, W_h: np.ndarray, timesteps: int) -> Trace:
    """A cell without input and bias, from nought."""
    n = len(W_h)
    W = np.concatenate([W_h, np.zeros((n, 1))], axis=1)
    parameters = Parameters({"h": W}, {"h": np.zeros(n)}, "by hand")
    return unroll(cell, parameters, np.zeros((timesteps, 1)))


@pytest.mark.parametrize(("a", "steps", "norm"), [(0.5, 30, 9.3132257e-10), (1.2, 30, 237.3763)])
def test_a_scaled_identity_vanishes_or_explodes_as_its_power(
    a: float, steps: int, norm: float
) -> None:
    flow = gradient_flow(run(RNN, a * np.eye(3), steps + 1))
    assert flow.whole[0] == pytest.approx(norm, rel=1e-7)
    assert flow.whole[0] == pytest.approx(a**steps, rel=1e-12)
    assert flow.straight is None


def test_eigenvalues_below_one_and_yet_it_explodes_first() -> None:
    """Linear, W = [[0.9, 5], [0, 0.9]]."""
    flow = gradient_flow(run(linear_rnn(), np.array([[0.9, 5.0], [0.0, 0.9]]), 51))
    for k, norm in ((1, 5.2), (5, 16.4), (10, 19.4), (20, 13.5), (50, 1.4)):
        assert flow.whole[50 - k] == pytest.approx(norm, abs=0.06)


@pytest.mark.parametrize(("bias", "kept"), [(0.0, 9.5e-7), (1.0, 1.9e-3), (2.0, 0.079)])
def test_the_forget_bias_decides_how_much_is_kept(bias: float, kept: float) -> None:
    cell = CELLS["lstm"]
    zeros = random_parameters(cell, 1, 2, 0)
    weights = {name: np.zeros_like(W) for name, W in zeros.weights.items()}
    biases = {name: np.zeros_like(b) for name, b in zeros.biases.items()}
    biases["f"] = np.full(2, bias)
    flow = gradient_flow(unroll(cell, Parameters(weights, biases, "x"), np.zeros((21, 1))))
    assert flow.straight is not None
    assert flow.straight[0] == pytest.approx(kept, rel=0.02)
    assert flow.rest[0] == 0.0  # without weights, there is no other way


@every_cell
def test_the_straight_way_is_the_product_of_the_gates_that_keep(cell: Cell) -> None:
    trace = trace_of(cell, 12, 3, 5, 3)
    gates = {"lstm": "f", "gru": "nz", "gru-reset-before": "z", "gru-reset-after": "z"}
    for jacobian in jacobians(trace):
        if cell.name not in gates:
            assert jacobian.straight is None
            continue
        assert jacobian.straight is not None
        kept = np.prod(trace.values[gates[cell.name]][jacobian.timestep + 1 :], axis=0)
        assert np.abs(jacobian.straight - kept).max() <= SUMS


def test_the_rest_is_what_goes_through_the_gates_and_the_candidate() -> None:
    """Of an LSTM, with dh = d h_s / d c_t and G what the gates and the candidate make of it.

    d c_s / d c_t = diag(f_s) d c_(s-1) / d c_t + G dh, and the rest is all that G ever added.
    """
    trace = trace_of(CELLS["lstm"], 6, 2, 3, 3)
    n = trace.hidden_size
    W = {name: weights[:, :n] for name, weights in trace.parameters.weights.items()}
    for jacobian in jacobians(trace):
        straight, rest, dh = np.eye(n), np.zeros((n, n)), np.zeros((n, n))
        for s in range(jacobian.timestep + 1, trace.timesteps):
            f, i, g, o, tc = (trace.values[name][s][:, None] for name in ("f", "i", "g", "o", "tc"))
            c_prev = trace.vector("c_prev", s)[:, None]
            df, di, do = (
                gate * (1 - gate) * (W[name] @ dh) for name, gate in (("f", f), ("i", i), ("o", o))
            )
            dg = (1 - g * g) * (W["g"] @ dh)
            straight, rest = f * straight, f * rest + c_prev * df + g * di + i * dg
            dh = o * (1 - tc * tc) * (straight + rest) + tc * do
        np.testing.assert_allclose(jacobian.rest, rest, rtol=0, atol=SUMS)


def test_the_straight_way_is_read_off_the_list() -> None:
    assert {name: keeping(cell) for name, cell in CELLS.items()} == {
        "rnn": None,
        "rnn-relu": None,
        "lstm": ("c", "f"),
        "gru": ("h", "nz"),
        "gru-reset-before": ("h", "z"),
        "gru-reset-after": ("h", "z"),
    }


@every_cell
def test_rows_of_the_jacobian_are_gradients(cell: Cell) -> None:
    trace = trace_of(cell, 6, 2, 3, 4)
    n = trace.hidden_size
    rows = [backpropagate(trace, Unit(state, unit)) for state in cell.states for unit in range(n)]
    for jacobian in jacobians(trace):
        t = jacobian.timestep
        if t == trace.timesteps - 1:
            assert np.array_equal(jacobian.whole, np.eye(len(rows)))
            continue
        wanted = [
            np.concatenate([found.vectors[f"{state}_prev"][t + 1] for state in cell.states])
            for found in rows
        ]
        np.testing.assert_allclose(jacobian.whole, wanted, rtol=0, atol=SUMS)


def test_pascanus_bound_holds() -> None:
    trace = trace_of(RNN, 20, 2, 4, 5)
    assert (gradient_flow(trace).whole <= bound(trace) * (1 + 1e-12)).all()


def test_pascanus_bound_is_of_one_weighted_sum() -> None:
    with pytest.raises(InputError, match="the LSTM has 4"):
        bound(trace_of(CELLS["lstm"], 3, 2, 2, 5))


def test_norms_alone_take_no_memory_of_timesteps_times_states_squared() -> None:
    trace = trace_of(CELLS["gru"], 300, 2, 32, 6)
    tracemalloc.start()
    gradient_flow(trace)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 300 * 32 * 32 * 8 / 4
