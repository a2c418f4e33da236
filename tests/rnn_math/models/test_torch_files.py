"""Models in `.pt` and `.pth`: PyTorch's numbers, and no code of a file runs."""

import pickle
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import read_model, run, with_nonlinearity
from gatereel.rnn_math.models.pytorch import torch_files
from tests.models.pytorch.expected import (
    FLOAT32_TOLERANCE,
    FLOAT64_TOLERANCE,
    FOLDER,
    inputs_of,
    states_of,
)
from tests.rnn_math.models.torch_archives import (
    END,
    START,
    archived,
    called,
    mapping,
    number,
    pickle_of,
    pickled,
    repacked,
    storage,
    tensor,
    text,
)
from tests.rnn_math.models.torch_tensors import damaged, shapes_of

MUTATIONS = 300
RECURRENT = {"w": tensor((6, 3), (3, 1), storage(18))}


def written(folder: Path, data: bytes) -> Path:
    path = folder / "m.pt"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("gru-two-both.pt", "gru-two-both"),
        ("lstm-float64.pt", "lstm-float64"),
        ("rnn-relu.pt", "rnn-relu"),
        ("lstm-cell.pth", "lstm-cell"),
        ("checkpoint.pt", "words"),
        ("start-gru.pt", "start-gru"),
    ],
)
def test_the_numbers_are_pytorch_s(file: str, expected: str) -> None:
    pytest.importorskip("torch")
    model = read_model(FOLDER / file)
    if "relu" in file:
        model = with_nonlinearity(model, "relu")
    tolerance = FLOAT64_TOLERANCE if model.dtype == "float64" else FLOAT32_TOLERANCE
    for layer in model.layers:
        for direction in layer.strands:
            trace = run(layer, direction, inputs_of(expected))
            for state, values in states_of(expected, layer, direction).items():
                np.testing.assert_allclose(trace.values[state], values, rtol=0, atol=tolerance)


def test_without_pytorch_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(InputError, match=r"needs torch, .* pip install torch .*gatereel\[torch\]"):
        read_model(FOLDER / "rnn-relu.pt")


def test_a_checkpoint_s_names_say_where_a_layer_stands() -> None:
    pytest.importorskip("torch")
    model = read_model(FOLDER / "checkpoint.pt")
    assert [layer.name for layer in model.layers] == ["model_state_dict.encoder.lstm"]
    assert list(model.embeddings) == ["model_state_dict.encoder.embedding.weight"]


def test_both_formats_hold_the_same_numbers() -> None:
    pytest.importorskip("torch")
    here, there = (read_model(FOLDER / f"gru-two-both{end}") for end in (".pt", ".safetensors"))
    for one, other in zip(here.layers, there.layers, strict=True):
        for direction in one.strands:
            ours = one.strands[direction].parameters.weights
            theirs = other.strands[direction].parameters.weights
            assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)


def test_a_whole_module_is_refused_with_the_next_step() -> None:
    with pytest.raises(InputError, match=r"whole module .*rnn\.LSTM.*save model\.state_dict\(\)"):
        read_model(FOLDER / "whole-module.pt")


def test_no_code_of_a_file_runs(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    attack = called("os system", text(f"touch {touched}"))
    for pickle_data in (pickled(attack), pickled(mapping({"a": attack}))):
        for data in (archived(pickle_data), pickle_data):
            with pytest.raises(InputError):
                read_model(written(tmp_path, data))
    assert not touched.exists()
    assert pickle.loads(pickled(attack)) == 0  # what it would have done
    assert touched.exists()


def nested(depth: int) -> bytes:
    return b"}" + text("a") + (nested(depth - 1) if depth else number(1)) + b"s"


FULL = b"]" + b"q\0" + b"(" + b"N" * 100 + b"e"
WIDE = b"](" + FULL + b"h\0" * 99 + b"e"
"""A hundred lists of a hundred values, of which one is stored."""


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.", "has a damaged pickle"),
        (b"PK\x03\x04", "not a readable zip archive of PyTorch"),
        (archived(pickled(b"}"), others={"byteorder": b"big"}), "another order of bytes"),
        (archived(pickled(b"}"), others={"constants.pkl": b""}), "TorchScript program; save"),
        (archived(pickled(b"}"), others={"../../a": b""}), "leads out of the archive"),
        (archived(b""), "damaged pickle"),
        (archived(pickled(mapping(RECURRENT)), {"0": bytes(40)}), "claims 72 bytes"),
        (archived(pickled(mapping({"a": called("torch._utils _rebuild_qtensor")}))), "'a' is quan"),
        (archived(pickled(nested(20))), "nested more than 12 deep"),
        (archived(pickled(b"}q\0" + text("a") + b"h\0s")), "nested more than 12 deep"),
        (archived(pickled(mapping({"a" * 501: b"}"}))), "a name can have 500 characters"),
    ],
)
def test_hostile_files_are_refused_before_pytorch_sees_them(
    tmp_path: Path, data: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_files, "load", None)  # nothing is imported
    with pytest.raises(InputError, match=message) as refusal:
        read_model(written(tmp_path, data))
    assert "m.pt" in str(refusal.value)


