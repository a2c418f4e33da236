"""LSTMs with proj_size: a hidden state that is narrower than the cell state."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import (
    InputError,
    Parameters,
    check_parameters,
    random_inputs,
    random_parameters,
    unroll,
)
from gatereel.rnn_math.cells.relatives.lstm_projected import lstm_projected
from gatereel.rnn_math.gradients import FinalSum, backpropagate, gradient_flow
from gatereel.rnn_math.models import (
    choose_layer,
    library_gradients,
    library_states,
    read_model,
    run,
    started,
)

PROJECTED = Path(__file__).parents[2] / "models" / "pytorch" / "lstm-projected.safetensors"

EXACT = 1e-12
"""What the order of summing changes in float64."""

SMALL_STEP, NEAR = 1e-6, 1e-8
"""Of a difference quotient, and how near it comes."""

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")


def test_the_equation_is_that_of_pytorch() -> None:
    from safetensors.numpy import load_file

    stored = {name: each.astype(np.float64) for name, each in load_file(PROJECTED).items()}
    (layer,) = read_model(PROJECTED).layers
    assert (layer.input_size, layer.hidden_size, layer.output_size) == (3, 4, 2)
    x = random_inputs(3, 5, seed=3)
    found = run(layer, "forward", x)
    h, c = np.zeros(2), np.zeros(4)
    for t, row in enumerate(x):
        s = stored["weight_ih_l0"] @ row + stored["bias_ih_l0"]
        s = s + stored["weight_hh_l0"] @ h + stored["bias_hh_l0"]
        i, f, g, o = np.split(s, 4)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = stored["weight_hr_l0"] @ (np.tanh(c) / (1 + np.exp(-o)))
        np.testing.assert_allclose(found.values["c"][t], c, rtol=0, atol=EXACT)
        np.testing.assert_allclose(found.values["h"][t], h, rtol=0, atol=EXACT)


def test_the_cell_says_what_it_computes() -> None:
    cell = lstm_projected(2)
    assert cell.program[-1] == "h  = W_h ot".replace("  ", " ")
    assert cell.widths(3, 4)["h"] == cell.widths(3, 4)["h_prev"] == 2
    assert cell.widths(3, 4)["c"] == 4
    assert "proj_size=2" in cell.libraries[0]


def test_the_gradient_is_that_of_a_difference_quotient() -> None:
    cell = lstm_projected(2)
    parameters, x = random_parameters(cell, 3, 4, seed=1), random_inputs(3, 4, seed=1)
    assert check_parameters(cell, parameters) == (3, 4)
    found = backpropagate(unroll(cell, parameters, x), FinalSum())
    for node in ("h", "f"):
        step = np.zeros_like(parameters.weights[node])
        step[0, 1] = SMALL_STEP
        sums = [
            unroll(
                cell,
                Parameters(
                    {**parameters.weights, node: parameters.weights[node] + sign * step},
                    parameters.biases,
                    "test",
                ),
                x,
            )
            .values["h"][-1]
            .sum()
            for sign in (1, -1)
        ]
        slope = (sums[0] - sums[1]) / (2 * SMALL_STEP)
        assert abs(found.weights[node][0, 1] - slope) < NEAR
    with pytest.raises(InputError, match="states of two widths"):
        gradient_flow(unroll(cell, parameters, x))


def test_states_of_two_widths_are_given() -> None:
    (layer,) = read_model(PROJECTED).layers
    states = {"h": np.ones(2), "c": np.ones(4)}
    assert started(layer, "forward", states).strands["forward"].initial is not None
    with pytest.raises(InputError, match=r"h has shape \(4,\); \(2,\) is needed"):
        started(layer, "forward", {"h": np.ones(4), "c": np.ones(4)})


@needs_torch
def test_a_stack_of_both_directions_is_run_by_pytorch(tmp_path: Path) -> None:
    torch: Any = import_module("torch")
    torch.manual_seed(0)
    module = torch.nn.LSTM(3, 5, num_layers=2, bidirectional=True, proj_size=2)
    path = tmp_path / "m.pt"
    torch.save(module.state_dict(), path)
    model = read_model(path)
    x = random_inputs(3, 5, seed=2)
    layer = choose_layer(model, "lstm:2")
    for direction in layer.strands:
        ours = run(layer, direction, x)
        theirs = library_states(path, model, layer, direction, x)
        for state, values in theirs.items():
            np.testing.assert_allclose(ours.values[state], values, rtol=0, atol=EXACT)
        found = backpropagate(ours, FinalSum())
        sent = FinalSum().sent(ours)
        known = {**found.vectors, **found.of_parameters}
        gradients = library_gradients(path, model, layer, direction, x, sent)
        assert "W_h" in gradients
        for name, values in gradients.items():
            np.testing.assert_allclose(known[name], values, rtol=0, atol=EXACT)
