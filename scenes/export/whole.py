"""Whether a finished file is all there: its parts are walked by the lengths that they claim.

A copy that broke off still begins as the whole file does. The walk must end with the part that
ends the format, at the last byte; a PNG's parts have checksums, too.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from zlib import crc32

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD, _PNG_CHECKSUM = 8, 4
"""Bytes of a chunk before its data (length, type), and behind them."""

_GIF_SIGNATURES = (b"GIF87a", b"GIF89a")
_GIF_HEAD, _GIF_IMAGE_HEAD = 13, 10
_GIF_EXTENSION, _GIF_IMAGE, _GIF_TRAILER = 0x21, 0x2C, 0x3B

_RIFF_HEAD = 8
_BOX_HEAD = 8
_EBML_SEGMENT = 0x18538067


def is_whole(data: bytes, suffix: str) -> bool:
    """Whether the bytes of a file with this suffix, in lower case, are a whole one's.

    Of a format that is not known here, every file is taken to be whole.
    """
    check = _CHECKS.get(suffix)
    try:
        return check is None or check(data)
    except IndexError:  # it ends where a length or a type should stand
        return False


def _png(data: bytes) -> bool:
    if not data.startswith(_PNG_SIGNATURE):
        return False
    at, kind = len(_PNG_SIGNATURE), b""
    while kind != b"IEND":
        length = _big(data, at, 4)
        kind = data[at + 4 : at + _PNG_HEAD]
        stop = at + _PNG_HEAD + length
        if stop + _PNG_CHECKSUM > len(data) or crc32(data[at + 4 : stop]) != _big(data, stop, 4):
            return False
        at = stop + _PNG_CHECKSUM
    return at == len(data)


def _gif(data: bytes) -> bool:
    if not data.startswith(_GIF_SIGNATURES):
        return False
    at = _GIF_HEAD + _colours(data[_GIF_HEAD - 3])
    while data[at] != _GIF_TRAILER:
        if data[at] == _GIF_EXTENSION:
            at += 2
        elif data[at] == _GIF_IMAGE:
            # Behind its colours, the first byte is the size of codes, and blocks follow.
            at += _GIF_IMAGE_HEAD + _colours(data[at + _GIF_IMAGE_HEAD - 1]) + 1
        else:
            return False
        while data[at]:
            at += 1 + data[at]
        at += 1
    return at + 1 == len(data)


def _colours(flags: int) -> int:
    """Bytes of a GIF's table of colours, whose size the last three bits of `flags` tell."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _webp(data: bytes) -> bool:
    if not (data.startswith(b"RIFF") and data[_RIFF_HEAD:].startswith(b"WEBP")):
        return False
    at = _RIFF_HEAD + 4
    while at < len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        at += 8 + length + length % 2
    return at == len(data) == _RIFF_HEAD + int.from_bytes(data[4:8], "little")


def _mp4(data: bytes) -> bool:
    at, kinds = 0, set()
    while at < len(data):
        length = _big(data, at, 4)
        kinds.add(data[at + 4 : at + _BOX_HEAD])
        if length == 1:
            length = _big(data, at + _BOX_HEAD, 8)
        if length < _BOX_HEAD:
            return False
        at += length
    return at == len(data) and {b"ftyp", b"moov", b"mdat"} <= kinds


def _webm(data: bytes) -> bool:
    at, kinds = 0, []
    while at < len(data):
        width = _ebml_width(data[at])
        kinds.append(_big(data, at, width))
        at += width
        width = _ebml_width(data[at])
        size = _big(data, at, width) & (1 << 7 * width) - 1
        if size == (1 << 7 * width) - 1:  # open: it was written to no file
            return False
        at += width + size
    return at == len(data) and _EBML_SEGMENT in kinds


def _ebml_width(first: int) -> int:
    """Bytes of an element's name or size; raises IndexError for a first byte that has none."""
    if not first:
        raise IndexError(first)
    return 9 - first.bit_length()


def _svg(data: bytes) -> bool:
    return data.rstrip().endswith(b"</svg>")


def _pdf(data: bytes) -> bool:
    return data.rstrip().endswith(b"%%EOF")


def _big(data: bytes, at: int, width: int) -> int:
    """A number of `width` bytes, the highest first; raises IndexError where the data end."""
    if at + width > len(data):
        raise IndexError(at)
    return int.from_bytes(data[at : at + width], "big")


_CHECKS: Mapping[str, Callable[[bytes], bool]] = MappingProxyType(
    {
        ".png": _png,
        ".gif": _gif,
        ".webp": _webp,
        ".mp4": _mp4,
        ".webm": _webm,
        ".svg": _svg,
        ".pdf": _pdf,
    }
)
