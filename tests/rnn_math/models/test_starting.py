"""First states and chains that a user gives, where the file has none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import InputError, random_inputs, unroll
from gatereel.rnn_math.models import Model, chained, choose_layer, read_model, run, started
from tests.rnn_math.models.builders import BOTH, layer, stack

ONNX = Path(__file__).parents[2] / "models" / "onnx"

X = random_inputs(3, 4, seed=1)


def test_one_direction_starts_where_it_is_told() -> None:
    one = layer("lstm", "lstm", 3, 2, BOTH)
    states = {"h": np.array([0.5, -0.5]), "c": np.array([1.0, 2.0])}
    begun = started(one, "backward", states)
    strand = one.strands["backward"]
    expected = unroll(strand.cell, strand.parameters, X[::-1], states)
    assert np.array_equal(run(begun, "backward", X).values["h"], expected.values["h"])
    assert begun.strands["forward"].initial is None


def test_states_of_a_whole_stack_go_to_its_levels() -> None:
    top = stack("lstm", "lstm", (3, 2, 2), BOTH).layers[1]
    states = {name: np.arange(8.0).reshape(4, 1, 2) + k for k, name in enumerate("hc")}
    begun = started(top, "forward", states)
    assert begun.below is not None
    for level, each in enumerate((begun.below, begun)):
        for k, strand in enumerate(each.strands.values()):
            assert strand.initial is not None
            assert np.array_equal(strand.initial["c"], states["c"][2 * level + k, 0])
    flat = started(top, "forward", {name: each[:, 0] for name, each in states.items()})
    assert np.array_equal(run(flat, "forward", X).values["h"], run(begun, "forward", X).values["h"])


@pytest.mark.parametrize(
    ("states", "why"),
    [
        ({"h": np.zeros(2)}, "holds h; 'lstm' starts from h and c"),
        ({"h": np.zeros(2), "c": np.zeros(3)}, r"c has shape \(3,\); \(2,\) is needed"),
        ({"h": np.zeros((2, 2)), "c": np.zeros((2, 2))}, r"\(2, 2\); \(1, 2\) is needed"),
        ({"h": np.array([0.0, np.nan]), "c": np.zeros(2)}, "not finite"),
    ],
)
def test_states_that_do_not_fit_are_refused(states: dict[str, np.ndarray], why: str) -> None:
    with pytest.raises(InputError, match=why):
        started(layer("lstm", "lstm", 3, 2), "forward", states)


def test_what_was_assumed_of_the_start_is_so_no_more() -> None:
    one = replace(layer("a", "rnn", 3, 2), assumptions=("of h0", "else"), of_start=("of h0",))
    assert started(one, "forward", {"h": np.zeros(2)}).assumptions == ("else",)


def two_modules() -> Model:
    """A stack of both directions and a module that its four values fit."""
    lower = stack("low", "lstm", (3, 2, 2), BOTH)
    model = replace(lower, layers=(layer("up", "gru-reset-after", 4, 3), *lower.layers))
    return replace(model, assumptions=("nothing feeds anything",))


def test_a_chain_feeds_a_module_from_another() -> None:
    found = chained(two_modules(), ("low", "up"))
    upper, lower = choose_layer(found, "up"), choose_layer(found, "low:2")
    assert upper.below is lower
    assert found.assumptions == ("each layer is fed as you chained them: low -> up",)
    states = [run(lower, direction, X).values["h"] for direction in BOTH]
    rows = np.concatenate([states[0], states[1][::-1]], axis=1)
    strand = upper.strands["forward"]
    expected = unroll(strand.cell, strand.parameters, rows).values["h"]
    assert np.array_equal(run(upper, "forward", X).values["h"], expected)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("low", "x"), "There is no layer 'x' to chain; there are up, low"),
        (("low",), "two layers or more"),
        (("low", "low"), "each once"),
        (("up", "low"), "'low:1' reads 3 values a timestep, but 'up' gives 3"),
    ],
)
def test_what_is_no_chain_is_refused(names: tuple[str, ...], why: str) -> None:
    model = two_modules()
    if names == ("up", "low"):
        why = "reads 3 values a timestep, but 'up' gives 5"
        model = replace(model, layers=(layer("up", "rnn", 3, 5), *model.layers[1:]))
    with pytest.raises(InputError, match=why):
        chained(model, names)


def test_a_file_that_says_what_feeds_what_takes_no_chain() -> None:
    model = read_model(ONNX / "rnn_mixed.onnx")
    name = model.layers[0].module
    other = replace(layer("other", "rnn", 3, 3), is_feed_known=False)
    both = replace(model, layers=(other, *model.layers))
    with pytest.raises(InputError, match="says itself what feeds"):
        chained(both, ("other", name))


def test_states_that_another_layer_hands_over_must_be_given() -> None:
    one = replace(layer("dec", "rnn", 3, 2), unstarted="it starts from what enc hands over.")
    with pytest.raises(InputError, match="first states of 'dec' are not known: it starts from"):
        run(one, "forward", X)
    run(started(one, "forward", {"h": np.ones(2)}), "forward", X)
