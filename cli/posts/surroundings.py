"""What is open around a directive: within a paragraph of raw HTML, no block may stand."""

import re
from collections import Counter
from collections.abc import Iterable

from gatereel.cli.posts.directives import Directive
from gatereel.cli.posts.lines import Role
from gatereel.cli.posts.reading import Post

_PHRASING_ONLY = "p|h[1-6]|span|summary|b|i|em|strong|small"
"""Elements that hold phrasing content alone (HTML Living Standard, 3.2.5.2.5)."""

_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{_PHRASING_ONLY})\b[^<>]*>", re.IGNORECASE)


class _Open:
    """Elements that are open, as far as they take no blocks."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.counts: Counter[str] = Counter()

    def read(self, text: str) -> None:
        """Open and close what the tags of a line do. A closing tag closes what is within, too."""
        for tag in _TAG.finditer(text):
            name = tag["name"].lower()
            if not tag["close"]:
                self.names.append(name)
                self.counts[name] += 1
            elif self.counts[name]:
                closed = ""
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
