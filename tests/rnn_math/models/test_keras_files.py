"""Keras files against what Keras itself computed, without Keras."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import Direction, Layer, Model, at_layer, read_model, run

pytestmark = pytest.mark.usefixtures("arrays_read_once")

KERAS = Path(__file__).parents[2] / "models" / "keras"

FLOAT32 = 1e-6
"""What rounding each sum to float32, as Keras does, changes in a few timesteps."""

FLOAT16 = 5e-3
"""The same for float16."""

SAVED = {
    "kinds.keras": 7,
    "activations.keras": 10,
    "directions.keras": 6,
    "merges.keras": 5,
    "tokens.keras": 2,
    "nested.keras": 2,
}
"""File to the number of its layers' directions."""


@cache
def saved(name: str) -> Model:
    return read_model(KERAS / name)


def expected(name: str) -> dict[str, np.ndarray]:
    with np.load(KERAS / f"{name.partition('.')[0]}.npz") as stored:
        return dict(stored)


def layer(model: Model, name: str) -> Layer:
    return next(each for each in model.layers if each.name == name)


def rows(model: Model, inputs: np.ndarray) -> np.ndarray:
    """The model's inputs; token ids go through its embedding."""
    if inputs.ndim > 1:
        return inputs
    (matrix,) = model.embeddings.values()
    looked_up: np.ndarray = matrix[inputs]
    return looked_up


@pytest.mark.parametrize("name", SAVED)
def test_states_are_those_of_keras(name: str) -> None:
    model, stored = saved(name), expected(name)
    inputs = rows(model, stored.pop("inputs"))
    compared: set[tuple[str, Direction]] = set()
    for each in model.layers:
        for direction in each.strands:
            values = run(each, direction, inputs).values
            for state in each.strands[direction].cell.states:
                theirs = stored.pop(f"{each.name}/{direction}/{state}")
                assert np.abs(values[state] - theirs).max() < FLOAT32
            compared.add((each.name, direction))
    assert len(compared) == SAVED[name]
    assert not stored, "Keras computed states that were not compared"


def test_cells_follow_the_options() -> None:
    model = saved("kinds.keras")
    cells = {each.name: each.strands["forward"].cell.name for each in model.layers}
    assert cells == {
        "tanh": "rnn",
        "relu": "rnn-relu",
        "lstm_of_mine": "lstm",
        "upper": "lstm",
        "after": "gru-reset-after",
        "before": "gru-reset-before",
        "without_bias": "gru-reset-after",
    }


def test_every_layer_is_told_with_its_sizes() -> None:
    model = saved("directions.keras")
    told = [(each.name, each.kind, each.input_size, each.hidden_size) for each in model.layers]
    assert told == [
        ("concat", "Bidirectional(GRU)", 3, 2),
        ("sum", "Bidirectional(LSTM)", 4, 2),
        ("reversed", "GRU", 2, 3),
        ("top", "SimpleRNN", 3, 2),
    ]
    assert [list(each.strands) for each in model.layers] == [
        ["forward", "backward"],
        ["forward", "backward"],
        ["backward"],
        ["forward"],
    ]
    assert model.library == "Keras"
    assert model.dtype == "float32"
    assert all("made for 6 timesteps" in note for note in model.notes)


def test_branches_read_the_inputs_and_stacks_what_is_below() -> None:
    model = saved("kinds.keras")
    below = {each.name: each.below.name for each in model.layers if each.below}
    assert below == {"upper": "lstm_of_mine"}


def test_an_embedding_is_named_and_says_what_it_masks() -> None:
    model = saved("tokens.keras")
    lower, upper = model.layers
    assert (lower.embedding, lower.masked_token) == ("embedding", 0)
    assert (upper.embedding, upper.masked_token, upper.below) == ("", None, lower)
    assert model.embeddings["embedding"].shape == (9, 3)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hard", "recurrent_activation='silu'; sigmoid, tanh, relu"),
        ("relu_gru", "activation='gelu'; sigmoid, tanh, relu"),
        ("shared", "is called 2 times"),
        ("custom", "of the class 'RNN', which is not computed"),
    ],
)
def test_what_cannot_be_computed_is_refused_by_name(name: str, reason: str) -> None:
    refused = layer(saved("refused.keras"), name)
    assert reason in refused.refusal
    assert not refused.strands
    assert refused.hidden_size == 2


@pytest.mark.parametrize(("name", "directions"), [("both", 2), ("upper", 1)])
def test_from_rows_recorded_at_it_a_layer_is_keras_s(name: str, directions: int) -> None:
    found, stored = layer(saved("above.keras"), name), expected("above.keras")
    assert (found.refusal, bool(found.unfed), len(found.strands)) == ("", True, directions)
    for direction, strand in found.strands.items():
        values = run(at_layer(found), direction, stored[f"{name}/rows"]).values
        for state in strand.cell.states:
            assert np.abs(values[state] - stored[f"{name}/{direction}/{state}"]).max() < FLOAT32


def test_a_layer_above_what_is_not_computed_stands_alone() -> None:
    above = layer(saved("above.keras"), "both")
    assert (above.refusal, list(above.strands)) == ("", ["forward", "backward"])
    assert "the Conv1D layer 'convolution'" in above.unfed
    with pytest.raises(InputError, match=r"What feeds the layer 'both' cannot be computed"):
        run(above, "forward", np.zeros((2, above.input_size)))
    rows = np.ones((2, above.input_size))
    values = run(at_layer(above), "forward", rows).values
    assert values["h"].shape == (2, above.hidden_size)


def test_nothing_is_computed_above_a_refused_layer() -> None:
    above = layer(saved("refused.keras"), "above_hard")
    with pytest.raises(InputError, match=r"the layer 'hard' below it cannot be computed"):
        run(above, "forward", np.zeros((2, 3)))


def test_weights_alone_are_computed_each_over_inputs_of_its_own() -> None:
    model, stored = saved("all.weights.h5"), expected("all.weights.h5")
    first = layer(model, "first")
    values = run(first, "forward", stored["inputs"]).values
    assert np.abs(values["h"] - stored["first/forward/h"]).max() < FLOAT32
    both = layer(model, "both")
    for direction in both.strands:
        h = run(both, direction, values["h"]).values["h"]
        assert np.abs(h - stored[f"both/{direction}/h"]).max() < FLOAT32
    assert [each.below for each in model.layers] == [None, None, None]


def test_weights_alone_leave_open_what_notes_then_say() -> None:
    model = saved("all.weights.h5")
    assert {each.name: each.kind for each in model.layers} == {
        "both": "Bidirectional(GRU)",
        "first": "LSTM",
        "plain": "SimpleRNN",
    }
    assert [each.name for each in model.layers if not each.nonlinearity_known] == ["plain"]
    assert "weights alone" in model.assumptions[0]
    assert "which layer feeds which" in model.assumptions[1]
    assert "GRU without biases" in model.assumptions[2]


def test_what_may_stand_before_a_layer_is_named_where_weights_are_alone() -> None:
    (layer_,) = saved("fed.weights.h5").layers
    assert set(layer_.between) == {"convolution", "dense", "norm"}
    assert all(not each.between for each in saved("kinds.keras").layers)


def test_float16_is_told_and_computed_in_float64() -> None:
    model, stored = saved("half.weights.h5"), expected("half.weights.h5")
    assert model.dtype == "float16"
    assert len(model.assumptions) == 2, "Its GRU has biases, which tell reset_after"
    h = run(model.layers[0], "forward", stored["inputs"]).values["h"]
    assert np.abs(h - stored["half/forward/h"]).max() < FLOAT16
