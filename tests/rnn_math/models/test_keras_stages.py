"""Layers of Keras below recurrent ones: Dense, BatchNormalization, Masking, RepeatVector."""

from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.models import (
    Direction,
    Layer,
    Model,
    at_layer,
    choose_layer,
    labels_of,
    layer_inputs,
    library_states,
    read_model,
    run,
)
from gatereel.rnn_math.models.keras.files import read_contents
from gatereel.rnn_math.models.keras.graph import model_of_config
from gatereel.rnn_math.models.keras.states import BACKENDS

KERAS = Path(__file__).parents[2] / "models" / "keras"
SAVED = sorted(
    path.name
    for stem in ("stages", "stage_tokens", "repeated")
    for path in KERAS.glob(f"{stem}*")
    if path.suffix in (".keras", ".h5")
)
FLOAT32 = 1e-6
"""What rounding each sum to float32, as Keras does, changes in a few timesteps."""

needs_keras = pytest.mark.skipif(
    find_spec("keras") is None or not any(map(find_spec, BACKENDS)),
    reason="Keras or what it computes with is not installed",
)


def rows_of(model: Model, inputs: Array) -> Array:
    return (
        model.embeddings["embedding"][inputs] if inputs.dtype.kind == "i" else np.atleast_2d(inputs)
    )


def test_files_of_both_versions_are_there() -> None:
    assert len(SAVED) == 12


@pytest.mark.parametrize("name", SAVED)
def test_what_stands_below_is_computed_as_keras_does(name: str) -> None:
    model = read_model(KERAS / name)
    with np.load((KERAS / name).with_suffix(".npz")) as stored:
        rows = rows_of(model, stored["inputs"])
        kept = set(stored.files) - {"inputs"}
        for layer in model.layers:
            assert not layer.refusal, layer.refusal
            for direction, strand in layer.strands.items():
                ours = run(layer, direction, rows).values
                for state in strand.cell.states:
                    theirs = stored[f"{layer.name}/{direction}/{state}"]
                    assert np.abs(ours[state] - theirs).max() < FLOAT32
                    kept.remove(f"{layer.name}/{direction}/{state}")
    assert not kept, "Every layer that Keras computed is computed here"


@needs_keras
@pytest.mark.parametrize("name", [name for name in SAVED if name.endswith(".keras")])
def test_keras_itself_runs_them_for_a_proof(name: str) -> None:
    path = KERAS / name
    model = read_model(path)
    with np.load(path.with_suffix(".npz")) as stored:
        rows = rows_of(model, stored["inputs"])
    for layer in model.layers:
        for direction in layer.strands:
            ours = run(layer, direction, rows).values
            for state, values in library_states(path, model, layer, direction, rows).items():
                assert values.shape == ours[state].shape
                assert np.abs(values - ours[state]).max() < FLOAT32


# --- what reaches a layer ------------------------------------------------------------------------


@cache
def stages(name: str = "stages.keras") -> Model:
    return read_model(KERAS / name)


def test_the_model_s_inputs_are_taken_not_the_layer_s() -> None:
    layer = choose_layer(stages(), "normed")
    assert [stage.name for stage in layer.stages] == ["dense", "norm"]
    assert (layer.fed_size, layer.input_size, layer.embedding, layer.unfed) == (3, 4, "", "")
    assert layer_inputs(layer, np.ones((2, 3))).shape == (2, 4)
    alone = at_layer(layer)
    assert (alone.stages, alone.fed_size) == ((), 4)
    np.testing.assert_array_equal(layer_inputs(alone, np.ones((2, 4))), np.ones((2, 4)))


def test_one_row_is_repeated_and_has_no_label_of_its_own() -> None:
    layer = choose_layer(stages("repeated.keras"), "lstm")
    assert (layer.repeats, layer.below) == (4, None)
    rows = layer_inputs(layer, np.array([[1.0, 2.0, 3.0]]))
    assert rows.shape == (4, layer.input_size)
    np.testing.assert_array_equal(rows, np.repeat(rows[:1], 4, axis=0))
    assert labels_of(layer, ("only",)) == ()
    with pytest.raises(InputError, match=r"makes 4 timesteps of one row; 2 are given"):
        layer_inputs(layer, np.ones((2, 3)))


