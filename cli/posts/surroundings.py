"""What is open around a directive: within a paragraph of raw HTML, no block may stand."""

import re
from collections import Counter
from collections.abc import Iterable

from gatereel.cli.posts.directives import Directive
from gatereel.cli.posts.lines import Role
from gatereel.cli.posts.reading import Post

_PHRASING_ONLY = "p|h[1-6]|span|summary|b|i|em|strong|small"
"""Elements that hold phrasing content alone (HTML Living Standard, 3.2.5.2.5)."""

_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6"})

_CLOSING_A_PARAGRAPH = (
    "address|article|aside|blockquote|details|div|dl|fieldset|figcaption|figure|footer|form|header"
    "|hr|main|menu|nav|ol|pre|search|section|table|ul|li|td|th|dd|dt|body"
)
"""Elements that end a paragraph whose end tag is left out (the same, 4.4.1), and their parents."""

_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{_PHRASING_ONLY}|(?P<block>{_CLOSING_A_PARAGRAPH}))\b[^<>]*>",
    re.IGNORECASE,
)


class _Open:
    """Elements that are open, as far as they take no blocks."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.counts: Counter[str] = Counter()

    def read(self, text: str) -> None:
        """Open and close what the tags of a line do. A closing tag closes what is within, too."""
        for tag in _TAG.finditer(text):
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
    """Those of the directives around which raw HTML has an element open that takes no blocks."""
    at = {post.index_at(directive.comment.start): directive for directive in directives}
    found: set[Directive] = set()
    around = _Open()
    for index, line in enumerate(post.lines):
        if index in at and around.names:
            found.add(at[index])
        if line.role is Role.HTML:
            around.read(line.text)
        elif around.names:
            around = _Open()
    return frozenset(found)
