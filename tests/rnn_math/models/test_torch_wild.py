"""State dicts as people have them: in parts, under spectral_norm, of fastai, of torch.export."""

import json
import zipfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from gatereel.rnn_math import Array, InputError, random_inputs
from gatereel.rnn_math.models import choose_layer, library_states, read_model, run
from gatereel.rnn_math.models.pytorch.dropped_weights import whole_weights
from gatereel.rnn_math.models.pytorch.spectral_norm import divided

LSTM = Path(__file__).parents[2] / "models" / "pytorch" / "lstm-two-both.safetensors"

EXACT = 1e-12
"""What the order of summing changes in float64."""

FLOAT32 = 1e-6
"""What rounding each sum to float32 changes in a few timesteps."""

X = random_inputs(3, 5, seed=1)

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")


def top(path: Path) -> Array:
    """What the last layer's last direction gives."""
    layer = read_model(path).layers[-1]
    return run(layer, list(layer.strands)[-1], X).values["h"]


def written(folder: Path, where: dict[str, str]) -> Path:
    """An index."""
    path = folder / "model.safetensors.index.json"
    path.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": where}))
    return path


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """LSTM in two parts."""
    tensors = load_file(LSTM)
    where: dict[str, str] = {}
    for k in (1, 2):
        name = f"model-0000{k}-of-00002.safetensors"
        part = {n: each for n, each in tensors.items() if (k == 2) == n.startswith("bias")}
        save_file(part, tmp_path / name)
        where |= dict.fromkeys(part, name)
    return written(tmp_path, where)


def test_parts_are_one_model(index: Path) -> None:
    assert np.array_equal(top(index), top(LSTM))


@needs_torch
def test_pytorch_runs_the_parts(index: Path) -> None:
    model = read_model(index)
    layer = choose_layer(model, "lstm:2")
    theirs = library_states(index, model, layer, "backward", X)
    ours = run(layer, "backward", X)
    np.testing.assert_allclose(ours.values["h"], theirs["h"], rtol=0, atol=EXACT)


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ({"a": "../x.safetensors"}, "only a file in its own folder"),
        ({"a": "/etc/passwd"}, "only a file in its own folder"),
        ({"a": "none.safetensors"}, "which is no file in its folder"),
        ({"a": "n" * 300}, "which is no file in its folder"),
        ({"a": "link.safetensors"}, "links are not followed"),
        ({"a": "part.safetensors"}, "part.safetensors holds 'a'; it does not"),
        ({"a": 7}, "must be an object of names of files"),
    ],
)
def test_an_index_that_does_not_fit_is_refused(
    tmp_path: Path, where: dict[str, Any], why: str
) -> None:
    save_file({"b": np.zeros(2, dtype=np.float32)}, tmp_path / "part.safetensors")
    (tmp_path / "link.safetensors").symlink_to("part.safetensors")
    with pytest.raises(InputError, match=why):
        read_model(written(tmp_path, where))


def spectral(turned: bool, hooks: bool) -> dict[str, Array]:
    """An LSTM's tensors, weight_hh under spectral_norm."""
    tensors = {name: each.astype(np.float64) for name, each in load_file(LSTM).items()}
    kept = {n: each for n, each in tensors.items() if n.endswith("_l0")}
    w = kept.pop("weight_hh_l0")
    random = np.random.default_rng(0)
    rows, columns = w.shape[::-1] if turned else w.shape
    left, right = random.standard_normal((1, rows))[0], random.standard_normal((1, columns))[0]
    if hooks:
        names = [f"weight_hh_l0_{part}" for part in ("orig", "u", "v")]
    else:
        place = "parametrizations.weight_hh_l0"
        names = [f"{place}.original", f"{place}.0._u", f"{place}.0._v"]
    return {**kept, **dict(zip(names, (w, left, right), strict=True))}


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("hooks", [False, True])
def test_a_weight_is_divided_by_its_singular_value(
    tmp_path: Path, turned: bool, hooks: bool
) -> None:
    tensors = spectral(turned, hooks)
    save_file(tensors, tmp_path / "normed.safetensors")
    w, u, v = (each for n, each in tensors.items() if "weight_hh" in n)
    plain = {n: each for n, each in tensors.items() if "weight_hh" not in n}
    plain["weight_hh_l0"] = w / (u @ (w.T if turned else w) @ v)
    save_file(plain, tmp_path / "plain.safetensors")
    found, expected = top(tmp_path / "normed.safetensors"), top(tmp_path / "plain.safetensors")
    np.testing.assert_allclose(found, expected, rtol=0, atol=EXACT)


