"""Files for other libraries: read back by ourselves, and run by the libraries themselves."""

import os
import warnings
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.rnn_math import (
    LSTM,
    Array,
    InputError,
    Parameters,
    random_inputs,
    random_parameters,
)
from gatereel.rnn_math.cells.relatives.lstm_peepholes import (
    LSTM_COUPLED,
    LSTM_PEEPHOLES,
    LSTM_PEEPHOLES_COUPLED,
)
from gatereel.rnn_math.exporting import TARGETS, Exported, export_as, writing
from gatereel.rnn_math.exporting.stored import Made
from gatereel.rnn_math.functions import HardSigmoid, Softsign
from gatereel.rnn_math.models import Layer, Strand, choose_layer, read_model, run, with_nonlinearity
from gatereel.rnn_math.models.activations import with_activations
from tests.rnn_math.models.builders import BOTH, layer, stack

MODELS = Path(__file__).parents[2] / "models"

FLOAT32 = 1e-6
"""What rounding each sum to float32 changes in a few timesteps."""

FLOAT64 = 1e-12
"""The same in float64."""

SUFFIXES = {"pytorch": "m.safetensors", "keras": "m.weights.h5", "onnx": "m.onnx"}

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
needs_keras = pytest.mark.skipif(
    find_spec("keras") is None or find_spec("torch") is None, reason="Keras is not installed"
)


def layers_of(name: str, only: str | None = None) -> list[Layer]:
    """The layers of a stored model, or those of one module."""
    model = read_model(MODELS / name)
    if name.endswith("relu.safetensors"):
        model = with_nonlinearity(model, "relu")
    if only is None:
        return list(model.layers)
    return [each for each in model.layers if each.module == only]


def ours(layers: list[Layer], inputs: Array) -> Array:
    """The hidden states of the top layer, its directions side by side."""
    top = layers[-1]
    found = []
    for direction in top.strands:
        states = run(top, direction, inputs).values["h"]
        found.append(states if direction == "forward" else states[::-1])
    return np.concatenate(found, axis=1)


def executed(written: Exported, folder: Path, **names: Any) -> dict[str, Any]:
    """What the lines of code make that are told with a file, run in its folder."""
    scope = dict(names)
    before = Path.cwd()
    os.chdir(folder)
    try:
        for line in written.code:
            exec(line, scope)  # the test is that these lines run
    finally:
        os.chdir(before)
    return scope


def in_torch(written: Exported, folder: Path, inputs: Array) -> Array:
    """The outputs of the module that the lines make, in float64."""
    torch = import_module("torch")
    names = {"torch": torch, "safetensors": import_module("safetensors")}
    import_module("safetensors.torch")
    model = executed(written, folder, **names)["model"].double()
    with torch.no_grad(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "LSTM with projections")
        output: Array = model(torch.tensor(np.array(inputs)))[0].numpy()
    return output


def in_keras(written: Exported, folder: Path, inputs: Array) -> Array:
    """The outputs of the model that the lines make."""
    before = os.environ.get("KERAS_BACKEND")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = import_module("keras")
    if before is None:
        del os.environ["KERAS_BACKEND"]
    model = executed(written, folder, keras=keras)["model"]
    output = model(np.array(inputs)[np.newaxis], training=False)[0].detach().numpy()
    return np.asarray(output, dtype=np.float64)


def in_onnx(written: Exported, folder: Path, inputs: Array, batch: int = 2) -> Array:
    """The outputs of ONNX Runtime for a batch of equal sequences."""
    rows = np.repeat(np.array(inputs, dtype=np.float32)[:, np.newaxis], batch, axis=1)
    onnxruntime = import_module("onnxruntime")
    session = executed(written, folder, onnxruntime=onnxruntime, x=rows)["session"]
    (output,) = session.run(["y"], {"x": rows})
    assert np.array_equal(output[:, 0], output[:, -1])
    return np.asarray(output[:, 0], dtype=np.float64)


# --- by the libraries themselves ------------------------------------------------------------------

FOR_TORCH = (
    ("pytorch/lstm-two-both.safetensors", None),
    ("pytorch/lstm-no-bias.safetensors", None),
    ("pytorch/gru-bfloat16.safetensors", None),
    ("pytorch/rnn-relu.safetensors", None),
    ("pytorch/lstm-projected.safetensors", None),
    ("pytorch/lstm-cell.safetensors", None),
    ("keras/kinds.keras", "lstm_of_mine"),
    ("keras/kinds.keras", "after"),
    ("onnx/torch_gru_both.onnx", None),
    ("onnx/torch_lstm_both.onnx", None),
    ("audio/rtneural.json", "lstm"),
)


