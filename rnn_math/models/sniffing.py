"""What a model's file is, by its first bytes: names lie, and many say nothing.

    reader_of(Path("model.ckpt")) -> "gatereel.rnn_math.models.pytorch.torch_files"

`.ckpt`, `.bin`, `.tar`, `.pth.tar`, `.pkl` and names without a suffix are all in use for one
format, and one suffix for several.
"""

import zipfile
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.models.audio.reading import content_of
from gatereel.rnn_math.models.signatures import HDF5, OLD_TORCH, WEIGHT_MAP, ZIP

_ROOM = "gatereel.rnn_math.models"
_TORCH, _KERAS = f"{_ROOM}.pytorch.torch_files", f"{_ROOM}.keras.files"
_SAFETENSORS, _ONNX = f"{_ROOM}.pytorch.safetensors_files", f"{_ROOM}.onnx.files"
_OWN = f"{_ROOM}.native_files"
_TORCH_JSON = f"{_ROOM}.pytorch.json_files"
_SHARDED = f"{_ROOM}.pytorch.sharded_files"
_RTNEURAL, _NAM = f"{_ROOM}.audio.rtneural", f"{_ROOM}.audio.nam"

MODEL_READERS: Mapping[str, str] = MappingProxyType(
    {
        ".safetensors": _SAFETENSORS,
        ".pt": _TORCH,
        ".pth": _TORCH,
        ".keras": _KERAS,
        ".h5": _KERAS,
        ".hdf5": _KERAS,
        ".onnx": _ONNX,
        ".nam": _NAM,
        ".npz": _OWN,
        ".json": _OWN,
    }
)
"""Suffix in lower case to the module whose `read(path) -> Model` reads it, where nothing else
tells. A new format is a module with a reader and an entry here."""

_BEGINNING = 64
"""Bytes that are looked at."""

_BLANKS = b"\xef\xbb\xbf \t\r\n"
"""What may stand before JSON."""

_LFS = b"version https://git-lfs"
_TFLITE, _TFLITE_AT = b"TFL3", 4
_PICKLES = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
_LENGTH = 8
"""Bytes at the beginning of a .safetensors file: how long its JSON is."""
_SAVED_MODEL = ("saved_model.pb", "saved_model.pbtxt")
_KERAS_MEMBERS = {"config.json", "model.weights.h5"}
_TORCH_MEMBER = "data.pkl"
_EXPORTED_MEMBER = "models/model.json"
"""What a program of torch.export has."""


def reader_of(path: Path) -> str:
    """The module that reads a file. Raises InputError for what no module reads, with a way out."""
    if path.is_dir():
        raise InputError(_folder(path))
    try:
        with path.open("rb") as file:
            begins = file.read(_BEGINNING)
    except OSError as error:
        if path.suffix.lower() in MODEL_READERS:
            return MODEL_READERS[path.suffix.lower()]  # which says why, as for any file
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise InputError(f"{path} does not exist.") from None
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from None
    module = _by_bytes(path, begins)
    if module is None:
        _refuse(path, begins)
        module = _by_suffix(path)
    return module


def is_own(path: Path) -> bool:
    """Whether a file has gatereel's own form, parameters; raises as `reader_of`."""
    return reader_of(path) == _OWN


def is_json(path: Path) -> bool:
    """Whether a file is a state dict of PyTorch written as JSON. Raises as `reader_of`."""
    return reader_of(path) == _TORCH_JSON


def is_sharded(path: Path) -> bool:
    """Whether a file is an index of several files of safetensors. Raises as `reader_of`."""
    return reader_of(path) == _SHARDED


def is_safetensors(path: Path) -> bool:
    """Whether a file is one of safetensors, and none of PyTorch's own. Raises as `reader_of`."""
    return reader_of(path) == _SAFETENSORS


def _by_bytes(path: Path, begins: bytes) -> str | None:
    if begins.startswith(ZIP):
        return _in_zip(path)
    if begins.startswith(HDF5):
        return _KERAS
    length = int.from_bytes(begins[:_LENGTH], "little")
    if begins[_LENGTH : _LENGTH + 1] == b"{" and 0 < length <= path.stat().st_size:
        return _SAFETENSORS
    if begins.startswith(OLD_TORCH):
        return _TORCH
    return _in_json(path) if begins.lstrip(_BLANKS).startswith(b"{") else None


def _in_json(path: Path) -> str | None:
    """Which of the formats that are JSON objects, by their keys; None for no known one."""
    # Imported here: most files are none, and what reads a state dict takes time to import.
    nam, rtneural, torch_json = map(import_module, (_NAM, _RTNEURAL, _TORCH_JSON))
    try:
        content = content_of(path)
    except InputError:  # what reads it by its suffix says so
        return None
    keys = set(content)
    if WEIGHT_MAP in keys:
        return _SHARDED
    if keys >= nam.KEYS:
        return _NAM
    if keys >= rtneural.KEYS:
        return _RTNEURAL
    return _TORCH_JSON if torch_json.holds_tensors(content) else None


def _in_zip(path: Path) -> str | None:
    """Which of the formats that are zip archives: by the names of its members."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return None
    if any(name.partition("/")[2] == _EXPORTED_MEMBER for name in names):
        raise InputError(
            f"{path} is a program of torch.export; load it with torch.export.load and save its "
            "weights: torch.save(program.state_dict, 'name.pt')."
        )
    if set(names) >= _KERAS_MEMBERS:
        return _KERAS
    return _TORCH if any(name.rpartition("/")[2] == _TORCH_MEMBER for name in names) else None


def _by_suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in MODEL_READERS:
        accepted = ", ".join(MODEL_READERS)
        found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise InputError(
            f"{path} has {found}, and begins as no format that is known; a model can be in "
            f"{accepted}."
        )
    return MODEL_READERS[suffix]


def _refuse(path: Path, begins: bytes) -> None:
    """Raise InputError for what is told at once, with the shortest way on that works."""
    if begins.startswith(_LFS):
        raise InputError(
            f"{path} is a Git LFS pointer: the file itself is elsewhere. `git lfs pull` in its "
            "repository brings it."
        )
    if begins[_TFLITE_AT : _TFLITE_AT + len(_TFLITE)] == _TFLITE:
        raise InputError(
            f"{path} is a TensorFlow Lite model, whose weights may be rounded; give the model that "
            "it was converted from, saved by model.save('name.keras')."
        )
    if begins.startswith(_PICKLES) and not begins.startswith(OLD_TORCH):
        raise InputError(
            f"{path} is a pickle, which could run any code when it is loaded. Where you trust it, "
            "load it in the program that wrote it, and save torch.save(model.state_dict(), "
            "'name.pt') or model.save('name.keras')."
        )


def _folder(path: Path) -> str:
    if any((path / name).is_file() for name in _SAVED_MODEL):
        return (
            f"{path} is a TensorFlow SavedModel, a program; load it with "
            f"tf.keras.models.load_model({shortened(str(path))}) and save it with "
            "model.save('name.keras')."
        )
    return f"{path} is a folder; a file is needed."
