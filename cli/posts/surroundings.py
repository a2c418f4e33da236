"""What is open around a directive: within a paragraph of raw HTML, no block may stand."""

import re

from cli.posts.directives import Directive
from cli.posts.lines import Role
from cli.posts.reading import Post

_PHRASING_ONLY = "p|h[1-6]|span|summary|b|i|em|strong|small"
"""Elements that hold phrasing content alone (HTML Living Standard, 3.2.5.2.5)."""

_TAG = re.compile(rf"<(?P<close>/?)(?P<name>{_PHRASING_ONLY})\b[^<>]*>", re.IGNORECASE)


def in_paragraph(post: Post, directive: Directive) -> bool:
    """Whether raw HTML around the directive has an element open that takes no blocks."""
    index = post.index_at(directive.comment.start)
    first = index
    while first > 0 and post.lines[first - 1].role is Role.HTML:
        first -= 1
    is_open: list[str] = []
    for line in post.lines[first:index]:
        for tag in _TAG.finditer(line.text):
            name = tag["name"].lower()
            if not tag["close"]:
                is_open.append(name)
            elif name in is_open:
                del is_open[len(is_open) - 1 - is_open[::-1].index(name) :]
    return bool(is_open)
