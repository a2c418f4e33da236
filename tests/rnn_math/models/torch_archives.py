"""Files as torch.save writes them, put together by hand, so that they can lie."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from types import MappingProxyType

START, END = b"\x80\x02", b"."
NONE, FALSE = b"N", b"\x89"
ORDERED_DICT = b"ccollections\nOrderedDict\n)R"

FLOAT_BYTES = 4


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def values(*items: bytes) -> bytes:
    """A tuple."""
    return b"(" + b"".join(items) + b"t"


def sizes(numbers: Sequence[int]) -> bytes:
    return values(*map(number, numbers))


def called(name: str, *arguments: bytes) -> bytes:
    """A call of "module name"."""
    return b"c" + "\n".join(name.split()).encode() + b"\n" + values(*arguments) + b"R"


def storage(count: int, key: str = "0", kind: str = "torch FloatStorage") -> bytes:
    name = b"c" + "\n".join(kind.split()).encode() + b"\n"
    return values(text("storage"), name, text(key), text("cpu"), number(count)) + b"Q"


def tensor(shape: Sequence[int], strides: Sequence[int], stored: bytes, offset: int = 0) -> bytes:
    return called(
        "torch._utils _rebuild_tensor_v2",
        *(stored, number(offset), sizes(shape), sizes(strides), FALSE, ORDERED_DICT),
    )


def mapping(items: Mapping[str, bytes]) -> bytes:
    """A dict."""
    return b"}(" + b"".join(text(key) + value for key, value in items.items()) + b"u"


def pickled(root: bytes) -> bytes:
    return START + root + END


def archived(
    pickle: bytes,
    storages: Mapping[str, bytes] = MappingProxyType({}),
    others: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """A file with this pickle, with storages by their keys and other members of its folder."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("model/data.pkl", pickle)
        for key, data in storages.items():
            archive.writestr(f"model/data/{key}", data)
        for name, data in others.items():
            archive.writestr(f"model/{name}", data)
    return stream.getvalue()


def repacked(data: bytes, pickle: bytes) -> bytes:
    """A file of torch.save with another pickle in place of its own."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, pickle if name.endswith("data.pkl") else old.read(name))
    return stream.getvalue()


def pickle_of(data: bytes) -> bytes:
    """The pickle in a file of torch.save."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return next(archive.read(name) for name in archive.namelist() if "data.pkl" in name)
