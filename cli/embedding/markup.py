"""What stands in a post's block where raw HTML passes: one <figure>.

CommonMark, GitHub and kramdown all take it as a block and leave it alone; it has no blank line,
which would end it. Where a post has a paragraph open around the directive, only what may stand
within a paragraph is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING

from gatereel.cli.embedding.tags import (
    Value,
    Writer,
    in_attribute,
    in_text,
    on_one_line,
    template_free,
)
from gatereel.cli.sites.addresses import in_html
from gatereel.cli.sites.conventions import DEFAULT_CONVENTIONS, Conventions, PageDark
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.tell.description import DescribedRow, Description

_DARK = "(prefers-color-scheme: dark)"
_NARROW = "(max-width: 600px)"
_STILL = "(prefers-reduced-motion: reduce)"
_MOVING = "(prefers-reduced-motion: no-preference)"

# On a page without a style sheet nothing is wider than the page, and nothing is squashed.
_FITTING = {"max-width": "100%", "height": "auto"}
_FIGURE = {"margin": "1em 0"}
_SCROLLING = {"overflow-x": "auto"}
_TABLE = {"white-space": "nowrap"}
"""On a narrow screen a table scrolls rather than have one word a line."""

LIGHT_CLASS, DARK_CLASS = "gatereel-light", "gatereel-dark"


@dataclass(frozen=True)
class Link:
    """A picture as a reader gets it: the address of its film, and of its still.

    A still picture has no `film`; where only the film is used, there is no `still`.
    """

    film: str | None
    still: str | None


@dataclass(frozen=True)
class Narrow:
    """A picture for narrow screens, light and dark, and its size in pixels."""

    light: Link
    dark: Link | None
    width: int
    height: int


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
    summary: str = ""
    """What opens the long description."""
    sentences: tuple[str, ...] = ()
    """The long description as a few sentences, HTML."""
    table: "Description[DescribedRow] | None" = None
    """The long description as a table."""
    tells_height: bool = True
    """Whether the height may be written."""
    is_first: bool = True
    """Whether it is the first of its page: it is loaded at once."""
    display_width: str = ""
    """How wide it is shown: pixels, or a share such as "60%"; "" as it is."""
    title: str = ""
    classes: str = ""
    identifier: str = ""
    link: str = ""
    """Where the picture leads."""
    narrow: Narrow | None = None
    """What screens narrower than the picture's words can be read on get."""
    absolute: Mapping[str, str] = field(default_factory=dict)
    """Addresses that hold outside of the page, too, by those that the page itself gets."""
    conventions: Conventions = field(default=DEFAULT_CONVENTIONS)


def picture(figure: Figure, *, in_paragraph: bool) -> str:
    """<picture> with sources for dark pages and for readers who want no motion."""
    writer = _writer(figure)
    if not _is_dark_by_page(figure):
        lines = _one_picture(
            figure, figure.light, figure.dark, figure.narrow, is_alone=in_paragraph
        )
        return _placed(lines, figure, in_paragraph)
    narrow = figure.narrow
    light = None if narrow is None else replace(narrow, dark=None)
    lines = _linked(figure, _one_picture(figure, figure.light, None, light, is_alone=in_paragraph))
    if in_paragraph or figure.dark is None:
        return _placed(lines, figure, in_paragraph)
    dark = None if narrow is None else replace(narrow, light=narrow.dark or narrow.light, dark=None)
    return _placed(
        [
            *_wrapped(lines, writer, {"class": LIGHT_CLASS}),
            # Where no style sheet reaches, such as in a feed, one picture is seen.
            *_wrapped(
                _linked(
                    figure,
                    _one_picture(figure, figure.dark, None, dark, is_lazy=True),
                ),
                writer,
                {"class": DARK_CLASS, "hidden": True},
            ),
        ],
        figure,
        in_paragraph,
    )


