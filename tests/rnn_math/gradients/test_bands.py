"""What a picture of the gradient is drawn of: bands, changed weights, clipping."""

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, Cell, InputError, Parameters, Trace, random_inputs, unroll
from gatereel.rnn_math.cells import GRU, LSTM, RNN
from gatereel.rnn_math.gradients import (
    FinalSum,
    backpropagate,
    band,
    bound,
    gradient_flow,
    scaled,
    untrained,
    with_forget_bias,
)
from gatereel.rnn_math.gradients.flow import keeping
from gatereel.rnn_math.operations import sigmoid

EXACT = 1e-12
UNITS, INPUTS, TIMESTEPS = 8, 3, 12

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def run(cell: Cell, parameters: Parameters | None = None) -> Trace:
    parameters = parameters or untrained(cell, INPUTS, UNITS, seed=2)
    return unroll(cell, parameters, random_inputs(INPUTS, TIMESTEPS, 3))


@every_cell
def test_a_band_is_the_flow_of_its_trace(cell: Cell) -> None:
    trace = run(cell)
    made, flow = band(trace), gradient_flow(trace)
    assert (made.cell, made.state, made.timesteps) == (cell, flow.state, TIMESTEPS)
    np.testing.assert_allclose(made.arrives, flow.kept, rtol=EXACT)
    assert made.left == made.arrives
    assert made.arrives[-1] == pytest.approx(1.0)
    if len(cell.weighted_sums) == 1:
        assert made.limit is not None
        np.testing.assert_allclose(made.limit, bound(trace), rtol=EXACT)
        assert all(np.array(made.arrives) <= np.array(made.limit) * (1 + 1e-9))
    else:
        assert made.limit is None
    assert (made.straight is None) == (keeping(cell) is None)


@every_cell
def test_recurrent_weights_begin_orthogonal(cell: Cell) -> None:
    made = untrained(cell, INPUTS, UNITS, seed=5)
    found = 0
    for node in cell.weighted_sums:
        (operand,) = node.operands
        if cell.stretches(operand)[0] == "hidden":
            W = made.weights[node.name][:, :UNITS]
            np.testing.assert_allclose(W @ W.T, np.eye(UNITS), atol=1e-12)
            found += 1
        assert not made.biases[node.name].any()
    assert found


@every_cell
def test_a_scale_is_of_recurrent_weights_alone(cell: Cell) -> None:
    before = untrained(cell, INPUTS, UNITS, seed=5)
    after = scaled(cell, before, 1.5)
    for name, W in before.weights.items():
        hidden = slice(0, UNITS) if W.shape[1] != INPUTS else slice(0, 0)
        rest = slice(hidden.stop, None)
        np.testing.assert_allclose(after.weights[name][:, hidden], 1.5 * W[:, hidden])
        np.testing.assert_array_equal(after.weights[name][:, rest], W[:, rest])
        np.testing.assert_array_equal(after.biases[name], before.biases[name])


@pytest.mark.parametrize(("factor", "arrives"), [(0.5, 1e-8), (1.0, 1.0), (1.5, 1.0)])
def test_scales_vanish_stay_and_explode(factor: float, arrives: float) -> None:
    parameters = scaled(RNN, untrained(RNN, 4, 32, seed=0), factor)
    first = band(unroll(RNN, parameters, random_inputs(4, 30, 0))).arrives[0]
    assert (first < arrives) == (factor <= 1.0)


@pytest.mark.parametrize("cell", [LSTM, GRU, CELLS["gru-reset-after"]], ids=lambda c: c.name)
@pytest.mark.parametrize("bias", [0.0, 1.0, 2.0])
def test_a_forget_bias_is_what_is_kept(cell: Cell, bias: float) -> None:
    parameters = with_forget_bias(cell, untrained(cell, 1, 4, seed=0), bias, timesteps=9)
    quiet = {name: W * 0.0 for name, W in parameters.weights.items()}
    trace = unroll(cell, Parameters(quiet, dict(parameters.biases), ""), np.zeros((9, 1)))
    made = band(trace)
    assert made.straight is not None
    kept = float(sigmoid(np.array(bias)))
    np.testing.assert_allclose(made.straight, kept ** np.arange(8, -1, -1), rtol=1e-9)


def test_chrono_keeps_for_as_long_as_the_sequence_lasts() -> None:
    parameters = with_forget_bias(
        LSTM, untrained(LSTM, 1, 200, seed=0), "chrono", timesteps=60, seed=1
    )
    b_f, b_i = parameters.biases["f"], parameters.biases["i"]
    np.testing.assert_array_equal(b_f, -b_i)
    assert b_f.min() >= 0.0
    assert np.log(50.0) < b_f.max() <= np.log(59.0)


def test_a_cell_without_a_gate_that_keeps_has_no_forget_bias() -> None:
    with pytest.raises(InputError, match="RNN has no gate that keeps its state"):
        with_forget_bias(RNN, untrained(RNN, 1, 2, seed=0), 1.0, timesteps=3)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_that_is_not_positive_is_refused(factor: float) -> None:
    with pytest.raises(InputError, match="a positive number is accepted"):
        scaled(RNN, untrained(RNN, 1, 2, seed=0), factor)


@every_cell
@pytest.mark.parametrize("threshold", [0.5, 1e6])
def test_clipping_is_of_the_gradient_by_all_parameters(cell: Cell, threshold: float) -> None:
    trace = run(cell)
    gradients = backpropagate(trace, FinalSum())
    parts = [*gradients.weights.values(), *gradients.biases.values()]
    norm = float(np.sqrt(sum((part * part).sum() for part in parts)))
    made = band(trace, threshold)
    assert made.clipping is not None
    assert made.clipping.norm == pytest.approx(norm, rel=EXACT)
    assert made.clipping.share == pytest.approx(min(1.0, threshold / norm), rel=EXACT)
    np.testing.assert_allclose(made.left, np.array(made.arrives) * made.clipping.share, rtol=EXACT)
