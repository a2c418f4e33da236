"""PyTorch's `.pt` and `.pth` files: a zip archive with a pickle and a member for each storage.

The pickle's claims are checked before PyTorch sees it (`pickle_outline`), and PyTorch reads it with
weights_only: no object of the file is made, no code of it runs.
"""

import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO
from math import prod
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, TypeVar

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import Archive, open_archive, quoted
from gatereel.rnn_math.files.reading import check_numbers, read_bytes
from gatereel.rnn_math.models.model import Model
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.models.pytorch.old_files import old_root
from gatereel.rnn_math.models.pytorch.pickle_outline import outline
from gatereel.rnn_math.models.pytorch.state_dict import MAX_NAME, model_of_tensors
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor
from gatereel.rnn_math.models.pytorch.tensor_outline import OutlinedTensor
from gatereel.rnn_math.models.signatures import OLD_TORCH, ZIP

MAX_PICKLE_BYTES = 1 << 23
"""Largest pickle that is looked at, 8 MiB: it has names and shapes, not the numbers."""

MAX_DEPTH = 12
"""Dicts and lists inside one another in a checkpoint."""

MAX_VALUES = 1_000_000
"""Values in a checkpoint, those of its optimizer included."""

_PICKLE, _STORAGE, _BYTE_ORDER = "data.pkl", "data/", "byteorder"
_TORCHSCRIPT = "constants.pkl"
_LITTLE = b"little"
_NAME, _VERSION = "archive", b"3\n"  # what torch.save calls its members' folder; the format's

_ERRORS = (
    RuntimeError,
    UnpicklingError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
    MemoryError,
)
"""What torch.load raises for a damaged file. It is in memory: no disk can fail."""

_T = TypeVar("_T")


def read(path: Path) -> Model:
    """Read the recurrent layers of a state dict, or of a checkpoint with state dicts in it.

    Raises InputError when the file is damaged or hostile, when it holds a whole module in place of
    a state dict, when PyTorch is not installed, or as `model_of_tensors` does.
    """
    outlined, loaded = _read(path)
    tensors = {name: _stored(each, loaded[name]) for name, each in outlined.items()}
    return model_of_tensors(tensors, path)


def load_tensors(path: Path) -> Mapping[str, Any]:
    """Load a file's tensors as PyTorch has them, by name; raises InputError as `read` does."""
    return _read(path)[1]


def _read(path: Path) -> tuple[dict[str, OutlinedTensor], dict[str, Any]]:
    where = str(path)
    data = read_bytes(path)
    if data.startswith(OLD_TORCH):
        outlined = _checked(old_root(data, where, MAX_PICKLE_BYTES), len(data), where)
        return outlined, _loaded(BytesIO(data), outlined, where)
    if not data.startswith(ZIP):
        raise InputError(
            f"{where} is no zip archive, as torch.save writes since PyTorch 1.6, nor what it wrote "
            "before; save model.state_dict() again."
        )
    archive = open_archive(data, where, "zip archive of PyTorch")
    folder = _folder(archive)
    start = f"{folder}/{_STORAGE}"
    sizes = {
        name.removeprefix(start): size
        for name, size in archive.sizes.items()
        if name.startswith(start)
    }
    pickle = archive.read(f"{folder}/{_PICKLE}", MAX_PICKLE_BYTES)
    outlined = _checked(outline(pickle, sizes, where), len(data), where)
    return outlined, _loaded(_rebuilt(archive, folder, pickle, sizes), outlined, where)


def _checked(root: object, file_size: int, where: str) -> dict[str, OutlinedTensor]:
    """The tensors of an outline by name. Raises InputError for what may not be loaded."""
    outlined = _named(root, OutlinedTensor, where)
    for name, tensor in outlined.items():
        if tensor.is_fatal:
            raise InputError(
                f"{where}: the tensor {quoted(name)} {tensor.problem}; save plain tensors."
            )
    # Any number of tensors may look at one storage; as float64 each has numbers of its own.
    readable = [tensor for tensor in outlined.values() if not tensor.problem]
    check_numbers(sum(prod(tensor.shape) for tensor in readable), file_size, where)
    return outlined


