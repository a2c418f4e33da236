"""What stands in a post's block where raw HTML does not pass: Markdown alone."""

import re
from dataclasses import replace

from gatereel.cli.embedding.markup import Figure
from gatereel.cli.embedding.tags import on_one_line, template_free
from gatereel.cli.sites.addresses import in_markdown

ON_A_SLIDE = 420
"""Pixels of a slide's 720, of which its edges take 140 and a caption of two lines 116."""

_QUOTE = '"'
_MEANING = re.compile(r"""["'<>&\\`$|*_~\[\]]""")
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
        return f"{_quarto_image(figure, still or film or '')}\n"
    shown = (
        ('when-format="html"', film),
        ('unless-format="html"', still),
    )
    blocks = [
        f"::: {{.content-visible {condition}}}\n{_quarto_image(figure, address)}\n:::\n"
        for condition, address in shown
    ]
    return "\n".join(blocks)


def _quarto_image(figure: Figure, address: str) -> str:
    """An image alone in its paragraph, whose text is its caption to Quarto, with its attributes.

    `fig-alt` is the alternative text (quarto.org, "Figures").
    """
    listed = [
        *([f"#{figure.identifier}"] if figure.identifier else []),
        *(f".{name}" for name in figure.classes.split()),
        f'fig-alt="{_in_a_list(figure.alt)}"',
        *([f"width={figure.display_width}"] if figure.display_width else []),
    ]
    image = _image(replace(figure, alt=figure.caption, link=""), address)
    image += f"{{{' '.join(listed)}}}"
    return f"[{image}]({in_markdown(figure.link)})" if figure.link else image


def _in_a_list(text: str) -> str:
    """Text between quotation marks of Pandoc's attribute list."""
    return template_free(_MEANING.sub(lambda found: f"&#{ord(found[0])};", on_one_line(text)))


def _image(figure: Figure, address: str) -> str:
    title = f' "{markdown_text(figure.title).replace(_QUOTE, "&#34;")}"' if figure.title else ""
    size = f"{_size_in_alt(figure)} " if figure.conventions.sizes_in_alt else ""
    image = f"![{size}{markdown_text(figure.alt)}]({in_markdown(address)}{title})"
    return f"[{image}]({in_markdown(figure.link)})" if figure.link else image


def _size_in_alt(figure: Figure) -> str:
    """How large a slide shows the picture: `w:600px`, or so high that its caption has room, too.

    Source: marpit.marp.app, "Image syntax".
    """
    width = figure.display_width
    if width:
        return f"w:{width}px" if width.isdigit() else f"w:{width}"
    return f"h:{min(figure.height, ON_A_SLIDE)}px"


def markdown_text(text: str) -> str:
    """Text without any meaning to Markdown, on one line."""
    plain = _MARKDOWN.sub(r"\\\1", on_one_line(text).replace("&", "&amp;"))
    # Not every engine takes a backslash before these.
    for character in "<>~":
        plain = plain.replace(character, f"&#{ord(character)};")
    return template_free(plain)
