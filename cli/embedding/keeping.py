"""What the author of a post wrote beside an old image, as words of the directive in its place."""

import re
from collections.abc import Iterator, Sequence, Set

from gatereel.cli.posts import Image, fits_in_a_directive, last_segment, without_names
from gatereel.rnn_math import CELLS

_SAYS_LITTLE = frozenset(
    "a an and the of in on image images img picture pic figure fig photo diagram gif png jpg svg "  # noqa: SIM905
    "animation animated illustration illustrated alt text screenshot untitled cell cells network "
    "networks unit units architecture structure model".split()
)
"""What an alt text may add to a cell's name, and yet says less than ours."""

_SAYS_LITTLE_IN_CJK = re.compile(
    "结构图|結構圖|示意图|示意圖|结构|結構|图片|圖片|图|圖|構造|図|구조|그림|의|の"
)

_WORD = re.compile(r"[^\W\d_]+")


def says_more(image: Image) -> bool:
    """Whether an alt text says more than which cell it is.

    It does when it has a word that is no cell's name, no word for a picture or a network, and not
    the file's name.
    """
    alt = image.alt.strip()
    name = last_segment(image.destination)
    if alt.lower() in (name.lower(), name.rpartition(".")[0].lower()):
        return False
    words = _WORD.findall(_SAYS_LITTLE_IN_CJK.sub(" ", without_names(alt, CELLS)))
    return any(word.lower() not in _SAYS_LITTLE for word in words)


def kept_words(image: Image, taken: Set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words of a directive for what stood beside an image, and what could not be kept.

    `taken` are the options that the directive takes.
    """
    words: list[str] = []
    lost: list[str] = []
    for option, value in _options(image):
        if option in taken and fits_in_a_directive(value):
            words += [option, value]
        else:
            lost.append(f"{_WHAT[option]} {value!r}")
    return tuple(words), (*lost, *image.lost)


_WHAT = {
    "--alt": "the alt text",
    "--title": "the title",
    "--class": "the class",
    "--id": "the id",
    "--display-width": "the width",
    "--link": "the link",
    "--caption-text": "the caption",
}
"""What each option keeps."""


def _options(image: Image) -> Iterator[tuple[str, str]]:
    """Options with their values, on one line each."""
    values: Sequence[tuple[str, str]] = (
        ("--alt", image.alt if says_more(image) else ""),
        ("--title", image.title),
        ("--class", image.classes),
        ("--id", image.identifier),
        ("--display-width", image.width),
        # A link to the old image itself showed it in full.
        ("--link", "" if image.link == image.destination else image.link),
        ("--caption-text", image.caption),
    )
    for option, value in values:
        if text := " ".join(value.split()):
            yield option, text