def _loaded(clean: BytesIO, outlined: Mapping[str, OutlinedTensor], where: str) -> dict[str, Any]:
    """PyTorch's own tensors of what was checked, by name."""
    torch = load("torch", "Reading .pt and .pth files", "gatereel[torch]")
    try:
        root = torch.load(clean, map_location="cpu", weights_only=True)
    except _ERRORS as error:
        reason = quoted(str(error).partition("\n")[0])
        raise InputError(
            f"{where} cannot be loaded by PyTorch ({reason}); save model.state_dict() again."
        ) from None
    loaded = _named(root, torch.Tensor, where)
    if loaded.keys() != outlined.keys():
        raise InputError(f"{where} is read in two ways; save model.state_dict() again.")
    return loaded


def _folder(archive: Archive) -> str:
    """The folder that all members stand in. Raises InputError for another kind of archive."""
    folders = [name.partition("/")[0] for name in archive.sizes if _local(name) == _PICKLE]
    if any(_local(name) == _TORCHSCRIPT for name in archive.sizes):
        raise InputError(
            f"{archive.where} is a TorchScript program; save model.state_dict() instead."
        )
    if len(folders) != 1:
        raise InputError(
            f"{archive.where} has no {_PICKLE} in its folder: it was not written by torch.save. "
            "Save model.state_dict() with it."
        )
    order = f"{folders[0]}/{_BYTE_ORDER}"
    if order in archive.sizes and archive.read(order) != _LITTLE:
        raise InputError(
            f"{archive.where} was saved on a machine with another order of bytes; save it again "
            "on one with little-endian numbers."
        )
    return folders[0]


def _local(name: str) -> str:
    return name.partition("/")[2]


def _rebuilt(archive: Archive, folder: str, pickle: bytes, sizes: Mapping[str, int]) -> BytesIO:
    """The archive anew, with what was checked and nothing else.

    PyTorch has a zip reader of its own: of a file made to be read in two ways, it must not see
    what `Archive` does not.
    """
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as clean:
        clean.writestr(f"{_NAME}/{_PICKLE}", pickle)
        clean.writestr(f"{_NAME}/version", _VERSION)
        clean.writestr(f"{_NAME}/{_BYTE_ORDER}", _LITTLE)
        for key in sizes:
            member = archive.read(f"{folder}/{_STORAGE}{key}")
            clean.writestr(f"{_NAME}/{_STORAGE}{key}", member)
    stream.seek(0)
    return stream


def _named(root: object, kind: type[_T], where: str) -> dict[str, _T]:
    """The values of `kind` in nested dicts and lists, by names such as "model.lstm.bias_hh_l0".

    Raises InputError where they are nested too deeply, too many, or have the same name.
    """
    found: dict[str, _T] = {}
    for count, (keys, value) in enumerate(_walk(root, (), where)):
        if count >= MAX_VALUES:
            raise InputError(
                f"{where} has more than {MAX_VALUES} values; save model.state_dict() alone."
            )
        if isinstance(value, kind):
            name = ".".join(map(str, keys))
            if name in found:
                raise InputError(f"{where} holds {quoted(name)} twice.")
            found[name] = value
    return found


def _walk(
    value: object, keys: tuple[object, ...], where: str
) -> Iterator[tuple[tuple[object, ...], object]]:
    """Every value in nested dicts and lists, with the keys that lead to it."""
    yield keys, value
    if isinstance(value, dict):
        items: Iterable[tuple[object, object]] = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        return
    if len(keys) >= MAX_DEPTH:
        raise InputError(
            f"{where} has dicts and lists nested more than {MAX_DEPTH} deep; save "
            "model.state_dict() alone."
        )
    for key, inner in items:
        if isinstance(key, str) and len(key) > MAX_NAME:
            raise InputError(
                f"{where} has the name {quoted(key)}; a name can have {MAX_NAME} characters."
            )
        yield from _walk(inner, (*keys, key), where)


def _stored(outlined: OutlinedTensor, tensor: Any) -> StoredTensor:
    dtype = str(tensor.dtype).removeprefix("torch.")
    values: Callable[[], Array] = partial(_values, tensor)
    return StoredTensor(outlined.shape, dtype, values, outlined.problem)


def _values(tensor: Any) -> Array:
    return np.array(tensor.detach().double().numpy(), dtype=np.float64)
