"""What stands in a post's block where raw HTML does not pass: Markdown alone."""

import re

from gatereel.cli.embedding.markup import Figure
from gatereel.cli.embedding.tags import on_one_line, template_free
from gatereel.cli.sites.addresses import in_markdown

_QUOTE = '"'
_MARKDOWN = re.compile(r"([\\`*_\[\]()#!|$])")


def markdown(figure: Figure, *, in_paragraph: bool = False) -> str:
    """An image in Markdown, and its caption in a paragraph of its own where one may stand."""
    image = _image(figure, figure.light.film or figure.light.still or "")
    if in_paragraph or not figure.caption:
        return f"{image}\n"
    return f"{image}\n\n*{markdown_text(figure.caption)}*\n"


def quarto(figure: Figure) -> str:
    """An image for web pages, and the still for what is printed."""
    film, still = figure.light.film, figure.light.still
    if film is None or still is None:
        return markdown(figure)
    shown = (
        ('when-format="html"', film),
        ('unless-format="html"', still),
    )
    blocks = [
        f"::: {{.content-visible {condition}}}\n{_image(figure, address)}\n:::\n"
        for condition, address in shown
    ]
    caption = [f"*{markdown_text(figure.caption)}*\n"] if figure.caption else []
    return "\n".join([*blocks, *caption])


def _image(figure: Figure, address: str) -> str:
    title = f' "{markdown_text(figure.title).replace(_QUOTE, "&#34;")}"' if figure.title else ""
    image = f"![{markdown_text(figure.alt)}]({in_markdown(address)}{title})"
    return f"[{image}]({in_markdown(figure.link)})" if figure.link else image


def markdown_text(text: str) -> str:
    """Text without any meaning to Markdown, on one line."""
    plain = _MARKDOWN.sub(r"\\\1", on_one_line(text).replace("&", "&amp;"))
    # Not every engine takes a backslash before these.
    for character in "<>~":
        plain = plain.replace(character, f"&#{ord(character)};")
    return template_free(plain)
