"""Which lines of reStructuredText are prose: not literal blocks, not other comments.

Source: docutils, reStructuredText Markup Specification, "Literal Blocks" and "Explicit Markup".
"""

import re
from collections.abc import Sequence

from gatereel.cli.posts.lines import Role, is_blank

RST_TAB = 8
"""Columns between tab stops."""

_EXPLICIT = re.compile(r"(?P<indent> *)\.\.(?: +(?P<text>.*))?$")
_OWN = re.compile(r"/?\s*gatereel\b")
_DIRECTIVE = re.compile(
    r"(?:\|[^|]+\| +)?(?P<name>[A-Za-z0-9](?:[\w.+:-]*?[A-Za-z0-9])?) ?::(?: |$)"
)
_NO_COMMENT = re.compile(r"_|\[[^\]]+\] |__ |\|")
"""What begins explicit markup of another sort: targets, footnotes, substitutions."""

_VERBATIM = frozenset(
    [
        "code",
        "code-block",
        "sourcecode",
        "highlight",
        "literalinclude",
        "parsed-literal",
        "math",
        "raw",
        "csv-table",
        "productionlist",
        "prompt",
        "ipython",
        "doctest",
        "testcode",
        "testoutput",
        "testsetup",
        "testcleanup",
        "mermaid",
        "graphviz",
        "digraph",
        "graph",
        "plot",
        "uml",
    ]
)
"""Directives of docutils and Sphinx whose content is no reStructuredText."""


def rst_roles(lines: Sequence[str]) -> list[Role]:
    """What each line is; `lines` have no line ends."""
    found: list[Role] = []
    verbatim: tuple[int, Role] | None = None  # deeper lines than so many columns are of that role
    for line in (line.expandtabs(RST_TAB) for line in lines):
        indent = len(line) - len(line.lstrip(" "))
        if verbatim and (is_blank(line) or indent > verbatim[0]):
            found.append(verbatim[1])
            continue
        verbatim = _opened(line, indent)
        found.append(Role.HIDDEN if verbatim and verbatim[1] is Role.HIDDEN else Role.TEXT)
    return found


def _opened(line: str, indent: int) -> tuple[int, Role] | None:
    """What a line opens: from which columns on, lines are of which role."""
    explicit = _EXPLICIT.match(line)
    text = (explicit["text"] or "") if explicit else line
    if explicit is None:
        return (indent, Role.CODE) if line.rstrip().endswith("::") else None
    if directive := _DIRECTIVE.match(text):
        return (indent, Role.CODE) if directive["name"].lower() in _VERBATIM else None
    if _OWN.match(text) or _NO_COMMENT.match(text):
        return None
    return (indent, Role.HIDDEN)
