"""Cells of flax by their parameters, against what flax itself computed, without flax."""

from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import RNN_RELU, InputError
from gatereel.rnn_math.functions import Relu, Sigmoid, TanhFunction
from gatereel.rnn_math.live import read_layer
from gatereel.rnn_math.live.flax_cells import KINDS, layer_of_arrays
from gatereel.rnn_math.models import run

CELLS = Path(__file__).parents[2] / "models" / "flax" / "cells.npz"
FLOAT32 = 1e-6
USUAL = (Sigmoid(), TanhFunction())


def stored(name: str) -> dict[str, np.ndarray]:
    with np.load(CELLS) as found:
        return {
            each.removeprefix(f"{name}/"): found[each]
            for each in found
            if each.startswith(f"{name}/")
        }


def parameters(name: str) -> dict[str, np.ndarray]:
    return {
        each.removeprefix("params/"): value.astype(float)
        for each, value in stored(name).items()
        if each.startswith("params/")
    }


@pytest.mark.parametrize("home", ["linen", "nnx"])
@pytest.mark.parametrize("kind", KINDS)
def test_states_are_those_of_flax(home: str, kind: str) -> None:
    theirs = stored(f"{home}.{kind}")
    layer = layer_of_arrays(kind, parameters(f"{home}.{kind}"), *USUAL)
    assert (layer.input_size, layer.hidden_size) == (3, 2)
    ours = run(layer, "forward", theirs["inputs"]).values
    for state in layer.strands["forward"].cell.states:
        assert np.abs(ours[state] - theirs[state]).max() < FLOAT32


def test_a_simple_cell_of_relu_is_a_cell_of_its_own() -> None:
    arrays = parameters("nnx.SimpleCell")
    layer = layer_of_arrays("SimpleCell", arrays, Sigmoid(), Relu())
    assert layer.strands["forward"].cell is RNN_RELU


@pytest.mark.parametrize(
    ("left_out", "instead", "why"),
    [
        ("hf/kernel", None, "no parameters that are called as those of such a cell"),
        ("ii/kernel", np.ones(3), "no parameters that are called as those"),
        ("ig/kernel", np.ones((4, 2)), "do not have the shapes of such a cell"),
        ("hg/bias", np.ones(3), "do not have the shapes of such a cell"),
    ],
)
def test_parameters_of_something_else_are_refused(
    left_out: str, instead: np.ndarray | None, why: str
) -> None:
    arrays = parameters("linen.LSTMCell")
    del arrays[left_out]
    if instead is not None:
        arrays[left_out] = instead
    with pytest.raises(InputError, match=why):
        layer_of_arrays("LSTMCell", arrays, *USUAL)


def test_what_is_of_no_library_is_told() -> None:
    with pytest.raises(InputError, match="int is no module of PyTorch, no layer of Keras and no"):
        read_layer(3)
