"""How many parts an ONNX file has, counted on its bytes before anything is made of them.

Two bytes of a file can be an empty node, which takes a hundred times as much once it is parsed.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from pathlib import Path
from typing import Any

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import allowed_memory

MAX_FIELDS = 1_000_000
"""Most fields of a file; a node with its names and attributes has a dozen or two."""

PART_BYTES = 200
"""What the largest of ONNX's messages, an attribute, takes empty: 190, measured."""

FIELD_BYTES = 24
"""What an empty string takes, the largest of what is no message: 23, measured."""

_VARINT, _FIXED64, _DELIMITED, _FIXED32 = 0, 1, 2, 5
"""The wire types. Those of groups, 3 and 4, are in no ONNX file."""

_LONGEST_VARINT = 10
_MORE, _LOW_BITS = 0x80, 0x7F


class WireError(ValueError):
    """The bytes are no fields of protobuf, or those of no ONNX file."""


def check_parts(path: Path, data: bytes, descriptor: Any) -> None:
    """Count the fields of `data`, a message of protobuf's `descriptor`, and what they would take.

    Raises InputError when they are more than a file may have, or than one of its size may take in
    memory, and WireError when they cannot be told apart.
    """
    allowed = allowed_memory(len(data))
    needed = len(data)
    fields = 0
    kinds: dict[Any, dict[int, Any]] = {}
    waiting = [(0, len(data), descriptor)]
    while waiting:
        place, stop, kind = waiting.pop()
        if kind not in kinds:
            kinds[kind] = {each.number: each.message_type for each in kind.fields}
        inner = kinds[kind]
        while place < stop:
            tag, place = _varint(data, place, stop)
            start, end = _extent(data, place, stop, tag & 7)
            child = inner.get(tag >> 3) if tag & 7 == _DELIMITED else None
            fields += 1
            needed += FIELD_BYTES if child is None else PART_BYTES
            if fields > MAX_FIELDS:
                raise InputError(
                    f"{path} has more than {MAX_FIELDS} nodes, names, attributes and the like, the "
                    "most that are read; give the part of the model with its recurrent layers."
                )
            if needed > allowed:
                raise InputError(
                    f"{path} has so many nodes, attributes and the like that they would take more "
                    f"than {allowed} bytes; that is the most for a file of {len(data)} bytes."
                )
            if child is not None:
                waiting.append((end, stop, kind))  # go on here after the child
                waiting.append((start, end, child))
                break
            place = end


def _varint(data: bytes, place: int, stop: int) -> tuple[int, int]:
    """The number that begins at `place`, and the place after it."""
    number = 0
    for k in range(_LONGEST_VARINT):
        if place >= stop:
            break
        byte = data[place]
        place += 1
        number |= (byte & _LOW_BITS) << 7 * k
        if byte < _MORE:
            return number, place
    raise WireError("a number does not end")


def _extent(data: bytes, place: int, stop: int, wire_type: int) -> tuple[int, int]:
    """Where the content of a field begins and ends, its tag being before `place`."""
    if wire_type == _DELIMITED:
        length, place = _varint(data, place, stop)
        end = place + length
    elif wire_type == _VARINT:
        _, end = _varint(data, place, stop)
    elif wire_type in (_FIXED32, _FIXED64):
        end = place + (4 if wire_type == _FIXED32 else 8)
    else:
        raise WireError(f"wire type {wire_type}")
    if end > stop:
        raise WireError("a field reaches past the end")
    return place, end
