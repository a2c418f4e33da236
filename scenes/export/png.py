"""PNG: the last picture of the film, complete and exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .film import Film, Frame, Outcome

TEXT_KEYS = {"title": "Title", "comment": "Comment"}
"""Our metadata's names as the PNG specification spells them."""


class PngEncoder:
    """Keeps the frame written last and saves it as a still."""

    def __init__(self, path: Path, film: Film) -> None:
        """Prepare a still at `path`."""
        self._path = path
        self._film = film
        self._last: Frame | None = None

    def write(self, frame: Frame, count: int) -> None:
        """Keep `frame` in place of the one before; a still has no use for `count`."""
        self._last = np.array(frame[:, :, :3])

    def finish(self) -> Outcome:
        """Save the last frame, without alpha, with its text.

        Raises:
            ValueError: no frame was written.

        """
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        if self._last is None:
            raise ValueError("The film has no frame; write at least one.")
        info = PngInfo()
        for key, text in self._film.metadata.items():
            info.add_itxt(TEXT_KEYS.get(key, key), text)
        image = Image.fromarray(self._last)
        image.save(self._path, "PNG", optimize=True, pnginfo=info)
        return Outcome(self._film.width, self._film.height, frames=1, seconds=0.0)

    def abort(self) -> None:
        """Forget the frame."""
        self._last = None
