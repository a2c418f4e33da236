"""Where pictures go, and what each place shows: one table, `PLACES`.

    PLACES["devto"].excess(Load(width=1125, height=850, frames=243, size_bytes=435_000))

A new place is an entry there; all that fits pictures, or writes the markup around them, reads it.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.records import dataclass

MarkupStyle = Literal["picture", "video", "markdown"]
"""Markup: `<picture>` with sources, `<video>`, or an image in Markdown."""

Absolute = Literal["nowhere", "sources", "everywhere"]
"""Where addresses must be absolute; "sources" are those of a `<picture>`."""

MEGAPIXEL = 10**6
MEGABYTE = 10**6


@dataclass(frozen=True)
class Load:
    """What a place has to bear: a picture's size, its coded frames (a still has one), its bytes."""

    width: int
    height: int
    frames: int
    size_bytes: int


class Excess(NamedTuple):
    """What is too much: what the picture has, and up to what the place shows."""

    has: str
    limit: str


@dataclass(frozen=True)
class Place:
    """A place where pictures are shown, and its limits; None where it has none.

    `most_megapixels` counts width x height x frames, `widest` is the most pixels in width that
    reach a reader. The first of `suffixes` is the one to take unless told otherwise, the first of
    `styles` is the markup to prefer. Where `writes_height` is false, an image must not have the
    attribute `height`. `minds_case` says that addresses tell capitals from small letters.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    styles: tuple[MarkupStyle, ...]
    absolute: Absolute
    most_bytes: int | None = None
    most_megapixels: int | None = None
    most_frames: int | None = None
    widest: int | None = None
    writes_height: bool = True
    minds_case: bool = False

    @property
    def default_suffix(self) -> str:
        """Of a file that nobody named."""
        return self.suffixes[0]

    def excess(self, load: Load) -> tuple[Excess, ...]:
        """The limits that a picture is over; none if it is shown as it is."""
        return tuple(self._excess(load))

    def _excess(self, load: Load) -> Iterator[Excess]:
        # Rounded up: what is told must never look as if it fitted.
        area = load.width * load.height * load.frames
        if self.most_megapixels is not None and area > self.most_megapixels * MEGAPIXEL:
            yield Excess(
                f"{ceil(area / MEGAPIXEL)} megapixels",
                f"{self.most_megapixels} megapixels (width x height x frames)",
            )
        if self.most_frames is not None and load.frames > self.most_frames:
            yield Excess(f"{load.frames} frames", f"{self.most_frames} frames")
        if self.most_bytes is not None and load.size_bytes > self.most_bytes:
            megabytes = ceil(load.size_bytes * 10 / MEGABYTE) / 10
            yield Excess(f"{megabytes:g} MB", f"{self.most_bytes / MEGABYTE:g} MB")
        if self.widest is not None and load.width > self.widest:
            yield Excess(f"{load.width} pixels in width", f"{self.widest} pixels in width")

    def check_suffixes(self, suffixes: Sequence[str]) -> None:
        """Raise InputError for a file that the place does not show."""
        for suffix in suffixes:
            if suffix not in self.suffixes:
                kind = f"{suffix} files" if suffix else "files without a suffix"
                raise InputError(
                    f"{self.title} does not show {kind}; {in_words(self.suffixes)} it does."
                )

    def check_width(self, width: int) -> None:
        """Raise InputError for a width in pixels of which readers would get less."""
        if self.widest is not None and width > self.widest:
            raise InputError(
                f"The width is {width}; {self.title} shows up to {self.widest} pixels in width."
            )

    def check_written(self, path: Path, load: Load) -> None:
        """Raise InputError, with the next step, for a file that the place does not show."""
        for has, limit in self.excess(load):
            raise InputError(
                f"{path} has {has}; {self.title} shows up to {limit}. It was not written: "
                "a smaller --width, a lower --fps or fewer --timesteps help."
            )

    def note_on(self, path: Path) -> str:
        """A sentence about a file's name, empty if there is nothing to say."""
        if not self.minds_case or path.name == path.name.lower():
            return ""
        return (
            f"{self.title} tells capitals from small letters: link to {path.name} exactly so, or "
            f"write {path.name.lower()}"
        )


_GITHUB = Place(
    name="github",
    title="GitHub",
    # docs.github.com, "Attaching files": images and GIFs up to 10 MB. A README shows no <video>.
    most_bytes=10 * MEGABYTE,
    suffixes=(".gif", ".webp", ".png", ".svg"),
    styles=("picture", "markdown"),
    # Relative addresses are rewritten in <img src> and in Markdown, but not in <source srcset>.
    absolute="sources",
    # Its style sheet has max-width: 100% without height: auto, so that a height squashes the
    # picture on a narrow screen.
    writes_height=False,
)

_DEVTO = Place(
    name="devto",
    title="dev.to",
    # forem/forem issues 3810 and 5813: "Maximum total number of pixels in all frames/pages is 200
    # Megapixels"; readers see a broken image.
    most_megapixels=200,
    # forem/forem, app/uploaders/base_uploader.rb: the size, FRAME_MAX and the suffixes.
    most_bytes=25 * MEGABYTE,
    most_frames=500,
    suffixes=(".gif", ".webp", ".png"),
    styles=("markdown",),
    absolute="everywhere",
)

_CLOUDFLARE = Place(
    name="cloudflare",
    title="Cloudflare Images",
    # developers.cloudflare.com/images, "Limits and formats": 10 MB for an upload; an animation of
    # more than 50 megapixels is refused or passed on without being resized.
    most_bytes=10 * MEGABYTE,
    most_megapixels=50,
    suffixes=(".gif", ".webp", ".png"),
    styles=("picture", "markdown"),
    absolute="everywhere",
)

_MEDIUM = Place(
    name="medium",
    title="Medium",
    # help.medium.com, "Using images": GIF, JPEG and PNG up to 25 MB; 1400 pixels for a picture as
    # wide as the column of 700, on dense screens. There is no upload for videos.
    most_bytes=25 * MEGABYTE,
    widest=1400,
    suffixes=(".gif", ".png"),
    styles=("markdown",),
    absolute="everywhere",
)

_PYPI = Place(
    name="pypi",
    title="PyPI",
    # pypi/warehouse issues 3078 and 3552: images come by way of a proxy that takes up to 5 MB.
    most_bytes=5 * MEGABYTE,
    suffixes=(".gif", ".webp", ".png"),
    # pypa/readme_renderer, clean.py: <img> is left, <picture> and <video> are not. Relative
    # addresses lead nowhere.
    styles=("markdown",),
    absolute="everywhere",
)

_PAGES = Place(
    name="pages",
    title="GitHub Pages",
    # A page of one's own: whatever browsers show. About 100 GB a month are served, so the lightest
    # comes first; of our films that is the GIF.
    suffixes=(".gif", ".webp", ".mp4", ".webm", ".png", ".svg", ".pdf"),
    # <picture> has a still for readers who want no motion, without any script.
    styles=("picture", "video", "markdown"),
    absolute="nowhere",
    minds_case=True,
)

PLACES = MappingProxyType(
    {place.name: place for place in (_GITHUB, _DEVTO, _CLOUDFLARE, _MEDIUM, _PYPI, _PAGES)}
)
