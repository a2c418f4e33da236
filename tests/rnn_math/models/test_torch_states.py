"""A layer run in PyTorch gives what gatereel computes, and what PyTorch gave when it was saved."""

from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math.models import library_states, read_model, run, with_nonlinearity
from gatereel.rnn_math.models.pytorch import states as torch_states
from tests.models.pytorch.expected import (
    FLOAT32_TOLERANCE,
    FLOAT64_TOLERANCE,
    FOLDER,
    inputs_of,
    states_of,
)

torch = pytest.importorskip("torch")

ROUNDING = {"float16": 1e-2, "bfloat16": 1e-1}
"""Some steps of a number near 1, of 11 and 8 bits."""

MODELS = {
    path.name: {"checkpoint": "words"}.get(path.stem, path.stem)
    for path in FOLDER.iterdir()
    if path.suffix in (".safetensors", ".pt", ".pth")
    and path.stem not in ("lstm-projected", "whole-module", "gru-bfloat16")
}
"""File to the name of what is expected of it."""


@pytest.mark.parametrize("file", sorted(MODELS))
def test_the_states_are_those_of_the_saved_model(file: str) -> None:
    path, name = FOLDER / file, MODELS[file]
    model = read_model(path)
    if "relu" in file:
        model = with_nonlinearity(model, "relu")
    tolerance = FLOAT64_TOLERANCE if model.dtype == "float64" else FLOAT32_TOLERANCE
    for layer in model.layers:
        for direction in layer.strands:
            states = library_states(path, model, layer, direction, inputs_of(name))
            expected = states_of(name, layer, direction)
            ours = run(layer, direction, inputs_of(name)).values
            assert states.keys() == expected.keys()
            for state, values in states.items():
                assert values.dtype == np.float64
                np.testing.assert_allclose(values, expected[state], rtol=0, atol=tolerance)
                np.testing.assert_allclose(values, ours[state], rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_short_types_are_run_as_they_are(tmp_path: Path, name: str) -> None:
    torch.manual_seed(0)
    module = torch.nn.GRU(3, 2, num_layers=2, bidirectional=True).to(getattr(torch, name))
    path = tmp_path / "m.pt"
    torch.save(module.state_dict(), path)
    layer = read_model(path).layers[-1]
    inputs = inputs_of("gru")
    states = torch_states.states(path, layer, "backward", inputs)
    difference = np.abs(states["h"] - run(layer, "backward", inputs).values["h"]).max()
    assert FLOAT32_TOLERANCE < difference < ROUNDING[name]


def test_another_weight_in_the_file_gives_other_states(tmp_path: Path) -> None:
    state_dict = torch.load(FOLDER / "gru-two-both.pt", weights_only=True)
    layer = read_model(FOLDER / "gru-two-both.pt").layers[1]
    for name in ("weight_hh_l0_reverse", "bias_ih_l1"):
        changed = state_dict | {name: state_dict[name] + 0.1}
        torch.save(changed, tmp_path / "m.pt")
        inputs = inputs_of("gru-two-both")
        states = torch_states.states(tmp_path / "m.pt", layer, "forward", inputs)
        expected = states_of("gru-two-both", layer, "forward")
        assert np.abs(states["h"] - expected["h"]).max() > FLOAT32_TOLERANCE