def test_names_that_come_out_the_same_are_refused(tmp_path: Path) -> None:
    one = tensor((2,), (1,), storage(2))
    root = mapping({"a": mapping({"b": one}), "a.b": one})
    with pytest.raises(InputError, match=r"holds 'a\.b' twice"):
        read_model(written(tmp_path, archived(pickled(root), {"0": bytes(8)})))


def test_values_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_files, "MAX_VALUES", 5_000)
    with pytest.raises(InputError, match="more than 5000 values"):
        read_model(written(tmp_path, archived(pickled(WIDE))))


def test_a_large_pickle_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_files, "MAX_PICKLE_BYTES", 10)
    with pytest.raises(InputError, match=r"data\.pkl' has 103 bytes; at most 10"):
        read_model(written(tmp_path, archived(START + b"N" * 100 + END)))


def test_another_zip_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.pt"
    with path.open("wb") as stream:
        np.savez(stream, a=np.ones(2))
    with pytest.raises(InputError, match=r"was not written by torch\.save"):
        read_model(path)


def test_a_tensor_that_repeats_its_numbers_is_refused_by_name(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    huge = {"weight_ih_l0": (3 * 10**6, 10**6), "weight_hh_l0": (3 * 10**6, 10**6)}
    tensors = {name: tensor(shape, (0, 0), storage(6)) for name, shape in huge.items()}
    model = read_model(written(tmp_path, archived(pickled(mapping(tensors)), {"0": bytes(24)})))
    assert "weight_ih_l0 claims shape (3000000, 1000000)" in model.layers[0].refusal


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float32", "float64"])
def test_every_type_of_floats_is_read_exactly(tmp_path: Path, name: str) -> None:
    torch = pytest.importorskip("torch")
    dtype = getattr(torch, name)
    state_dict = {n: torch.full(shape, 1.5, dtype=dtype) for n, shape in shapes_of("gru").items()}
    torch.save(state_dict, tmp_path / "m.pt")
    model = read_model(tmp_path / "m.pt")
    assert model.dtype == name
    weights = model.layers[0].strands["forward"].parameters.weights
    assert np.unique(weights["z"]).tolist() == [1.5]


def test_tensors_that_are_not_read_are_refused_by_name(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    matrix = torch.ones(6, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old types are announced to go
        odd = {
            "is sparse": matrix.to_sparse(),
            "is quantized": torch.quantize_per_tensor(matrix, 0.1, 0, torch.qint8),
            "is a meta tensor": matrix.to("meta"),
        }
        for problem, value in odd.items():
            torch.save({"lstm.weight_hh_l0": value}, tmp_path / "m.pt")
            with pytest.raises(InputError, match=rf"'lstm\.weight_hh_l0' {problem}"):
                read_model(tmp_path / "m.pt")
    gru = {name: torch.ones(shape) for name, shape in shapes_of("gru").items()}
    torch.save(gru | {"weight_hh_l0": matrix.to(torch.complex64)}, tmp_path / "m.pt")
    assert "holds complex64" in read_model(tmp_path / "m.pt").layers[0].refusal


def test_what_training_saves_besides_is_passed_over(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    lstm = torch.nn.LSTM(3, 2)
    optimizer = torch.optim.SGD(lstm.parameters(), lr=0.1, momentum=0.9)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [1, 2])
    lstm(torch.ones(4, 3))[0].sum().backward()
    optimizer.step()
    schedule.step()
    saved = {
        "net": lstm.state_dict(),
        "parameters": list(lstm.parameters()),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
        "device": torch.device("cpu"),
        "dtype": torch.float32,
        "size": torch.Size([3, 2]),
        "best": (0.5, None, True, -(2**40)),
        "view": torch.arange(12.0)[2::3],
        "empty": torch.empty(0),
    }
    torch.save(saved, tmp_path / "m.pt")
    (layer,) = read_model(tmp_path / "m.pt").layers
    assert (layer.name, layer.refusal) == ("net", "")


@pytest.mark.parametrize("name", ["rnn-relu.pt", "checkpoint.pt"])
def test_damaged_files_end_in_an_input_error_or_a_model(tmp_path: Path, name: str) -> None:
    pytest.importorskip("torch")
    whole = (FOLDER / name).read_bytes()
    of_pickle = (repacked(whole, each) for each in damaged(pickle_of(whole), MUTATIONS))
    refused = 0
    for data in (*damaged(whole, MUTATIONS), *of_pickle):
        try:
            read_model(written(tmp_path, data))
        except InputError:
            refused += 1
    assert refused > MUTATIONS
