"""Gradients against central differences, against PyTorch, and by the laws that they obey."""

from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatereel.rnn_math import (
    CELLS,
    Cell,
    InputError,
    Parameters,
    Trace,
    previous,
    random_parameters,
    unroll,
)
from gatereel.rnn_math.gradients import (
    FinalSum,
    Gradients,
    Loss,
    SquaredError,
    Unit,
    backpropagate,
    clip,
)
from gatereel.rnn_math.operations import WeightedSum

STEP = 1e-6
DIFFERENCES = 1e-7
"""Central differences lose half of the digits, and the step's square."""
EXACT = 1e-10
"""What two ways to sum the same float64 numbers may differ by."""

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


def trace_of(cell: Cell, timesteps: int, input_size: int, hidden_size: int, seed: int) -> Trace:
    random = np.random.default_rng(seed)
    parameters = random_parameters(cell, input_size, hidden_size, seed)
    return unroll(
        cell,
        parameters,
        random.normal(size=(timesteps, input_size)),
        {state: random.normal(size=hidden_size) for state in cell.states},
    )


def losses(trace: Trace) -> dict[str, Loss]:
    random = np.random.default_rng(7)
    y = random.normal(size=(trace.timesteps, trace.hidden_size))
    y[0] = np.nan
    return {
        "sum": FinalSum(),
        "unit": Unit(trace.cell.states[-1], trace.hidden_size - 1, 0),
        "last unit": Unit(),
        "error": SquaredError(y),
    }


def numerically(change: Callable[[float], Trace], loss: Loss) -> float:
    return (loss.value(change(STEP)) - loss.value(change(-STEP))) / (2 * STEP)


@every_cell
@pytest.mark.parametrize("name", ["sum", "unit", "last unit", "error"])
def test_gradients_are_central_differences(cell: Cell, name: str) -> None:
    trace = trace_of(cell, 4, 2, 3, 1)
    loss = losses(trace)[name]
    found = backpropagate(trace, loss)
    p = trace.parameters

    def with_inputs(t: int, i: int) -> Callable[[float], Trace]:
        def changed(by: float) -> Trace:
            x = np.array(trace.inputs)
            x[t, i] += by
            return unroll(cell, p, x, trace.initial)

        return changed

    def with_weight(node: str, place: tuple[int, ...]) -> Callable[[float], Trace]:
        def changed(by: float) -> Trace:
            weights = {n: np.array(W) for n, W in p.weights.items()}
            biases = {n: np.array(b) for n, b in p.biases.items()}
            (weights if len(place) > 1 else biases)[node][place] += by
            return unroll(cell, Parameters(weights, biases, "by hand"), trace.inputs, trace.initial)

        return changed

    def with_initial(state: str, i: int) -> Callable[[float], Trace]:
        def changed(by: float) -> Trace:
            initial = {s: np.array(value) for s, value in trace.initial.items()}
            initial[state][i] += by
            return unroll(cell, p, trace.inputs, initial)

        return changed

    for t, i in np.ndindex(*trace.inputs.shape):
        wanted = numerically(with_inputs(t, i), loss)
        assert found.vectors["x"][t, i] == pytest.approx(wanted, abs=DIFFERENCES)
    for node in cell.weighted_sums:
        for place in np.ndindex(*p.weights[node.name].shape):
            wanted = numerically(with_weight(node.name, place), loss)
            assert found.weights[node.name][place] == pytest.approx(wanted, abs=DIFFERENCES)
        for i in range(trace.hidden_size):
            wanted = numerically(with_weight(node.name, (i,)), loss)
            assert found.biases[node.name][i] == pytest.approx(wanted, abs=DIFFERENCES)
    for state in cell.states:
        for i in range(trace.hidden_size):
            wanted = numerically(with_initial(state, i), loss)
            assert found.initial[state][i] == pytest.approx(wanted, abs=DIFFERENCES)


def test_the_check_by_differences_can_fail() -> None:
    trace = trace_of(CELLS["rnn"], 2, 1, 1, 1)
    found = backpropagate(trace, FinalSum())

    def changed(by: float) -> Trace:
        return unroll(trace.cell, trace.parameters, np.array(trace.inputs) + by, trace.initial)

    wanted = numerically(changed, FinalSum())
    assert found.vectors["x"][1, 0] != pytest.approx(wanted, abs=DIFFERENCES)


# --- PyTorch -------------------------------------------------------------------------------------


