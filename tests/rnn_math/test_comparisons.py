"""Why sigmoid, why tanh: every number of the comparisons is numpy's, and the claims hold."""

from collections.abc import Callable

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.comparisons import COMPARISONS, Comparison, Lane
from gatereel.rnn_math.squashing import SQUASHING, slopes, squash, squashing

EXACT = 1e-12
"""What is drawn agrees with numpy to the last few bits."""


def column(lane: Lane, row: int) -> list[float]:
    return [entry.value for entry in lane.rows[row]]


def sigmoid(s: float) -> float:
    return float(1.0 / (1.0 + np.exp(-s)))


def test_a_state_times_three_explodes_or_settles() -> None:
    free, bounded = COMPARISONS["state"]().lanes
    assert column(free, 0)[-1] == 59_049.0
    assert column(bounded, 0)[-1] == pytest.approx(0.99490, abs=5e-6)
    s = np.array([row[0].value for row in bounded.rows])
    for step in range(1, len(bounded.rows[0])):
        s = np.tanh(3.0 * s)
        drawn = [row[step].value for row in bounded.rows]
        np.testing.assert_allclose(drawn, s, rtol=0, atol=EXACT)
        np.testing.assert_allclose(
            [row[step].value for row in free.rows],
            [3.0 * row[step - 1].value for row in free.rows],
            rtol=EXACT,
        )
    assert all(abs(entry.value) <= 1.0 for row in bounded.rows for entry in row)


def test_a_gate_is_a_share_or_else_turns_a_sign() -> None:
    share, turned = COMPARISONS["gate"]().lanes
    for lane, function in ((share, sigmoid), (turned, np.tanh)):
        for s, f, C, kept in ([entry.value for entry in row] for row in lane.rows):
            assert f == pytest.approx(function(s), abs=EXACT)
            assert kept == pytest.approx(f * C, abs=EXACT)
    assert all(row[1].is_share and 0.0 < row[1].value < 1.0 for row in share.rows)
    assert not any(row[1].is_share for row in turned.rows)
    assert turned.rows[-1][-1].value < -0.5 < 0.0 < share.rows[-1][-1].value < 0.05


def test_a_memory_of_positive_news_can_only_grow() -> None:
    signed, growing = COMPARISONS["candidate"]().lanes
    for lane in (signed, growing):
        np.testing.assert_allclose(column(lane, 1), np.cumsum(column(lane, 0)), atol=EXACT)
    assert np.all(np.diff(column(growing, 1)) > 0.0)
    assert np.any(np.diff(column(signed, 1)) > 0.0)
    assert np.any(np.diff(column(signed, 1)) < 0.0)
    # What is told: the memory, unlike the candidate, is not within ±1 even with tanh.
    assert min(column(signed, 1)) < -1.0


def test_the_output_is_bounded_and_the_memory_is_not() -> None:
    bounded, free = COMPARISONS["output"]().lanes
    C = np.array(column(bounded, 0))
    np.testing.assert_allclose(column(bounded, 1), 0.9 * np.tanh(C), atol=EXACT)
    np.testing.assert_allclose(column(free, 1), 0.9 * C, atol=EXACT)
    assert max(column(bounded, 1)) < 1.0 < max(column(free, 1))


@pytest.mark.parametrize("comparison", COMPARISONS.values(), ids=list(COMPARISONS))
def test_lanes_are_of_one_form(comparison: Callable[[], Comparison]) -> None:
    made = comparison()
    first, second = ([len(row) for row in lane.rows] for lane in made.lanes)
    assert first == second
    assert len(made.links) == (first[0] - 1 if made.column_names else 0)
    assert made.lanes[0].function != made.lanes[1].function


@pytest.mark.parametrize(
    ("s", "result"), [(5.0, 0.9933), (0.1, 0.5250), (-0.5, 0.3775)], ids=["5", "0.1", "-0.5"]
)
def test_sigmoid_of_the_well_known_card(s: float, result: float) -> None:
    assert squash("sigmoid", [s])[0] == pytest.approx(result, abs=5e-5)


@pytest.mark.parametrize("name", SQUASHING)
def test_slopes_are_those_of_the_function(name: str) -> None:
    s = np.linspace(-4.0, 4.0, 41) + 0.01  # ReLU has none at 0
    step = 1e-5
    witness = (squash(name, s + step) - squash(name, s - step)) / (2 * step)
    np.testing.assert_allclose(slopes(name, s.tolist()), witness, atol=1e-9)
    assert slopes(name, s.tolist()).max() <= squashing(name).steepest + EXACT


def test_another_function_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match="'sine' is none of sigmoid, tanh, relu, hard_sigmoid"):
        squash("sine", [1.0])
