"""Walk an HDF5 file with h5py: what `rnn_math/models/keras/hdf5.py` runs in a process of its own.

Only hard links are followed, so nothing leads out of the file, and what is claimed is checked
before memory is taken for it. But a damaged file can make the HDF5 library itself loop without end
or crash, and no check of ours comes before that: hence the process.
"""

import json
import re
import sys
from dataclasses import field
from importlib import import_module
from io import BytesIO
from math import prod
from typing import Any

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import MAX_BYTES, check_numbers
from gatereel.rnn_math.processes import end_with_parent, limit_cpu, limit_memory
from gatereel.rnn_math.records import dataclass

MAX_DEPTH = 40
"""Groups inside one another."""

MAX_OBJECTS = 100_000
"""Groups and arrays in a file."""

MAX_CHUNK_EXPANSION = 1100
"""Bytes in memory for one byte stored; gzip reaches 1032 at most."""

MAX_TEXT = 1 << 23
"""Characters of a text among the attributes, 8 Mi."""

TEXTS = ("model_config", "keras_version")
"""The root's attributes that are read."""

MISSING_H5PY = 3
"""Exit code when there is no h5py."""

TOO_LITTLE_MEMORY = 4
"""Exit code when the memory was not enough."""

_MAX_DIMENSIONS = 8
_LEAST_CHUNK = 1 << 20  # numbers: Keras and h5py choose smaller ones for small arrays
_CHUNKED = 2  # H5D_CHUNKED
_MAX_NAME = 1000  # characters
_WEIGHT_NAMES = "weight_names"
_DEFLATE, _SHUFFLE, _LZF = 1, 2, 32000
_FILTERS = (_DEFLATE, _SHUFFLE, _LZF)
_FLOATS = {"f2": "float16", "f4": "float32", "f8": "float64"}
_BFLOAT16 = "V2"
"""numpy has no bfloat16: Keras stores its bytes and says so in an attribute."""

_H5PY_ERRORS = (
    OSError,
    LookupError,
    RuntimeError,
    ValueError,  # a text that is not UTF-8 among them
    TypeError,
    ArithmeticError,
    AttributeError,
    SystemError,
    MemoryError,
)
"""What h5py raises for a damaged file. The file is in memory: no disk can fail."""


