"""Unrolling: numbers derived by hand, laws of every trace, and the checks at the door."""

import math
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatereel.rnn_math import (
    CELLS,
    GRU,
    LSTM,
    RNN,
    RNN_RELU,
    Array,
    Cell,
    InputError,
    Node,
    Parameters,
    Trace,
    WeightedSumSigmoid,
    random_inputs,
    random_parameters,
    step,
    unroll,
)
from gatereel.rnn_math.unroll import moments

# A handful of roundings on values below 1.
HAND_TOLERANCE = 1e-15

LN2, LN3 = math.log(2.0), math.log(3.0)  # tanh(ln 2) = 0.6, sigmoid(ln 3) = 0.75


def by_bias(**biases: float) -> Parameters:
    """Parameters of one hidden unit and one feature whose gates depend on the biases alone."""
    return Parameters({n: [[0.0, 0.0]] for n in biases}, {n: [b] for n, b in biases.items()}, "")


def random_trace(cell: Cell, input_size: int, hidden_size: int, timesteps: int, seed: int) -> Trace:
    random = np.random.default_rng(seed)
    parameters = random_parameters(cell, input_size, hidden_size, seed)
    initial = {state: random.uniform(-1.0, 1.0, hidden_size) for state in cell.states}
    return unroll(cell, parameters, random_inputs(input_size, timesteps, seed), initial)


sizes = st.integers(1, 8)
traces = st.builds(
    random_trace,
    st.sampled_from(list(CELLS.values())),
    sizes,
    sizes,
    st.integers(1, 12),
    st.integers(0, 1000),
)


@pytest.mark.parametrize(
    ("cell", "parameters", "initial", "expected"),
    [
        (RNN, by_bias(h=LN2), {"h": [0.4]}, {"h": 0.6}),
        (
            GRU,
            by_bias(r=-LN3, z=LN3, n=LN2),
            {"h": [0.4]},
            {"r": 0.25, "z": 0.75, "nz": 0.25, "kept": 0.1, "rh": 0.1, "n": 0.6, "zn": 0.45}
            | {"h": 0.55},
        ),
        (
            LSTM,
            by_bias(f=LN3, i=-LN3, g=LN2, o=LN3),
            {"h": [0.4], "c": [(LN2 - 0.15) / 0.75]},  # so that c comes out as ln 2
            {"f": 0.75, "fc": LN2 - 0.15, "i": 0.25, "g": 0.6, "ig": 0.15, "c": LN2}
            | {"o": 0.75, "tc": 0.6, "h": 0.45},
        ),
    ],
    ids=["rnn", "gru", "lstm"],
)
def test_numbers_derived_by_hand(
    cell: Cell,
    parameters: Parameters,
    initial: Mapping[str, list[float]],
    expected: Mapping[str, float],
) -> None:
    trace = unroll(cell, parameters, [[1.0]], initial)
    computed = {name: trace.values[name][0, 0] for name in expected}
    assert computed == pytest.approx(expected, abs=HAND_TOLERANCE)


def test_columns_of_the_weights_meet_h_first_and_then_x() -> None:
    parameters = Parameters({"h": [[LN2, 10.0, 100.0]]}, {"h": [1000.0]}, "")
    trace = unroll(RNN, parameters, [[0.25, 0.5]], {"h": [1.0]})
    np.testing.assert_array_equal(trace.values["hx"], [[1.0, 0.25, 0.5]])
    np.testing.assert_array_equal(trace.weighted_sums["h"], [[LN2 + 2.5 + 50.0 + 1000.0]])


def test_the_initial_state_is_zero_when_left_out(cell: Cell) -> None:
    parameters, x = random_parameters(cell, 3, 2, 0), random_inputs(3, 4, 0)
    zeros = {state: np.zeros(2) for state in cell.states}
    without, with_zeros = unroll(cell, parameters, x), unroll(cell, parameters, x, zeros)
    np.testing.assert_array_equal(without.vector("h_prev", 0), [0.0, 0.0])
    np.testing.assert_array_equal(without.values["h"], with_zeros.values["h"])


@given(traces)
@settings(max_examples=50)
def test_every_node_follows_from_its_operands(trace: Trace) -> None:
    for t in range(trace.timesteps):
        for node in trace.cell.nodes:
            operands = [trace.vector(name, t) for name in node.operands]
            if node in trace.cell.weighted_sums:
                W, b = trace.parameters.weights[node.name], trace.parameters.biases[node.name]
                operands = [W, b, *operands]
            np.testing.assert_array_equal(
                trace.vector(node.name, t), node.operation.apply(*operands)
            )


