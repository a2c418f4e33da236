"""What stands beside an image: classes, a width, an id, in HTML's or in Markdown's own words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape

from gatereel.cli.posts.image_words import Image, unescaped

_ATTRIBUTE = re.compile(
    r"""(?<![\w.:-])(?P<name>[A-Za-z_-]++)\s*=\s*"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'"""
    r"""|\{(?P<braced>(?:[^{}]|\{[^{}]*\})*+)\}|(?P<bare>[^\s"'>]+))"""
)
_JSX_VALUE = re.compile(r"""(?P<quote>["'`]?)(?P<value>[^"'`{}]*)(?P=quote)""")
"""A number or a string; anything else is computed."""

_LIST_ITEM = re.compile(
    r"""\#(?P<id>[^\s#.{}]+)|\.(?P<class>[^\s#.{}]+)"""
    r"""|(?P<name>[\w:-]++)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"']+))"""
    r"""|(?P<other>\S+)"""
)

_WIDTH = re.compile(r"(?P<number>\d{1,4})\s*(?:px)?|(?P<percent>\d{1,3}(?:\.\d+)?)\s*%")
_STYLED_WIDTH = re.compile(r"(?:^|;)\s*(?:max-)?width\s*:\s*(?P<width>[^;]+)(?:;|$)", re.IGNORECASE)

_OF_THE_FILE = ("alt", "src", "srcset", "sizes", "height", "loading", "decoding", "fetchpriority")
"""Attributes that belong to the old file, or that the new picture has of its own."""

_TAG = re.compile(r"<[^<>]*>")
_MARKDOWN_LINK = re.compile(r"!?\[(?P<text>[^\[\]]*)\]\([^()]*\)")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`")


def html_attributes(text: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case; of JSX, too, by their names in HTML."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        name = match["name"].lower()
        value = match["double"] or match["single"] or match["bare"] or ""
        if (braced := match["braced"]) is not None:
            plain = _JSX_VALUE.fullmatch(braced.strip())
            value = plain["value"] if plain else f"{{{braced}}}"
        found["class" if name == "classname" else name] = unescape(value)
    return found


def with_attributes(image: Image, text: str) -> Image:
    """The image with what an attribute list says, `.class #id name=value`."""
    found: dict[str, str] = {}
    lost = list(image.lost)
    for item in _LIST_ITEM.finditer(text):
        if item["class"]:
            found["class"] = f"{found.get('class', '')} {item['class']}".strip()
        elif item["id"]:
            found["id"] = item["id"]
        elif item["name"]:
            found[item["name"].lower()] = item["double"] or item["single"] or item["bare"] or ""
        else:
            lost.append(item["other"])
    return placed(replace(image, lost=tuple(lost)), found)


def placed(image: Image, attributes: Mapping[str, str]) -> Image:
    """The image with title, classes, id and width of its attributes; others are lost."""
    left = {name: value for name, value in attributes.items() if name not in _OF_THE_FILE}
    classes = f"{image.classes} {left.pop('class', '')}".strip()
    title = left.pop("title", "") or image.title
    identifier = left.pop("id", "") or image.identifier
    width = image.width
    styled = _STYLED_WIDTH.search(left.get("style", ""))
    if styled and (read := _width(styled["width"])):
        width = read
        left["style"] = _STYLED_WIDTH.sub(";", left["style"], count=1).strip("; ")
    if read := _width(left.get("width", "")):
        width = read
        del left["width"]
    lost = (*image.lost, *(f'{name}="{value}"' for name, value in left.items() if value))
    return replace(
        image, title=title, classes=classes, identifier=identifier, width=width, lost=lost
    )


def plain_caption(text: str) -> str:
    """A caption's text without its tags, links and emphasis, on one line."""
    text = _MARKDOWN_LINK.sub(r"\g<text>", _TAG.sub("", text))
    return unescaped(" ".join(_EMPHASIS.sub("", text).split()))


def _width(text: str) -> str:
    """A width as `Image` has it; "" for one in other units."""
    match = _WIDTH.fullmatch(text.strip().removesuffix("/"))  # <img width=300/>
    if match is None:
        return ""
    return match["number"] or f"{match['percent']}%"
