"""Images in a post: which image a line shows, in the ways that posts are written."""

import re
from collections.abc import Mapping
from dataclasses import replace

from gatereel.cli.posts.image_attributes import plain_caption, with_attributes
from gatereel.cli.posts.image_tags import is_tag, tagged_image
from gatereel.cli.posts.image_words import Image, unescaped

_LABEL = r"(?:[^\[\]\\]|\\.|\[(?:[^\[\]\\]|\\.)*\])*"
_PLAIN = r"(?:\{\{[^{}]*\}\})++[^\s()]*+|(?!<)(?:[^\s()]|\([^\s()]*\))++"
_DESTINATION = rf"(?:<(?P<angled>[^<>]*)>|(?P<plain>{_PLAIN}))"
_TITLE = r"""(?:\s+(?P<title>"[^"]*"|'[^']*'|\([^()]*\)))?"""

_INLINE = re.compile(rf"!\[(?P<alt>{_LABEL})\]\(\s*{_DESTINATION}{_TITLE}\s*\)")
_REFERENCE = re.compile(rf"!\[(?P<alt>{_LABEL})\](?:\[(?P<label>{_LABEL})\])?")
_LINK = re.compile(
    r"\[(?P<image>!\[.*)\]"
    r"(?:\((?P<target>[^()]*(?:\([^()]*\)[^()]*)*)\)|\[(?P<label>[^\[\]]*)\])"
)
_ATTRIBUTE_LIST = re.compile(r"(?P<image>.*[\])])\s*\{(?![{%]):?(?P<list>[^{}]*)\}")
"""As kramdown, Pandoc and Python-Markdown have it; a tag of Liquid is none."""

_CAPTIONED = re.compile(r"(?P<image>!?\[.*?[\])}])\s*<br\s*/?>\s*(?P<caption>\S.*)", re.IGNORECASE)
_SECOND_IMAGE = re.compile(r"!\[|<img\b|<br\b", re.IGNORECASE)
_WIKI = re.compile(r"!\[\[(?P<path>[^\[\]|]+)(?P<rest>(?:\|[^\[\]|]*)*)\]\]")
_WIKI_SIZE = re.compile(r"(?P<width>\d+)(?:x\d+)?")

_DEFINITION = re.compile(rf"[ >]{{0,3}}\[(?P<label>{_LABEL})\]:\s*{_DESTINATION}{_TITLE}\s*")

_ANYWHERE = (
    re.compile(rf"!\[{_LABEL}\]\(\s*(?P<destination><[^<>]*>|[^\s()]+)"),
    re.compile(r"""<img\b[^<>]*?\bsrc\s*=\s*["']?(?P<destination>[^"'<>]+)""", re.IGNORECASE),
    re.compile(r"!\[\[(?P<destination>[^\[\]|]+)"),
)
"""An image beside other text, by what begins it."""


def _without_names(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


_ONE = _without_names(_INLINE.pattern)
ANY_IMAGE = re.compile(
    rf"(?:\[{_ONE}\]\([^()\[\]]*\)|{_ONE}|{_without_names(_WIKI.pattern)}"
    rf"|<img\b[^<>]*>|{_without_names(_REFERENCE.pattern)})"
    r"(?:\{(?![{%]):?[^{}]*\})?",
    re.IGNORECASE,
)
"""An image of Markdown or a tag, with its link and its attribute list, wherever it stands."""


def label_of(text: str) -> str:
    """What two labels of a reference have in common (CommonMark 0.31.2, 4.7)."""
    return " ".join(text.split()).casefold()


def definition(line: str) -> tuple[str, str] | None:
    """The label and destination that a line defines, `[label]: destination`, or None."""
    match = _DEFINITION.fullmatch(line)
    return (label_of(match["label"]), _destination(match)) if match else None


def image_alone(text: str, definitions: Mapping[str, str]) -> Image | None:
    """The image that is all there is in a line, `text` without its indent; None for others.

    In Markdown inline, by reference or as a wikilink, also as the text of a link, with an attribute
    list behind it, or with a caption behind <br>; in HTML also within elements that only place it;
    shortcodes and includes for figures. `text` may hold line ends where a tag has several lines.
    """
    text = text.strip()
    if is_tag(text):
        return tagged_image(text)
    captioned = _CAPTIONED.fullmatch(text)
    if captioned and not _SECOND_IMAGE.search(captioned["caption"]):
        image = _linked_image(captioned["image"], definitions)
        return replace(image, caption=plain_caption(captioned["caption"])) if image else None
    return _linked_image(text, definitions)


def destinations_in(text: str) -> list[str]:
    """Addresses of the images in a line that need not stand alone, as they are written."""
    return [
        unescaped(match["destination"].strip("<>"))
        for pattern in _ANYWHERE
        for match in pattern.finditer(text)
    ]


def _linked_image(text: str, definitions: Mapping[str, str]) -> Image | None:
    """An image of Markdown with the attribute lists and the link around it."""
    text, lists = _without_list(text)
    link = None
    if linked := _LINK.fullmatch(text):
        link = linked
        text, inner = _without_list(linked["image"])
        lists += inner
    image = _markdown_image(text, definitions)
    if image is None:
        return None
    if link is not None:
        image = _with_link(image, link, definitions)
    for attributes in lists:
        image = with_attributes(image, attributes)
    return image


def _without_list(text: str) -> tuple[str, list[str]]:
    listed = _ATTRIBUTE_LIST.fullmatch(text)
    return (listed["image"], [listed["list"]]) if listed else (text, [])


def _with_link(image: Image, link: re.Match[str], definitions: Mapping[str, str]) -> Image:
    target = link["target"]
    if target is None:
        target = definitions.get(label_of(link["label"] or ""))
        if target is None:
            return replace(image, lost=(*image.lost, f"the link [{link['label']}]"))
    words = target.split(maxsplit=1) or [""]
    return replace(image, link=unescaped(words[0].strip("<>")))


def _markdown_image(text: str, definitions: Mapping[str, str]) -> Image | None:
    if wiki := _WIKI.fullmatch(text):
        return _wiki_image(wiki)
    if inline := _INLINE.fullmatch(text):
        title = unescaped((inline["title"] or "")[1:-1])
        return Image(unescaped(inline["alt"]), _destination(inline), title)
    reference = _REFERENCE.fullmatch(text)
    if reference is None:
        return None
    destination = definitions.get(label_of(reference["label"] or reference["alt"]))
    return None if destination is None else Image(unescaped(reference["alt"]), destination)


def _wiki_image(wiki: re.Match[str]) -> Image:
    """`![[path|alt|300]]`; the path itself is no alt text."""
    alt = width = ""
    for part in wiki["rest"].split("|")[1:]:
        if size := _WIKI_SIZE.fullmatch(part.strip()):
            width = size["width"]
        else:
            alt = part.strip()
    return Image(alt, wiki["path"].strip(), width=width)


def _destination(match: re.Match[str]) -> str:
    return unescaped(match["plain"] if match["angled"] is None else match["angled"])
