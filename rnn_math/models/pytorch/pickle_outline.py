"""What a PyTorch pickle would make, worked out without making any of it.

`torch.load` with weights_only runs no code of a file, but it believes its numbers: a storage may
claim more bytes than the file has, and a short pickle may ask for gigabytes. So the pickle's
instructions are followed here first, on inert values: only what a state dict needs is known, and
every storage and tensor is held against the bytes that are there.

Source of the instructions: Python's `pickletools`; of what PyTorch writes: `torch.serialization`
and `torch._utils`.
"""

import pickletools
from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import TypeVar

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import quoted
from gatereel.rnn_math.models.pytorch.tensor_outline import REBUILDERS, Global, Storage, rebuild
from gatereel.rnn_math.records import dataclass

MAX_STEPS = 2_000_000
"""Instructions of a pickle; about forty describe a tensor."""

PROTOCOL = 2
"""Of torch.save; torch.load reads no other with weights_only."""

_NUMBER_BYTES: Mapping[str, int] = MappingProxyType(
    {
        "torch DoubleStorage": 8,
        "torch FloatStorage": 4,
        "torch HalfStorage": 2,
        "torch BFloat16Storage": 2,
        "torch ComplexDoubleStorage": 16,
        "torch ComplexFloatStorage": 8,
        "torch LongStorage": 8,
        "torch IntStorage": 4,
        "torch ShortStorage": 2,
        "torch CharStorage": 1,
        "torch ByteStorage": 1,
        "torch BoolStorage": 1,
        "torch QInt32Storage": 4,
        "torch QInt8Storage": 1,
        "torch QUInt8Storage": 1,
        "torch.storage UntypedStorage": 1,
    }
)
"""Type of a storage to the bytes of one number."""

_ORDERED_DICT = "collections OrderedDict"
_COUNTER = "collections Counter"
_SIZE = "torch Size"
_DEVICE = "torch device"
_LAYOUT = "torch.serialization _get_layout"
_PACKED = "torch ScriptObject"
"""What holds the weights of a layer after torch.ao.quantization.quantize_dynamic."""

_DTYPES = (
    *("float64", "float32", "float16", "bfloat16", "complex64", "complex128", "bool"),
    *("int64", "int32", "int16", "int8", "uint8", "qint32", "qint8", "quint8"),
    *("per_tensor_affine", "per_tensor_symmetric", "per_channel_affine"),
)
_KNOWN = frozenset(
    {
        *_NUMBER_BYTES,
        *REBUILDERS,
        *(f"torch {name}" for name in _DTYPES),
        *(_ORDERED_DICT, _COUNTER, _SIZE, _DEVICE, _LAYOUT),
        *("torch.nn.parameter Parameter", "torch._tensor Tensor", "torch Tensor"),
    }
)
"""What a pickle may import. Only calls that `_call` knows are made."""

_ERRORS = (IndexError, KeyError, TypeError, ValueError, OverflowError, AttributeError)
"""What a damaged pickle leads to: an empty stack, a value of the wrong type."""

_T = TypeVar("_T")


