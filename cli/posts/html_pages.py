"""Which lines of an HTML page begin between tags: not in a tag, a script, code or a comment."""

import re
from collections.abc import Sequence

from gatereel.cli.posts.lines import Role

_VERBATIM = "pre|script|style|textarea|template|title|xmp|iframe|noembed|noframes|svg|math"
"""Elements whose content is no text of the page, or keeps every space of its lines."""

_OPENING = re.compile(
    r"<!--(?P<own>\s*(?:/\s*)?gatereel\s*(?::|-->))?"
    rf"|<(?P<verbatim>{_VERBATIM})(?=[\s>/])"
    r"|</?[A-Za-z]"
    r"|<[!?]",
    re.IGNORECASE,
)
_COMMENT_END = re.compile("-->")
_TAG_END = re.compile(r"""(?:[^"'>]|"[^"]*"|'[^']*')*+>""")
_ANY_END = re.compile(">")


def html_roles(lines: Sequence[str]) -> list[Role]:
    """What each line is, by the place where it begins; `lines` have no line ends."""
    text = "\n".join(lines)
    hidden = _hidden(text)
    found: list[Role] = []
    at = region = 0
    for line in lines:
        indent = len(line) - len(line.lstrip(" \t"))
        while region < len(hidden) and hidden[region][1] <= at + indent:
            region += 1
        inside = region < len(hidden) and hidden[region][0] < at + indent
        # A comment of another sort hides its first line, too: it shows nothing.
        opens = region < len(hidden) and hidden[region][0] == at + indent and hidden[region][2]
        found.append(Role.HIDDEN if inside or opens else Role.HTML)
        at += len(line) + 1
    return found


def without_hidden(line: str) -> str:
    """A line that begins between tags, without what lies not between tags in it."""
    kept: list[str] = []
    at = 0
    for start, stop, _ in _hidden(line):
        kept.append(line[at:start])
        at = stop
    return "".join([*kept, line[at:]])


def _hidden(text: str) -> list[tuple[int, int, bool]]:
    """Start, stop, and whether it is a comment, of all that lies not between tags, in order."""
    found: list[tuple[int, int, bool]] = []
    at = 0
    while opening := _OPENING.search(text, at):
        if opening[0].startswith("<!--"):
            at = _behind(
                _COMMENT_END, text, opening.end() - (opening["own"] or "").endswith("-->") * 3
            )
            if not opening["own"]:
                found.append((opening.start(), at, True))
            continue
        at = _behind(_TAG_END if opening[0][1:2] not in "!?" else _ANY_END, text, opening.end())
        if name := opening["verbatim"]:
            end = re.compile(rf"</{name}\s*>", re.IGNORECASE)
            at = _behind(end, text, at)
        found.append((opening.start(), at, False))
    return found


def _behind(end: re.Pattern[str], text: str, at: int) -> int:
    """Where what is open at `at` ends; with the text where nothing ends it."""
    found = end.search(text, at) if end is not _TAG_END else end.match(text, at)
    return found.end() if found else len(text)
