"""An ONNX file as a graph: its tensors, what computes them, and what is known beforehand.

Nothing in the file is run here, and nothing is trusted: sizes are checked before memory is taken,
and a tensor outside the file must be a plain file in the model's own folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import MAX_BYTES, read_bytes
from gatereel.rnn_math.models import packages
from gatereel.rnn_math.models.onnx.errors import RefusedError, damaged, shown_name
from gatereel.rnn_math.models.onnx.outside import place_of
from gatereel.rnn_math.models.onnx.wire import check_parts
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    import onnx

Tensor = NDArray[Any]
"""An array of any type that the file may hold."""

Shape = tuple[int | None, ...]
"""Declared sizes, None where the file leaves one open."""

DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What onnx and numpy raise over numbers and shapes that do not belong together."""

OLDEST_OPSET = 7
"""The recurrent operators have had today's meaning since then."""

MAX_NODES = 1000
"""Most operations that are followed from one tensor back."""

MAX_EVALUATIONS = 20_000
"""Most operations that are evaluated while a file is read: some seconds."""

_BASE_BUDGET = 1 << 29
"""Bytes that may be computed for any file, 512 MiB: a sequence laid out as a batch, for one."""

_EXPANSION = 16
"""Bytes that may be computed besides, for each byte of the file."""

_DEFAULT_DOMAINS = ("", "ai.onnx")

_ITEM_BYTES: Mapping[str, int] = {
    "FLOAT": 4,
    "DOUBLE": 8,
    "FLOAT16": 2,
    "BFLOAT16": 2,
    "INT32": 4,
    "INT64": 8,
    "BOOL": 1,
}
"""The types of tensors that are read, by ONNX's names."""


def load_onnx(module: str = "onnx") -> Any:
    """Import a module of onnx, or raise InputError with the command that installs it."""
    return packages.load(module, "Reading .onnx files", "gatereel[onnx]")


@dataclass
class Budget:
    """How many bytes may still be computed for one file: the bound in time and memory."""

    path: Path
    left: int
    evaluations: int = MAX_EVALUATIONS
    """How many operations may still be evaluated."""

    @property
    def spent(self) -> bool:
        """Whether more has been asked for than there was."""
        return self.left < 0 or self.evaluations < 0

    def evaluate_one(self) -> None:
        """Count one operation. Raises InputError when there have been too many."""
        self.evaluations -= 1
        if self.evaluations < 0:
            raise InputError(f"{self.path} needs more than {MAX_EVALUATIONS} small operations.")

    def allow(self, size: int) -> None:
        """Let what `size` more bytes of a file hold be computed, too."""
        self.left += _EXPANSION * size

    def spend(self, count: int) -> None:
        """Take `count` bytes. Raises InputError when that is more than there are."""
        self.left -= count
        if self.left < 0:
            raise InputError(f"{self.path} needs more memory than a model's file may take.")


def budget_of(path: Path, size: int) -> Budget:
    """What may be computed for a file, or from states, of `size` bytes."""
    budget = Budget(path, _BASE_BUDGET)
    budget.allow(size)
    return budget


@dataclass(frozen=True, eq=False)
class Graph:
    """The main graph of a file."""

    path: Path
    proto: onnx.ModelProto
    opset: int
    constants: Mapping[str, onnx.TensorProto]
    """Initializers by name."""
    producers: Mapping[str, int]
    """A tensor's name to the place of the node that computes it."""
    inputs: Mapping[str, Shape]
    """The graph's inputs that have no value of their own."""
    budget: Budget
    outside: dict[Path, int] = field(default_factory=dict)
    """The files beside it that have been read from, and their bytes."""

    @property
    def nodes(self) -> Any:
        """The nodes in the file's order, in which each stands after those that it reads."""
        return self.proto.graph.node

    def producer(self, name: str) -> onnx.NodeProto | None:
        """The node that computes `name`."""
        place = self.producers.get(name)
        return None if place is None else self.nodes[place]

    def needed(self, target: str, known: Collection[str]) -> Iterator[onnx.NodeProto]:
        """The nodes that compute `target` from the constants and from what is `known`, in order.

        Nothing here recurses: a circle ends. Raises RefusedError for more than MAX_NODES.
        """
        places: set[int] = set()
        waiting = [target]
        while waiting:
            name = waiting.pop()
            place = self.producers.get(name)
            if place is None or place in places or name in known or name in self.constants:
                continue
            if len(places) == MAX_NODES:
                raise RefusedError(f"more than {MAX_NODES} operations lead to it.")
            places.add(place)
            waiting.extend(self.nodes[place].input)
        return (self.nodes[place] for place in sorted(places))

    def array(self, tensor: onnx.TensorProto) -> Tensor:
        """The numbers of a tensor. Raises InputError when they are not what its shape says."""
        complete = self.complete(tensor)
        try:
            array: Tensor = load_onnx("onnx.numpy_helper").to_array(complete)
        except DAMAGE:
            raise self.damaged(tensor.name, "its numbers do not fill its shape") from None
        # bfloat16 is none of numpy's types; all its numbers are float32's, too.
        return array.astype(np.float32) if tensor.data_type == tensor.BFLOAT16 else array

    def complete(self, tensor: onnx.TensorProto) -> onnx.TensorProto:
        """`tensor` with its numbers in it. Raises InputError when a size or a place is wrong."""
        size = self._bytes_of(tensor)
        if tensor.data_location != tensor.EXTERNAL:
            self.budget.spend(size)
            return tensor
        place = place_of(self.path, tensor, size)
        if place.path not in self.outside:
            self.outside[place.path] = place.available
            if sum(self.outside.values()) > MAX_BYTES:
                raise InputError(
                    f"{place.path} has {place.available} bytes; at most {MAX_BYTES} are read."
                )
            self.budget.allow(place.available)
        self.budget.spend(size)
        raw = place.read(size)
        complete: onnx.TensorProto = load_onnx().TensorProto(
            name=tensor.name, data_type=tensor.data_type, dims=tensor.dims, raw_data=raw
        )
        return complete

    def damaged(self, name: str, problem: str) -> InputError:
        """The error for a tensor of this file."""
        return damaged(self.path, name, problem)

    def _bytes_of(self, tensor: onnx.TensorProto) -> int:
        if tensor.HasField("segment"):
            raise self.damaged(tensor.name, "tensors in segments are not read")
        kinds = load_onnx().TensorProto.DataType
        known = {kinds.Value(kind): size for kind, size in _ITEM_BYTES.items()}
        if tensor.data_type not in known:
            accepted = ", ".join(kind.lower() for kind in _ITEM_BYTES)
            raise self.damaged(tensor.name, f"its type is not one of {accepted}")
        if any(size < 0 for size in tensor.dims):
            raise self.damaged(tensor.name, f"its shape is {_shape_text(tensor.dims)}")
        size: int = prod(tensor.dims) * known[tensor.data_type]
        if size > MAX_BYTES:
            raise self.damaged(
                tensor.name, f"its shape {_shape_text(tensor.dims)} is more than is read"
            )
        return size


