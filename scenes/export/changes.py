"""What a frame changes: the box that differs from the frame before, and the pixels in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.pixels import Frame

Pixels = NDArray[np.uint32]
"""Packed pixels, `(height, width)`: red in the lowest byte, then green, blue and alpha.

Alpha is 255 unless the film is transparent.
"""

OPAQUE = np.uint32(0xFF000000)


@dataclass(frozen=True)
class PixelBox:
    """A rectangle of pixels: from `left` and `top`, `width` by `height`."""

    left: int
    top: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """The rows and the columns of the box, to index a picture with."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )

    def around(self, other: PixelBox) -> PixelBox:
        """Return the smallest box that holds both this one and `other`."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        right = max(self.left + self.width, other.left + other.width)
        bottom = max(self.top + self.height, other.top + other.height)
        return PixelBox(left, top, right - left, bottom - top)


def bounding_box(mask: NDArray[np.bool_]) -> PixelBox | None:
    """Return the smallest box around the true pixels of `mask`, or None without any."""
    rows = np.flatnonzero(mask.any(axis=1))
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    left, right = int(columns[0]), int(columns[-1]) + 1
    return PixelBox(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class PixelChange:
    """How a picture differs from the one before it, and for how many frames it is held.

    `changed` is a mask of the box, `(box.height, box.width)`; `values` are the new pixels
    where it is true, in a row. The first picture of a film changes everything.
    """

    box: PixelBox
    changed: NDArray[np.bool_]
    values: Pixels
    count: int
    compressed: bytes | None = None
    """Mask and values as `packed` in `scenes/export/store.py` has made them, where it has."""

    @property
    def bytes(self) -> int:
        """What the change takes in memory."""
        return self.changed.nbytes + self.values.nbytes + len(self.compressed or b"")

    def draw_on(self, picture: Pixels) -> None:
        """Bring `picture`, the whole frame before, up to date."""
        picture[self.box.slices][self.changed] = self.values


class Differ:
    """Remembers the frame shown last and tells how a new one differs from it."""

    def __init__(self, height: int, width: int, *, keeps_alpha: bool = False) -> None:
        """Start without a frame, so that the first one changes everything."""
        self._keeps_alpha = keeps_alpha
        self._shown: Pixels = np.zeros((height, width), np.uint32)
        self._differs: NDArray[np.bool_] = np.zeros((height, width), np.bool_)
        self._blank = True

    def compare(self, frame: Frame, count: int) -> PixelChange | None:
        """Take over `frame`, held for `count` frames; None if it equals the one before."""
        new = _packed(frame)
        differs = np.not_equal(new, self._shown, out=self._differs)
        if self._blank:
            differs[:] = True
            self._blank = False
        box = bounding_box(differs)
        if box is None:
            return None
        # A copy, because the next frame is compared in the same place.
        changed = differs[box.slices].copy()
        pixels = new[box.slices]
        values = pixels[changed]
        if not self._keeps_alpha and values.min() < OPAQUE:
            # Alpha counted so far; the box can only be too large.
            pixels = pixels | OPAQUE
            changed &= pixels != self._shown[box.slices]
            if not changed.any():
                return None
            values = pixels[changed]
        self._shown[box.slices] = pixels
        return PixelChange(box, changed, values, count)


def _packed(frame: Frame) -> Pixels:
    """Return `frame` as one number a pixel, `(height, width)`; RGBA costs no copy."""
    if frame.shape[2] == 4:
        whole: Pixels = np.ascontiguousarray(frame).view("<u4")[:, :, 0]
        return whole
    red, green, blue = (frame[:, :, channel].astype(np.uint32) for channel in range(3))
    packed: Pixels = red | (green << np.uint32(8)) | (blue << np.uint32(16)) | OPAQUE
    return packed


def unpack(pixels: Pixels) -> Frame:
    """Return packed pixels as an RGBA frame, `(height, width, 4)`."""
    packed = np.ascontiguousarray(pixels, dtype="<u4")
    return packed.view(np.uint8).reshape(*packed.shape, 4)
