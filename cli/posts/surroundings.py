"""What is open around a directive: within a paragraph of raw HTML, no block may stand."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from gatereel.cli.posts.directives import Directive
from gatereel.cli.posts.html_pages import tags_alone
from gatereel.cli.posts.lines import Role
from gatereel.cli.posts.reading import Post

_PHRASING_ONLY = (
    "p|h[1-6]|span|summary|b|i|em|strong|small|mark|u|s|q|cite|code|kbd|sub|sup|abbr|label|button"
    "|legend|a|figure"
)
"""Elements that hold phrasing content alone (HTML Living Standard, 3.2.5.2.5).

And links, which hold nothing that opens on demand, and figures, which have a caption already.
"""

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})

_CLOSING_A_PARAGRAPH = (
    "address|article|aside|blockquote|details|div|dl|fieldset|figcaption|figure|footer|form|header"
    "|hr|main|menu|nav|ol|pre|search|section|table|ul|li|td|th|dd|dt|body"
)
"""Elements that end a paragraph whose end tag is left out (the same, 4.4.1), and their parents."""

_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{_PHRASING_ONLY}|(?P<block>{_CLOSING_A_PARAGRAPH}))(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)


class _Open:
    """Elements that are open, as far as they take no blocks."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.counts: Counter[str] = Counter()

    def read(self, text: str, start: int, stop: int) -> None:
        """Open and close what the tags there do. A closing tag closes what is within, too."""
        for tag in _TAG.finditer(text, start, stop):
            name = tag["name"].lower()
            if tag["block"] or name in _PARAGRAPHS:
                self._close("p")
            if tag["block"]:
                continue
            if tag["close"]:
                self._close(name)
            else:
                self.names.append(name)
                self.counts[name] += 1

    def _close(self, name: str) -> None:
        closed = "" if self.counts[name] else name
        while closed != name:
            closed = self.names.pop()
            self.counts[closed] -= 1


def in_paragraphs(post: Post, directives: Iterable[Directive]) -> frozenset[Directive]:
    """Those of the directives around which an element is open that takes no blocks.

    In Markdown that is one of the raw HTML that the directive stands in, or a table's cell.
    """
    waiting = sorted(directives, key=lambda directive: directive.comment.start, reverse=True)
    text = tags_alone(post.text) if post.kind == "html" else post.text
    found: set[Directive] = set()
    around = _Open()
    for start, stop, is_html in _stretches(post):
        around = around if is_html else _Open()
        at = start
        while waiting and waiting[-1].comment.start < stop:
            directive = waiting.pop()
            if is_html:
                around.read(text, at, directive.comment.start)
                at = directive.comment.start
            if around.names or (directive.inline and not is_html):
                found.add(directive)
        if is_html:
            around.read(text, at, stop)
    return frozenset(found)


def _stretches(post: Post) -> Iterator[tuple[int, int, bool]]:
    """Start, stop, and whether it is HTML, of a post's parts: a page, or the lines of Markdown."""
    if post.kind == "html":
        yield 0, len(post.text), True
        return
    for line in post.lines:
        yield line.start, line.next_start, line.role is Role.HTML
