"""Which kinds of post there are, by their names, and how each writes a comment."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from gatereel.rnn_math.records import dataclass

Kind = Literal["markdown", "mdx", "notebook", "html", "rst"]

SUFFIXES: Mapping[str, Kind] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".qmd": "markdown",
    ".rmd": "markdown",
    ".mdx": "mdx",
    ".ipynb": "notebook",
    ".html": "html",
    ".htm": "html",
    ".rst": "rst",
}
"""In lower case. A name with another suffix is Markdown to whoever gives it for a post."""


@dataclass(frozen=True)
class Comment:
    """How a comment is written: what opens it and what closes it.

    `close` is "" where a comment goes on as long as its lines are indented.
    """

    open: str
    close: str

    def holding(self, text: str) -> str:
        """A comment of that text, which does not close it."""
        return f"{self.open} {text} {self.close}".rstrip()


HTML_COMMENT = Comment("<!--", "-->")
MDX_COMMENT = Comment("{/*", "*/}")
RST_COMMENT = Comment("..", "")
DEFINITION = Comment("[//]: # (", ")")
"""A definition of Markdown that nothing refers to: an engine that shows comments does not show it,
as Marp shows them among the notes for the presenter."""

COMMENTS: Mapping[Kind, tuple[Comment, ...]] = {
    "markdown": (HTML_COMMENT, DEFINITION),
    "mdx": (MDX_COMMENT, HTML_COMMENT),
    "notebook": (HTML_COMMENT,),
    "html": (HTML_COMMENT,),
    "rst": (RST_COMMENT,),
}
"""The comments in which a directive may stand; the first is the one that is written."""


@lru_cache
def kind_of(name: str) -> Kind:
    """The kind of the post of that name; each of its lines asks for it."""
    return SUFFIXES.get(Path(name).suffix.lower(), "markdown")


def comment_of(name: str) -> Comment:
    """How the post of that name writes a comment."""
    return COMMENTS[kind_of(name)][0]
