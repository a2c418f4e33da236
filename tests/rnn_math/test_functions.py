"""Functions in the place of sigmoid and tanh: values, slopes, and the cells that have them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import CELLS, Cell, InputError, random_inputs, random_parameters, unroll
from gatereel.rnn_math.cells import LSTM, RNN
from gatereel.rnn_math.cells.relatives.lstm_peepholes import (
    LSTM_COUPLED,
    LSTM_PEEPHOLES,
    LSTM_PEEPHOLES_COUPLED,
)
from gatereel.rnn_math.functions import (
    Affine,
    Clipped,
    ElementFunction,
    Elu,
    Exponential,
    HardSigmoid,
    HardTanh,
    LeakyRelu,
    Linear,
    Relu,
    Relu6,
    ScaledTanh,
    Selu,
    Sigmoid,
    Softplus,
    Softsign,
    TanhFunction,
    ThresholdedRelu,
)
from gatereel.rnn_math.gradients import FinalSum, backpropagate, gradient_flow
from gatereel.rnn_math.models.activations import KERAS, KERAS_2_HARD_SIGMOID, with_activations
from gatereel.rnn_math.operations import Activation, WeightedSumOf
from gatereel.rnn_math.variants import variant
from gatereel.scenes.diagrams import diagram_of
from gatereel.scenes.draw.legend import cards
from gatereel.scenes.language.files import load_language
from gatereel.scenes.plan import plan
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.tell.words import title, vector_name

FUNCTIONS = (
    Affine(0.7, 0.1),
    Clipped(Sigmoid(), 1.5),
    Clipped(TanhFunction(), 0.8),
    Elu(0.7),
    Exponential(),
    HardSigmoid(),
    HardSigmoid(1 / 6, 0.5),
    HardTanh(),
    LeakyRelu(0.3),
    Linear(),
    Relu(),
    Relu6(),
    ScaledTanh(1.7, 0.6),
    Selu(),
    Sigmoid(),
    Softplus(),
    Softsign(),
    TanhFunction(),
    ThresholdedRelu(0.4),
)
every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f}")
every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))

CORNER = 1e-4
"""Near a corner of a function of straight pieces, a difference quotient sees both sides."""


@every_function
@given(s=st.floats(-8.0, 8.0))
def test_slopes_are_those_of_the_values(function: ElementFunction, s: float) -> None:
    step = 1e-6
    around = np.array([s - CORNER, s, s + CORNER])
    slopes = function.slope(function.apply(around))
    if np.ptp(slopes) > 10 * CORNER:  # a corner, or all but one
        return
    low, high = function.apply(np.array([s - step, s + step]))
    assert float(slopes[1]) == pytest.approx((high - low) / (2 * step), abs=2e-4)


@every_function
def test_a_share_is_within_nought_and_one(function: ElementFunction) -> None:
    values = function.apply(np.linspace(-50.0, 50.0, 1001))
    within = bool((values >= 0.0).all() and (values <= 1.0).all())
    assert within or not function.is_share
    assert function.letter
    assert function.definition


@pytest.mark.parametrize(
    ("function", "s", "result"),
    [
        (HardSigmoid(), 1.0, 0.7),
        (HardSigmoid(1 / 6, 0.5), 1.0, 2 / 3),
        (HardSigmoid(), -2.5, 0.0),
        (Elu(), -1.0, np.expm1(-1.0)),
        (Selu(), 1.0, 1.0507009873554805),
        (Softsign(), -3.0, -0.75),
        (Softplus(), 0.0, np.log(2.0)),
        (Relu6(), 9.0, 6.0),
        (ThresholdedRelu(1.0), 1.0, 0.0),
        (Clipped(Linear(), 0.5), 3.0, 0.5),
    ],
)
def test_known_values(function: ElementFunction, s: float, result: float) -> None:
    assert float(function.apply(np.array([s]))[0]) == pytest.approx(result, abs=1e-15)


# --- cells ---------------------------------------------------------------------------------------


@every_cell
@every_function
def test_a_variant_computes_and_differentiates(cell: Cell, function: ElementFunction) -> None:
    other = with_activations(cell, Sigmoid(), function, function)
    parameters = random_parameters(other, 3, 4, seed=3)
    trace = unroll(other, parameters, 0.3 * random_inputs(3, 4, 5))
    found = backpropagate(trace, FinalSum())
    step, node = 1e-6, other.weighted_sums[0].name
    W = {name: each.copy() for name, each in parameters.weights.items()}
    sums = []
    for sign in (1.0, -1.0):
        W[node] = parameters.weights[node].copy()
        W[node][1, 0] += sign * step
        moved = type(parameters)(W, dict(parameters.biases), "")
        sums.append(unroll(other, moved, trace.inputs).values["h"][-1].sum())
    witness = (sums[0] - sums[1]) / (2 * step)
    assert float(found.weights[node][1, 0]) == pytest.approx(float(witness), abs=1e-5)
    gradient_flow(trace)


@every_cell
def test_the_usual_functions_are_the_cell_itself(cell: Cell) -> None:
    if cell.name == "rnn-relu":
        assert with_activations(cell, Relu(), Relu(), Relu()) is cell
    else:
        assert with_activations(cell, Sigmoid(), TanhFunction(), TanhFunction()) is cell


def test_a_variant_has_a_name_a_title_and_a_convention_of_its_own() -> None:
    hard = with_activations(LSTM, HardSigmoid(), TanhFunction(), TanhFunction())
    assert (hard.name, hard.title) == ("lstm-hard-sigmoid", "LSTM (hard_sigmoid)")
    assert hard.convention == (
        "forget gate, no peepholes; hard_sigmoid(s) = max(0, min(1, 0.2 s + 0.5)) at f, i, o"
    )
    assert hard.family == "lstm"
    assert hard.program[1] == "f = hard_sigmoid(W_f hx + b_f)"
    assert variant(RNN, {"h": Softsign()}).convention == "softsign(s) = s / (1 + |s|) at h"
    assert hard.shares == LSTM.shares


def test_a_variant_of_what_the_cell_has_not_is_refused() -> None:
    with pytest.raises(InputError, match="has no node 'q'"):
        variant(LSTM, {"q": Elu()})
    with pytest.raises(ValueError, match="applies no function"):
        variant(LSTM, {"fc": Elu()})


@pytest.mark.parametrize("language", LANGUAGES)
@every_cell
def test_a_variant_is_drawn_as_its_family(cell: Cell, language: str) -> None:
    other = with_activations(cell, HardSigmoid(), Softsign(), Elu())
    assert diagram_of(other).rows
    words = load_language(language)
    for node in other.nodes:
        assert vector_name(other, node.name, words) == vector_name(cell, node.name, words)
    assert "softsign" in title(other, words)
    shown = {type(card.operation) for card in cards((other,))}
    assert shown & {WeightedSumOf, Activation}
    trace = unroll(other, random_parameters(other, 3, 2, 1), random_inputs(3, 3, 2))
    assert plan(trace).frames > 0


def test_keras_2_and_3_have_two_hard_sigmoids() -> None:
    assert KERAS["hard_sigmoid"].apply(np.array([1.0]))[0] == pytest.approx(2 / 3)
    assert KERAS[KERAS_2_HARD_SIGMOID].apply(np.array([1.0]))[0] == pytest.approx(0.7)


def test_relatives_of_the_lstm_follow_their_equations() -> None:
    random = np.random.default_rng(4)
    for cell in (LSTM_PEEPHOLES, LSTM_COUPLED, LSTM_PEEPHOLES_COUPLED):
        parameters = random_parameters(cell, 3, 4, seed=2)
        trace = unroll(cell, parameters, random.normal(size=(3, 3)))
        for t in range(3):
            v = {name: trace.vector(name, t) for name in cell.vectors}
            if "coupled" in cell.name:
                np.testing.assert_allclose(v["f"], 1.0 - v["i"])
            if "peepholes" in cell.name:
                np.testing.assert_array_equal(v["hxn"][-4:], v["c"])
                np.testing.assert_array_equal(v["hxc"][-4:], v["c_prev"])
            np.testing.assert_allclose(v["c"], v["f"] * v["c_prev"] + v["i"] * v["g"])
            np.testing.assert_allclose(v["h"], v["o"] * np.tanh(v["c"]))
    with pytest.raises(InputError, match=r"has no diagram.*gatereel trace"):
        diagram_of(replace(LSTM_PEEPHOLES, name="nobodys"))
