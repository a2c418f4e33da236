"""Directives: HTML comments in a post that say which picture stands there."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from gatereel.cli.posts.html_blocks import OWN_COMMENT
from gatereel.cli.posts.lines import ITEM_MARK, Role, below, is_blank
from gatereel.cli.posts.reading import Post

_INDENT = r"(?P<indent>[ \t>]*)"
_OPENING = re.compile(rf"{_INDENT}(?P<mark>{ITEM_MARK})?(?P<start><!--)\s*gatereel\s*:")
_CLOSING = re.compile(rf"{_INDENT}<!--\s*/\s*gatereel\s*-->")
_COMMENT_START, _COMMENT_END = "<!--", "-->"

_BACKTICKS = re.compile("`+")
_ANYWHERE = re.compile(rf"(?<!\\)<!--\s*{OWN_COMMENT}")

LONGEST_DIRECTIVE = 1 << 14
"""Characters; taking words apart takes long where they are long."""

_QUOTING_REASONS = {
    "No closing quotation": "a quotation mark is not closed",
    "No escaped character": "it ends with a backslash",
}
"""What shlex says, in our words."""

_NO_DIRECTIVE = "this closing comment belongs to no directive"


@dataclass(frozen=True)
class Span:
    """Characters of a post's text, from offset `start` to offset `stop`, exclusive."""

    start: int
    stop: int


@dataclass(frozen=True)
class Directive:
    """A directive in a post.

    `line` counts from 1. `words` are what follows `gatereel:`, split as a POSIX shell does.
    `indent` is what stands before the lines of its block: what stands before the comment, spaces,
    tabs, marks of a quote, with spaces for the mark of a list item. `comment` is the directive
    itself. When a block follows, `content` are the whole lines between the directive's
    and the closing comment's, and `block` reaches from one comment to the end of the other.
    """

    line: int
    words: tuple[str, ...]
    indent: str
    comment: Span
    content: Span | None = None
    block: Span | None = None


@dataclass(frozen=True)
class Mistake:
    """A directive or closing comment that cannot be used: its line, from 1, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class _Closing:
    """A closing comment: its line's index, its end's offset, whether it is alone on its line."""

    index: int
    stop: int
    alone: bool


def find_directives(post: Post) -> tuple[Directive | Mistake, ...]:
    """Directives and mistakes, in order of their lines.

    A directive stands alone on its line or lines, in prose. Its block reaches to the next closing
    comment, if that comes before any other directive; a directive without one has no block yet.
    """
    found: list[Directive | Mistake] = []
    is_open = False  # whether the last of `found` takes a closing comment
    for part in _parts(post):
        if not isinstance(part, _Closing):
            found.append(part)
            is_open = True
            continue
        opening = found.pop() if is_open else None
        is_open = False
        if not part.alone:  # nobody knows then where the block ends
            found.append(_shares_its_line(part.index, "closing comment"))
        elif isinstance(opening, Directive):
            found.append(_with_block(post, opening, part))
        else:
            found.append(opening or Mistake(part.index + 1, _NO_DIRECTIVE))
    return tuple(found)


def _with_block(post: Post, directive: Directive, closing: _Closing) -> Directive:
    """The directive with the block that the closing comment ends."""
    last = post.line_at(directive.comment.stop - 1)
    return Directive(
        directive.line,
        directive.words,
        directive.indent,
        directive.comment,
        content=Span(last.next_start, post.lines[closing.index].start),
        block=Span(directive.comment.start, closing.stop),
    )


def _parts(post: Post) -> Iterator[Directive | Mistake | _Closing]:
    """Directives (as yet without blocks), mistakes and closing comments, in order."""
    index = 0
    while index < len(post.lines):
        part, index = _part_at(post, index)
        if part:
            yield part


def _part_at(post: Post, index: int) -> tuple[Directive | Mistake | _Closing | None, int]:
    """What stands at a line, and the index behind its last line."""
    line = post.lines[index]
    if not line.prose:
        return None, index + 1
    if closing := _CLOSING.match(post.text, line.start, line.stop):
        alone = is_blank(post.text[closing.end() : line.stop])
        return _Closing(index, closing.end(), alone), index + 1
    opening = _OPENING.match(post.text, line.start)
    if opening and (line.role is Role.TEXT or not opening["mark"]):
        return _directive(post, index, opening)
    if _COMMENT_START in line.text and (stray := _ANYWHERE.search(_without_code(line.text))):
        if "/" in stray[0]:
            return _Closing(index, line.stop, alone=False), index + 1
        return _shares_its_line(index, "directive"), index + 1
    return None, index + 1


def _without_code(text: str) -> str:
    """A line without its code spans: what stands between two runs of as many backticks."""
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
            kept.append(text[at : runs[index].start()])
            index = alike[-1]
            at = runs[index].end()
        index += 1
    return "".join([*kept, text[at:]])


def _shares_its_line(index: int, what: str) -> Mistake:
    return Mistake(index + 1, f"the {what} shares its line with other text; give it its own")


def _directive(post: Post, index: int, opening: re.Match[str]) -> tuple[Directive | Mistake, int]:
    """The directive whose comment opens at a line, and the index behind its last line."""
    number = index + 1
    # No comment is within it. That bounds the search: many that nothing closes would take long.
    within = post.text.find(_COMMENT_START, opening.end())
    bound = len(post.text) if within < 0 else within + len(_COMMENT_START + _COMMENT_END) - 1
    inner_stop = post.text.find(_COMMENT_END, opening.end(), bound)
    stop = inner_stop + len(_COMMENT_END)
    last = post.index_at(stop - 1)
    inner = post.text[opening.end() : inner_stop]
    if inner_stop < 0 or not all(at.prose for at in post.lines[index : last + 1]):
        return Mistake(number, f"the directive is not closed by {_COMMENT_END}"), index + 1
    if len(inner) > LONGEST_DIRECTIVE:
        return Mistake(
            number,
            f"the directive has {len(inner)} characters, of at most {LONGEST_DIRECTIVE}; "
            "put long texts into a file",
        ), last + 1
    if not is_blank(post.text[stop : post.lines[last].stop]):
        return _shares_its_line(index, "directive"), last + 1
    try:
        words = tuple(shlex.split(_without_quote_marks(inner, opening["indent"])))
    except ValueError as error:
        reason = _QUOTING_REASONS.get(str(error), str(error))
        return Mistake(number, f"the directive cannot be split into words: {reason}"), last + 1
    if not words:
        return Mistake(number, "the directive is empty; name a cell, such as lstm"), last + 1
    comment = Span(opening.start("start"), stop)
    indent = below(opening["indent"], opening["mark"] or "")
    return Directive(number, words, indent, comment), last + 1


def _without_quote_marks(inner: str, indent: str) -> str:
    """A comment's text without the marks of the block quote that its later lines repeat."""
    depth = indent.count(">")
    if not depth:
        return inner
    return re.sub(rf"(?<=[\r\n])(?:[ \t]*>){{1,{depth}}}", "", inner)
