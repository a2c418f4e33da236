"""What a GIF holds, read without decoding any picture of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measuring import BenchError


@dataclass(frozen=True)
class GifFacts:
    """What a GIF holds: its size in pixels, its pictures, and the seconds of one round."""

    width: int
    height: int
    frames: int
    seconds: float


def read_gif(path: Path) -> GifFacts:
    """Count a GIF's pictures and add up their delays, without decoding any."""
    data = path.read_bytes()
    if data[:3] != b"GIF":
        raise BenchError(f"{path} is not a GIF.")
    width, height = (int.from_bytes(data[at : at + 2], "little") for at in (6, 8))
    frames = hundredths = 0
    for kind, block in _gif_blocks(data):
        if kind == "picture":
            frames += 1
        elif data[block + 1] == _GRAPHIC_CONTROL:
            hundredths += int.from_bytes(data[block + 4 : block + 6], "little")
    return GifFacts(width, height, frames, hundredths / 100)


_PICTURE, _EXTENSION, _TRAILER = 0x2C, 0x21, 0x3B
_GRAPHIC_CONTROL = 0xF9
_HEADER, _DESCRIPTOR = 13, 10
"""Bytes of the header with the screen's size, and of a picture's descriptor."""


def _gif_blocks(data: bytes) -> Iterator[tuple[str, int]]:
    """Each picture and each extension with its offset: GIF89a (CompuServe, 1990), appendix A."""
    at = _HEADER + _palette_bytes(data[_HEADER - 3])
    while data[at] != _TRAILER:
        if data[at] == _PICTURE:
            yield "picture", at
            at += _DESCRIPTOR + _palette_bytes(data[at + _DESCRIPTOR - 1]) + 1
        elif data[at] == _EXTENSION:
            yield "extension", at
            at += 2
        else:
            raise BenchError(f"Byte {at} of a GIF, {data[at]:#x}, starts no block.")
        while data[at]:
            at += 1 + data[at]
        at += 1


def _palette_bytes(flags: int) -> int:
    """Length of the palette that a flag byte announces."""
    return 3 * 2 ** ((flags & 0b111) + 1) if flags & 0b1000_0000 else 0