def test_the_last_timestep_of_each_direction_is_repeated() -> None:
    model = stages()
    decoder, encoder = choose_layer(model, "decoder"), choose_layer(model, "encoder")
    assert decoder.below is encoder
    outputs: dict[Direction, Array] = {
        "forward": np.arange(8.0).reshape(4, 2),
        "backward": -np.arange(8.0).reshape(4, 2),
    }
    np.testing.assert_array_equal(decoder.read(outputs), [[6.0, 7.0, -0.0, -1.0]])
    of_last = choose_layer(model, "of_last")
    np.testing.assert_array_equal(of_last.read({"backward": outputs["forward"]}), [[0.0, 1.0]])


@pytest.mark.parametrize("value", [-9.0, -9.0 - 1e-7])
def test_a_row_that_is_masked_is_refused_by_its_timestep(value: float) -> None:
    """Of -9.0000001 float32 makes -9, and Keras leaves the timestep out."""
    layer = choose_layer(stages(), "unmasked")
    rows = np.ones((4, 3))
    rows[2] = value
    with pytest.raises(InputError, match=r"row of timestep 3 holds the mask_value, -9, of"):
        run(layer, "forward", rows)
    rows[2, 1] = 0.0
    assert len(run(layer, "forward", rows).inputs) == 4


def test_numbers_beyond_float64_are_refused_with_their_stage() -> None:
    layer = choose_layer(stages(), "normed")
    kernel = read_contents(KERAS / "stages.keras").h5.arrays["layers/dense/vars/0"].values
    assert kernel is not None
    huge = np.sign(kernel[:, 0]) * 1.7e308  # whose sum is beyond it
    with pytest.raises(InputError, match=r"The Dense layer 'dense' gives a number at timestep 2"):
        run(layer, "forward", np.array([[0.0] * 3, huge]))


# --- what is not computed ------------------------------------------------------------------------


def edited(name: str, **options: Any) -> Layer:
    """The first recurrent layer above the stage `name` of which some options are others."""
    contents = read_contents(KERAS / "stages.keras")
    layers = dict(contents.layers)
    layers[name] = replace(layers[name], options={**layers[name].options, **options})
    model = model_of_config(layers, contents.h5, Path("m.keras"))
    return next(
        each for each in model.layers if each.unfed or name in [stage.name for stage in each.stages]
    )


@pytest.mark.parametrize(
    ("name", "options", "reason"),
    [
        ("dense", {"units": 5}, "has weights of other shapes than its options ask for."),
        ("dense", {"units": "4"}, "has weights of other shapes"),
        ("dense", {"use_bias": False}, "has other weights than its options ask for."),
        ("dense", {"use_bias": 1}, "has an option use_bias that is neither true nor false."),
        ("dense", {"activation": "sparsemax"}, "has an activation that is not computed."),
        ("dense", {"activation": {"class_name": "function"}}, "has an activation that is not"),
        ("dense", {"lora_rank": 4}, "has the option 'lora_rank', which is not known here."),
        ("norm", {"axis": 1}, "works over another axis than the last."),
        ("norm", {"axis": [1, 2]}, "works over another axis than the last."),
        ("norm", {"axis": True}, "works over another axis than the last."),
        ("norm", {"scale": False}, "has other weights than its options ask for."),
        ("norm", {"epsilon": -5.0}, "has a variance below zero."),
        ("norm", {"epsilon": "much"}, "has an option epsilon that is no number."),
        ("norm", {"renorm": True}, "has the option 'renorm', which is not known here."),
        ("bounded", {"threshold": -1.0}, "has an option below zero."),
        ("shares", {"axis": 1}, "works over another axis than the last."),
    ],
)
def test_a_stage_that_is_not_computed_is_named(
    name: str, options: dict[str, Any], reason: str
) -> None:
    layer = edited(name, **options)
    assert f"'{name}', which {reason}" in layer.unfed
    assert (layer.stages, layer.refusal) == ((), "")
    assert run(at_layer(layer), "forward", np.ones((2, layer.input_size))).values["h"].size