@needs_torch
@pytest.mark.parametrize(("name", "only"), FOR_TORCH)
@pytest.mark.parametrize("suffix", [".safetensors", ".pt"])
def test_pytorch_computes_what_it_loads(
    tmp_path: Path, name: str, only: str | None, suffix: str
) -> None:
    layers = layers_of(name, only)
    written = export_as(layers, "pytorch", tmp_path / f"m{suffix}", "float64")
    inputs = random_inputs(layers[0].input_size, 6, seed=2)
    expected = ours(layers, inputs)
    assert np.abs(in_torch(written, tmp_path, inputs) - expected).max() < FLOAT64


FOR_KERAS = (
    ("pytorch/lstm-two-both.safetensors", None),
    ("pytorch/gru.safetensors", None),
    ("pytorch/rnn-relu.safetensors", None),
    ("keras/kinds.keras", "before"),
    ("keras/activations.keras", "hard"),
    ("keras/activations.keras", "selu"),
    ("onnx/gru_reset_before.onnx", None),
    ("onnx/torch_lstm_both.onnx", None),
)


@needs_keras
@pytest.mark.parametrize(("name", "only"), FOR_KERAS)
def test_keras_computes_what_it_loads(tmp_path: Path, name: str, only: str | None) -> None:
    layers = layers_of(name, only)
    written = export_as(layers, "keras", tmp_path / "m.weights.h5")
    inputs = random_inputs(layers[0].input_size, 6, seed=2)
    assert np.abs(in_keras(written, tmp_path, inputs) - ours(layers, inputs)).max() < FLOAT32


FOR_ONNX = (
    ("pytorch/lstm-two-both.safetensors", None),
    ("pytorch/gru.safetensors", None),
    ("pytorch/rnn-relu.safetensors", None),
    ("pytorch/start-lstm.safetensors", None),
    ("keras/kinds.keras", "before"),
    ("keras/activations.keras", "hard"),
    ("keras/activations.keras", "leaky"),
    ("onnx/gru_clip.onnx", None),
    ("onnx/lstm_initial.onnx", None),
    ("onnx/lstm_input_forget.onnx", None),
    ("onnx/lstm_peepholes.onnx", None),
    ("onnx/lstm_reverse.onnx", None),
    ("onnx/rnn_affine.onnx", None),
    ("onnx/rnn_mixed.onnx", None),
    ("audio/amp.nam", None),
)


@pytest.mark.parametrize(("name", "only"), FOR_ONNX)
def test_onnx_runtime_computes_what_it_loads(tmp_path: Path, name: str, only: str | None) -> None:
    layers = layers_of(name, only)
    written = export_as(layers, "onnx", tmp_path / "m.onnx")
    inputs = random_inputs(layers[0].input_size, 6, seed=2)
    assert np.abs(in_onnx(written, tmp_path, inputs) - ours(layers, inputs)).max() < FLOAT32


@pytest.mark.parametrize("cell", [LSTM_PEEPHOLES, LSTM_COUPLED, LSTM_PEEPHOLES_COUPLED])
def test_relatives_of_the_lstm_run_in_onnx(tmp_path: Path, cell: Any) -> None:
    drawn = random_parameters(cell, 3, 2, seed=4)
    weights = dict(drawn.weights)
    for gate in weights:  # what peepholes read stands on the diagonal alone
        weights[gate] = (
            np.concatenate(
                [weights[gate][:, :5], np.diag(np.diagonal(weights[gate][:, 5:]))], axis=1
            )
            if weights[gate].shape[1] > 5
            else weights[gate]
        )
    strand = Strand(cell, Parameters(weights, drawn.biases, "test"))
    one = replace(layer("cell", "lstm", 3, 2), strands={"forward": strand})
    written = export_as([one], "onnx", tmp_path / "m.onnx")
    inputs = random_inputs(3, 6, seed=2)
    assert np.abs(in_onnx(written, tmp_path, inputs) - ours([one], inputs)).max() < FLOAT32


def test_the_illustrated_gru_goes_by_its_equivalent(tmp_path: Path) -> None:
    one = layer("gru", "gru", 3, 2)
    written = export_as([one], "onnx", tmp_path / "m.onnx")
    inputs = random_inputs(3, 6, seed=2)
    assert np.abs(in_onnx(written, tmp_path, inputs) - ours([one], inputs)).max() < FLOAT32
    assert "the weights of z have the other sign" in written.notes[0]


@needs_torch
def test_several_layers_have_their_names_in_one_state_dict(tmp_path: Path) -> None:
    layers = [layer("enc.lstm", "lstm", 3, 2), layer("enc/lstm", "gru-reset-after", 3, 4)]
    written = export_as(layers, "pytorch", tmp_path / "m.safetensors")
    torch, load = import_module("torch"), import_module("safetensors.torch")
    model = executed(written, tmp_path, torch=torch, safetensors=load_package(load))["model"]
    assert list(model) == ["enc_lstm", "enc_lstm_2"]


def load_package(module: Any) -> Any:
    """The package above a module that was imported."""
    return import_module(module.__name__.partition(".")[0])