def video(figure: Figure, *, in_paragraph: bool) -> str:
    """<video> with poster and controls; readers who want no motion get the poster."""
    writer = _writer(figure)
    dark = figure.dark.film if figure.dark else None
    sources = [
        (media, address)
        for media, address in ((f"{_MOVING} and {_DARK}", dark), (_MOVING, figure.light.film))
        if address
    ]
    attributes: dict[str, Value] = {
        "autoplay": True,
        "loop": True,
        "muted": True,
        "playsinline": True,
        "controls": True,
        "preload": "none",
        **(_marks(figure) if in_paragraph else {}),
        **_size(figure),
        "style": {**_shown(figure), "aspect-ratio": f"{figure.width}/{figure.height}"},
        "poster": in_html(figure.light.still or ""),
        "aria-label": in_attribute(figure.alt),
    }
    lines = [
        writer.open("video", attributes),
        *(
            writer.void("source", {"media": media, "src": in_html(address), "type": "video/mp4"})
            for media, address in sources
        ),
        _image(figure, figure.light, still=True),
        "</video>",
    ]
    return _placed(lines, figure, in_paragraph)


def _is_dark_by_page(figure: Figure) -> bool:
    return isinstance(figure.conventions.dark, PageDark) and figure.dark is not None


def _writer(figure: Figure) -> Writer:
    return Writer("jsx" if figure.conventions.dialect == "jsx" else "html")


def _one_picture(
    figure: Figure,
    light: Link,
    dark: Link | None,
    narrow: Narrow | None,
    *,
    is_lazy: bool = False,
    is_alone: bool = False,
) -> list[str]:
    writer = _writer(figure)
    lines = [
        writer.open("picture"),
        *_narrow_sources(narrow, writer),
        *(
            writer.void("source", {"media": media, "srcset": in_html(address)})
            for media, address in _sources(light, dark)
        ),
        *_on_the_page(figure, light, writer),
        _image(figure, light, is_lazy=is_lazy, is_alone=is_alone),
        "</picture>",
    ]
    return lines


def _on_the_page(figure: Figure, link: Link, writer: Writer) -> list[str]:
    """What a browser takes before the image, whose address is for feeds and mail.

    These leave sources out. A copy of the site elsewhere shows its own pictures so.
    """
    address = link.film or link.still or ""
    if address not in figure.absolute:
        return []
    return [writer.void("source", {"srcset": in_html(address)})]


def _narrow_sources(narrow: Narrow | None, writer: Writer) -> list[str]:
    """What comes first, for a browser takes the first that holds; in its own size."""
    if narrow is None:
        return []
    size = {"width": str(narrow.width), "height": str(narrow.height)}
    light = narrow.light
    sources = [*_sources(light, narrow.dark), ("", light.film or light.still or "")]
    return [
        writer.void(
            "source",
            {
                "media": f"{_NARROW} and {media}" if media else _NARROW,
                "srcset": in_html(address),
                **size,
            },
        )
        for media, address in sources
    ]


def _sources(light: Link, dark: Link | None) -> list[tuple[str, str]]:
    """Media conditions and addresses, of which a browser takes the first that holds."""
    found: list[tuple[str, str | None]] = []
    if light.film:
        if dark:
            found.append((f"{_STILL} and {_DARK}", dark.still))
        found.append((_STILL, light.still))
    if dark:
        found.append((_DARK, dark.film or dark.still))
    return [(media, address) for media, address in found if address]


def _image(
    figure: Figure,
    link: Link,
    *,
    still: bool = False,
    is_lazy: bool = False,
    is_alone: bool = False,
) -> str:
    """The <img>; where it is alone, no <figure> has its class and id."""
    address = (None if still else link.film) or link.still or ""
    lazy = is_lazy or not figure.is_first
    attributes: dict[str, Value] = {
        "src": in_html(figure.absolute.get(address, address)),
        "alt": in_attribute(figure.alt),
        "title": in_attribute(figure.title) or None,
        **(_marks(figure) if is_alone else {}),
        **_size(figure),
        "style": _shown(figure),
        "loading": "lazy" if lazy else None,
        "decoding": "async" if lazy else None,
    }
    return _writer(figure).void("img", attributes)