@given(traces)
@settings(max_examples=50)
def test_shapes_ranges_and_frozen_arrays(trace: Trace) -> None:
    widths = trace.cell.widths(trace.input_size, trace.hidden_size)
    assert list(trace.values) == [node.name for node in trace.cell.nodes]
    for node in trace.cell.nodes:
        values = trace.values[node.name]
        assert values.shape == (trace.timesteps, widths[node.name])
        if isinstance(node.operation, WeightedSumSigmoid):
            assert ((values >= 0.0) & (values <= 1.0)).all()
    if trace.cell is not RNN_RELU:
        assert (np.abs(trace.values["h"]) <= 1.0).all()
    arrays = [trace.inputs, *trace.initial.values(), *trace.values.values()]
    arrays += trace.weighted_sums.values()
    assert not any(array.flags.writeable for array in arrays)


@given(traces, st.data())
@settings(max_examples=50)
def test_going_on_from_the_state_changes_nothing(trace: Trace, data: st.DataObject) -> None:
    if trace.timesteps == 1:
        return
    cut = data.draw(st.integers(1, trace.timesteps - 1))
    cell, parameters, x = trace.cell, trace.parameters, trace.inputs
    begun = unroll(cell, parameters, x[:cut], trace.initial)
    gone_on = unroll(cell, parameters, x[cut:], begun.final)
    for name, values in trace.values.items():
        whole = np.concatenate([begun.values[name], gone_on.values[name]])
        np.testing.assert_array_equal(whole, values)


def test_a_step_is_one_timestep_of_unroll(cell: Cell) -> None:
    trace = random_trace(cell, 3, 2, 1, seed=4)
    values, weighted_sums = step(cell, trace.parameters, trace.inputs[0], trace.initial)
    assert list(values) == list(trace.values)
    for name, value in values.items():
        np.testing.assert_array_equal(value, trace.values[name][0])
    for name, s in weighted_sums.items():
        np.testing.assert_array_equal(s, trace.weighted_sums[name][0])


def test_vectors_by_name() -> None:
    trace = random_trace(LSTM, 3, 2, 4, seed=0)
    np.testing.assert_array_equal(trace.vector("x", 2), trace.inputs[2])
    np.testing.assert_array_equal(trace.vector("c_prev", 0), trace.initial["c"])
    np.testing.assert_array_equal(trace.vector("c_prev", 3), trace.values["c"][2])
    np.testing.assert_array_equal(trace.vector("f", 3), trace.values["f"][3])
    with pytest.raises(InputError, match="LSTM has no node 'z'"):
        trace.vector("z", 0)
    for t in (-1, 4):
        with pytest.raises(InputError, match=f"no timestep {t}; the trace has 0 to 3"):
            trace.vector("f", t)


X = [[1.0, 2.0, 3.0]]


