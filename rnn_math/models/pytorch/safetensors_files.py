"""PyTorch state dicts in the `.safetensors` format: a JSON header and the tensors' bytes."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from math import prod
from pathlib import Path
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import quoted
from gatereel.rnn_math.files.reading import check_numbers, read_bytes
from gatereel.rnn_math.models.model import Model
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.models.pytorch.state_dict import model_of_tensors
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor

MAX_HEADER_BYTES = 1 << 25
"""Largest header that is read, 32 MiB; parsed, it takes many times its size in memory."""

_SIZE_BYTES = 8
"""The file begins with its header's size."""

_NOTES, _FORMAT_NOTE = "__metadata__", "format"
"""The header's entry that is no tensor, and the one note in it that names none."""


def _of_bfloat16(data: bytes) -> Array:
    """The upper half of a float32, which numpy has no type for."""
    halves = np.frombuffer(data, dtype="<u2").astype(np.uint32)
    return _widened((halves << 16).view(np.float32))


def _of_floats(dtype: str, data: bytes) -> Array:
    return _widened(np.frombuffer(data, dtype=dtype))


def _widened(values: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> Array:
    # A signalling NaN is reported by whoever uses the numbers.
    with np.errstate(invalid="ignore"):
        return values.astype(np.float64)


_TYPES: Mapping[str, tuple[str, Callable[[bytes], Array]]] = MappingProxyType(
    {
        "F64": ("float64", partial(_of_floats, "<f8")),
        "F32": ("float32", partial(_of_floats, "<f4")),
        "F16": ("float16", partial(_of_floats, "<f2")),
        "BF16": ("bfloat16", _of_bfloat16),
    }
)
"""The format's name of a type to PyTorch's, and what reads it."""


def read(path: Path) -> Model:
    """Read the recurrent layers of a state dict; only what they need is converted.

    Raises InputError when the file is damaged, or as `model_of_tensors` does.
    """
    return model_of_tensors(tensors_of(read_bytes(path), path), path)


def tensors_of(data: bytes, path: Path) -> dict[str, StoredTensor]:
    """The tensors of a file's bytes by name; raises InputError when they are damaged."""
    size = int.from_bytes(data[:_SIZE_BYTES], "little")
    if MAX_HEADER_BYTES < size < len(data):
        raise InputError(
            f"{path} has a header of {size} bytes; at most {MAX_HEADER_BYTES} are read."
        )
    safetensors = load("safetensors", "Reading .safetensors files", "gatereel")
    try:
        # It checks that the header describes the bytes: sizes, order, no gaps, no overlaps.
        entries = safetensors.deserialize(data)
    except (safetensors.SafetensorError, ValueError, OverflowError, MemoryError) as error:
        reason = quoted(str(error))
        raise InputError(
            f"{path} is not a readable .safetensors file ({reason}); save the model again."
        ) from None
    tensors: dict[str, StoredTensor] = {}
    for name, entry in entries:
        if name in tensors:
            raise InputError(f"{path} holds {name!r} twice.")
        tensors[name] = _stored(tuple(entry["shape"]), entry["dtype"], entry["data"])
    header = json.loads(data[_SIZE_BYTES : _SIZE_BYTES + size])
    notes = header.pop(_NOTES, None) or {}
    # In the header's order: the package gives them in another one each time.
    ordered = {name: tensors[name] for name in header}
    # save_model keeps one of several names of a tensor, and notes the others with that one.
    for name, kept in notes.items():
        if name != _FORMAT_NOTE and kept in ordered:
            ordered.setdefault(name, ordered[kept])
    # Any number of names may stand for one tensor; as float64 each has numbers of its own.
    check_numbers(sum(prod(tensor.shape) for tensor in ordered.values()), len(data), str(path))
    return ordered


def _stored(shape: tuple[int, ...], dtype: str, data: bytes) -> StoredTensor:
    name, convert = _TYPES.get(dtype, (dtype, _of_bfloat16))
    # A type that is not known by a name of PyTorch's is refused before its values are read.
    return StoredTensor(shape, name, lambda: convert(data).reshape(shape))
