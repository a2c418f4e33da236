"""Images in a post: which image a line shows, in the ways that posts are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_WRAPPERS = "p|center|div|figure|picture|a|span"

_LABEL = r"(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*"
_PLAIN = r"(?:\{\{[^{}]*\}\})++[^\s()]*+|(?!<)(?:[^\s()]|\([^\s()]*\))++"
_DESTINATION = rf"(?:<(?P<angled>[^<>]*)>|(?P<plain>{_PLAIN}))"
_TITLE = r"""(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?"""

_INLINE = re.compile(rf"!\[(?P<alt>{_LABEL})\]\(\s*{_DESTINATION}{_TITLE}\s*\)")
_REFERENCE = re.compile(rf"!\[(?P<alt>{_LABEL})\](?:\[(?P<label>{_LABEL})\])?")
_LINK = re.compile(r"\[(?P<image>!\[.*)\](?:\([^()]*(?:\([^()]*\)[^()]*)*\)|\[[^\[\]]*\])")
_ATTRIBUTE_LIST = re.compile(r"(?P<image>.*[\])])\s*\{[:.#\s]?[^{}%]*\}")

_TAG = re.compile(
    rf"<img\b(?P<img>{_ATTRIBUTES})>"
    rf"|\{{\{{<\s*figure\b(?P<figure>{_ATTRIBUTES})>\}}\}}"
    rf"|</?(?:{_WRAPPERS})\b{_ATTRIBUTES}>"
    rf"|<source\b{_ATTRIBUTES}>"
    r"|<figcaption\b[^>]*>.*?</figcaption>"
    r"|<br\s*/?>|\s+",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""(?<![\w.:-])(?P<name>[A-Za-z-]++)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))"""
)

_DEFINITION = re.compile(rf"[ >]{{0,3}}\[(?P<label>{_LABEL})\]:\s*{_DESTINATION}{_TITLE}\s*")
_LIQUID_PREFIX = re.compile(r"(?:\{\{[^{}]*\}\})+(?P<path>.+)")
_LIQUID_STRING = re.compile(r"""\{\{-?\s*(?P<quote>["'])(?P<path>.*?)(?P=quote)[^{}]*\}\}""")


@dataclass(frozen=True)
class Image:
    """An image: its alt text and its destination, both as the reader's browser gets them."""

    alt: str
    destination: str

    def shows(self, old: str) -> bool:
        """Whether the destination is `old`, or `old` behind a prefix or filter of Liquid."""
        return old in _readings(self.destination)


def label_of(text: str) -> str:
    """What two labels of a reference have in common (CommonMark 0.31.2, 4.7)."""
    return " ".join(text.split()).casefold()


def definition(line: str) -> tuple[str, str] | None:
    """The label and destination that a line defines, `[label]: destination`, or None."""
    match = _DEFINITION.fullmatch(line)
    return (label_of(match["label"]), _destination(match)) if match else None


def image_alone(text: str, definitions: Mapping[str, str]) -> Image | None:
    """The image that is all there is in a line, `text` without its indent; None for others.

    In Markdown inline or by reference, also as the text of a link and with an attribute list of
    kramdown behind it; in HTML also within elements that only place it; Hugo's figure shortcode.
    """
    text = text.strip()
    if text.startswith(("<", "{{<")):
        return _html_image(text)
    if listed := _ATTRIBUTE_LIST.fullmatch(text):
        text = listed["image"]
    if linked := _LINK.fullmatch(text):
        text = linked["image"]
    if listed := _ATTRIBUTE_LIST.fullmatch(text):
        text = listed["image"]
    return _markdown_image(text, definitions)


def _markdown_image(text: str, definitions: Mapping[str, str]) -> Image | None:
    if inline := _INLINE.fullmatch(text):
        return Image(_unescaped(inline["alt"]), _destination(inline))
    reference = _REFERENCE.fullmatch(text)
    if reference is None:
        return None
    destination = definitions.get(label_of(reference["label"] or reference["alt"]))
    return None if destination is None else Image(_unescaped(reference["alt"]), destination)


def _html_image(text: str) -> Image | None:
    """The one image of a line that holds nothing but tags which place it."""
    images = []
    at = 0
    while at < len(text):
        tag = _TAG.match(text, at)
        if tag is None:
            return None
        at = tag.end()
        attributes = tag["img"] or tag["figure"]
        if attributes:
            images.append(_attributes(attributes))
    if len(images) != 1 or "src" not in images[0]:
        return None
    return Image(images[0].get("alt", ""), images[0]["src"])


def _attributes(text: str) -> dict[str, str]:
    return {
        match["name"].lower(): unescape(match["double"] or match["single"] or match["bare"] or "")
        for match in _ATTRIBUTE.finditer(text)
    }


def _destination(match: re.Match[str]) -> str:
    return _unescaped(match["plain"] if match["angled"] is None else match["angled"])


def _unescaped(text: str) -> str:
    """Text without Markdown's backslashes and HTML's character references."""
    return unescape(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


def _readings(destination: str) -> tuple[str, ...]:
    """A destination as a whole, and the path in it where Liquid puts the site before it."""
    readings = [destination]
    for pattern in (_LIQUID_PREFIX, _LIQUID_STRING):
        if match := pattern.fullmatch(destination):
            readings.append(match["path"])
    return tuple(readings)
