"""Models run by Keras itself, where it is installed."""

import zipfile
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import (
    at_layer,
    choose_layer,
    library_own_states,
    library_states,
    precision,
    read_model,
    run,
)
from gatereel.rnn_math.models.keras.states import BACKENDS, states
from tests.rnn_math.models.test_keras_objects import edited

h5py: Any = import_module("h5py")

pytestmark = pytest.mark.usefixtures("arrays_read_once")

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
    "name",
    [
        *("kinds.keras", "directions.keras", "merges.keras", "tokens.keras", "nested.keras"),
        "activations.keras",
    ],
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
@pytest.mark.parametrize("name", ["both", "upper"])
def test_keras_computes_a_layer_alone_from_rows_recorded_at_it(name: str) -> None:
    path = KERAS / "above.keras"
    model = read_model(path)
    layer = at_layer(choose_layer(model, name))
    with np.load(path.with_suffix(".npz")) as stored:
        for direction in layer.strands:
            rows = stored[f"{name}/rows"]
            theirs = library_states(path, model, layer, direction, rows)
            ours = run(layer, direction, rows).values
            for state, values in theirs.items():
                assert np.abs(values - stored[f"{name}/{direction}/{state}"]).max() < STORED
                assert np.abs(values - ours[state]).max() < FLOAT32


EXACT = {
    "float64.keras": ("float64", 1e-6),  # Keras rounds what goes in to float32
    "mixed_float16.keras": ("float16", 1e-2),
    "mixed_bfloat16.keras": ("bfloat16", 1e-1),
}
"""File to what it computes in, and how far Keras's own run may be from exact numbers by that."""

PROVED = 1e-6
"""What Keras rounds off in a few timesteps where it multiplies float64 in float32."""


@pytest.mark.parametrize("name", EXACT)
def test_what_it_computes_in_is_what_the_file_says(name: str) -> None:
    path = KERAS / name
    model = read_model(path)
    with np.load(path.with_suffix(".npz")) as stored:
        for layer in model.layers:
            own, rounded = EXACT[name]
            assert precision(model, layer) == own
            for direction in layer.strands:
                ours = run(layer, direction, stored["inputs"]).values["h"]
                kept = stored[f"{layer.name}/{direction}/h"].astype(np.float64)
                assert 0 < np.abs(ours - kept).max() < rounded


@needs_keras
@pytest.mark.parametrize("name", EXACT)
def test_no_rounding_hides_an_error(name: str) -> None:
    """Whatever the file computes in, Keras is run more exactly, on the stored weights."""
    path = KERAS / name
    model = read_model(path)
    inputs = np.load(path.with_suffix(".npz"))["inputs"]
    for layer in model.layers:
        for direction in layer.strands:
            ours = run(layer, direction, inputs).values
            exact = library_states(path, model, layer, direction, inputs)
            own = library_own_states(path, model, layer, direction, inputs)
            for state, values in exact.items():
                assert np.abs(ours[state] - values).max() < PROVED
                if name != "float64.keras":
                    assert np.abs(ours[state] - own[state]).max() > FLOAT32


@needs_keras
def test_only_what_the_layer_needs_is_made(tmp_path: Path) -> None:
    """A layer above that would take a terabyte is never made."""

    def vast(config: dict[str, Any]) -> None:
        above = config["config"]["layers"][-1]
        assert above["class_name"] == "Dense"
        above["config"]["units"] = 10**11

    path = edited(tmp_path, vast, of="tokens.keras")
    model = read_model(path)
    rows = model.embeddings["embedding"][[1, 2, 3]]
    for layer in model.layers:
        theirs = library_states(path, model, layer, "forward", rows)
        ours = run(layer, "forward", rows).values
        assert np.abs(theirs["h"] - ours["h"]).max() < PROVED


@needs_keras
def test_keras_finds_the_weights_by_itself(tmp_path: Path) -> None:
    """Two layers of one class, one above the other: what is compared is not our own assignment."""
    path = KERAS / "directions.keras"
    model = read_model(path)
    inputs = np.load(KERAS / "directions.npz")["inputs"]
    swapped = tmp_path / "model.keras"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(swapped, "w") as made:
        for name in source.namelist():
            data = source.read(name)
            if name == "model.weights.h5":
                data = with_another_bias(data, "layers/bidirectional_1/backward_layer")
            made.writestr(name, data)
    before = library_states(path, model, model.layers[1], "backward", inputs)["h"]
    after = library_states(swapped, model, model.layers[1], "backward", inputs)["h"]
    same = library_states(swapped, model, model.layers[1], "forward", inputs)["h"]
    assert np.abs(before - after).max() > FLOAT32
    assert np.array_equal(
        same, library_states(path, model, model.layers[1], "forward", inputs)["h"]
    )


def with_another_bias(data: bytes, group: str) -> bytes:
    memory = BytesIO(data)
    with h5py.File(memory, "r+") as file:
        bias = file[f"{group}/cell/vars/2"]
        bias[...] = bias[...] + 0.5
    return memory.getvalue()


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