def read_graph(path: Path) -> Graph:
    """Parse a file.

    Raises InputError when it cannot be read, is no ONNX model, has too many parts, or is of a
    version that is not known here, and when a name stands for two things.
    """
    kind = load_onnx().ModelProto
    decode_error = load_onnx("google.protobuf.message").DecodeError
    data = read_bytes(path)
    try:
        check_parts(path, data, kind.DESCRIPTOR)
        proto: onnx.ModelProto = kind.FromString(data)
    except InputError:  # which is a ValueError
        raise
    except (decode_error, *DAMAGE):
        raise InputError(f"{path} is no ONNX model, or it is damaged.") from None
    graph = proto.graph
    constants = _constants(path, proto)
    producers: dict[str, int] = {}
    for place, node in enumerate(graph.node):
        _check_text(path, [node.name, node.op_type, node.domain, *node.input, *node.output])
        for name in node.output:
            if name and (name in producers or name in constants):
                raise InputError(f"{path} is damaged: two things are called '{shown_name(name)}'.")
            producers[name] = place
    producers.pop("", None)
    # Up to IR version 3, initializers stand among the inputs, too.
    _check_text(path, [one.name for one in graph.input])
    inputs: dict[str, Shape] = {}
    for one in graph.input:
        if one.name in inputs or one.name in producers:
            raise InputError(f"{path} is damaged: two things are called '{shown_name(one.name)}'.")
        if one.name not in constants:
            inputs[one.name] = _declared(one)
    opset = _opset(path, proto)
    return Graph(path, proto, opset, constants, producers, inputs, budget_of(path, len(data)))


def is_default(domain: str) -> bool:
    """Whether an operator of this domain is one of ONNX's own."""
    return domain in _DEFAULT_DOMAINS


def _constants(path: Path, proto: onnx.ModelProto) -> dict[str, onnx.TensorProto]:
    constants: dict[str, onnx.TensorProto] = {}
    _check_text(path, [tensor.name for tensor in proto.graph.initializer])
    for tensor in proto.graph.initializer:
        if tensor.name in constants:
            raise InputError(
                f"{path} is damaged: two initializers are called '{shown_name(tensor.name)}'."
            )
        constants[tensor.name] = tensor
    return constants


def _check_text(path: Path, names: Sequence[str]) -> None:
    for name in names:
        if not isinstance(name, str):  # protobuf hands on bytes that are not UTF-8
            raise InputError(f"{path} is damaged: the name '{shown_name(name)}' is no text.")


def _opset(path: Path, proto: onnx.ModelProto) -> int:
    versions = {one.version for one in proto.opset_import if is_default(one.domain)}
    newest = load_onnx("onnx.defs").onnx_opset_version()
    if len(versions) != 1:
        raise InputError(f"{path} is no ONNX model, or it is damaged: it has no operator set.")
    version: int = versions.pop()
    if version > newest:
        raise InputError(
            f"{path} uses operator set {version}; the installed onnx knows those up to {newest}: "
            "pip install -U onnx"
        )
    if version < OLDEST_OPSET:
        raise InputError(
            f"{path} uses operator set {version}; {OLDEST_OPSET} and newer are read. "
            "onnx.version_converter brings a model to a newer one."
        )
    return version


def _declared(value: onnx.ValueInfoProto) -> Shape:
    """The declared shape of an input; empty where there is none."""
    return tuple(
        dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None
        for dim in value.type.tensor_type.shape.dim
    )


def _shape_text(dims: Any) -> str:
    shown = 8  # a hostile shape has any number of dimensions
    text = ", ".join(str(size) for size in dims[:shown])
    return f"({text}{', ...' if len(dims) > shown else ''})"
