"""Directives: comments in a post that say which picture stands there."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from gatereel.cli.posts.comments import COMMENTS, HTML_COMMENT, RST_COMMENT, Comment, Kind
from gatereel.cli.posts.html_blocks import OWN_COMMENT
from gatereel.cli.posts.inline import code_masked, inline_columns
from gatereel.cli.posts.lines import BLANKS, ITEM_MARK, Role, below, is_blank
from gatereel.cli.posts.reading import Post
from gatereel.cli.posts.restructured import RST_TAB
from gatereel.rnn_math.records import dataclass

_INDENT = r"(?P<indent>[ \t>]*)"
_RST_MISTAKE = re.compile(
    rf"{_INDENT}(?:<!--\s*/?\s*gatereel\b|\.\.[ \t]+/?gatereel[ \t]*(?:::|-->))"
)
"""A directive as it is written elsewhere, or as reStructuredText writes its own ones."""

_ANYWHERE = re.compile(rf"(?<!\\)<!--\s*{OWN_COMMENT}")

LONGEST_DIRECTIVE = 1 << 14
"""Characters; taking words apart takes long where they are long."""

_QUOTING_REASONS = {
    "No closing quotation": "a quotation mark is not closed",
    "No escaped character": "it ends with a backslash",
}
"""What shlex says, in our words."""

_AS_IN_RST = (
    "in reStructuredText a directive is written .. gatereel: lstm, with one colon, and its closing "
    "comment .. /gatereel"
)
_OUR_BLOCK = re.compile(r"\s*<(?:picture|video|figure|img|a|div|style)\b", re.IGNORECASE)
"""What begins a block between text; a formatter may have put it on lines of its own."""

_EMPTY = "the directive is empty; name a cell, such as lstm"
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
    `syntax` is how the comment is written. One that is `inline` shares its line with other text:
    its block reaches from one comment to the other, whatever the lines.
    """

    line: int
    words: tuple[str, ...]
    indent: str
    comment: Span
    content: Span | None = None
    block: Span | None = None
    syntax: Comment = HTML_COMMENT
    inline: bool = False