@dataclass
class Walk:
    """Looks at every group and array once, and reads those that are wanted."""

    h5py: Any
    wanted: re.Pattern[str]
    file_size: int
    """Bytes of the file on disk, which says how much memory its arrays may take."""
    groups: dict[str, str] = field(default_factory=dict)
    arrays: list[dict[str, object]] = field(default_factory=list)
    attributes: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    weight_names: dict[str, list[str]] = field(default_factory=dict)
    contents: list[bytes] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    claimed: int = 0
    numbers: int = 0

    def look_at(self, data: bytes) -> None:
        """Walk the file in `data`. Raises InputError when it is damaged or holds too much."""
        try:
            with self.h5py.File(BytesIO(data), "r") as file:
                self.attributes = [str(name) for name in file.attrs]
                for name in TEXTS:
                    if name in file.attrs:
                        self.texts[name] = _text(file.attrs[name], name)
                self._group(file, "", 0)
        except InputError:
            raise
        except _H5PY_ERRORS:
            raise InputError("is not a readable HDF5 file.") from None

    def _group(self, group: Any, path: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise InputError(f"has more than {MAX_DEPTH} groups inside one another.")
        self._count(group, path)
        name = group.attrs.get("name", "")
        self.groups[path] = name if isinstance(name, str) and len(name) <= _MAX_NAME else ""
        if names := _names(group):
            self.weight_names[path] = names
        for key in group:
            inner = f"{path}/{key}" if path else str(key)
            if group.get(key, getclass=True, getlink=True) is not self.h5py.HardLink:
                raise InputError(f"has a link at {inner!r}; links are not followed.")
            thing = group[key]
            if isinstance(thing, self.h5py.Group):
                self._group(thing, inner, depth + 1)
            elif isinstance(thing, self.h5py.Dataset):
                self._count(thing, inner)
                self._dataset(thing, inner)

    def _count(self, thing: Any, path: str) -> None:
        address = self.h5py.h5o.get_info(thing.id).addr
        if address in self.seen:
            raise InputError(f"leads to {path!r} in two ways.")
        self.seen.add(address)
        if len(self.seen) > MAX_OBJECTS:
            raise InputError(f"has more than {MAX_OBJECTS} groups and arrays.")

    def _dataset(self, dataset: Any, path: str) -> None:
        plan = dataset.id.get_create_plist()
        if plan.get_layout() == self.h5py.h5d.VIRTUAL or plan.get_external_count():
            raise InputError(f"keeps {path!r} in another file; none is opened.")
        dtype = _dtype(dataset)
        if dtype is None:
            return  # whole numbers and texts, such as a random generator's state
        shape = tuple(int(size) for size in dataset.shape or ())
        size = prod(shape) * int(dataset.dtype.itemsize)
        self.claimed += size
        if len(shape) > _MAX_DIMENSIONS or self.claimed > MAX_BYTES:
            raise InputError(
                f"has shape {shape} at {path!r}; its arrays may have {_MAX_DIMENSIONS} dimensions "
                f"and {MAX_BYTES} bytes together."
            )
        if size > MAX_CHUNK_EXPANSION * dataset.id.get_storage_size():
            raise InputError(f"claims shape {shape} at {path!r}, and does not hold it.")
        self.numbers += prod(shape)
        check_numbers(self.numbers, self.file_size, f"has shape {shape} at {path!r}: it")
        _check_chunks(plan, prod(shape), path)
        filters = [plan.get_filter(k)[0] for k in range(plan.get_nfilters())]
        if any(each not in _FILTERS for each in filters):
            raise InputError(f"packs {path!r} with a filter that Keras does not use.")
        content = b""
        is_read = self.wanted.search(path) is not None
        if is_read:
            array = dataset[()]
            content = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        self.contents.append(content)
        self.arrays.append({"path": path, "shape": shape, "dtype": dtype, "is_read": is_read})


def _text(value: object, name: str) -> str:
    """An attribute that is a text. Raises InputError for others, and for what is too long."""
    text = value.decode("utf-8") if isinstance(value, bytes) else value
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise InputError(
            f"has an attribute {name!r} that is no text, or one of {MAX_TEXT} letters."
        )
    return text


def _names(group: Any) -> list[str]:
    """What a group says its arrays are; a list too long for one attribute is in several."""
    found: list[str] = []
    parts = [_WEIGHT_NAMES] if _WEIGHT_NAMES in group.attrs else []
    while not parts or parts[-1] != _WEIGHT_NAMES:
        part = f"{_WEIGHT_NAMES}{len(parts)}"
        if part not in group.attrs:
            break
        parts.append(part)
    for part in parts:
        for name in group.attrs[part]:
            found.append(_text(name, part))
            if len(found) > MAX_OBJECTS:
                raise InputError(f"names more than {MAX_OBJECTS} arrays.")
    return found


def _check_chunks(plan: Any, count: int, path: str) -> None:
    """Raise InputError where a chunk, which is unpacked whole, has more numbers than its array."""
    chunk = prod(plan.get_chunk()) if plan.get_layout() == _CHUNKED else 0
    if chunk > max(count, _LEAST_CHUNK):
        raise InputError(f"stores {path!r} in chunks that are larger than all of it.")


def _dtype(dataset: Any) -> str | None:
    code = str(dataset.dtype.str)[1:]
    if code == _BFLOAT16 and dataset.attrs.get("dtype") == "bfloat16":
        return "bfloat16"
    return _FLOATS.get(code)


def answer(data: bytes, wanted: str, file_size: int | None = None) -> list[bytes]:
    """Return what the file in `data` holds: a line of JSON, then the bytes of the arrays read.

    `file_size` is that of the file on disk, where `data` is unpacked from it.
    """
    size = len(data) if file_size is None else file_size
    walk = Walk(import_module("h5py"), re.compile(wanted), size)
    try:
        walk.look_at(data)
    except InputError as error:
        return [json.dumps({"error": str(error)}).encode() + b"\n"]
    found = {
        "groups": walk.groups,
        "attributes": walk.attributes,
        "arrays": walk.arrays,
        "texts": walk.texts,
        "weight_names": walk.weight_names,
    }
    return [json.dumps(found).encode() + b"\n", *walk.contents]


def main() -> int:
    """Read a file from standard input and answer on standard output."""
    wanted, file_size, memory, seconds, parent = sys.argv[1:]
    end_with_parent(int(parent))
    limit_cpu(float(seconds))
    limit_memory(int(memory))
    try:
        told = answer(sys.stdin.buffer.read(), wanted, int(file_size))
    except ModuleNotFoundError as error:
        if error.name != "h5py":
            raise
        return MISSING_H5PY
    except MemoryError:
        return TOO_LITTLE_MEMORY
    sys.stdout.buffer.writelines(told)
    return 0


if __name__ == "__main__":
    sys.exit(main())
