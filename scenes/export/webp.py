"""WebP: lossless, so every colour is the one that was drawn.

The container is "WebP Container Specification" (Google, RFC 9649, 2024).
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from .film import Film, Frame, Outcome
from .store import FilmStore, unpack

if TYPE_CHECKING:
    from PIL import Image

MILLISECONDS = 1000
SIZE_BOUND = 16383
"""Pixels that WebP's 14 bits of a width or a height hold."""
PLAY_FOR_EVER = 0
PLAY_ONCE = 1
EFFORT = {"method": 4, "quality": 50}
"""How hard libwebp tries; the pictures are exact whatever these are."""
KEY_FRAMES = {"kmin": 9998, "kmax": 9999}
"""The widest gap that the encoder takes: a key frame is a whole picture again."""


class WebpEncoder:
    """Collects the film, then hands it to libwebp one picture at a time."""

    def __init__(self, path: Path, film: Film) -> None:
        """Prepare a WebP at `path`.

        Raises:
            ValueError: the film is larger than the format allows.

        """
        if max(film.width, film.height) > SIZE_BOUND:
            raise ValueError(
                f"A WebP is at most {SIZE_BOUND} pixels wide and high;"
                f" this film is {film.width}x{film.height}."
            )
        self._path = path
        self._film = film
        self._store = FilmStore(film.height, film.width)

    def write(self, frame: Frame, count: int) -> None:
        """Keep what `frame` changes."""
        self._store.add(frame, count)

    def finish(self) -> Outcome:
        """Encode and save the film.

        Raises:
            ValueError: no frame was written.
            OSError: the disk is full or gone.

        """
        if not len(self._store):
            raise ValueError("The film has no frame; write at least one.")
        film = self._film
        ends = [frames * MILLISECONDS / film.fps for frames in accumulate(self._store.counts)]
        starts = [0, *(round(end) for end in ends)]
        durations = [end - start for start, end in pairwise(starts)]
        loop = PLAY_FOR_EVER if film.loop else PLAY_ONCE
        _reel(self._store, film.width, film.height).save(
            self._path,
            "WEBP",
            save_all=True,
            lossless=True,
            duration=durations,
            loop=loop,
            background=(*film.background, 255),
            xmp=_xmp(film),
            **EFFORT,
            **KEY_FRAMES,
        )
        pictures = len(self._store)
        self.abort()
        return Outcome(film.width, film.height, pictures, starts[-1] / MILLISECONDS)

    def abort(self) -> None:
        """Forget the film."""
        self._store.close()


def _reel(store: FilmStore, width: int, height: int) -> Image.Image:
    """Return an image with as many frames as `store`, each read back when it is sought."""
    from PIL import Image

    class Reel(Image.Image):
        n_frames = len(store)

        def __init__(self) -> None:
            super().__init__()
            # The two names by which a Pillow image plugin declares itself.
            self._mode = "RGB"
            self._size = (width, height)
            self.seek(0)

        def seek(self, frame: int) -> None:
            # Pillow asks for the frames in order, and for the first one again at the end.
            if frame == 0:
                self._changes = iter(store)
                self._position = -1
            if frame > self._position:
                picture = next(self._changes).picture
                self.im = Image.fromarray(unpack(picture)).convert("RGB").im
                self._position = frame

        def tell(self) -> int:
            return 0

    return Reel()


def _xmp(film: Film) -> bytes:
    """Return the metadata as an XMP packet (ISO 16684-1, 2019), empty without any."""
    names = {"title": "title", "comment": "description"}
    entries = "".join(
        f'<dc:{names[key]}><rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}'
        f"</rdf:li></rdf:Alt></dc:{names[key]}>"
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
