"""What stands in a post's block: HTML that every engine lets through, or Markdown alone.

HTML is one <figure>, which CommonMark, GitHub and kramdown all take as a block and leave alone; it
has no blank line, which would end it. Where a post has a paragraph open around the directive, only
what may stand within a paragraph is written.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from gatereel.cli.sites.addresses import in_html, in_markdown

if TYPE_CHECKING:
    from gatereel.scenes.tell.description import DescribedRow, Description

_DARK = "(prefers-color-scheme: dark)"
_STILL = "(prefers-reduced-motion: reduce)"
_MOVING = "(prefers-reduced-motion: no-preference)"

# On a page without a style sheet nothing is wider than the page, and nothing is squashed.
_FITTING = "max-width:100%;height:auto"
_FIGURE = "margin:1em 0"
_SCROLLING = "overflow-x:auto"

_MARKDOWN = re.compile(r"([\\`*_\[\]()#!|$])")


@dataclass(frozen=True)
class Link:
    """A picture as a reader gets it: the address of its film, and of its still.

    A still picture has no `film`; where only the film is used, there is no `still`.
    """

    film: str | None
    still: str | None


@dataclass(frozen=True)
class Figure:
    """All that a block says: addresses, size in pixels, and words."""

    light: Link
    dark: Link | None
    width: int
    height: int
    alt: str
    language: str
    """Code of the words' language, BCP 47."""
    caption: str = ""
    description: "Description[DescribedRow] | None" = None
    tells_height: bool = True
    """Whether the height may be written."""


def picture(figure: Figure, *, in_paragraph: bool) -> str:
    """<picture> with sources for dark pages and for readers who want no motion."""
    lines = [
        "<picture>",
        *(
            f'<source media="{media}" srcset="{in_html(address)}">'
            for media, address in _picture_sources(figure)
        ),
        f"{_image(figure)}",
        "</picture>",
    ]
    return _placed(lines, figure, in_paragraph=in_paragraph)


def video(figure: Figure, *, in_paragraph: bool) -> str:
    """<video> with poster and controls; readers who want no motion get the poster."""
    dark = figure.dark.film if figure.dark else None
    sources = [
        (media, address)
        for media, address in ((f"{_MOVING} and {_DARK}", dark), (_MOVING, figure.light.film))
        if address
    ]
    lines = [
        f'<video autoplay loop muted playsinline controls preload="none"{_size(figure)}'
        f' style="{_FITTING};aspect-ratio:{figure.width}/{figure.height}"'
        f' poster="{in_html(figure.light.still or "")}" aria-label="{_attribute(figure.alt)}">',
        *(
            f'<source media="{media}" src="{in_html(address)}" type="video/mp4">'
            for media, address in sources
        ),
        _image(figure, still=True),
        "</video>",
    ]
    return _placed(lines, figure, in_paragraph=in_paragraph)


def markdown(figure: Figure) -> str:
    """An image in Markdown, and its caption in a paragraph of its own."""
    address = figure.light.film or figure.light.still or ""
    image = f"![{_markdown_text(figure.alt)}]({in_markdown(address)})\n"
    return image + (f"\n*{_markdown_text(figure.caption)}*\n" if figure.caption else "")


def _picture_sources(figure: Figure) -> list[tuple[str, str]]:
    """Media conditions and addresses, of which a browser takes the first that holds."""
    light, dark = figure.light, figure.dark
    found: list[tuple[str, str | None]] = []
    if light.film:
        if dark:
            found.append((f"{_STILL} and {_DARK}", dark.still))
        found.append((_STILL, light.still))
    if dark:
        found.append((_DARK, dark.film or dark.still))
    return [(media, address) for media, address in found if address]


def _image(figure: Figure, *, still: bool = False) -> str:
    address = (None if still else figure.light.film) or figure.light.still or ""
    return (
        f'<img src="{in_html(address)}" alt="{_attribute(figure.alt)}"{_size(figure)}'
        f' style="{_FITTING}">'
    )


def _size(figure: Figure) -> str:
    height = f' height="{figure.height}"' if figure.tells_height else ""
    return f' width="{figure.width}"{height}'


def _placed(lines: Sequence[str], figure: Figure, *, in_paragraph: bool) -> str:
    """The picture with its caption and its description, where they may stand."""
    if in_paragraph:
        return "\n".join([*lines, ""])
    description = _description(figure.description) if figure.description else []
    if figure.caption:
        description = [
            f"<figcaption>{_text(figure.caption)}",
            *description,
            "</figcaption>",
        ]
    return "\n".join(
        [
            f'<figure lang="{_attribute(figure.language)}" style="{_FIGURE}">',
            *lines,
            *description,
            "</figure>",
            "",
        ]
    )


def _description(description: "Description[DescribedRow]") -> list[str]:
    """The rows in order, as a table that opens on demand."""
    headings = "".join(f'<th scope="col">{_text(heading)}</th>' for heading in description.headings)
    rows = [f"<tr>{''.join(map(_column, row.html))}</tr>" for row in description.rows]
    return [
        "<details>",
        f"<summary>{_text(description.summary)}</summary>",
        f'<div style="{_SCROLLING}">',
        "<table>",
        f"<thead><tr>{headings}</tr></thead>",
        "<tbody>",
        *rows,
        "</tbody>",
        "</table>",
        "</div>",
        "</details>",
    ]


def _column(html: str) -> str:
    return f"<td>{_template_free(_on_one_line(html))}</td>"


def _text(text: str) -> str:
    return _template_free(escape(_on_one_line(text), quote=False))


def _attribute(text: str) -> str:
    return _template_free(escape(_on_one_line(text)))


def _on_one_line(text: str) -> str:
    """Text without line ends: a blank line would end the HTML, and the rest would be Markdown."""
    return " ".join(text.split())


def _template_free(html: str) -> str:
    """HTML in which no template language finds its braces: a label may hold any character."""
    return html.replace("{", "&#123;").replace("}", "&#125;")


def _markdown_text(text: str) -> str:
    """Text without any meaning to Markdown, on one line."""
    plain = _MARKDOWN.sub(r"\\\1", _on_one_line(text).replace("&", "&amp;"))
    # Not every engine takes a backslash before these.
    for character in "<>~":
        plain = plain.replace(character, f"&#{ord(character)};")
    return _template_free(plain)
