"""What an HDF5 file in memory holds: its groups' names and its arrays of floats.

The file is read by `hdf5_walk.py`, beside this one, in a process of its own, with bounds on time
and memory, since a damaged file can make the HDF5 library loop without end or crash.
"""

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import field
from math import prod
from types import MappingProxyType
from typing import Literal

import numpy as np

from gatereel.rnn_math.arrays import Array, freeze
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import MAX_BYTES, allowed_memory
from gatereel.rnn_math.models.keras import hdf5_walk
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.processes import environment, how_it_ended, python_command
from gatereel.rnn_math.records import dataclass

DType = Literal["float16", "bfloat16", "float32", "float64"]

SECONDS = 20.0
"""How long reading may take, start of the process included; larger files get more."""

_BYTES_A_SECOND = 20_000_000
"""A machine that reads more slowly than this is taken for one that hangs."""

_MEMORY = 2 << 30
"""Address space of the process without the file, in bytes: the interpreter and the libraries."""

_COPIES = 3
"""How often the file and its arrays may stand in memory while they are read and sent."""

_CRASHES = tuple(
    getattr(signal, name)
    for name in ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT")
    if hasattr(signal, name)
)
"""How a library ends that trusted what a file said."""

_TOO_MUCH_TIME = getattr(signal, "SIGXCPU", None)

_STORED: Mapping[str, str] = MappingProxyType(
    {"float16": "<f2", "bfloat16": "<u2", "float32": "<f4", "float64": "<f8"}
)
_BFLOAT16_SHIFT = 16
"""A bfloat16 is the upper half of a float32."""


@dataclass(frozen=True, eq=False)
class StoredArray:
    """An array of the file."""

    shape: tuple[int, ...]
    dtype: DType
    values: Array | None
    """In float64; None where it was not wanted."""


@dataclass(frozen=True, eq=False)
class Hdf5:
    """What a file holds."""

    arrays: Mapping[str, StoredArray]
    """Path to the array there, such as "layers/lstm/cell/vars/0"."""
    groups: Mapping[str, str]
    """Path to the group's attribute "name", "" when it has none. The root's path is ""."""
    attributes: frozenset[str]
    """The names of the root's attributes."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Those of the root's attributes that are known texts, such as "model_config"."""
    weight_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Path to the arrays that a group calls its own, in order; only where it says so."""


def read_hdf5(data: bytes, where: str, wanted: str, file_size: int | None = None) -> Hdf5:
    """Read the arrays of an HDF5 file whose path the regular expression `wanted` finds.

    `where` is what errors call the file, and `file_size` is its size on disk, where `data` is
    unpacked from it: that says how much memory it may take. Raises InputError when it is damaged,
    leads out of itself, claims too much or takes too long, and when h5py is not installed.
    """
    head, _, contents = _ask(data, where, wanted, file_size or len(data)).partition(b"\n")
    told = json.loads(head)
    if "error" in told:
        raise InputError(f"{where} {told['error']}")
    arrays: dict[str, StoredArray] = {}
    start = 0
    for each in told["arrays"]:
        dtype: DType = each["dtype"]
        shape = tuple(each["shape"])
        values = None
        if each["is_read"]:
            end = start + prod(shape) * np.dtype(_STORED[dtype]).itemsize
            values = _to_float64(contents[start:end], dtype).reshape(shape)
            start = end
        arrays[each["path"]] = StoredArray(shape, dtype, values)
    return Hdf5(
        MappingProxyType(arrays),
        MappingProxyType(told["groups"]),
        frozenset(told["attributes"]),
        MappingProxyType(told["texts"]),
        MappingProxyType({path: tuple(names) for path, names in told["weight_names"].items()}),
    )


def _ask(data: bytes, where: str, wanted: str, file_size: int) -> bytes:
    """Run the walk over `data` and return its answer."""
    seconds = SECONDS + len(data) / _BYTES_A_SECOND
    memory = _MEMORY + _COPIES * (len(data) + min(MAX_BYTES, allowed_memory(file_size)))
    bounds = (str(file_size), str(memory), str(seconds), str(os.getpid()))
    try:
        done = subprocess.run(
            python_command(hdf5_walk.__name__, wanted, *bounds),
            input=data,
            capture_output=True,
            timeout=seconds,
            # Each thread takes memory, and none multiplies.
            env={**environment(), "OPENBLAS_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(f"{where} takes too long to read: it is damaged.") from None
    if done.returncode == hdf5_walk.MISSING_H5PY:
        load("h5py", "Reading Keras models", "gatereel[keras]")
    if done.returncode or not done.stdout:
        raise InputError(f"{where} {_failure(done.returncode, done.stderr)}")
    return done.stdout


def _failure(code: int, messages: bytes) -> str:
    """What a walk without an answer says of the file, or of the process that was to read it."""
    if -code in _CRASHES:
        return "is a damaged HDF5 file: the HDF5 library crashes on it."
    if -code == _TOO_MUCH_TIME:
        return "takes too long to read: it is damaged."
    if code == hdf5_walk.TOO_LITTLE_MEMORY:
        return "needs more memory to read than there is, or is a damaged HDF5 file."
    reason = how_it_ended(code, messages.decode(errors="replace"))
    return f"was not read: the process that reads HDF5 files failed ({reason})."


def _to_float64(content: bytes, dtype: DType) -> Array:
    stored = np.frombuffer(content, dtype=_STORED[dtype])
    if dtype == "bfloat16":
        stored = (stored.astype(np.uint32) << _BFLOAT16_SHIFT).view(np.float32)
    # A signalling NaN must not warn here: whoever uses the numbers reports what is not finite.
    with np.errstate(invalid="ignore"):
        return freeze(stored.astype(np.float64))