def torch_gradients(trace: Trace, loss_of: str) -> dict[str, np.ndarray]:
    """The same list, run by PyTorch's own functions in float64, and differentiated by it."""
    import torch

    cell = trace.cell
    functions = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu}
    leaves = {}

    def leaf(name: str, array: np.ndarray) -> "torch.Tensor":
        leaves[name] = torch.tensor(np.array(array), dtype=torch.float64, requires_grad=True)
        return leaves[name]

    W = {n: leaf(f"W_{n}", w) for n, w in trace.parameters.weights.items()}
    b = {n: leaf(f"b_{n}", v) for n, v in trace.parameters.biases.items()}
    x = leaf("x", trace.inputs)
    states = {s: leaf(f"initial {s}", v) for s, v in trace.initial.items()}
    for t in range(trace.timesteps):
        known = {"x": x[t]} | {previous(s): v for s, v in states.items()}
        for node in cell.nodes:
            operands = [known[name] for name in node.operands]
            title = node.operation.title
            if isinstance(node.operation, WeightedSum):
                s = W[node.name] @ operands[0] + b[node.name]
                known[node.name] = functions.get(node.operation.activation, lambda s: s)(s)
            elif title == "concatenate":
                known[node.name] = torch.cat(operands)
            elif title == "multiplication":
                known[node.name] = operands[0] * operands[1]
            elif title == "addition":
                known[node.name] = operands[0] + operands[1]
            else:
                known[node.name] = torch.tanh(*operands) if title == "tanh" else 1 - operands[0]
        states = {s: known[s] for s in cell.states}
    states[loss_of].sum().backward()
    return {
        name: np.zeros(tuple(v.shape)) if v.grad is None else v.grad.numpy()
        for name, v in leaves.items()
    }


@pytest.mark.skipif(find_spec("torch") is None, reason="no PyTorch; `make libraries` installs it")
@every_cell
@pytest.mark.parametrize(
    ("timesteps", "input_size", "hidden_size"),
    [(1, 1, 1), (2, 3, 2), (7, 5, 16), (50, 3, 4), (50, 16, 16)],
)
def test_gradients_are_pytorchs(
    cell: Cell, timesteps: int, input_size: int, hidden_size: int
) -> None:
    trace = trace_of(cell, timesteps, input_size, hidden_size, timesteps + hidden_size)
    for state in cell.states:
        found, wanted = backpropagate(trace, FinalSum(state)), torch_gradients(trace, state)
        np.testing.assert_allclose(found.vectors["x"], wanted["x"], rtol=0, atol=EXACT)
        for node in cell.weighted_sums:
            name = node.name
            np.testing.assert_allclose(found.weights[name], wanted[f"W_{name}"], rtol=0, atol=EXACT)
            np.testing.assert_allclose(found.biases[name], wanted[f"b_{name}"], rtol=0, atol=EXACT)
        for each in cell.states:
            np.testing.assert_allclose(
                found.initial[each], wanted[f"initial {each}"], rtol=0, atol=EXACT
            )


# --- laws ----------------------------------------------------------------------------------------


def all_of(gradients: Gradients) -> np.ndarray:
    parts = [*gradients.vectors.values(), *gradients.weights.values(), *gradients.biases.values()]
    return np.concatenate([part.ravel() for part in parts])


@settings(max_examples=20)
@given(st.sampled_from(sorted(CELLS)), st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_the_gradient_of_a_sum_is_the_sum_of_gradients(
    name: str, timesteps: int, hidden_size: int, seed: int
) -> None:
    trace = trace_of(CELLS[name], timesteps, 2, hidden_size, seed)
    units = [all_of(backpropagate(trace, Unit("h", unit))) for unit in range(hidden_size)]
    whole = all_of(backpropagate(trace, FinalSum()))
    np.testing.assert_allclose(sum(units), whole, rtol=0, atol=1e-12)


@every_cell
def test_what_comes_later_than_the_loss_gets_nothing(cell: Cell) -> None:
    trace = trace_of(cell, 5, 2, 3, 2)
    found = backpropagate(trace, Unit("h", 1, 2))
    for name, gradient in found.vectors.items():
        assert not gradient[3:].any(), name
    assert found.vectors["h"][2].tolist() == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        (Unit("k"), "The LSTM has no state 'k'; it has h and c."),
        (FinalSum("f"), "The LSTM has no state 'f'"),
        (Unit("h", 3), "The loss is of unit 4; the hidden size is 2."),
        (Unit("h", 0, 9), "The loss is of timestep 10; the sequence has 3 timesteps."),
        (SquaredError([[1.0, 2.0]]), r"The targets have the shape \(1, 2\); \(3, 2\) is that of h"),
        (SquaredError([[1.0, np.inf]] * 3), "The targets"),
    ],
)
def test_what_does_not_exist_is_refused(loss: Loss, said: str) -> None:
    trace = trace_of(CELLS["lstm"], 3, 3, 2, 1)
    with pytest.raises(InputError, match=said):
        backpropagate(trace, loss)


def test_gradients_cannot_be_changed() -> None:
    found = backpropagate(trace_of(CELLS["gru"], 2, 2, 2, 1), FinalSum())
    for array in (*found.vectors.values(), *found.weights.values(), *found.initial.values()):
        assert not array.flags.writeable


def test_clipping_keeps_the_direction() -> None:
    first, second = clip([np.array([3.0, 0.0]), np.array([4.0])], 1.0)
    assert np.allclose(first, [0.6, 0.0])
    assert np.allclose(second, [0.8])
    (same,) = clip([np.array([0.3, 0.4])], 1.0)
    assert np.allclose(same, [0.3, 0.4])
    with pytest.raises(InputError, match="The threshold is 0"):
        clip([first], 0.0)
