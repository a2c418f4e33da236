"""WebP: lossless, so every colour is the one that was drawn.

The container is "WebP Image Format" (Google, RFC 9649, 2024), section 2.
"""

from __future__ import annotations

from contextlib import suppress
from html import escape
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import numpy as np

from gatereel.rnn_math.printable import printable
from gatereel.scenes.export.changes import OPAQUE, PixelBox, PixelChange, Pixels, unpack
from gatereel.scenes.export.encoder import Outcome
from gatereel.scenes.export.film import Film

MILLISECONDS = 1000
SIZE_BOUND = 16383
"""Pixels that a lossless picture's 14 bits of a width or a height hold."""
DURATION_BOUND = 2**24 - 1
"""Milliseconds that the three bytes of a duration hold."""
PLAY_FOR_EVER = 0
PLAY_ONCE = 1
EFFORT = {"method": 1, "quality": 50}
"""How hard libwebp tries; exact whatever these are. More effort saves nothing on drawings."""
ANIMATION, XMP, ALPHA = 1 << 1, 1 << 2, 1 << 4
"""What the file contains: flags of section 2.7.1.1, "VP8X"."""
OVERWRITE = 1 << 1
"""A picture's flag, section 2.7.1.1, "ANMF": it takes the place of what is there, alpha and all."""
STILL_HEAD = 12
"""Bytes before the first chunk of a file: "RIFF", a length, "WEBP"."""


class WebpEncoder:
    """Writes each change as it comes: its box, transparent wherever nothing changed.

    What becomes transparent in a transparent film cannot be drawn over the picture before: then
    the box is written as it is, and takes its place.
    """

    beside: ClassVar[bool] = True

    def __init__(self, path: Path, film: Film) -> None:
        """Open a WebP at `path`.

        Raises ValueError (the film is larger than the format allows) and OSError (the file cannot
        be written).
        """
        if max(film.width, film.height) > SIZE_BOUND:
            raise ValueError(
                f"A WebP is at most {SIZE_BOUND} pixels wide and high;"
                f" this film is {film.width}x{film.height}."
            )
        self._film = film
        self._xmp = _xmp(film)
        self._frames = 0
        self._pictures = 0
        self._transparent = film.transparent
        # What is shown; kept only where it may have to be written again.
        self._shown: Pixels | None = None
        if film.transparent:
            self._shown = np.zeros((film.height, film.width), np.uint32)
        # Closed by finish() or abort(); pictures are written as they come.
        self._file = path.open("wb")
        self._file.write(self._head())

    def write(self, change: PixelChange) -> None:
        """Encode what changes and append it.

        Raises OSError (the disk is full or gone).
        """
        flags = 0
        box, pixels = _drawn_over(change)
        if self._shown is not None:
            change.draw_on(self._shown)
            if change.values.min() < OPAQUE:
                flags, pixels = OVERWRITE, self._shown[box.slices]
        data = _encoded(pixels)
        self._transparent |= not change.changed.all()
        start = self._milliseconds()
        self._frames += change.count
        duration = self._milliseconds() - start
        parts = -(-duration // DURATION_BOUND) or 1
        cuts = [duration * part // parts for part in range(parts + 1)]
        for part in range(parts):
            # Left there afterwards: the other flag is never set.
            place = _numbers(box.left // 2, box.top // 2, box.width - 1, box.height - 1)
            time = _numbers(cuts[part + 1] - cuts[part]) + bytes([flags])
            self._file.write(_chunk(b"ANMF", place + time + data))
            self._pictures += 1

    def finish(self) -> Outcome:
        """Add the metadata, complete the head and close the file.

        Raises ValueError (no frame was written) and OSError (the disk is full or gone).
        """
        if not self._pictures:
            raise ValueError("The film has no frame; write at least one.")
        if self._xmp:
            self._file.write(_chunk(b"XMP ", self._xmp))
        length = self._file.tell()
        self._file.seek(0)
        self._file.write(self._head(length))
        self._file.close()
        seconds = self._milliseconds() / MILLISECONDS
        return Outcome(self._film.width, self._film.height, self._pictures, seconds)

    def abort(self) -> None:
        """Close the file as it is."""
        # What a full disk says about a file that goes anyway is of no use to anybody.
        with suppress(OSError):
            self._file.close()

    def _milliseconds(self) -> int:
        return round(self._frames * MILLISECONDS / self._film.fps)

    def _head(self, length: int = 0) -> bytes:
        """Return what stands before the pictures, in a file of `length` bytes."""
        film = self._film
        flags = ANIMATION | (ALPHA if self._transparent else 0) | (XMP if self._xmp else 0)
        size = _numbers(film.width - 1, film.height - 1)
        red, green, blue = film.background
        loops = PLAY_FOR_EVER if film.loop else PLAY_ONCE
        riff = b"RIFF" + (max(length, 8) - 8).to_bytes(4, "little") + b"WEBP"
        extended = _chunk(b"VP8X", bytes([flags, 0, 0, 0]) + size)
        colour = bytes([blue, green, red, 0 if film.transparent else 255])
        return riff + extended + _chunk(b"ANIM", colour + loops.to_bytes(2, "little"))


def _drawn_over(change: PixelChange) -> tuple[PixelBox, Pixels]:
    """Return the box of `change`, grown to even corners, and the pixels that change in it."""
    box = change.box
    # The format counts a picture's place in steps of two pixels.
    left, top = box.left % 2, box.top % 2
    pixels = np.zeros((top + box.height, left + box.width), np.uint32)
    pixels[top:, left:][change.changed] = change.values
    return PixelBox(box.left - left, box.top - top, box.width + left, box.height + top), pixels


def _encoded(pixels: Pixels) -> bytes:
    """Return a picture as the chunks of a lossless still."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(unpack(pixels)).save(file, "WEBP", lossless=True, **EFFORT)
    return file.getvalue()[STILL_HEAD:]


def _numbers(*numbers: int) -> bytes:
    """Return each of `numbers` in the format's three bytes."""
    return b"".join(number.to_bytes(3, "little") for number in numbers)


def _chunk(name: bytes, data: bytes) -> bytes:
    """Return `data` with its name and length, padded to an even one."""
    return name + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)


def _xmp(film: Film) -> bytes:
    """Return the metadata as an XMP packet (ISO 16684-1, 2019), empty without any."""
    names = {"title": "title", "comment": "description"}
    entries = "".join(
        f'<dc:{names[key]}><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{escape(printable(text), quote=False)}</rdf:li></rdf:Alt></dc:{names[key]}>"
        for key, text in film.metadata.items()
        if key in names
    )
    if not entries:
        return b""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{entries}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
