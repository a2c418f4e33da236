"""`gatereel export`: gates apart, and models for other libraries."""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatereel.cli.app import WRONG_USE
from gatereel.rnn_math import LSTM, RNN_RELU, random_inputs, random_parameters
from gatereel.rnn_math.models import choose_layer, read_model, run

FLOAT32 = 1e-6
"""What rounding weights to float32 changes in a few timesteps."""

Command = Callable[..., Any]
safetensors_numpy: Any = import_module("safetensors.numpy")

MODELS = Path(__file__).parents[2] / "models"
STACK = str(MODELS / "pytorch" / "lstm-two-both.safetensors")
RELU = str(MODELS / "pytorch" / "rnn-relu.safetensors")
KINDS = str(MODELS / "keras" / "kinds.keras")
REFUSED = str(MODELS / "keras" / "refused.keras")
START = str(MODELS / "pytorch" / "start-lstm.safetensors")


def test_gates_have_names_of_their_own(gatereel: Command, folder: Path) -> None:
    ended = gatereel("export", STACK, "-o", "gates.npz")
    assert ended.code == 0
    assert ended.out.startswith("gates.npz  ")
    assert "64 arrays  lstm:1, lstm:2" in ended.out
    with np.load(folder / "gates.npz") as found:
        assert found["lstm:1/forward/f/W"].shape == (3, 3)
        assert found["lstm:2/backward/o/b_recurrent"].shape == (3,)


def test_the_code_that_loads_a_model_is_printed(gatereel: Command, folder: Path) -> None:
    ended = gatereel("export", STACK, "--to", "pytorch", "-o", "m.safetensors")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert lines[0].endswith("16 tensors of PyTorch, read back and equal to the last bit")
    assert lines[1:] == [
        "model = torch.nn.LSTM(3, 3, num_layers=2, bidirectional=True)",
        "model.load_state_dict(safetensors.torch.load_file('m.safetensors'))",
    ]
    quiet = gatereel("export", STACK, "--to", "pytorch", "-o", "m.safetensors", "--quiet")
    assert quiet.out.splitlines() == lines[1:]


def test_a_layer_or_a_whole_stack_is_named(gatereel: Command, folder: Path) -> None:
    assert gatereel("export", STACK, "--layer", "lstm", "-o", "all.npz").code == 0
    assert gatereel("export", STACK, "--layer", "lstm:2", "-o", "one.npz").code == 0
    with np.load(folder / "all.npz") as every, np.load(folder / "one.npz") as one:
        assert set(one) == {name for name in every if name.startswith("lstm:2/")}
    wrong = gatereel("export", STACK, "--layer", "gru", "-o", "one.npz")
    assert wrong.code == WRONG_USE
    assert "There is no recurrent layer 'gru'; there are lstm:1, lstm:2." in wrong.err


def test_what_the_file_leaves_open_is_told(gatereel: Command, folder: Path) -> None:
    taken = gatereel("export", RELU, "--to", "onnx", "-o", "m.onnx", "--quiet")
    assert "does not tell tanh from relu for 'rnn:1'; taken as tanh" in taken.err
    settled = gatereel("export", RELU, "--nonlinearity", "relu", "--to", "onnx", "-o", "m.onnx")
    assert settled.err == ""
    for layer in read_model(folder / "m.onnx").layers:
        assert layer.strands["forward"].cell is RNN_RELU


def test_states_that_have_no_place_are_told_and_written_with_the_gates(
    gatereel: Command, folder: Path
) -> None:
    ended = gatereel("export", START, "--to", "keras", "-o", "m.weights.h5", "--quiet")
    assert ended.code == 0
    assert "starts from states that this file has no place for" in ended.err
    assert gatereel("export", START, "-o", "gates.npz").code == 0
    (layer, *_) = read_model(Path(START)).layers
    initial = layer.strands["forward"].initial
    assert initial is not None
    with np.load(folder / "gates.npz") as found:
        side = "/forward" if len(layer.strands) > 1 else ""
        assert np.array_equal(found[f"{layer.name}{side}/h0"], initial["h"])


