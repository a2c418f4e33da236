"""The LZW coding of a GIF's pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SMALLEST_CODE = 2
"""Bits of a pixel below which the format does not go."""


def compress(indices: NDArray[np.uint8]) -> bytes:
    """Return `indices` as a GIF's image data: code size, blocks, end mark."""
    from PIL import Image

    bits = max(SMALLEST_CODE, int(indices.max()).bit_length())
    image = Image.fromarray(np.ascontiguousarray(indices))
    return bytes([bits]) + image.tobytes("gif", "L", bits, 0) + b"\0"