def _marks(figure: Figure) -> dict[str, Value]:
    """By what the author's style sheet and links find it."""
    return {
        "id": in_attribute(figure.identifier) or None,
        "class": in_attribute(figure.classes) or None,
    }


def _size(figure: Figure) -> dict[str, Value]:
    width, height = figure.width, figure.height
    if figure.display_width.isdigit():
        width, height = (
            int(figure.display_width),
            round(height * int(figure.display_width) / figure.width),
        )
    return {"width": str(width), "height": str(height) if figure.tells_height else None}


def _shown(figure: Figure) -> dict[str, str]:
    """How a picture fits where it stands."""
    share = figure.display_width if figure.display_width.endswith("%") else ""
    return {**({"width": share} if share else {}), **_FITTING}


def _linked(figure: Figure, lines: list[str]) -> list[str]:
    if not figure.link:
        return lines
    return _wrapped(lines, _writer(figure), {"href": in_html(figure.link)}, "a")


def _wrapped(
    lines: Sequence[str], writer: Writer, attributes: Mapping[str, Value], name: str = "div"
) -> list[str]:
    return [writer.open(name, attributes), *lines, f"</{name}>"]


def _placed(lines: list[str], figure: Figure, in_paragraph: bool) -> str:
    """The picture with its caption and its description, where they may stand."""
    if not _is_dark_by_page(figure):
        lines = _linked(figure, lines)
    if in_paragraph:
        return "\n".join([*lines, ""])
    writer = _writer(figure)
    described = _description(figure, writer)
    if figure.caption:
        described = [*writer.begun("figcaption", figure.caption), *described, "</figcaption>"]
    attributes: dict[str, Value] = {
        "lang": in_attribute(figure.language),
        **_marks(figure),
        "style": _FIGURE,
    }
    outer = writer.open("figure", attributes)
    if figure.conventions.attributes:
        outer = f"{outer[:-1]} {figure.conventions.attributes}>"
    sheet = _style_sheet(figure, writer)
    apart = [sheet, ""] if sheet and figure.conventions.style_apart else []
    within = [sheet] if sheet and not apart else []
    return "\n".join([*apart, outer, *within, *lines, *described, "</figure>", ""])


def _style_sheet(figure: Figure, writer: Writer) -> str:
    """Which of two pictures a page shows, by how its theme marks it."""
    dark = figure.conventions.dark
    if not isinstance(dark, PageDark) or figure.dark is None:
        return ""
    rules = _exchange(dark.dark)
    if dark.follows:
        rules += f"@media {_DARK}{{{_exchange(dark.follows)}}}"
    return writer.style_sheet(rules)


def _exchange(around: str) -> str:
    return f"{around} .{LIGHT_CLASS}{{display:none}}{around} .{DARK_CLASS}{{display:block}}"


def _description(figure: Figure, writer: Writer) -> list[str]:
    """The long description, which opens on demand."""
    if figure.table is not None:
        within = _table(figure.table, writer)
    elif figure.sentences:
        within = [f"<p>{template_free(on_one_line(' '.join(figure.sentences)))}</p>"]
    else:
        return []
    return ["<details>", f"<summary>{in_text(figure.summary)}</summary>", *within, "</details>"]


def _table(description: "Description[DescribedRow]", writer: Writer) -> list[str]:
    """A row a step, in a box of its own that scrolls."""
    headings = "".join(
        f'<th scope="col">{in_text(heading)}</th>' for heading in description.headings
    )
    rows = [f"<tr>{''.join(map(_column, row.html))}</tr>" for row in description.rows]
    return [
        writer.open("div", {"style": _SCROLLING}),
        writer.open("table", {"style": _TABLE}),
        f"<thead><tr>{headings}</tr></thead>",
        "<tbody>",
        *rows,
        "</tbody>",
        "</table>",
        "</div>",
    ]


def _column(html: str) -> str:
    return f"<td>{template_free(on_one_line(html))}</td>"
