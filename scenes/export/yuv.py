"""RGB pictures as the YUV planes that video codecs take."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gatereel.scenes.export.changes import PixelBox, PixelChange, unpack
from gatereel.scenes.export.film import Colour

KR, KB = 0.2126, 0.0722
"""The weights of red and blue in luma: ITU-R BT.709-6 (2015), item 3.2."""
KG = 1 - KR - KB
LUMA_SPAN, LUMA_BLACK = 219, 16
CHROMA_SPAN, CHROMA_ZERO = 224, 128
"""Limited range: ITU-R BT.709-6 (2015), item 4.6."""

RGB_TO_YUV: NDArray[np.float32] = np.array(
    [
        np.array([KR, KG, KB]) * LUMA_SPAN,
        np.array([-KR, -KG, 1 - KB]) / (2 * (1 - KB)) * CHROMA_SPAN,
        np.array([1 - KR, -KG, -KB]) / (2 * (1 - KR)) * CHROMA_SPAN,
    ],
    np.float32,
) / np.float32(255)
YUV_ZERO = np.array([LUMA_BLACK, CHROMA_ZERO, CHROMA_ZERO], np.float32)

BAND = 64
"""Rows converted at a time; even, because two rows share their chroma."""


class YuvCanvas:
    """The picture shown last in 4:2:0 planes, brought up to date only where it changed.

    `planes` is `(height * 3 / 2, width)`, all of Y, then U, then V, as codecs name yuv420p;
    `width` and `height` are the film's made even, and at least `smallest`.
    """

    def __init__(self, width: int, height: int, background: Colour, smallest: int) -> None:
        """Start with `background` everywhere; the film lies in the upper left corner."""
        self.width = max(width + width % 2, smallest)
        self.height = max(height + height % 2, smallest)
        self._rgb = np.empty((self.height, self.width, 3), np.uint8)
        self._rgb[:] = background
        self.planes: NDArray[np.uint8] = np.empty((self.height * 3 // 2, self.width), np.uint8)
        quarter = self.height // 2, self.width // 2
        self._luma = self.planes[: self.height]
        chroma = self.planes[self.height :].reshape(-1)
        half = chroma.size // 2
        self._chroma = (chroma[:half].reshape(quarter), chroma[half:].reshape(quarter))
        self._convert(PixelBox(0, 0, self.width, self.height))

    def update(self, change: PixelChange) -> None:
        """Take over `change`."""
        # Rows of one pixel each, as a mask of two dimensions wants them.
        values = unpack(change.values[:, np.newaxis])[:, 0, :3]
        self._rgb[change.box.slices][change.changed] = values
        self._convert(_even(change.box))

    def _convert(self, box: PixelBox) -> None:
        rows, columns = box.slices
        # One band of rows at a time keeps the floats of a full picture small.
        for top in range(rows.start, rows.stop, BAND):
            band = slice(top, min(top + BAND, rows.stop))
            rgb = np.moveaxis(self._rgb[band, columns], 2, 0).astype(np.float32)
            luma, *chroma = (_weighted(rgb, *row) for row in zip(RGB_TO_YUV, YUV_ZERO, strict=True))
            self._luma[band, columns] = np.rint(luma)
            half_rows = slice(band.start // 2, band.stop // 2)
            half_columns = slice(columns.start // 2, columns.stop // 2)
            for plane, full in zip(self._chroma, chroma, strict=True):
                upper, lower = full[::2], full[1::2]
                four = (upper[:, ::2] + upper[:, 1::2]) + (lower[:, ::2] + lower[:, 1::2])
                plane[half_rows, half_columns] = np.rint(four / np.float32(4))


def _weighted(
    rgb: NDArray[np.float32], weights: NDArray[np.float32], zero: np.float32
) -> NDArray[np.float32]:
    """One of Y, U and V.

    A sum in this order, rounded after each term, is the same on every machine. A matrix product is
    not: the library that computes it chooses by the processor, and a half may be rounded otherwise.
    """
    red, green, blue = rgb
    total: NDArray[np.float32] = red * weights[0] + green * weights[1] + blue * weights[2] + zero
    return total


def _even(box: PixelBox) -> PixelBox:
    """Return `box` grown to even edges."""
    left, top = box.left & ~1, box.top & ~1
    right, bottom = box.left + box.width, box.top + box.height
    return PixelBox(left, top, right + right % 2 - left, bottom + bottom % 2 - top)
