"""Models of audio plugins against what the libraries that trained them computed, without these."""

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import (
    Layer,
    at_layer,
    choose_layer,
    is_own,
    library_states,
    read_model,
    run,
)

AUDIO = Path(__file__).parents[2] / "models" / "audio"

FLOAT32 = 1e-6
"""What rounding to float32, as the libraries do, changes in a few timesteps."""

Change = Callable[[dict[str, Any]], Any]


def expected(name: str) -> dict[str, np.ndarray]:
    with np.load(AUDIO / f"{name}.npz") as stored:
        return dict(stored)


def states(layer: Layer, rows: np.ndarray) -> dict[str, np.ndarray]:
    return dict(run(layer, "forward", rows.astype(np.float64)).values)


def changed(tmp_path: Path, name: str, change: Change) -> Path:
    """The file with something in it changed."""
    content = json.loads((AUDIO / name).read_text(encoding="utf-8"))
    change(content)
    path = tmp_path / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_proteus_is_a_state_dict() -> None:
    model, theirs = read_model(AUDIO / "proteus.json"), expected("proteus")
    assert (model.library, [layer.name for layer in model.layers]) == ("PyTorch", ["rec"])
    ours = states(model.layers[0], theirs["inputs"])["h"]
    assert np.abs(ours - theirs["h"]).max() < FLOAT32


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_proteus_is_run_in_pytorch() -> None:
    path = AUDIO / "proteus.json"
    model, rows = read_model(path), expected("proteus")["inputs"]
    theirs = library_states(path, model, model.layers[0], "forward", rows)
    for state, values in states(model.layers[0], rows).items():
        if state in theirs:
            assert np.abs(values - theirs[state]).max() < 1e-12


def test_rtneural_has_keras_s_arrays() -> None:
    model, theirs = read_model(AUDIO / "rtneural.json"), expected("rtneural")
    assert [layer.name for layer in model.layers] == ["lstm", "gru", "gru_2"]
    assert [bool(layer.unfed) for layer in model.layers] == [False, False, True]
    assert model.notes[0].startswith("in_gain is 2.5: a player does that to the sound")
    for name in ("lstm", "gru"):
        ours = states(choose_layer(model, name), theirs["inputs"])["h"]
        assert np.abs(ours - theirs[name]).max() < FLOAT32
    alone = at_layer(choose_layer(model, "gru_2"))
    assert np.abs(states(alone, theirs["gru_2/rows"])["h"] - theirs["gru_2"]).max() < FLOAT32


def test_nam_has_first_states() -> None:
    model, theirs = read_model(AUDIO / "amp.nam"), expected("amp")
    lower, upper = model.layers
    assert (upper.name, upper.below) == ("lstm:2", lower)
    initial = upper.strands["forward"].initial
    assert initial is not None
    assert initial["c"].any()
    ours = states(upper, theirs["inputs"])
    assert np.abs(ours["h"] - theirs["h"]).max() < FLOAT32
    assert np.abs(ours["c"][-1] - theirs["last_c"]).max() < FLOAT32


@pytest.mark.parametrize("name", ["proteus.json", "rtneural.json", "amp.nam"])
def test_what_they_are_is_told_by_their_keys(tmp_path: Path, name: str) -> None:
    path = tmp_path / "model.aidax"
    path.write_bytes(b"\xef\xbb\xbf\n" + (AUDIO / name).read_bytes())
    assert read_model(path).library == read_model(AUDIO / name).library
    assert not is_own(path)


def _without_a_number(content: dict[str, Any]) -> None:
    content["weights"].pop()


@pytest.mark.parametrize(
    ("name", "change", "why"),
    [
        ("amp.nam", _without_a_number, "weights too many or too few"),
        ("amp.nam", lambda c: c["weights"].clear(), "weights must be numbers in 1 dimensions"),
        ("amp.nam", lambda c: c["config"].update(num_layers=9), "too few weights for 9 layers"),
        ("amp.nam", lambda c: c["config"].update(num_layers=10**9), "at most 256"),
        ("amp.nam", lambda c: c["config"].update(hidden_size=-1), "hidden_size is -1"),
        ("amp.nam", lambda c: c.update(architecture="WaveNet"), "architecture 'WaveNet'"),
        ("amp.nam", lambda c: c["weights"].__setitem__(0, 1e300), "not finite in float32"),
        ("amp.nam", lambda c: c["weights"].__setitem__(0, "a"), "must be numbers"),
        ("rtneural.json", lambda c: c["layers"][0]["weights"].pop(), "must have a kernel"),
        ("rtneural.json", lambda c: c["layers"][0].update(shape=[None, 9]), "to give 9 values"),
        ("rtneural.json", lambda c: c["layers"][0]["weights"][2].pop(), "has the shapes"),
        ("rtneural.json", lambda c: c["layers"].pop(0), r"^$"),
        ("rtneural.json", lambda c: c["layers"].clear(), "no recurrent layer of RTNeural"),
        ("rtneural.json", lambda c: c.update(layers=3), "layers must be a list"),
    ],
)
def test_damage_is_named(tmp_path: Path, name: str, change: Change, why: str) -> None:
    path = changed(tmp_path, name, change)
    if why == r"^$":  # what is left is a model of its own
        assert [layer.name for layer in read_model(path).layers] == ["gru", "gru_2"]
        return
    with pytest.raises(InputError, match=why):
        read_model(path)


def test_an_activation_that_rtneural_passes_over_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "rtneural.json", lambda c: c["layers"][0].update(activation="relu"))
    lower, upper, _ = read_model(path).layers
    assert "activation='relu'" in lower.refusal
    assert "below it stands the layer 'lstm'" in upper.unfed
