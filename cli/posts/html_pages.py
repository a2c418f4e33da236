"""What of an HTML page lies between tags: not in a tag, a script, code or a comment."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Literal

from gatereel.cli.posts.lines import Role
from gatereel.rnn_math.records import dataclass

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


@dataclass(frozen=True)
class _Region:
    """What is not between tags, from offset to offset; a verbatim element with its tags."""

    start: int
    stop: int
    kind: Literal["tag", "verbatim", "comment"]


@dataclass(frozen=True)
class _Scan:
    """What a text holds in order: its regions, and where comments of ours begin."""

    hidden: Sequence[_Region]
    own: Sequence[int]


def html_roles(lines: Sequence[str]) -> list[Role]:
    """What each line is, by the place where it begins; `lines` have no line ends."""
    hidden = _scan("\n".join(lines)).hidden
    found: list[Role] = []
    at = region = 0
    for line in lines:
        start = at + len(line) - len(line.lstrip(" \t"))
        while region < len(hidden) and hidden[region].stop <= start:
            region += 1
        here = hidden[region] if region < len(hidden) else None
        # A comment of another sort hides its first line, too: it shows nothing.
        is_hidden = here is not None and (
            here.start < start or (here.start == start and here.kind == "comment")
        )
        found.append(Role.HIDDEN if is_hidden else Role.HTML)
        at += len(line) + 1
    return found


def own_comments(lines: Sequence[str]) -> Mapping[int, Sequence[int]]:
    """Columns at which comments of ours begin between tags, by the index of their line."""
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    found: dict[int, list[int]] = {}
    for offset in _scan("\n".join(lines)).own:
        index = bisect_right(starts, offset) - 1
        found.setdefault(index, []).append(offset - starts[index])
    return found


def tags_alone(html: str) -> str:
    """The text with blanks in the place of comments, scripts and the like, as long as it was."""
    kept: list[str] = []
    at = 0
    for region in _scan(html).hidden:
        if region.kind != "tag":
            kept += [html[at : region.start], " " * (region.stop - region.start)]
            at = region.stop
    return "".join([*kept, html[at:]])


def _scan(text: str) -> _Scan:
    hidden: list[_Region] = []
    own: list[int] = []
    at = 0
    while opening := _OPENING.search(text, at):
        if opening[0].startswith("<!--"):
            ends = (opening["own"] or "").endswith("-->")
            at = _behind(_COMMENT_END, text, opening.end() - len("-->") * ends)
            if opening["own"]:
                own.append(opening.start())
            else:
                hidden.append(_Region(opening.start(), at, "comment"))
            continue
        at = _behind(_TAG_END if opening[0][1:2] not in "!?" else _ANY_END, text, opening.end())
        if name := opening["verbatim"]:
            end = re.compile(rf"</{name}\s*>", re.IGNORECASE)
            at = _behind(end, text, at)
        hidden.append(_Region(opening.start(), at, "verbatim" if name else "tag"))
    return _Scan(hidden, own)


def _behind(end: re.Pattern[str], text: str, at: int) -> int:
    """Where what is open at `at` ends; with the text where nothing ends it."""
    found = end.search(text, at) if end is not _TAG_END else end.match(text, at)
    return found.end() if found else len(text)
