"""Weights under weight_norm, against what PyTorch computed with them."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math.models import choose_layer, library_states, read_model, run
from gatereel.rnn_math.models.pytorch.weight_norm import Apart, taken_apart

FILE = Path(__file__).parents[2] / "models" / "pytorch" / "normed" / "weight-norm.safetensors"

FLOAT32 = 1e-6
"""What rounding to float32, as PyTorch does, changes in a few timesteps."""

FLOAT64 = 1e-12
"""The order of a sum's terms is all that differs."""

LAYERS = {"hooks": "hooks", "rows": "rows:2", "columns": "columns", "whole": "whole"}
"""What the arrays are called, and the layer whose states they are."""


@pytest.mark.parametrize("name", LAYERS)
def test_states_are_those_of_pytorch(name: str) -> None:
    layer = choose_layer(read_model(FILE), LAYERS[name])
    assert layer.refusal == ""
    with np.load(FILE.with_suffix(".npz")) as stored:
        ours = run(layer, "forward", stored["inputs"].astype(np.float64)).values["h"]
        assert np.abs(ours - stored[name]).max() < FLOAT32


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("name", LAYERS)
def test_pytorch_s_own_function_gives_the_same(name: str) -> None:
    model = read_model(FILE)
    layer = choose_layer(model, LAYERS[name])
    inputs = np.random.default_rng(0).normal(size=(4, 3))
    theirs = library_states(FILE, model, layer, "forward", inputs)
    ours = run(layer, "forward", inputs).values
    for state, values in theirs.items():
        assert np.abs(ours[state] - values).max() < FLOAT64


@pytest.mark.parametrize(
    ("shape", "axis"), [((8, 1), 0), ((1, 2), 1), ((), None), ((1, 1), None), ((4, 1), "none")]
)
def test_the_shape_of_the_lengths_says_what_was_normed(
    shape: tuple[int, ...], axis: int | str | None
) -> None:
    shapes = {"a.weight_hh_l0_g": shape, "a.weight_hh_l0_v": (8, 2)}
    wanted = Apart("a.weight_hh_l0", "a.weight_hh_l0_g", "a.weight_hh_l0_v", None)
    found = list(taken_apart(shapes))
    assert found == ([] if axis == "none" else [Apart(**{**vars(wanted), "axis": axis})])
    assert not list(taken_apart({**shapes, "a.weight_hh_l0": (8, 2)}))
