"""Images of reStructuredText: `.. image::` and `.. figure::` with their options and caption.

Source: docutils, "reStructuredText Directives", images.
"""

import re
from collections.abc import Sequence

from gatereel.cli.posts.image_words import Image
from gatereel.cli.posts.lines import is_blank
from gatereel.cli.posts.restructured import RST_TAB

_IMAGE = re.compile(r"(?P<indent> *)\.\. +(?P<name>image|figure):: +(?P<destination>\S.*)")
_OPTION = re.compile(r":(?P<name>[A-Za-z-]+):(?: +(?P<value>.*))?")
_PIXELS = re.compile(r"(?P<number>\d+)(?:px)?|(?P<share>\d+(?:\.\d+)?%)")


def restructured_image(texts: Sequence[str]) -> tuple[Image, int] | None:
    """The image that the first of these lines begins, and how many lines it has; None for others.

    What a figure holds beside its caption has no place in a directive, so such a one is none.
    """
    begun = _IMAGE.fullmatch(texts[0].expandtabs(RST_TAB).rstrip())
    if begun is None:
        return None
    within = _within(texts, len(begun["indent"]))
    options = [line.strip() for line in _until_blank(within)]
    found = [_OPTION.fullmatch(line) for line in options]
    rest = [line.strip() for line in within[len(options) :]]
    paragraphs = "\n".join(rest).strip().split("\n\n") if any(rest) else []
    if None in found or len(paragraphs) > (begun["name"] == "figure"):
        return None
    values = {match["name"].lower(): match["value"] or "" for match in found if match}
    caption = " ".join(" ".join(paragraphs).split())
    image = Image(
        alt=values.pop("alt", ""),
        destination="".join(begun["destination"].split()),
        caption="" if caption in ("", "..") else caption,
        link=values.pop("target", ""),
        classes=values.pop("class", ""),
        identifier=values.pop("name", ""),
        width=_width(values),
        lost=tuple(f":{name}: {value}".strip() for name, value in values.items()),
    )
    return image, 1 + len(within)


def _within(texts: Sequence[str], indent: int) -> list[str]:
    """The lines that belong to what the first one began, without blank ones at their end."""
    found: list[str] = []
    for text in (text.expandtabs(RST_TAB) for text in texts[1:]):
        if not is_blank(text) and len(text) - len(text.lstrip(" ")) <= indent:
            break
        found.append(text)
    while found and is_blank(found[-1]):
        found.pop()
    return found


def _until_blank(lines: Sequence[str]) -> list[str]:
    blank = (i for i, line in enumerate(lines) if is_blank(line))
    return list(lines[: next(blank, len(lines))])


def _width(values: dict[str, str]) -> str:
    """The width in pixels or as a share, taken out of the options; others stay there."""
    width = _PIXELS.fullmatch(values.get("width", ""))
    if width is None:
        return ""
    del values["width"]
    return width["number"] or width["share"]
