"""PNG: the last picture of the film, complete and exact."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import numpy as np

from .changes import Change, Pixels, unpack
from .encoder import Outcome
from .film import Film

TEXT_KEYS = {"title": "Title", "comment": "Comment"}
"""Our metadata's names as the PNG specification spells them."""


class PngEncoder:
    """Keeps the picture shown last and saves it as a still."""

    beside: ClassVar[bool] = False

    def __init__(self, path: Path, film: Film) -> None:
        """Prepare a still at `path`."""
        self._path = path
        self._film = film
        self._picture: Pixels | None = None

    def write(self, change: Change) -> None:
        """Bring the picture up to date; a still has no use for its hold."""
        if self._picture is None:
            self._picture = np.empty((self._film.height, self._film.width), np.uint32)
        change.draw_on(self._picture)

    def finish(self) -> Outcome:
        """Save the last picture with its text, and with alpha if the film is transparent.

        Raises:
            ValueError: no frame was written.

        """
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        if self._picture is None:
            raise ValueError("The film has no frame; write at least one.")
        info = PngInfo()
        for key, text in self._film.metadata.items():
            info.add_itxt(TEXT_KEYS.get(key, key), text)
        image = Image.fromarray(unpack(self._picture))
        if not self._film.transparent:
            image = image.convert("RGB")
        image.save(self._path, "PNG", optimize=True, pnginfo=info)
        return Outcome(self._film.width, self._film.height, frames=1, seconds=0.0)

    def abort(self) -> None:
        """Forget the picture."""
        self._picture = None
