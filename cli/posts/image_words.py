"""An image of a post in words: where it is, what it says, how it is placed."""

import re
from html import unescape

from gatereel.rnn_math.records import dataclass

_LIQUID_PREFIX = re.compile(r"(?:\{\{[^{}]*\}\})+(?P<path>.+)")
_LIQUID_STRING = re.compile(r"""\{\{-?\s*(?P<quote>["'])(?P<path>.*?)(?P=quote)[^{}]*\}\}""")


@dataclass(frozen=True)
class Image:
    """An image, all texts as the reader's browser gets them and "" where there is none.

    `width` is a number of pixels or a percentage: "300", "60%". `lost` are words for what the
    author wrote and no other field holds, such as `align="center"`.
    """

    alt: str
    destination: str
    title: str = ""
    caption: str = ""
    link: str = ""
    classes: str = ""
    identifier: str = ""
    width: str = ""
    lost: tuple[str, ...] = ()

    def shows(self, old: str) -> bool:
        """Whether the destination is `old`, or `old` behind a prefix or filter of Liquid."""
        return shows(self.destination, old)


def shows(destination: str, old: str) -> bool:
    """Whether a destination is `old`, or `old` behind a prefix or filter of Liquid."""
    return old in _readings(destination)


def unescaped(text: str) -> str:
    """Text without Markdown's backslashes and HTML's character references."""
    return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


def _readings(destination: str) -> tuple[str, ...]:
    """A destination as a whole, and the path in it where Liquid puts the site before it."""
    readings = [destination]
    for pattern in (_LIQUID_PREFIX, _LIQUID_STRING):
        if match := pattern.fullmatch(destination):
            readings.append(match["path"])
    return tuple(readings)
