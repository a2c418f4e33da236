"""Each operation computes itself, and says how wide its result is."""

import math
from inspect import isabstract
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import (
    Activation,
    Addition,
    Concatenate,
    InputError,
    Multiplication,
    OneMinus,
    Operation,
    Projection,
    Tanh,
    WeightedSum,
    WeightedSumAlone,
    WeightedSumOf,
    WeightedSumRelu,
    WeightedSumSigmoid,
    WeightedSumTanh,
    sigmoid,
)
from gatereel.rnn_math.formulas import Name
from gatereel.rnn_math.printing import PLAIN

# exp and one division: each within an ulp or two of the true value.
SIGMOID_RELATIVE_TOLERANCE = 1e-15

A = np.array([1.0, -2.0])
B = np.array([0.5, 3.0])
W = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 0.0]])
SUMS = (WeightedSumAlone, WeightedSumRelu, WeightedSumSigmoid, WeightedSumTanh)
BIAS = np.array([0.25, 0.0, -1.0])


COMPUTED: list[tuple[Any, ...]] = [
    (Concatenate(), (A, B), [1.0, -2.0, 0.5, 3.0]),
    (Concatenate(), (B, A, B), [0.5, 3.0, 1.0, -2.0, 0.5, 3.0]),
    (Multiplication(), (A, B), [0.5, -6.0]),
    (Addition(), (A, B), [1.5, 1.0]),
    (OneMinus(), (A,), [0.0, 3.0]),
    (Tanh(), (np.array([math.log(2.0), 0.0]),), [0.6, 0.0]),
    # W a + b = (-2.75, 2, 2)
    (WeightedSumTanh(), (W, BIAS, A), [math.tanh(-2.75), math.tanh(2.0), math.tanh(2.0)]),
    (WeightedSumRelu(), (W, BIAS, A), [0.0, 2.0, 2.0]),
    (WeightedSumAlone(), (W, BIAS, A), [-2.75, 2.0, 2.0]),
    (WeightedSumSigmoid(), (np.eye(1) * math.log(3.0), np.zeros(1), np.ones(1)), [0.75]),
]


@pytest.mark.parametrize(("operation", "operands", "result"), COMPUTED)
def test_an_operation_computes_its_operands(
    operation: Operation, operands: tuple[np.ndarray, ...], result: list[float]
) -> None:
    np.testing.assert_allclose(operation.apply(*operands), result, rtol=1e-15, atol=1e-16)


def test_a_weighted_sum_is_taken_before_the_activation() -> None:
    np.testing.assert_array_equal(WeightedSumTanh().weighted_sum(W, BIAS, A), [-2.75, 2.0, 2.0])


WIDTHS: list[tuple[Any, ...]] = [
    (Concatenate(), (2, 3), 5),
    (Concatenate(), (2, 3, 4), 9),
    (Multiplication(), (4, 4), 4),
    (Addition(), (4, 4), 4),
    (OneMinus(), (4,), 4),
    (Tanh(), (4,), 4),
    (WeightedSumSigmoid(), (9,), 7),
    (WeightedSumTanh(), (9,), 7),
    (WeightedSumRelu(), (9,), 7),
    (WeightedSumAlone(), (9,), 7),
]


@pytest.mark.parametrize(("operation", "widths", "width"), WIDTHS)
def test_output_width(operation: Operation, widths: tuple[int, ...], width: int) -> None:
    assert operation.output_width(widths, hidden_size=7) == width


@pytest.mark.parametrize(
    ("operation", "widths", "message"),
    [
        (Multiplication(), (2, 3), "multiplication got operands of width 2 and 3"),
        (Addition(), (3, 2), "addition got operands of width 3 and 2"),
        (Addition(), (3,), "addition got 1 operand; it needs 2"),
        (OneMinus(), (3, 3), "one minus got 2 operands; it needs 1"),
        (Tanh(), (), "tanh got 0 operands; it needs 1"),
        (Concatenate(), (3,), "concatenate got 1 operand; it needs two or more"),
        (WeightedSumTanh(), (3, 3), "tanh got 2 operands; it needs 1"),
    ],
)
def test_operands_that_do_not_fit(
    operation: Operation, widths: tuple[int, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        operation.output_width(widths, hidden_size=7)


def kinds_of(base: type[Any]) -> set[type[Operation]]:
    """Name every operation that can be made, the classes between left out."""
    below = set().union(*map(kinds_of, base.__subclasses__()))
    return below if isabstract(base) else {base, *below}


CHOSEN = {Activation, WeightedSumOf, Projection}
"""Operations whose function or size is one of many: they have tests of their own,
`test_functions.py` and `models/test_projection.py`."""

KINDS = kinds_of(Operation) - CHOSEN


def test_every_operation_is_tried_in_this_file() -> None:
    assert set(SUMS) < KINDS
    for tried in (COMPUTED, WIDTHS, WRITTEN):
        assert {type(operation) for operation, *_ in tried} == KINDS


def test_two_of_a_kind_are_equal_and_two_kinds_are_not() -> None:
    assert all(kind() == kind() and hash(kind()) == hash(kind()) for kind in KINDS)
    assert all(one() != other() for one, other in permutations(KINDS, 2))


def test_the_weighted_sums_are_the_operations_with_weights() -> None:
    assert {kind for kind in KINDS if issubclass(kind, WeightedSum)} == set(SUMS)
    assert kinds_of(WeightedSum) - CHOSEN == set(SUMS)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_sigmoid_of_any_finite_number_is_between_0_and_1(s: float) -> None:
    value, opposite = sigmoid(np.array([s, -s]))
    assert 0.0 <= value <= 1.0
    assert value + opposite == pytest.approx(1.0, rel=SIGMOID_RELATIVE_TOLERANCE)


@given(st.floats(-700.0, 700.0))
def test_sigmoid_follows_its_definition(s: float) -> None:
    expected = 1.0 / (1.0 + math.exp(-s))
    assert sigmoid(np.array([s]))[0] == pytest.approx(expected, rel=SIGMOID_RELATIVE_TOLERANCE)


def test_sigmoid_keeps_the_digits_of_a_gate_that_is_almost_closed() -> None:
    # For s far below zero, sigma(s) is exp(s) up to a factor of 1 + exp(s).
    assert sigmoid(np.array([-100.0]))[0] == pytest.approx(math.exp(-100.0), rel=1e-15)


WRITTEN: list[tuple[Any, ...]] = [
    (Concatenate(), ("a", "b", "c"), "[a, b, c]"),
    (WeightedSumSigmoid(), ("v",), "sigmoid(W_f v + b_f)"),
    (WeightedSumTanh(), ("v",), "tanh(W_f v + b_f)"),
    (WeightedSumRelu(), ("v",), "relu(W_f v + b_f)"),
    (WeightedSumAlone(), ("v",), "W_f v + b_f"),
    (Multiplication(), ("a", "b"), "a * b"),
    (Addition(), ("a", "b"), "a + b"),
    (OneMinus(), ("a",), "1 - a"),
    (Tanh(), ("a",), "tanh(a)"),
]


@pytest.mark.parametrize(("operation", "operands", "text"), WRITTEN)
def test_an_operation_as_text(operation: Operation, operands: tuple[str, ...], text: str) -> None:
    names = [Name(operand) for operand in operands]
    assert PLAIN.text(operation.formula("f", names)) == text