@pytest.mark.parametrize("size", [3, 4])
def test_what_a_square_weight_leaves_open_is_told(tmp_path: Path, size: int) -> None:
    """Of a plain RNN, whose recurrent weights are square; those of its inputs may be."""
    random = np.random.default_rng(0)
    shapes = {"weight_hh_l0": (4, 4), "bias_ih_l0": (4,), "bias_hh_l0": (4,)}
    tensors = {name: random.standard_normal(shape) for name, shape in shapes.items()}
    parts = {"orig": (4, size), "u": (4,), "v": (size,)}
    tensors |= {f"weight_ih_l0_{p}": random.standard_normal(shape) for p, shape in parts.items()}
    save_file(tensors, tmp_path / "rnn.safetensors")
    told = " ".join(read_model(tmp_path / "rnn.safetensors").assumptions)
    assert ("weight_ih_l0 is square" in told) == (size == 4)


def test_vectors_that_do_not_fit_are_no_spectral_norm() -> None:
    shapes = {"weight_hh_l0_orig": (8, 2), "weight_hh_l0_u": (3,), "weight_hh_l0_v": (2,)}
    assert not list(divided(shapes))
    assert not list(divided({"weight_hh_l0_orig": (8, 2)}))


@needs_torch
@pytest.mark.parametrize("hooks", [False, True])
def test_spectral_norm_is_that_of_pytorch(tmp_path: Path, hooks: bool) -> None:
    torch: Any = import_module("torch")
    torch.manual_seed(0)
    utils = torch.nn.utils if hooks else torch.nn.utils.parametrizations
    module = utils.spectral_norm(torch.nn.LSTM(3, 4), "weight_hh_l0")
    x = torch.tensor(np.array(X), dtype=torch.float32)
    for _ in range(3):
        module(x)
    module.eval()
    with torch.no_grad():
        given = module(x)[0].numpy()
    path = tmp_path / "m.pt"
    torch.save(module.state_dict(), path)
    assert np.abs(top(path) - given).max() < FLOAT32
    model = read_model(path)
    theirs = library_states(path, model, model.layers[0], "forward", X)["h"]
    np.testing.assert_allclose(top(path), theirs, rtol=0, atol=EXACT)


RAW = {"weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"}


@pytest.mark.parametrize(
    ("inner", "raw", "left"),
    [
        ("rnns.0.module.", "rnns.0.weight_hh_l0_raw", True),
        ("rnns.0.module.", "rnns.0.weight_hh_l0_raw", False),
        ("rnns.0.module.", "rnns.0.module.weight_hh_l0_raw", False),
    ],
)
def test_the_whole_weight_of_fastai_is_computed_with(
    tmp_path: Path, inner: str, raw: str, left: bool
) -> None:
    plain = {inner + n: each for n, each in load_file(LSTM).items() if n in RAW}
    save_file(plain, tmp_path / "plain.safetensors")
    dropped = dict(plain)
    whole = dropped.pop(f"{inner}weight_hh_l0")
    if left:  # what the last batch computed with
        dropped[f"{inner}weight_hh_l0"] = np.zeros_like(whole)
    save_file({**dropped, raw: whole}, tmp_path / "dropped.safetensors")
    (layer,) = read_model(tmp_path / "dropped.safetensors").layers
    assert layer.refusal == ""
    assert np.array_equal(
        top(tmp_path / "dropped.safetensors"), top(tmp_path / "plain.safetensors")
    )


@needs_torch
def test_pytorch_runs_the_whole_weight_of_fastai(tmp_path: Path) -> None:
    tensors = {f"module.{n}": each for n, each in load_file(LSTM).items() if n in RAW}
    tensors["weight_hh_l0_raw"] = tensors["module.weight_hh_l0"] + 1
    path = tmp_path / "m.safetensors"
    save_file(tensors, path)
    model = read_model(path)
    theirs = library_states(path, model, model.layers[0], "forward", X)["h"]
    np.testing.assert_allclose(top(path), theirs, rtol=0, atol=EXACT)


def test_a_raw_weight_alone_is_none_of_fastai() -> None:
    assert whole_weights({"rnns.0.weight_hh_l0_raw"}) == {}
    assert whole_weights({"weight_hh_l0_raw", "weight_hh_l0", "weight_ih_l0"}) == {}


def test_a_program_of_torch_export_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.pt2"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("m/models/model.json", "{}")
    with pytest.raises(InputError, match=r"program of torch\.export; load it with torch\.export"):
        read_model(path)
