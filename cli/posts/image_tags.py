"""Images by tags: of HTML, of Hugo's shortcodes, of Liquid's includes."""

import re
from dataclasses import replace

from gatereel.cli.posts.image_attributes import html_attributes, placed, plain_caption
from gatereel.cli.posts.image_words import Image

_ATTRIBUTES = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_IN_TEMPLATE = r"""(?:[^%>"'{}]|"[^"]*"|'[^']*')*"""
_WRAPPERS = "p|center|div|figure|picture|a|span"

_TAG = re.compile(
    rf"<img\b(?P<img>{_ATTRIBUTES})>"
    rf"|\{{\{{[<%]\s*(?:figure|img|image)\b(?P<shortcode>{_ATTRIBUTES}?)/?[%>]\}}\}}"
    rf"|\{{%-?\s*include(?:_cached)?\s+(?P<file>[\w./-]++)(?P<include>{_IN_TEMPLATE})%\}}"
    rf"|<(?P<wrapper>{_WRAPPERS})\b(?P<around>{_ATTRIBUTES})>"
    rf"|</(?P<closed>{_WRAPPERS})\s*>"
    rf"|<source\b{_ATTRIBUTES}>"
    r"|<figcaption\b[^>]*>(?P<figcaption>.*?)</figcaption>"
    r"|<(?P<small>em|i|small)>(?P<caption>[^<]*)</(?P=small)>"
    r"|<br\s*/?>|\s+",
    re.IGNORECASE | re.DOTALL,
)

_IMAGE_FILE = re.compile("figure|image|img|picture", re.IGNORECASE)
"""In the name of what is included."""

_PATHS = ("src", "path", "image_path", "img", "image", "file", "filename", "url", "image_url")
"""Names that shortcodes and includes have for the file, the surest first."""

_CAPTIONS = ("caption", "description")

_OPENING = re.compile(
    r"<img\b|\{\{[<%]\s*(?:figure|img|image)\b|\{%-?\s*include(?:_cached)?\s", re.IGNORECASE
)
_ENDS = {"<": ">", "{{": "}}", "{%": "%}"}


def is_tag(text: str) -> bool:
    """Whether a line begins with a tag rather than with Markdown."""
    return text.startswith(("<", "{{<", "{{%", "{%"))


def is_left_open(text: str) -> bool:
    """Whether a line begins the tag of an image that goes on in the next line."""
    opening = _OPENING.match(text)
    if opening is None:
        return False
    return not any(end in text for start, end in _ENDS.items() if text.startswith(start))


def tagged_image(text: str) -> Image | None:
    """The one image of a line that holds nothing but tags which place it, closed where opened."""
    images: list[Image] = []
    around: list[str] = []
    link = caption = classes = ""
    lost: list[str] = []
    at = 0
    while at < len(text):
        tag = _TAG.match(text, at)
        if tag is None or (tag["file"] and not _IMAGE_FILE.search(tag["file"])):
            return None
        at = tag.end()
        if tag["img"] is not None:
            images.append(_html_image(html_attributes(tag["img"])))
        elif (words := tag["shortcode"] or tag["include"]) is not None:
            images.append(_template_image(words))
        elif tag["wrapper"]:
            attributes = html_attributes(tag["around"])
            around.append(tag["wrapper"].lower())
            match around[-1]:
                case "a":
                    link = attributes.pop("href", "")
                case "figure":
                    classes = attributes.pop("class", "")
                case "center":
                    lost.append(tag[0])
            lost += [f'{name}="{value}"' for name, value in attributes.items()]
        elif tag["closed"]:
            if not around or around.pop() != tag["closed"].lower():
                return None
        elif text_below := tag["figcaption"] or tag["caption"]:
            caption = plain_caption(text_below)
    if around or len(images) != 1 or not images[0].destination:
        return None
    (image,) = images
    return replace(
        image,
        link=link or image.link,
        caption=caption or image.caption,
        classes=f"{classes} {image.classes}".strip(),
        lost=(*lost, *image.lost),
    )


def _html_image(attributes: dict[str, str]) -> Image:
    image = Image(attributes.get("alt", ""), attributes.get("src", ""))
    return placed(image, attributes)


def _template_image(words: str) -> Image:
    """An image of a shortcode or an include; a value without quotes may be a variable."""
    attributes = html_attributes(words)
    path = next((name for name in _PATHS if attributes.get(name)), None)
    destination = attributes.pop(path) if path else ""
    captions = [attributes.pop(name) for name in _CAPTIONS if name in attributes]
    image = Image(
        attributes.pop("alt", ""),
        destination,
        caption=plain_caption(next(filter(None, captions), "")),
        link=attributes.pop("link", ""),
    )
    return placed(image, attributes)
