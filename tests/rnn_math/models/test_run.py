"""Stacks and directions: the layers below feed the chosen one, each read in its own order."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gatereel.rnn_math import Array, InputError, random_inputs, unroll
from gatereel.rnn_math.models import Outputs, bottom, labels_of, layer_inputs, run
from tests.rnn_math.models.builders import BOTH, FORWARD, stack

INPUTS = random_inputs(3, 6, seed=5)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru-reset-after"])
def test_a_lone_layer_is_its_cell_unrolled(cell: str) -> None:
    (one,) = stack("m", cell, (3, 2), FORWARD).layers
    strand = one.strands["forward"]
    expected = unroll(strand.cell, strand.parameters, INPUTS)
    np.testing.assert_array_equal(run(one, "forward", INPUTS).values["h"], expected.values["h"])


def test_a_backward_layer_reads_from_the_end() -> None:
    (one,) = stack("m", "lstm", (3, 2), BOTH).layers
    strand = one.strands["backward"]
    trace = run(one, "backward", INPUTS)
    np.testing.assert_array_equal(trace.inputs, INPUTS[::-1])
    expected = unroll(strand.cell, strand.parameters, INPUTS[::-1])
    np.testing.assert_array_equal(trace.values["h"], expected.values["h"])


def test_an_upper_layer_reads_both_directions_of_the_lower_one_timestep_by_timestep() -> None:
    lower, upper = stack("m", "gru", (3, 2, 4), BOTH).layers
    forward = run(lower, "forward", INPUTS).values["h"]
    backward = run(lower, "backward", INPUTS).values["h"][::-1]
    np.testing.assert_array_equal(layer_inputs(upper, INPUTS), np.hstack([forward, backward]))
    assert bottom(upper) is lower


def test_how_an_upper_layer_reads_can_differ() -> None:
    _, upper = stack("m", "rnn", (3, 4, 2), FORWARD).layers
    reversing = replace(upper, read=lambda outputs: outputs["forward"][::-1])
    np.testing.assert_array_equal(
        layer_inputs(reversing, INPUTS), layer_inputs(upper, INPUTS)[::-1]
    )


def test_a_layer_above_one_that_cannot_be_computed_cannot_be_either() -> None:
    lower, upper = stack("m", "lstm", (3, 2, 2), FORWARD).layers
    refused = replace(lower, refusal="it has peepholes.")
    with pytest.raises(InputError, match="'m:1' cannot be computed: it has peepholes"):
        run(replace(upper, below=refused), "forward", INPUTS)


def test_the_strand_s_own_initial_states_are_used() -> None:
    (one,) = stack("m", "rnn", (3, 2), FORWARD).layers
    strand = one.strands["forward"]
    initial = {"h": np.array([0.5, -0.5])}
    started = replace(one, strands={"forward": replace(strand, initial=initial)})
    expected = unroll(strand.cell, strand.parameters, INPUTS, initial)
    np.testing.assert_array_equal(run(started, "forward", INPUTS).values["h"], expected.values["h"])


LABELS = ("a", "b", "c", "d", "e", "f")


@pytest.mark.parametrize(
    ("read", "labels"),
    [
        (lambda outputs: outputs["forward"], LABELS),
        (lambda outputs: outputs["forward"][::-1], LABELS[::-1]),
        (lambda outputs: outputs["forward"][[0, 2, 1, 3, 4, 5]], ()),
    ],
    ids=["straight", "turned round", "mixed"],
)
def test_labels_follow_their_timesteps(
    read: Callable[[Outputs], Array], labels: tuple[str, ...]
) -> None:
    lower, upper = stack("m", "rnn", (3, 2, 2), FORWARD).layers
    assert labels_of(lower, LABELS) == LABELS
    assert labels_of(replace(upper, read=read), LABELS) == labels
    assert labels_of(upper, ()) == ()
