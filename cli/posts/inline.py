"""Where a comment of ours may stand within a line: between tags of HTML, in a table of Markdown."""

import re
from collections.abc import Mapping, Sequence

from gatereel.cli.posts.html_blocks import OWN_COMMENT
from gatereel.cli.posts.html_pages import own_comments
from gatereel.cli.posts.lines import Role
from gatereel.cli.posts.reading import Post

_BACKTICKS = re.compile("`+")
_IN_TEXT = re.compile(rf"(?<!\\)<!--\s*{OWN_COMMENT}")
_IN_JSX = re.compile(r"\{/\*\s*(?:/\s*)?gatereel\s*(?::|\*/)")
_TABLE_RULE = re.compile(r"[ >]*\|?[ :]*-+[ :]*(?:\|[ :]*-*[ :]*)+")


def inline_columns(post: Post) -> Mapping[int, Sequence[int]]:
    """Columns at which comments of ours begin that may stand within their line, by its index.

    Of HTML in Markdown, in each run of its lines as in a page; of tables, outside of code.
    """
    if post.kind == "rst":
        return {}
    if post.kind == "html":
        front = sum(line.role is Role.FRONT_MATTER for line in post.lines)
        return _within_html(post, front, len(post.lines))
    found: dict[int, Sequence[int]] = {}
    for first, last in _runs(post, Role.HTML):
        found |= _within_html(post, first, last)
    patterns = (_IN_TEXT, _IN_JSX) if post.kind == "mdx" else (_IN_TEXT,)
    for index in table_rows(post):
        text = code_masked(post.lines[index].text)
        if columns := sorted(match.start() for each in patterns for match in each.finditer(text)):
            found[index] = columns
    return found


def _within_html(post: Post, first: int, last: int) -> dict[int, Sequence[int]]:
    texts = [line.text for line in post.lines[first:last]]
    found: dict[int, Sequence[int]] = {
        first + index: columns for index, columns in own_comments(texts).items()
    }
    if post.kind == "mdx":
        for index, text in enumerate(texts, first):
            if columns := [match.start() for match in _IN_JSX.finditer(text)]:
                found[index] = sorted({*columns, *found.get(index, ())})
    return found


def table_rows(post: Post) -> Sequence[int]:
    """The lines of tables of Markdown: with `|`, one below the other, the second one a rule."""
    if post.kind in ("html", "rst"):
        return ()
    return tuple(
        index
        for first, last in _runs(post, Role.TEXT, holding="|")
        if last - first > 1 and _TABLE_RULE.fullmatch(post.lines[first + 1].text.rstrip())
        for index in range(first, last)
        if index != first + 1
    )


def _runs(post: Post, role: Role, holding: str = "") -> list[tuple[int, int]]:
    """First lines, and those behind the last, of lines of a role, one below the other."""
    found: list[tuple[int, int]] = []
    for index, line in enumerate(post.lines):
        if line.role is not role or holding not in line.text:
            continue
        if found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found


def code_masked(text: str) -> str:
    """A line with blanks in its code spans: what stands between two runs of as many backticks."""
    if "`" not in text:
        return text
    runs = list(_BACKTICKS.finditer(text))
    closings: dict[int, list[int]] = {}  # by length, indices into `runs`, the first one last
    for index in reversed(range(len(runs))):
        closings.setdefault(len(runs[index][0]), []).append(index)
    kept: list[str] = []
    at = index = 0
    while index < len(runs):
        alike = closings[len(runs[index][0])]
        while alike and alike[-1] <= index:
            alike.pop()
        if alike:
            start = runs[index].start()
            index = alike[-1]
            kept += [text[at:start], " " * (runs[index].end() - start)]
            at = runs[index].end()
        index += 1
    return "".join([*kept, text[at:]])