def test_what_cannot_be_computed_is_left_out_by_name(gatereel: Command, folder: Path) -> None:
    model = read_model(Path(REFUSED))
    refused = [layer.name for layer in model.layers if layer.refusal]
    ended = gatereel("export", REFUSED, "-o", "gates.npz")
    if len(refused) < len(model.layers):
        assert ended.code == 0
        for name in refused:
            assert f"{name} is left out, for it cannot be computed: " in ended.err
    named = gatereel("export", REFUSED, "--layer", refused[0], "-o", "gates.npz")
    assert named.code == WRONG_USE
    assert f"The layer {refused[0]!r} cannot be computed" in named.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((KINDS, "--to", "pytorch", "-o", "m.pt"), "Keras 3 and ONNX can"),
        ((KINDS, "--to", "keras", "-o", "m.weights.h5"), "Name a layer with --layer"),
        ((STACK, "-o", "gates.onnx"), "--to writes the file of a library"),
        ((STACK, "--dtype", "float64", "-o", "gates.npz"), "the gates are exact. Leave it out"),
        ((STACK, "--nonlinearity", "relu", "-o", "gates.npz"), "has nothing to settle"),
    ],
)
def test_what_cannot_be_written_is_refused(
    gatereel: Command, folder: Path, words: tuple[str, ...], why: str
) -> None:
    ended = gatereel("export", *words)
    assert ended.code == WRONG_USE
    assert why in ended.err
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
def test_what_was_exported_is_verified_by_its_own_library(gatereel: Command, folder: Path) -> None:
    words = ("--layer", "after", "--to", "pytorch", "-o", "m.safetensors")
    assert gatereel("export", KINDS, *words).code == 0
    ended = gatereel("verify", "m.safetensors")
    assert ended.code == 0
    assert "agrees" in ended.out


def test_layers_are_chained_into_one_model(gatereel: Command, folder: Path) -> None:
    """In either order in the file: what is read is written before what reads it."""
    upper = random_parameters(LSTM, 2, 3, 1)
    lower = random_parameters(LSTM, 4, 2, 2)
    tensors = {}
    for name, parameters in (("a_upper", upper), ("z_lower", lower)):
        stacked = [parameters.weights[gate] for gate in "ifgo"]
        hidden = len(stacked[0])
        tensors[f"{name}.weight_hh_l0"] = np.concatenate([w[:, :hidden] for w in stacked])
        tensors[f"{name}.weight_ih_l0"] = np.concatenate([w[:, hidden:] for w in stacked])
    safetensors_numpy.save_file(
        {name: np.ascontiguousarray(array) for name, array in tensors.items()},
        folder / "two.safetensors",
    )
    words = ("export", "two.safetensors", "--to", "onnx", "-o", "one.onnx")
    apart = gatereel(*words)
    assert apart.code == 0, apart.err
    assert all(each.below is None for each in read_model(folder / "one.onnx").layers)
    ended = gatereel(*words, "--chain", "z_lower,a_upper")
    assert ended.code == 0, ended.err
    assert "each layer is fed as you chained them: z_lower -> a_upper" in ended.err
    first, second = read_model(folder / "one.onnx").layers
    assert second.below is first
    x = random_inputs(4, 5, seed=0)
    below = run(choose_layer(read_model(folder / "two.safetensors"), "z_lower"), "forward", x)
    above = choose_layer(read_model(folder / "two.safetensors"), "a_upper")
    expected = run(above, "forward", below.values["h"]).values["h"]
    assert np.abs(run(second, "forward", x).values["h"] - expected).max() < FLOAT32


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-o", "g.npz"), "--chain says which layers follow each other in another library's file"),
        (("--to", "onnx", "-o", "m.onnx", "--layer", "lstm:1"), "leave --layer out"),
        (("--to", "onnx", "-o", "m.onnx"), "There is no layer 'a' to chain; there are lstm."),
    ],
)
def test_a_chain_of_nothing_is_refused(
    gatereel: Command, words: tuple[str, ...], message: str
) -> None:
    ended = gatereel("export", STACK, "--chain", "a,b", *words)
    assert ended.code == WRONG_USE
    assert message in ended.err