# --- what is kept, and what is told ---------------------------------------------------------------


@pytest.mark.parametrize("to", TARGETS)
def test_a_number_that_was_changed_on_the_way_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    layers = [layer("lstm", "lstm", 3, 2)]
    other = [layer("lstm", "lstm", 3, 2, seed=9)]
    make = TARGETS[to].make

    def wrong(task: Any) -> Made:
        return replace(make(replace(task, layers=other)), layers=make(task).layers)

    changed = {**TARGETS, to: replace(TARGETS[to], make=wrong)}
    monkeypatch.setattr(writing, "TARGETS", changed)
    target = tmp_path / SUFFIXES[to]
    target.write_bytes(b"old")
    with pytest.raises(InputError, match="was read back and is not what was to be written"):
        export_as(layers, to, target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("to", TARGETS)
def test_the_same_layers_give_the_same_bytes(tmp_path: Path, to: str) -> None:
    model = stack("lstm", "lstm", (3, 2, 4), BOTH)
    first, second = tmp_path / "1", tmp_path / "2"
    for folder in (first, second):
        folder.mkdir()
        export_as(model.layers, to, folder / SUFFIXES[to])
    assert (first / SUFFIXES[to]).read_bytes() == (second / SUFFIXES[to]).read_bytes()


def test_rounding_is_told_and_float64_has_none(tmp_path: Path) -> None:
    layers = layers_of("pytorch/lstm-float64.safetensors")
    rounded = export_as(layers, "pytorch", tmp_path / "m.safetensors")
    assert "the largest change by rounding is" in rounded.notes[0]
    assert export_as(layers, "pytorch", tmp_path / "m.safetensors", "float64").notes == ()


REFUSED: Mapping[str, tuple[list[Layer], str]] = {
    "pytorch": ([layer("a", "gru-reset-before", 3, 2)], "Keras 3 and ONNX can"),
    "keras": ([layer("a", "lstm", 3, 2), layer("b", "lstm", 3, 2)], "which end with a, b"),
}


@pytest.mark.parametrize("to", REFUSED)
def test_what_a_library_does_not_hold_is_refused(tmp_path: Path, to: str) -> None:
    layers, why = REFUSED[to]
    with pytest.raises(InputError, match=why):
        export_as(layers, to, tmp_path / SUFFIXES[to])
    assert not list(tmp_path.iterdir())


def test_functions_and_directions_that_a_library_lacks_are_refused(tmp_path: Path) -> None:
    odd = with_activations(LSTM, HardSigmoid(0.3, 0.5), Softsign(), Softsign())
    one = replace(
        layer("odd", "lstm", 3, 2),
        strands={"forward": Strand(odd, random_parameters(odd, 3, 2, seed=0))},
    )
    with pytest.raises(InputError, match=r"Keras 3 does not compute exactly.*hard_sigmoid.*ONNX"):
        export_as([one], "keras", tmp_path / "m.weights.h5")
    backward = layer("b", "lstm", 3, 2, directions=("backward",))
    with pytest.raises(InputError, match="runs backward alone"):
        export_as([backward], "pytorch", tmp_path / "m.pt")


def test_names_of_files_are_held_to_what_loads_them(tmp_path: Path) -> None:
    layers = [layer("lstm", "lstm", 3, 2)]
    with pytest.raises(InputError, match=r"must end in \.weights\.h5"):
        export_as(layers, "keras", tmp_path / "m.h5")
    with pytest.raises(InputError, match=r"'\.npz'; a model for ONNX is written to \.onnx"):
        export_as(layers, "onnx", tmp_path / "m.npz")
    with pytest.raises(InputError, match="float32 alone"):
        export_as(layers, "onnx", tmp_path / "m.onnx", "float64")


def test_what_is_computed_below_a_layer_is_told_as_left_out(tmp_path: Path) -> None:
    model = read_model(MODELS / "keras" / "stages.keras")
    layers = [choose_layer(model, name) for name in ("lower", "upper", "normed")]
    notes = export_as(layers, "onnx", tmp_path / "m.onnx").notes
    assert "upper is not joined to lower: what stands between the two is not in the file" in notes
    said = "normed: Dense and BatchNormalization below it, of which it reads, is not in the file"
    assert said in notes
    assert all(not each.stages for each in read_model(tmp_path / "m.onnx").layers)


def test_a_layer_that_reads_something_else_has_an_input_of_its_own(tmp_path: Path) -> None:
    model = read_model(MODELS / "keras" / "merges.keras")
    layers = [each for each in model.layers if not each.refusal]
    written = export_as(layers, "onnx", tmp_path / "m.onnx")
    assert any("what stands between the two is not in the file" in n for n in written.notes)
    back = read_model(tmp_path / "m.onnx")
    assert len(back.layers) == len(layers)
    assert choose_layer(back, back.layers[-1].name).below is None
