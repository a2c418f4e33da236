"""The lines that record what a layer reads, run as a user would."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from gatereel.rnn_math.models import (
    Layer,
    Model,
    at_layer,
    choose_layer,
    library_states,
    read_model,
    recorder,
    run,
)
from gatereel.rnn_math.models.recorders import ROWS
from tests.rnn_math.models.onnx_builders import model as make_model
from tests.rnn_math.models.onnx_builders import node, saved, weights

MODELS = Path(__file__).parents[2] / "models"
SEQUENCE = np.random.default_rng(3).normal(size=(5, 3))

FLOAT32 = 1e-6
"""What rounding to float32, as the libraries do, changes in a few timesteps."""

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
needs_keras = pytest.mark.skipif(
    find_spec("keras") is None or find_spec("torch") is None,
    reason="Keras or PyTorch is not installed",
)


def recorded(line: str, **names: Any) -> np.ndarray:
    """Run a line in the folder where the test is, and read what it saved."""
    exec(line, {"numpy": np, **names})
    rows: np.ndarray = np.load(ROWS)
    return rows.astype(np.float64)


def test_a_node_of_onnx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = node("Relu", ["x"], ["s"])
    lone = node("LSTM", ["s", "W", "R", "B"], ["y"], name="a", hidden_size=2)
    shapes = {"x": ("T", "B", 3)}
    path = saved(tmp_path, make_model([before, lone], weights("LSTM"), shapes))
    model = read_model(path)
    (layer,) = model.layers
    inputs = {"x": SEQUENCE[:, np.newaxis].astype(np.float32)}
    line = recorder(model, layer, path)
    rows = recorded(line, onnx=onnx, onnxruntime=import_module("onnxruntime"), inputs=inputs)
    np.testing.assert_allclose(rows, np.maximum(SEQUENCE, 0), atol=FLOAT32)
    theirs = library_states(path, model, at_layer(layer), "forward", rows)
    ours = run(at_layer(layer), "forward", rows).values
    for state, values in theirs.items():
        np.testing.assert_allclose(ours[state], values, rtol=0, atol=FLOAT32)


@needs_torch
@pytest.mark.parametrize("is_batch_first", [True, False])
def test_a_module_of_pytorch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_batch_first: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    torch: Any = import_module("torch")
    steps = torch.nn.ModuleDict(
        {"lin": torch.nn.Linear(4, 3), "lstm": torch.nn.LSTM(3, 2, batch_first=is_batch_first)}
    )
    steps.forward = lambda x: steps["lstm"](torch.relu(steps["lin"](x)))
    torch.save(steps.state_dict(), "m.pt")
    model = read_model(Path("m.pt"))
    inputs = torch.randn(1, 5, 4) if is_batch_first else torch.randn(5, 1, 4)
    rows = recorded(recorder(model, model.layers[0], Path("m.pt")), model=steps, inputs=inputs)
    theirs = steps(inputs)[0].detach().reshape(5, 2).numpy()
    ours = run(at_layer(model.layers[0]), "forward", rows).values["h"]
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=FLOAT32)


@needs_keras
@pytest.mark.filterwarnings("ignore")  # of Keras, about how PyTorch hands over its numbers
def test_a_layer_of_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras: Any = import_module("keras")
    path = MODELS / "keras" / "above.keras"
    model, loaded = read_model(path), keras.models.load_model(path)
    with np.load(path.with_suffix(".npz")) as stored:
        for name in ("both", "upper"):
            line = recorder(model, choose_layer(model, name), path)
            rows = recorded(line, keras=keras, model=loaded, inputs=stored["inputs"][np.newaxis])
            np.testing.assert_allclose(rows, stored[f"{name}/rows"], rtol=0, atol=FLOAT32)


def test_what_a_library_hands_nothing_out_of_has_no_line() -> None:
    def line(model: Model, layer: Layer) -> str:
        return recorder(model, layer, Path("m.pt"))

    model = read_model(MODELS / "pytorch" / "lstm-two-both.safetensors")
    lower, upper = model.layers
    assert "get_submodule" in line(model, lower) or "model.register" in line(model, lower)
    assert line(model, upper) == ""
    assert line(Model("gatereel", model.layers), lower) == ""
