"""The cells that were trained on one task: what is said of them is true of their numbers."""

import json

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, InputError, unroll
from gatereel.rnn_math.gradients import band
from gatereel.rnn_math.trained import TRAINED, task, trained

every_trained = pytest.mark.parametrize("name", TRAINED)


@every_trained
def test_a_trained_cell_reads_the_task(name: str) -> None:
    found = trained(CELLS[name])
    assert found.inputs.shape == (60, 4)
    assert found.inputs.sum(axis=1).tolist() == [1.0] * 60
    assert unroll(found.cell, found.parameters, found.inputs).timesteps == 60


def test_the_rnn_fails_where_cells_with_gates_do_not() -> None:
    assert task().accuracy["rnn"] < 0.4
    assert task().accuracy["lstm"] > 0.95
    assert task().accuracy["gru"] > 0.95


@every_trained
def test_whether_the_first_letter_still_counts(name: str) -> None:
    """Another first letter makes another last state where the gradient arrives, and there alone."""
    found = trained(CELLS[name])
    ends = []
    for letter in range(task().letters):
        inputs = found.inputs.copy()
        inputs[0] = np.eye(task().letters)[letter]
        ends.append(unroll(found.cell, found.parameters, inputs).values["h"][-1])
    apart = min(float(np.abs(a - b).max()) for i, a in enumerate(ends) for b in ends[:i])
    arrives = band(unroll(found.cell, found.parameters, found.inputs)).arrives[0]
    if name == "rnn":
        assert arrives < 1e-12
        assert apart < 1e-6
    else:
        assert arrives > 0.5
        assert apart > 0.1


def test_a_cell_that_was_not_trained_is_told_with_the_way_on() -> None:
    with pytest.raises(InputError, match=r"no trained .*rnn, lstm or gru.*--seed"):
        trained(CELLS["rnn-relu"])


def test_the_task_is_told_with_its_numbers() -> None:
    assert json.dumps(task().accuracy)
    assert set(task().accuracy) == set(TRAINED)
    assert len(task().tokens) == 60