@pytest.mark.parametrize(
    ("inputs", "initial", "message"),
    [
        ([1.0, 2.0, 3.0], None, r"inputs has shape \(3,\); it needs two dimensions"),
        ([[1.0, 2.0]], None, "inputs has 2 columns; the weights need 3"),
        (np.empty((0, 3)), None, r"inputs has shape \(0, 3\); it needs at least one number"),
        ([[1.0, math.nan, 3.0]], None, "inputs has nan in row 1, column 2"),
        ([[1.0, 2.0, 3.0], [1.0, math.inf, 3.0]], None, "inputs has inf in row 2, column 2"),
        ([["1", "2", "3"]], None, "inputs holds <U1 values; it needs real numbers"),
        ([[1j, 2.0, 3.0]], None, "inputs holds complex128 values"),
        ([[1.0, None, 3.0]], None, "inputs holds object values"),
        ([[1.0], [1.0, 2.0]], None, "inputs cannot be read as an array"),
        (X, {"h": [0.0, 0.0]}, "The initial state 'c' is missing; LSTM needs h, c"),
        (X, {"h": [0.0, 0.0], "c": [0.0, 0.0], "n": [0.0]}, "state 'n' is none of LSTM's states"),
        (X, {"h": [0.0], "c": [0.0, 0.0]}, "initial state h has 1 value; the weights need 2"),
        (X, {"h": 0.0, "c": [0.0, 0.0]}, r"initial state h has shape \(\); it needs one dimension"),
        (X, {"h": [0.0, math.nan], "c": [0.0, 0.0]}, "initial state h has nan in place 2"),
    ],
)
def test_wrong_inputs_and_states_are_refused(inputs: Any, initial: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        unroll(LSTM, random_parameters(LSTM, 3, 2, 0), inputs, initial)


def test_parameters_of_another_cell_are_refused() -> None:
    with pytest.raises(InputError, match="W_f is missing; LSTM needs"):
        unroll(LSTM, random_parameters(GRU, 3, 2, 0), X)


def last_columns(cell: Cell, hidden_size: int, **columns: list[float]) -> Parameters:
    """Parameters of one feature whose matrices are noughts but for their last column."""
    widths = cell.widths(1, hidden_size)
    weights: dict[str, Array] = {}
    for node in cell.weighted_sums:
        (operand,) = node.operands
        weights[node.name] = np.zeros((hidden_size, widths[operand]))
        weights[node.name][:, -1] = columns.get(node.name, [0.0] * hidden_size)
    return Parameters(weights, {name: np.zeros(hidden_size) for name in weights}, "")


@pytest.mark.parametrize("size", [1.0, 1e3, 1e150, 1e307])
def test_huge_weights_saturate_without_a_warning(cell: Cell, size: float) -> None:
    columns = {node.name: [size, -size] for node in cell.weighted_sums}
    trace = unroll(cell, last_columns(cell, 2, **columns), [[1.0]] * 3)
    assert np.isfinite(trace.values["h"]).all()


@pytest.mark.parametrize("size", [1e308, 1.7e308])
@pytest.mark.parametrize("run", [unroll, lambda *given: list(moments(*given))])
def test_an_overflow_is_named_by_node_and_timestep(
    cell: Cell, size: float, run: Callable[..., object]
) -> None:
    last = next(node.name for node in reversed(cell.weighted_sums) if reads_input(cell, node))
    message = f"Node '{last}' of {cell.title} overflows at timestep 2; weights, inputs"
    with pytest.raises(InputError, match=re.escape(message)):
        run(cell, last_columns(cell, 1, **{last: [size]}), [[1.0], [2.0], [2.0]])


def reads_input(cell: Cell, node: Node) -> bool:
    return any("input" in cell.stretches(operand) for operand in node.operands)


def test_the_first_overflow_in_the_order_of_computation_is_named() -> None:
    columns = {name: [1e308] for name in ("f", "i", "g", "o")}
    with pytest.raises(InputError, match="Node 'f' of LSTM overflows at timestep 1"):
        unroll(LSTM, last_columns(LSTM, 1, **columns), [[2.0]])


@given(traces)
@settings(max_examples=25)
def test_moments_give_the_numbers_of_unroll(trace: Trace) -> None:
    rows = (row.tolist() for row in trace.inputs)
    computed = list(moments(trace.cell, trace.parameters, rows, trace.initial))
    assert len(computed) == trace.timesteps
    for t, (_, _, (values, weighted_sums)) in enumerate(computed):
        for name, value in values.items():
            np.testing.assert_array_equal(value, trace.values[name][t])
        for name, s in weighted_sums.items():
            np.testing.assert_array_equal(s, trace.weighted_sums[name][t])


def test_moments_ask_for_a_row_when_its_timestep_is_asked_for() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[float]]:
        for t in count():
            taken.append(t)
            yield [0.1, 0.2, 0.3]

    computed = moments(LSTM, random_parameters(LSTM, 3, 2, 0), rows())
    assert taken == []
    next(computed)
    next(computed)
    assert taken == [0, 1]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([1.0, 2.0], "Row 2 of inputs has 2 values; the weights need 3, one for each feature"),
        ([1.0, math.nan, 3.0], "Row 2 of inputs has nan in place 2"),
        ([[1.0, 2.0, 3.0]], r"Row 2 of inputs has shape \(1, 3\); it needs one dimension"),
        (["a", "b", "c"], "Row 2 of inputs holds <U1 values"),
    ],
)
def test_moments_refuse_a_wrong_row_when_it_comes(row: Any, message: str) -> None:
    computed = moments(LSTM, random_parameters(LSTM, 3, 2, 0), [[1.0, 2.0, 3.0], row])
    next(computed)
    with pytest.raises(InputError, match=message):
        next(computed)


def test_moments_check_parameters_and_states_at_once() -> None:
    with pytest.raises(InputError, match="W_f is missing"):
        moments(LSTM, random_parameters(GRU, 3, 2, 0), X)
    with pytest.raises(InputError, match="initial state 'c' is missing"):
        moments(LSTM, random_parameters(LSTM, 3, 2, 0), X, {"h": [0.0, 0.0]})


def test_moments_leave_the_callers_error_state_alone() -> None:
    before = np.geterr()
    computed = moments(RNN, random_parameters(RNN, 1, 1, 0), [[1.0]] * 2)
    next(computed)
    assert np.geterr() == before


PROGRAM = Path(__file__).parent.parent / "plain_lstm.py"
TIMESTEPS = "150"
ROUNDS = ("2", "5")
"""The best of a few tells it where nothing else runs; where something does, the best of more."""

MOST_TIMES_PLAIN = 2.0


@pytest.mark.slow
def test_a_wide_lstm_takes_at_most_twice_the_time_of_its_products(tmp_path: Path) -> None:
    for rounds in ROUNDS:
        # One thread: on a busy machine several wait for each other, which measures the machine.
        done = subprocess.run(
            [sys.executable, "-P", str(PROGRAM), TIMESTEPS, rounds, str(tmp_path / "trace.npz")],
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        plain, in_memory, to_npz = map(float, done.stdout.split())
        if max(in_memory, to_npz) <= MOST_TIMES_PLAIN * plain:
            return
    assert in_memory <= MOST_TIMES_PLAIN * plain
    assert to_npz <= MOST_TIMES_PLAIN * plain