class Claims(dict[str, int]):
    """Storages that only say themselves how large they are, of `most` bytes together at most."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._claimed = 0

    def claim(self, key: str, size: int, where: str) -> None:
        """Take down what a storage claims. Raises InputError where it cannot be true."""
        if key not in self:
            self[key] = size
            self._claimed += size
        if self[key] != size:
            raise InputError(f"{where} claims two sizes for the storage {quoted(key)}.")
        if self._claimed > self._most:
            raise InputError(
                f"{where} claims {self._claimed} bytes for its storages, and has {self._most}."
            )


def outline(pickle: bytes, storages: Mapping[str, int], where: str) -> object:
    """Follow `pickle`; return dicts, lists, tuples, plain values and `OutlinedTensor`s.

    `storages` gives the bytes of each storage by its key. Raises InputError for what is no state
    dict or checkpoint of tensors, and for a storage that claims other bytes than it has.
    """
    machine = _Machine(storages, where)
    try:
        for steps, (instruction, argument, _) in enumerate(pickletools.genops(pickle)):
            if steps >= MAX_STEPS:
                raise InputError(f"{where} has a pickle of more than {MAX_STEPS} instructions.")
            if instruction.name == "STOP":
                return machine.stack.pop()
            machine.follow(instruction.name, argument)
    except InputError:
        raise
    except _ERRORS:
        pass  # told below, with a pickle that has no end
    raise InputError(f"{where} has a damaged pickle; save model.state_dict() again.")


@dataclass
class _Machine:
    """Does what `torch._weights_only_unpickler` does, on inert values."""

    storages: Mapping[str, int]
    where: str
    stack: list[object] = field(default_factory=list)
    outer: list[list[object]] = field(default_factory=list)
    """The stacks below the last marks."""
    memo: dict[int, object] = field(default_factory=dict)

    def follow(self, instruction: str, argument: object) -> None:
        """Follow one instruction. Raises `_ERRORS` where it makes no sense."""
        match instruction:
            case "BINUNICODE" | "BININT" | "BININT1" | "BININT2" | "LONG1" | "BINFLOAT":
                self.stack.append(argument)
            case "NONE" | "NEWTRUE" | "NEWFALSE":
                self.stack.append({"NEWTRUE": True, "NEWFALSE": False}.get(instruction))
            case "EMPTY_DICT":
                self.stack.append({})
            case "EMPTY_LIST":
                self.stack.append([])
            case "EMPTY_TUPLE":
                self.stack.append(())
            case "MARK":
                self.outer.append(self.stack)
                self.stack = []
            case "TUPLE":
                items = self.popped_to_mark()
                self.stack.append(tuple(items))
            case "TUPLE1" | "TUPLE2" | "TUPLE3":
                last_first = [self.stack.pop() for _ in range(int(instruction[-1]))]
                self.stack.append(tuple(reversed(last_first)))
            case "BINPUT" | "LONG_BINPUT":
                self.memo[_of(int, argument)] = self.stack[-1]
            case "BINGET" | "LONG_BINGET":
                self.stack.append(self.memo[_of(int, argument)])
            case "SETITEM" | "APPEND":
                count = {"SETITEM": 2, "APPEND": 1}[instruction]
                items = [self.stack.pop() for _ in range(count)]
                self.fill(items[::-1])
            case "SETITEMS" | "APPENDS":
                items = self.popped_to_mark()
                self.fill(items)
            case "GLOBAL":
                self.stack.append(self.imported(_of(str, argument)))
            case "BINPERSID":
                self.stack.append(self.storage(self.stack.pop()))
            case "REDUCE":
                arguments = _of(tuple, self.stack.pop())
                self.stack.append(self.called(_of(Global, self.stack.pop()), arguments))
            case "BUILD":
                _of(dict, self.stack.pop())  # the attributes of a state dict: its versions
                _of(dict, self.stack[-1])
            case "PROTO" if argument == PROTOCOL:
                pass
            case _:
                raise InputError(
                    f"{self.where} has the pickle instruction {instruction}, which torch.save does "
                    f"not write by itself; save it again without options, as protocol {PROTOCOL}."
                )

    def popped_to_mark(self) -> list[object]:
        """Take off all that was put on the stack since the last mark."""
        items = self.stack
        self.stack = self.outer.pop()
        return items

    def fill(self, items: list[object]) -> None:
        """Put items into the dict or list on top of the stack."""
        target = self.stack[-1]
        if isinstance(target, list):
            target += items
            return
        values = _of(dict, target)
        for key, value in zip(items[::2], items[1::2], strict=True):
            # The hash of tuples inside one another can take for ever.
            if not isinstance(key, str | int):
                raise InputError(
                    f"{self.where} has a dict with a key that is neither a text nor a whole number."
                )
            values[key] = value

    def imported(self, name: str) -> Global:
        """Return an inert stand-in. Raises InputError for what torch.load would not make."""
        if name in _KNOWN:
            return Global(name)
        what = quoted(name.replace(" ", "."))
        is_root = not self.stack and not self.outer
        if is_root:
            raise InputError(
                f"{self.where} holds a whole module or another object ({what}), which only runs "
                "by running its code; save model.state_dict() instead."
            )
        way = "save model.state_dict() instead."
        if name == _PACKED:
            way = "quantize_dynamic packs weights so: save the state dict of the model before it."
        raise InputError(
            f"{self.where} holds an object that is no tensor ({what}), which only exists by "
            f"running code; {way}"
        )

    def storage(self, identity: object) -> Storage:
        """Hold what a persistent id claims against what is stored."""
        kind, storage_type, key, location, count, *view = _of(tuple, identity)
        if kind != "storage" or not isinstance(location, str):
            raise TypeError
        size = _of(int, count) * _NUMBER_BYTES[_of(Global, storage_type).name]
        if isinstance(self.storages, Claims) and view == [None]:
            self.storages.claim(_of(str, key), size, self.where)
            return Storage(count)
        if view:
            raise TypeError
        if self.storages.get(_of(str, key)) != size:
            raise InputError(
                f"{self.where} claims {size} bytes for the storage {quoted(key)}, which has "
                f"{self.storages.get(key, 'none')}."
            )
        return Storage(count)

    def called(self, function: Global, arguments: tuple[object, ...]) -> object:
        """What a call would return."""
        if function.name in REBUILDERS:
            return rebuild(function, arguments)
        if function.name == _ORDERED_DICT and not arguments:
            return {}
        (first, *others) = arguments
        if function.name == _COUNTER and not others:
            return dict(_of(dict, first))
        if function.name == _SIZE and not others:
            return tuple(_of(int, size) for size in _of(tuple, first))
        if function.name in (_DEVICE, _LAYOUT):
            _of(str, first)
            return tuple(_of(int, other) for other in others)
        raise TypeError


def _of(kind: type[_T], value: object) -> _T:
    """Return `value`, or raise TypeError when it is of another type."""
    if not isinstance(value, kind):
        raise TypeError
    return value
