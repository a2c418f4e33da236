"""The tensors that a PyTorch pickle describes, held against the numbers that are stored."""

from collections.abc import Mapping
from math import prod
from types import MappingProxyType

from gatereel.rnn_math.records import dataclass

MAX_DIMENSIONS = 8

_TENSOR = "torch._utils _rebuild_tensor_v2"
_OLD_TENSOR = "torch._utils _rebuild_tensor"
_PARAMETER = "torch._utils _rebuild_parameter"

_UNREADABLE: Mapping[str, str] = MappingProxyType(
    {
        "torch._utils _rebuild_sparse_tensor": "is sparse",
        "torch._utils _rebuild_qtensor": "is quantized",
        "torch._utils _rebuild_meta_tensor_no_storage": "is a meta tensor, without numbers",
        "torch._utils _rebuild_nested_tensor": "is a nested tensor",
        "torch._utils _rebuild_tensor_v3": "is of a type that has no storage of its own",
        "torch._utils _rebuild_wrapper_subclass": "is of a tensor class of its own",
        "torch._tensor _rebuild_from_type_v2": "is of a tensor class of its own",
        "torch._utils _rebuild_parameter_with_state": "has attributes of its own",
        "torch._utils _rebuild_device_tensor_from_numpy": "is of another device",
        "torch._utils _rebuild_device_tensor_from_cpu_tensor": "is of another device",
    }
)
"""What makes a tensor that is not read, to follow its name."""

REBUILDERS = frozenset({_TENSOR, _OLD_TENSOR, _PARAMETER, *_UNREADABLE})
"""The functions of PyTorch that make tensors of storages."""


@dataclass(frozen=True)
class Global:
    """A name that a pickle imports: "torch FloatStorage". Nothing is imported."""

    name: str


@dataclass(frozen=True)
class Storage:
    """A row of numbers in the archive, which tensors look into."""

    count: int


@dataclass(frozen=True)
class OutlinedTensor:
    """A tensor as the pickle describes it."""

    shape: tuple[int, ...] = ()
    problem: str = ""
    """Why it cannot be read, to follow its name; empty when it can."""
    is_fatal: bool = False
    """Whether a file with it is not loaded at all."""


def rebuild(function: Global, arguments: tuple[object, ...]) -> OutlinedTensor:
    """What one of `REBUILDERS` would return; raises TypeError or ValueError for nonsense."""
    if function.name in _UNREADABLE:
        return OutlinedTensor(problem=_UNREADABLE[function.name], is_fatal=True)
    if function.name == _PARAMETER:
        data, _needs_gradient, hooks = arguments
        if not isinstance(data, OutlinedTensor):
            raise TypeError
        return data if hooks == {} else _with_hooks()
    if function.name == _OLD_TENSOR:
        arguments = (*arguments, False, {})
    storage, offset, shape, strides, _needs_gradient, hooks, *metadata = arguments
    if hooks != {} or any(metadata):
        return _with_hooks()
    if not isinstance(storage, Storage) or not isinstance(offset, int):
        raise TypeError
    return _view(storage, offset, _sizes(shape), _sizes(strides))


def _with_hooks() -> OutlinedTensor:
    return OutlinedTensor(problem="has attributes of its own", is_fatal=True)


def _sizes(value: object) -> tuple[int, ...]:
    if not isinstance(value, tuple) or len(value) > MAX_DIMENSIONS:
        raise TypeError
    if any(not isinstance(size, int) or size < 0 for size in value):
        raise ValueError
    return value


def _view(
    storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> OutlinedTensor:
    steps = ((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    last = offset + sum(steps) if all(shape) else offset - 1
    if offset < 0 or last >= storage.count:
        problem = f"claims numbers up to place {last + 1} of a storage of {storage.count}"
        return OutlinedTensor(shape, problem, is_fatal=True)
    if prod(shape) > storage.count:
        problem = f"claims shape {shape}, but only {storage.count} numbers are stored"
        return OutlinedTensor(shape, problem)
    return OutlinedTensor(shape)