@dataclass(frozen=True)
class Mistake:
    """A directive or closing comment that cannot be used: its line, from 1, and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class _Closing:
    """A closing comment: its line's index, offsets, whether it is alone on its line.

    One that is `inline` may end an inline directive.
    """

    index: int
    start: int
    stop: int
    alone: bool
    inline: bool = False


def find_directives(post: Post) -> tuple[Directive | Mistake, ...]:
    """Directives and mistakes, in order of their lines.

    A directive stands alone on its line or lines, in prose, or within a line between tags of HTML
    or in a table of Markdown. Its block reaches to the next closing comment, if that comes before
    any other directive; a directive without one has no block yet.
    """
    return post.once(_found)


def _found(post: Post) -> tuple[Directive | Mistake, ...]:
    found: list[Directive | Mistake] = []
    is_open = False  # whether the last of `found` takes a closing comment
    for part in _parts(post):
        if part is None:  # no block goes from one cell of a notebook to the next
            is_open = False
            continue
        if not isinstance(part, _Closing):
            found.append(part)
            is_open = True
            continue
        opening = found.pop() if is_open else None
        is_open = False
        if isinstance(opening, Directive) and opening.inline:
            found += _closed_inline(post, opening, part)
        elif not (part.alone or (part.inline and opening is None)):
            # Nobody knows then where the block ends.
            found.append(_shares_its_line(part.index, "closing comment"))
        elif isinstance(opening, Directive):
            found.append(_with_block(post, opening, part))
        else:
            found.append(opening or Mistake(part.index + 1, _NO_DIRECTIVE))
    return tuple(found)


def _closed_inline(
    post: Post, directive: Directive, closing: _Closing
) -> tuple[Directive | Mistake, ...]:
    """An inline directive with its block, if the closing comment is its own.

    On another line it is where a block of ours is all that comes before it, or the author's text
    would be taken for one.
    """
    content = Span(directive.comment.stop, closing.start)
    text = post.text[content.start : content.stop]
    if not (closing.alone or closing.inline):
        return directive, _shares_its_line(closing.index, "closing comment")
    if ("\n" in text or "\r" in text) and not _OUR_BLOCK.match(text):
        return directive, Mistake(closing.index + 1, _NO_DIRECTIVE)
    block = Span(directive.comment.start, closing.stop)
    return (replace(directive, content=content, block=block),)


def _with_block(post: Post, directive: Directive, closing: _Closing) -> Directive:
    """The directive with the block that the closing comment ends."""
    last = post.line_at(directive.comment.stop - 1)
    return replace(
        directive,
        content=Span(last.next_start, post.lines[closing.index].start),
        block=Span(directive.comment.start, closing.stop),
    )


def _parts(post: Post) -> Iterator[Directive | Mistake | _Closing | None]:
    """Directives (as yet without blocks), mistakes and closing comments, in order.

    None stands between two cells of a notebook.
    """
    inline = inline_columns(post)
    index = 0
    while index < len(post.lines):
        if post.lines[index].role is Role.BETWEEN:
            yield None
        part, after = _part_at(post, index)
        shares = isinstance(part, Mistake) or (isinstance(part, _Closing) and not part.alone)
        if index in inline and (part is None or shares):
            yield from _inline_parts(post, index, inline[index])
            after = index + 1
        elif part:
            yield part
        index = after


@dataclass(frozen=True)
class _Patterns:
    """What begins a directive in comments of a kind, and a whole closing comment; both inline."""

    comment: Comment
    opening: re.Pattern[str]
    closing: re.Pattern[str]
    inline_opening: re.Pattern[str]
    inline_closing: re.Pattern[str]


@cache
def _patterns_of(kind: Kind) -> tuple[_Patterns, ...]:
    """Those of all comments of a kind of post."""
    return tuple(map(_patterns, COMMENTS[kind]))


def _patterns(comment: Comment) -> _Patterns:
    start, end = map(re.escape, (comment.open, comment.close))
    if comment == RST_COMMENT:
        opening = rf"(?P<start>{start})[ \t]+gatereel[ \t]*:(?!:)"
        closing = rf"(?P<start>{start})[ \t]+/[ \t]*gatereel(?=[ \t]*(?:[\r\n]|$))"
    else:
        opening = rf"(?P<start>{start})\s*gatereel\s*:"
        closing = rf"(?P<start>{start})\s*/\s*gatereel\s*{end}"
    return _Patterns(
        comment,
        re.compile(rf"{_INDENT}(?P<mark>{ITEM_MARK})?{opening}"),
        re.compile(rf"{_INDENT}{closing}"),
        re.compile(rf"(?P<indent>)(?P<mark>)?{opening}"),
        re.compile(closing),
    )


def _part_at(post: Post, index: int) -> tuple[Directive | Mistake | _Closing | None, int]:
    """What stands at a line, and the index behind its last line."""
    line = post.lines[index]
    if not line.prose:
        return None, index + 1
    for patterns in _patterns_of(post.kind):
        if patterns.comment.open not in line.text:
            continue
        if closing := patterns.closing.match(post.text, line.start, line.stop):
            alone = is_blank(post.text[closing.end() : line.stop])
            return _Closing(index, closing.start("start"), closing.end(), alone), index + 1
        opening = patterns.opening.match(post.text, line.start)
        if opening and (line.role is Role.TEXT or not opening["mark"]):
            return _directive(post, index, opening, patterns.comment)
    if post.kind == "rst":
        wrong = _RST_MISTAKE.match(line.text)
        return Mistake(index + 1, _AS_IN_RST) if wrong else None, index + 1
    if post.kind == "html" or HTML_COMMENT.open not in line.text:
        return None, index + 1
    if stray := _ANYWHERE.search(code_masked(line.text)):
        if "/" in stray[0]:
            start = line.start + stray.start()
            return _Closing(index, start, line.stop, alone=False), index + 1
        return _shares_its_line(index, "directive"), index + 1
    return None, index + 1


def _inline_parts(
    post: Post, index: int, columns: Sequence[int]
) -> Iterator[Directive | Mistake | _Closing]:
    """The directives, mistakes and closing comments that begin within a line."""
    line = post.lines[index]
    # Once for all of them: a line of many would take long if each looked at what is around it.
    first = line.stop - len(line.text.lstrip(BLANKS))
    last = line.start + len(line.text.rstrip(BLANKS))
    for start in (line.start + column for column in columns):
        for patterns in _patterns_of(post.kind):
            if closing := patterns.inline_closing.match(post.text, start, line.stop):
                alone = start <= first and last <= closing.end()
                yield _Closing(index, start, closing.end(), alone, inline=True)
            elif opening := patterns.inline_opening.match(post.text, start):
                yield _directive(post, index, opening, patterns.comment, inline=True)[0]
            else:
                continue
            break
        else:
            yield Mistake(index + 1, _EMPTY)


def _shares_its_line(index: int, what: str) -> Mistake:
    return Mistake(index + 1, f"the {what} shares its line with other text; give it its own")


def _directive(
    post: Post, index: int, opening: re.Match[str], comment: Comment, *, inline: bool = False
) -> tuple[Directive | Mistake, int]:
    """The directive whose comment opens at a line, and the index behind its last line."""
    number = index + 1
    inner_stop, stop = _ends(post, index, opening, comment)
    last = post.index_at(stop - 1)
    inner = post.text[opening.end() : inner_stop]
    lines = post.lines[index : max(index, last) + 1]
    is_html = inline and post.kind == "html"  # a line may begin in a tag, and go on between tags
    is_row = inline and lines[0].role is Role.TEXT
    if inner_stop < 0 or not (is_html or all(at.prose for at in lines)) or (is_row and lines[1:]):
        return Mistake(number, f"the directive is not closed by {comment.close}"), index + 1
    if len(inner) > LONGEST_DIRECTIVE:
        return Mistake(
            number,
            f"the directive has {len(inner)} characters, of at most {LONGEST_DIRECTIVE}; "
            "put long texts into a file",
        ), last + 1
    if not inline and not is_blank(post.text[stop : post.lines[last].stop]):
        return _shares_its_line(index, "directive"), last + 1
    try:
        words = tuple(shlex.split(_without_quote_marks(inner, opening["indent"])))
    except ValueError as error:
        reason = _QUOTING_REASONS.get(str(error), str(error))
        return Mistake(number, f"the directive cannot be split into words: {reason}"), last + 1
    if not words:
        return Mistake(number, _EMPTY), last + 1
    span = Span(opening.start("start"), stop)
    return Directive(number, words, _below(opening), span, syntax=comment, inline=inline), last + 1


def _below(opening: re.Match[str]) -> str:
    """The indent of what stands below a directive."""
    return below(opening["indent"], opening["mark"] or "")


def _ends(post: Post, index: int, opening: re.Match[str], comment: Comment) -> tuple[int, int]:
    """Where the text of a comment ends and where the comment does; -1 first where nothing does."""
    if not comment.close:
        last, indent = index, _below(opening)
        while last + 1 < len(post.lines) and _goes_on(post.lines[last + 1].text, indent):
            last += 1
        return post.lines[last].stop, post.lines[last].stop
    # No comment is within it. That bounds the search: many that nothing closes would take long.
    within = post.text.find(comment.open, opening.end())
    bound = len(post.text) if within < 0 else within + len(comment.open + comment.close) - 1
    inner_stop = post.text.find(comment.close, opening.end(), bound)
    return inner_stop, inner_stop + len(comment.close)


def _goes_on(text: str, indent: str) -> bool:
    """Whether a line belongs to the comment above it in reStructuredText: it is deeper."""
    deep = len(text.expandtabs(RST_TAB)) - len(text.expandtabs(RST_TAB).lstrip(" "))
    return not is_blank(text) and deep > len(indent.expandtabs(RST_TAB))


def _without_quote_marks(inner: str, indent: str) -> str:
    """A comment's text without the marks of the block quote that its later lines repeat."""
    depth = indent.count(">")
    if not depth:
        return inner
    return re.sub(rf"(?<=[\r\n])(?:[ \t]*>){{1,{depth}}}", "", inner)
