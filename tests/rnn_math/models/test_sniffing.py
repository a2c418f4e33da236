"""The first bytes decide what a file is; names are asked where these say nothing."""

import pickle
import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.models import MODEL_READERS, read_model
from gatereel.rnn_math.models.sniffing import reader_of

SAVED = Path(__file__).parents[2] / "models"
NAMES = ("model.ckpt", "model.bin", "model.tar", "model.pth.tar", "model.pkl", "weights", "a.onnx")


def saved(*suffixes: str) -> list[Path]:
    folders = (SAVED / "pytorch", SAVED / "keras")
    return [
        next(path for path in sorted(folder.iterdir()) if path.name.endswith(suffix))
        for suffix in suffixes
        for folder in folders
        if any(path.name.endswith(suffix) for path in folder.iterdir())
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "path", saved(".safetensors", ".pt", ".keras", ".weights.h5", "s.h5"), ids=lambda p: p.name
)
def test_a_file_is_what_it_is_under_any_name(path: Path, name: str, tmp_path: Path) -> None:
    shutil.copy(path, tmp_path / name)
    assert reader_of(tmp_path / name) == MODEL_READERS[path.suffix]


def test_where_bytes_say_nothing_the_name_does(tmp_path: Path) -> None:
    for suffix, module in MODEL_READERS.items():
        path = tmp_path / f"a{suffix.upper()}"
        path.write_bytes(b"?" * 100)
        assert reader_of(path) == module


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pt", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        ("a.keras", b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer"),
        ("a.tflite", b"\x1c\x00\x00\x00TFL3" + b"\x00" * 20, "is a TensorFlow Lite model"),
        ("a.pkl", pickle.dumps({"a": 1}), "is a pickle, which could run any code"),
        ("a.pt", pickle.dumps(print, protocol=2), "is a pickle, which could run any code"),
        ("a.ckpt", b"?", r"the suffix '.ckpt', and begins as no format that is known"),
        ("weights", b"", "no suffix, and begins as no format"),
    ],
)
def test_what_nothing_reads_is_named_with_the_way_on(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_model(tmp_path / name)


def test_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder; a file is needed"):
        read_model(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"")
    with pytest.raises(InputError, match=r"TensorFlow SavedModel.*model\.save\('name\.keras'\)"):
        read_model(tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_model(tmp_path / "weights")


def test_pytorchs_old_files_are_read_as_the_new_ones(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.GRU(3, 4)
    for name, is_new in (("old.pth", False), ("new.pth", True)):
        torch.save(module.state_dict(), tmp_path / name, _use_new_zipfile_serialization=is_new)
    old, new = (read_model(tmp_path / name).layers[0] for name in ("old.pth", "new.pth"))
    ours, theirs = (each.strands["forward"].parameters for each in (old, new))
    assert all(np.array_equal(W, theirs.weights[name]) for name, W in ours.weights.items())


def test_an_old_file_that_claims_too_much_is_refused(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    stream = BytesIO()
    torch.save({"weight_hh_l0": torch.zeros(40, 10)}, stream, _use_new_zipfile_serialization=False)
    path = tmp_path / "old.pth"
    path.write_bytes(stream.getvalue()[:-800])
    with pytest.raises(InputError, match="claims 1600 bytes for its storages, and has"):
        read_model(path)
    for cut in (30, 60, 200):
        path.write_bytes(stream.getvalue()[:cut])
        with pytest.raises(InputError, match="damaged pickle"):
            read_model(path)


def test_an_old_file_with_an_object_runs_nothing(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    path = tmp_path / "old.pth"
    torch.save(torch.nn.GRU(3, 4), path, _use_new_zipfile_serialization=False)
    with pytest.raises(InputError, match="holds an object that is no tensor"):
        read_model(path)
