"""Parameters of one cell as those of another that computes the same, or a reason why not."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import CELLS, InputError, random_inputs, random_parameters, unroll
from gatereel.rnn_math.conversion import EQUIVALENTS, convert

# 1 - sigmoid(-a) and sigmoid(a) are rounded apart, and 20 timesteps add a few such roundings up.
TOLERANCE = 1e-13
TIMESTEPS = 20


@pytest.mark.parametrize(("name", "to"), EQUIVALENTS)
@given(seed=st.integers(0, 1000), sizes=st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_an_equivalent_cell_computes_the_same_states(
    name: str, to: str, seed: int, sizes: tuple[int, int]
) -> None:
    cell, other = CELLS[name], CELLS[to]
    parameters = random_parameters(cell, *sizes, seed)
    inputs = random_inputs(sizes[0], TIMESTEPS, seed)
    ours = unroll(cell, parameters, inputs)
    theirs = unroll(other, convert(cell, parameters, other), inputs)
    for state in cell.states:
        np.testing.assert_allclose(ours.values[state], theirs.values[state], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(("name", "to"), EQUIVALENTS)
def test_there_and_back_gives_the_same_bits(name: str, to: str) -> None:
    cell, other = CELLS[name], CELLS[to]
    parameters = random_parameters(cell, 3, 2, seed=4)
    back = convert(other, convert(cell, parameters, other), cell)
    for node, W in parameters.weights.items():
        np.testing.assert_array_equal(W, back.weights[node])
        np.testing.assert_array_equal(parameters.biases[node], back.biases[node])
    assert back.origin == parameters.origin


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_itself(name: str) -> None:
    cell = CELLS[name]
    parameters = random_parameters(cell, 3, 2, seed=0)
    assert convert(cell, parameters, cell) is parameters


@pytest.mark.parametrize(
    ("name", "to"), [pair for pair in permutations(CELLS, 2) if pair not in EQUIVALENTS]
)
def test_every_other_pair_is_refused_with_both_conventions(name: str, to: str) -> None:
    cell, other = CELLS[name], CELLS[to]
    parameters = random_parameters(cell, 3, 2, seed=0)
    with pytest.raises(InputError) as refused:
        convert(cell, parameters, other)
    for part in (cell.title, cell.convention, other.title, other.convention):
        assert part in str(refused.value)
