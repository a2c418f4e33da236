"""The demos: what their captions say is true, and their numbers are pleasant to read."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gatereel.rnn_math import (
    CELLS,
    DEMOS,
    Cell,
    Claim,
    Concatenate,
    Demo,
    InputError,
    Trace,
    WeightedSum,
    check_parameters,
    demo,
    demo_inputs,
    unroll,
)
from gatereel.rnn_math.cells import GRU, GRU_RESET_BEFORE, RNN, RNN_RELU

DECIMALS_SHOWN = 2
OPEN, CLOSED = 0.9, 0.1
HALF_OPEN = (0.3, 0.7)
LARGEST_WEIGHT = 6.0
GATES = {
    "lstm": ("f", "i", "o"),
    "gru": ("r", "z"),
    "gru-reset-before": ("r", "z"),
    "gru-reset-after": ("r", "z"),
}

# Numbers with two decimals are equal when they differ by less than half of the last one.
SAME = 0.005

# Both GRUs with the reset before the product are one computation; 1 - z is rounded in one of them.
ROUNDING = 1e-15


def trace_of(story: Demo) -> Trace:
    return unroll(story.cell, story.parameters, story.inputs, story.initial)


def shown(vector: np.ndarray) -> np.ndarray:
    return np.round(vector, DECIMALS_SHOWN)


def value(trace: Trace, claim: Claim) -> float:
    return float(trace.vector(claim.node, claim.timestep)[claim.unit])


def before(trace: Trace, claim: Claim) -> float:
    return float(trace.vector(f"{claim.node}_prev", claim.timestep)[claim.unit])


def was_cut(trace: Trace, claim: Claim) -> bool:
    weighted_sum = float(trace.weighted_sums[claim.node][claim.timestep, claim.unit])
    return before(trace, claim) > 0.1 and weighted_sum < -0.1 and value(trace, claim) == 0.0


def without_the_first_feature(trace: Trace) -> Trace:
    inputs = np.array(trace.inputs)
    inputs[0, 0] = 0.0
    return unroll(trace.cell, trace.parameters, inputs, trace.initial)


MEANING: dict[str, Callable[[Trace, Claim], bool]] = {
    "opens": lambda trace, claim: value(trace, claim) > OPEN,
    "closes": lambda trace, claim: value(trace, claim) < CLOSED,
    "keeps": lambda trace, claim: (
        abs(value(trace, claim) - before(trace, claim)) < 0.05 and abs(before(trace, claim)) > 0.5
    ),
    "rises": lambda trace, claim: value(trace, claim) - before(trace, claim) > 0.5,
    "fades": lambda trace, claim: 0.2 < value(trace, claim) / before(trace, claim) < 0.9,
    "remembers": lambda trace, claim: (
        value(trace, claim) - value(without_the_first_feature(trace), claim) > 0.1
    ),
    "stops": was_cut,
}


@pytest.fixture(params=list(DEMOS))
def cell(request: pytest.FixtureRequest) -> Cell:
    """Each cell that has a demo."""
    return CELLS[request.param]


def test_every_claim_of_the_story_is_true(cell: Cell) -> None:
    story = demo(cell)
    trace = trace_of(story)
    for claim in story.claims:
        assert MEANING[claim.verb](trace, claim), claim


@pytest.mark.parametrize(
    "claim",
    [
        Claim("h", 2, 0, "opens"),
        Claim("h", 2, 0, "closes"),
        Claim("h", 1, 0, "keeps"),
        Claim("h", 1, 0, "rises"),
        Claim("h", 2, 1, "fades"),
        Claim("h", 2, 1, "remembers"),
        Claim("h", 2, 0, "stops"),
    ],
    ids=lambda claim: claim.verb,
)
def test_a_false_claim_is_found_out(claim: Claim) -> None:
    assert not MEANING[claim.verb](trace_of(demo(RNN)), claim)


@pytest.mark.parametrize("name", DEMOS)
def test_claims_are_told_in_their_order(name: str) -> None:
    timesteps = [claim.timestep for claim in demo(CELLS[name]).claims]
    assert timesteps
    assert timesteps == sorted(timesteps)


@pytest.mark.parametrize("name", GATES)
def test_gates_open_close_and_stay_half_open(name: str) -> None:
    trace = trace_of(demo(CELLS[name]))
    gates = np.concatenate([trace.values[gate].ravel() for gate in GATES[name]])
    assert (gates > OPEN).any()
    assert (gates < CLOSED).any()
    assert ((gates > HALF_OPEN[0]) & (gates < HALF_OPEN[1])).any()


def test_a_rectified_state_begins_and_stays_at_nought_or_more() -> None:
    story = demo(RNN_RELU)
    assert (story.initial["h"] >= 0).all()
    assert (trace_of(story).values["h"] >= 0).all()


def test_the_gru_with_its_update_gate_the_other_way_round_has_the_same_hidden_states() -> None:
    here, there = trace_of(demo(GRU)), trace_of(demo(GRU_RESET_BEFORE))
    np.testing.assert_allclose(there.values["h"], here.values["h"], rtol=0, atol=ROUNDING)


def test_a_pocket_calculator_agrees_with_everything_shown(cell: Cell) -> None:
    story = demo(cell)
    trace = trace_of(story)
    for t in range(trace.timesteps):
        for node in cell.nodes:
            operands = [shown(trace.vector(name, t)) for name in node.operands]
            operation, result = node.operation, shown(trace.vector(node.name, t))
            if isinstance(operation, WeightedSum):
                W = story.parameters.weights[node.name]
                b = story.parameters.biases[node.name]
                s = shown(trace.weighted_sums[node.name][t])
                calculated_s = shown(operation.weighted_sum(W, b, *operands))
                assert np.abs(calculated_s - s).max() < SAME, (node.name, t)
                calculated = shown(operation.activate(s))
            else:
                calculated = shown(operation.apply(*operands))
            assert np.abs(calculated - result).max() < SAME, (node.name, t)


def test_no_number_shown_is_dull(cell: Cell) -> None:
    story = demo(cell)
    trace = trace_of(story)
    for node in cell.nodes:
        if isinstance(node.operation, Concatenate):
            continue
        cut = {
            (c.timestep, c.unit) for c in story.claims if (c.node, c.verb) == (node.name, "stops")
        }
        for t, row in enumerate(shown(trace.values[node.name])):
            readable = (np.abs(row) > 0.02) & (np.abs(row) < 0.99)
            assert all(readable[unit] or (t, unit) in cut for unit in range(len(row))), node.name
            assert abs(row[0] - row[1]) > SAME, node.name


def test_parameters_are_short_to_write(cell: Cell) -> None:
    story = demo(cell)
    assert story.parameters.origin == "demo"
    assert check_parameters(cell, story.parameters) == (3, 2)
    arrays = [*story.parameters.weights.values(), *story.parameters.biases.values(), story.inputs]
    for array in [*arrays, *story.initial.values()]:
        np.testing.assert_array_equal(array, np.round(array, 1))
        assert np.abs(array).max() <= LARGEST_WEIGHT


@pytest.mark.parametrize("timesteps", [1, 2, 3, 4, 7])
def test_inputs_begin_again_when_they_are_used_up(cell: Cell, timesteps: int) -> None:
    inputs = demo_inputs(cell, timesteps)
    assert inputs.shape == (timesteps, 3)
    assert not inputs.flags.writeable
    for t in range(timesteps):
        np.testing.assert_array_equal(inputs[t], demo(cell).inputs[t % 3])


def test_zero_timesteps_and_cells_without_a_demo_are_refused() -> None:
    with pytest.raises(InputError, match="timesteps is 0"):
        demo_inputs(RNN, 0)
    other = replace(RNN, name="other", title="OTHER")
    with pytest.raises(InputError, match=f"no demo of OTHER; there is one of {', '.join(DEMOS)}"):
        demo(other)
