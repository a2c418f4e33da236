"""Parameters are copied, checked against the cell, and drawn reproducibly."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import (
    LSTM,
    RNN,
    Cell,
    InputError,
    Parameters,
    check_parameters,
    random_inputs,
    random_parameters,
)

SIZES = [(1, 1), (1, 5), (3, 2), (16, 7)]


def changed(change: Callable[[dict[str, Any], dict[str, Any]], object]) -> Parameters:
    """LSTM parameters for input_size 3 and hidden_size 2 after `change(weights, biases)`."""
    good = random_parameters(LSTM, 3, 2, seed=0)
    weights, biases = dict(good.weights), dict(good.biases)
    change(weights, biases)
    return Parameters(weights, biases, "test")


@pytest.mark.parametrize(("input_size", "hidden_size"), SIZES)
def test_sizes_are_read_off_the_shapes(cell: Cell, input_size: int, hidden_size: int) -> None:
    parameters = random_parameters(cell, input_size, hidden_size, seed=1)
    assert check_parameters(cell, parameters) == (input_size, hidden_size)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda W, b: W.pop("f"), "W_f is missing; LSTM needs W_f, W_i, W_g, W_o"),
        (lambda W, b: b.pop("o"), "b_o is missing; LSTM needs b_f, b_i, b_g, b_o"),
        (lambda W, b: W.update(z=W["f"]), "W_z belongs to no weighted sum of LSTM"),
        (lambda W, b: b.update(z=b["f"]), "b_z belongs to no weighted sum of LSTM"),
        (
            lambda W, b: W.update(i=np.ones((3, 5))),
            r"W_i has shape \(3, 5\); with input_size 3 and hidden_size 2, read off W_f, it needs "
            r"\(2, 5\)",
        ),
        (lambda W, b: W.update(g=W["g"].T), r"W_g has shape \(5, 2\)"),
        (lambda W, b: b.update(i=np.ones(3)), r"b_i has shape \(3,\).* it needs \(2,\)"),
        (lambda W, b: W.update(f=np.ones((2, 2))), "W_f has shape .* needs at least 3 columns"),
        (lambda W, b: W.update(f=np.ones(5)), r"W_f has shape \(5,\); it needs two dimensions"),
        (lambda W, b: b.update(f=np.ones((2, 1))), "b_f has shape .* it needs one dimension"),
        (lambda W, b: b.update(f=[]), "b_f has shape .* it needs at least one number"),
        (
            lambda W, b: b.update(f=[0.0, np.nan]),
            "b_f has nan in place 2; every number must",
        ),
        (lambda W, b: W.update(f=np.full((2, 5), np.inf)), "W_f has inf in row 1, column 1"),
        (lambda W, b: W.update(f=[[1.0], [2.0, 3.0]]), "W_f cannot be read as an array"),
        (lambda W, b: b.update(f=["a", "b"]), "b_f holds <U1 values; it needs real numbers"),
        (lambda W, b: b.update(f=[1j, 0]), "b_f holds complex128 values"),
        (lambda W, b: b.update(f=np.array([True, False])), "b_f holds bool values"),
        (lambda W, b: b.update(f=[None, 1.0]), "b_f holds object values"),
        (lambda W, b: b.update(f=[np.longdouble("1e400"), 1.0]), "b_f has inf in place 1"),
    ],
)
def test_wrong_parameters_are_refused(change: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_parameters(LSTM, changed(change))


def test_arrays_are_copies_and_read_only() -> None:
    W = np.ones((2, 5))
    parameters = Parameters({"h": W}, {"h": [0, 1]}, "test")
    W[0, 0] = 7.0
    assert parameters.weights["h"][0, 0] == 1.0
    assert parameters.biases["h"].dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        parameters.weights["h"][0, 0] = 7.0
    with pytest.raises(TypeError):
        parameters.biases["h"] = np.ones(2)  # type: ignore[index]  # the point of the test


def test_random_parameters_repeat_by_seed_and_stay_in_bounds(cell: Cell) -> None:
    one, again, other = (random_parameters(cell, 3, 4, seed) for seed in (5, 5, 6))
    assert one.origin == "random, seed 5"
    for node in cell.weighted_sums:
        np.testing.assert_array_equal(one.weights[node.name], again.weights[node.name])
        np.testing.assert_array_equal(one.biases[node.name], again.biases[node.name])
        assert (one.weights[node.name] != other.weights[node.name]).all()
        assert np.abs(one.weights[node.name]).max() <= 0.5  # 1 / sqrt(4)


def test_random_parameters_fill_their_range() -> None:
    W = random_parameters(RNN, 100, 100, seed=0).weights["h"]
    # 20,000 draws from U(-0.1, 0.1): the extremes come within a thousandth of the range.
    assert W.min() < -0.0998
    assert W.max() > 0.0998


def test_the_draw_of_a_seed_does_not_change() -> None:
    # Pictures made from a seed must come out the same in every version.
    assert random_parameters(RNN, 1, 1, seed=0).weights["h"].tolist() == [
        [0.2739233746429086, -0.4604265724722594]
    ]
    assert random_inputs(3, 2, seed=0).tolist() == [[0.13, -0.13, 0.64], [0.1, -0.54, 0.36]]


def test_random_inputs_have_two_decimals_and_no_negative_zero() -> None:
    x = random_inputs(50, 50, seed=3)
    assert x.shape == (50, 50)
    np.testing.assert_array_equal(x, np.round(x, 2))
    assert not np.signbit(x[x == 0.0]).any()
    assert (x == 0.0).any()


@pytest.mark.parametrize("seed", [-1, 1.5, True, "3"])
def test_seeds_are_whole_numbers_from_0(seed: Any) -> None:
    with pytest.raises(InputError, match=r"The seed is .*; it must be a whole number of at least"):
        random_parameters(RNN, 3, 2, seed)
    with pytest.raises(InputError, match=r"The seed is .*; it must be a whole number of at least"):
        random_inputs(3, 2, seed)


def test_zero_timesteps_are_refused() -> None:
    with pytest.raises(InputError, match="timesteps is 0; it must be a whole number of at least 1"):
        random_inputs(3, 0, seed=0)
