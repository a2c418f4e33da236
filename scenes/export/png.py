"""PNG: the last picture of the film, complete and exact, or a page drawn in pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gatereel.rnn_math.printable import printable
from gatereel.scenes.draw.pages import DrawnPage
from gatereel.scenes.export.changes import PixelChange, Pixels, unpack
from gatereel.scenes.export.drawn import draw_page
from gatereel.scenes.export.encoder import Outcome
from gatereel.scenes.export.film import Film

if TYPE_CHECKING:
    from PIL import Image

TEXT_KEYS = {"title": "Title", "comment": "Comment"}
"""Our metadata's names as the PNG specification spells them."""

_QUICK = 6
"""Level of compression of sheets: the highest saves a hundredth and takes three times as long."""


class PngEncoder:
    """Keeps the picture shown last and saves it as a still."""

    beside: ClassVar[bool] = False

    def __init__(self, path: Path, film: Film) -> None:
        """Prepare a still at `path`."""
        self._path = path
        self._film = film
        self._picture: Pixels | None = None

    def write(self, change: PixelChange) -> None:
        """Bring the picture up to date; a still has no use for its hold."""
        if self._picture is None:
            self._picture = np.empty((self._film.height, self._film.width), np.uint32)
        change.draw_on(self._picture)

    def finish(self) -> Outcome:
        """Save the last picture with its text, and with alpha if the film is transparent.

        Raises ValueError (no frame was written).
        """
        from PIL import Image

        if self._picture is None:
            raise ValueError("The film has no frame; write at least one.")
        image = Image.fromarray(unpack(self._picture))
        if not self._film.transparent:
            image = image.convert("RGB")
        _save(image, self._path, self._film.metadata, optimize=True)
        return Outcome(self._film.width, self._film.height, frames=1, seconds=0.0)

    def abort(self) -> None:
        """Forget the picture."""
        self._picture = None


def write_png(path: Path, pages: Sequence[DrawnPage], metadata: Mapping[str, str]) -> Outcome:
    """Draw the one page of `pages` and save it with its text."""
    (page,) = pages
    image = image_of(page)
    _save(image, path, metadata, compress_level=_QUICK)
    return Outcome(*image.size, frames=1, seconds=0.0)


def image_of(page: DrawnPage) -> Image.Image:
    """Draw a page in its pixels, with alpha if it has no background."""
    import cairo
    from PIL import Image

    width, height = page.pixels
    surface = cairo.ImageSurface(cairo.Format.ARGB32, width, height)
    context = cairo.Context(surface)
    context.scale(width / page.width, height / page.height)
    draw_page(context, page)
    surface.flush()
    # Cairo's colours hold their share of alpha already.
    stored = np.frombuffer(surface.get_data(), np.uint8)
    image = Image.frombuffer("RGBA", (width, height), stored, "raw", "BGRa", 0, 1)
    return image if page.background is None else image.convert("RGB")


def _save(image: Image.Image, path: Path, metadata: Mapping[str, str], **how: int) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    for key, text in metadata.items():
        info.add_itxt(TEXT_KEYS.get(key, key), printable(text))
    image.save(path, "PNG", pnginfo=info, **how)
