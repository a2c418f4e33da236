"""What the pages of a site take, and how their readers see them; markup follows it."""

from typing import Literal

from gatereel.rnn_math.records import dataclass

Dialect = Literal["html", "jsx", "markdown", "quarto", "rst"]
"""What a block is written in: raw HTML, HTML as MDX takes it, Markdown alone, Markdown with a still
for Quarto's PDF, reStructuredText."""

Describe = Literal["text", "table", "none"]
"""The long description: a few sentences, a table of every step, or none."""


@dataclass(frozen=True)
class PageDark:
    """Dark pages as a theme marks them, by CSS selectors of an element around the content.

    `dark` matches where the page is dark, `follows` where it is as dark as the reader's system.
    """

    dark: str
    follows: str | None = None


Dark = Literal["system", "none"] | PageDark
"""When a dark picture is shown: on dark systems, never, or on pages that are dark."""


@dataclass(frozen=True)
class Conventions:
    """How a block is written for one page.

    `attributes` stand in the outer element of raw HTML, such as `markdown="0"`. A style
    sheet stands before the block where the engine takes none within, `style_apart`. An engine that
    `shows_comments` does so to somebody, as slides to the presenter. One that has
    `sizes_in_alt` takes an image's size from its alt text, and cuts what is higher than a slide.
    """

    dialect: Dialect = "html"
    attributes: str = ""
    dark: Dark = "system"
    describe: Describe = "text"
    style_apart: bool = False
    shows_comments: bool = False
    sizes_in_alt: bool = False


DEFAULT_CONVENTIONS = Conventions()
