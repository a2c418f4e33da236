"""Which parameters, inputs and initial states the options choose."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gatereel.cli.inputs.preparing import prepare
from gatereel.cli.options.sources import Source
from gatereel.rnn_math import (
    CELLS,
    DEMOS,
    Cell,
    InputError,
    demo,
    demo_inputs,
    random_inputs,
    random_parameters,
    unroll,
)
from gatereel.rnn_math.files import write_parameters
from gatereel.rnn_math.trace import Trace

ONE_MORE = 4


@pytest.fixture(params=list(DEMOS))
def cell(request: pytest.FixtureRequest) -> Cell:
    """Each cell that has a demo."""
    return CELLS[request.param]


def assert_same(one: Trace, other: Trace) -> None:
    assert one.cell is other.cell
    np.testing.assert_array_equal(one.inputs, other.inputs)
    for name, rows in one.values.items():
        np.testing.assert_array_equal(rows, other.values[name])


def write_rows(path: Path, rows: "np.typing.ArrayLike") -> Path:
    np.save(path, np.asarray(rows))
    return path


def test_without_options_it_is_the_demo(cell: Cell) -> None:
    shown = demo(cell)
    prepared = prepare(cell, Source())
    assert_same(prepared.trace, unroll(cell, shown.parameters, shown.inputs, shown.initial))
    assert prepared.claims == shown.claims


@pytest.mark.parametrize("timesteps", [1, 2, 3, 4, 7])
def test_the_story_is_told_as_soon_as_its_sequence_is_there(cell: Cell, timesteps: int) -> None:
    shown = demo(cell)
    prepared = prepare(cell, Source(timesteps=timesteps))
    np.testing.assert_array_equal(prepared.trace.inputs, demo_inputs(cell, timesteps))
    assert prepared.claims == (shown.claims if timesteps >= len(shown.inputs) else ())


def test_a_file_of_inputs_goes_through_the_demo_s_parameters(cell: Cell, tmp_path: Path) -> None:
    shown = demo(cell)
    rows = random_inputs(3, ONE_MORE, seed=5)
    prepared = prepare(cell, Source(inputs=write_rows(tmp_path / "x.npy", rows)))
    assert_same(prepared.trace, unroll(cell, shown.parameters, rows, shown.initial))
    assert prepared.claims == ()


def test_a_cell_without_a_demo_is_random_and_says_so(cell: Cell) -> None:
    other = replace(cell, name="other", title="OTHER")
    prepared = prepare(other, Source(timesteps=2))
    assert prepared.trace.parameters.origin == "random, seed 0"
    assert (prepared.trace.timesteps, prepared.claims) == (2, ())
    assert prepared.notes == ("OTHER has no demo; parameters: random, seed 0",)


@pytest.mark.parametrize(
    ("seed", "inputs", "notes"),
    [
        (None, False, ("inputs: random, seed 0 (give --inputs FILE for your own)",)),
        (4, False, ()),
        (None, True, ()),
    ],
    ids=["nothing", "seed", "inputs"],
)
def test_random_inputs_nobody_asked_for_are_noted(
    cell: Cell, tmp_path: Path, seed: int | None, inputs: bool, notes: tuple[str, ...]
) -> None:
    weights = tmp_path / "w.npz"
    write_parameters(weights, random_parameters(cell, 3, 2, seed=1), cell)
    rows = write_rows(tmp_path / "x.npy", np.zeros((2, 3))) if inputs else None
    assert prepare(cell, Source(weights=weights, inputs=rows, seed=seed)).notes == notes


def test_the_demo_s_sequence_in_a_file_has_its_story(cell: Cell, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "x.npy", [*demo(cell).inputs, [0.0, 0.0, 0.0]])
    assert prepare(cell, Source(inputs=path, timesteps=3)).claims == demo(cell).claims


@pytest.mark.parametrize(
    ("source", "sizes"),
    [
        (Source(seed=7), (3, 2, 3, 7)),
        (Source(input_size=5), (5, 2, 3, 0)),
        (Source(hidden_size=4), (3, 4, 3, 0)),
        (Source(seed=1, input_size=1, hidden_size=1, timesteps=1), (1, 1, 1, 1)),
    ],
    ids=["seed", "input size", "hidden size", "all"],
)
def test_a_seed_or_a_size_draws_at_random(
    cell: Cell, source: Source, sizes: tuple[int, int, int, int]
) -> None:
    input_size, hidden_size, timesteps, seed = sizes
    prepared = prepare(cell, source)
    parameters = random_parameters(cell, input_size, hidden_size, seed)
    assert_same(
        prepared.trace, unroll(cell, parameters, random_inputs(input_size, timesteps, seed))
    )
    assert prepared.trace.parameters.origin == f"random, seed {seed}"
    assert prepared.claims == ()


def test_random_parameters_fit_a_file_of_inputs(cell: Cell, tmp_path: Path) -> None:
    rows = random_inputs(ONE_MORE, 2, seed=3)
    path = write_rows(tmp_path / "x.npy", rows)
    prepared = prepare(cell, Source(inputs=path, seed=9))
    assert_same(prepared.trace, unroll(cell, random_parameters(cell, ONE_MORE, 2, 9), rows))


def test_weights_bring_their_sizes(cell: Cell, tmp_path: Path) -> None:
    parameters = random_parameters(cell, 2, 3, seed=11)
    path = tmp_path / "w.npz"
    write_parameters(path, parameters, cell)
    prepared = prepare(cell, Source(weights=path, seed=4, timesteps=2, input_size=2, hidden_size=3))
    assert_same(prepared.trace, unroll(cell, parameters, random_inputs(2, 2, 4)))
    assert prepared.trace.parameters.origin == "w.npz"


def test_weights_and_inputs_from_files(cell: Cell, tmp_path: Path) -> None:
    parameters = random_parameters(cell, 2, 3, seed=11)
    rows = random_inputs(2, ONE_MORE, seed=12)
    write_parameters(tmp_path / "w.json", parameters, cell)
    path = write_rows(tmp_path / "x.npy", rows)
    source = Source(weights=tmp_path / "w.json", inputs=path, timesteps=ONE_MORE - 1)
    assert_same(prepare(cell, source).trace, unroll(cell, parameters, rows[:-1]))


def test_too_few_rows_are_refused(cell: Cell, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "x.npy", np.zeros((2, 3)))
    with pytest.raises(InputError, match=r"--timesteps is 3, but .*x\.npy has 2 rows"):
        prepare(cell, Source(inputs=path, timesteps=3))
