"""Models run by Keras itself, where it is installed."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from rnn_math import InputError
from rnn_math.models import library_states, read_model, run
from rnn_math.models.keras.states import BACKENDS, states

KERAS = Path(__file__).parents[2] / "models" / "keras"

STORED = 1e-6
"""What another machine's order of summing changes in float32."""

FLOAT32 = 1e-6
"""What rounding each sum to float32, as Keras does, changes in a few timesteps."""

needs_keras = pytest.mark.skipif(
    find_spec("keras") is None or not any(map(find_spec, BACKENDS)),
    reason="Keras or what it computes with is not installed",
)


def test_weights_alone_cannot_be_run() -> None:
    path = KERAS / "half.weights.h5"
    model = read_model(path)
    with pytest.raises(InputError, match=r"verify the \.keras file"):
        states(path, model.layers[0], "forward", np.zeros((2, 3)))


@needs_keras
@pytest.mark.parametrize(
    "name", ["kinds.keras", "directions.keras", "merges.keras", "tokens.keras", "nested.keras"]
)
def test_keras_computes_what_was_stored_and_what_we_compute(name: str) -> None:
    path = KERAS / name
    model = read_model(path)
    with np.load(path.with_suffix(".npz")) as stored:
        inputs = stored["inputs"]
        if inputs.ndim == 1:
            inputs = model.embeddings["embedding"][inputs]
        for layer in model.layers:
            for direction in layer.strands:
                theirs = library_states(path, model, layer, direction, inputs)
                ours = run(layer, direction, inputs).values
                assert list(theirs) == list(layer.strands[direction].cell.states)
                for state, values in theirs.items():
                    kept = stored[f"{layer.name}/{direction}/{state}"]
                    assert values.dtype == np.float64
                    assert np.abs(values - kept).max() < STORED
                    assert np.abs(values - ours[state]).max() < FLOAT32


@needs_keras
def test_it_is_the_file_that_keras_runs() -> None:
    """Parameters of ours play no part: with a layer of another file, Keras's states stay."""
    path = KERAS / "nested.keras"
    model = read_model(path)
    upper = model.layers[1]
    other = read_model(KERAS / "kinds.keras").layers[0]
    inputs = np.ones((6, 3))
    theirs = states(path, upper, "forward", inputs)
    object.__setattr__(upper, "strands", other.strands)
    again = states(path, upper, "forward", inputs)
    assert np.array_equal(theirs["h"], again["h"])


@needs_keras
def test_rows_of_no_token_are_refused() -> None:
    path = KERAS / "tokens.keras"
    model = read_model(path)
    with pytest.raises(InputError, match="Timestep 1 is no row of the embedding 'embedding'"):
        states(path, model.layers[0], "forward", np.full((2, 3), 0.123))


@needs_keras
def test_a_length_that_the_model_does_not_take_is_refused() -> None:
    path = KERAS / "directions.keras"
    model = read_model(path)
    with pytest.raises(InputError, match=r"cannot run .* over 4 timesteps"):
        states(path, model.layers[0], "forward", np.zeros((4, 3)))


@needs_keras
def test_a_file_that_keras_cannot_load_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(b"nothing")
    layer = read_model(KERAS / "nested.keras").layers[0]
    with pytest.raises(InputError, match="cannot be loaded by Keras"):
        states(path, layer, "forward", np.zeros((6, 3)))
