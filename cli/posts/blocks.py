"""Blocks: what stands between a directive and its closing comment, written anew."""

import re
import shlex
from collections.abc import Mapping, Sequence, Set
from itertools import zip_longest

from gatereel.cli.posts.comments import (
    DEFINITION,
    HTML_COMMENT,
    MDX_COMMENT,
    RST_COMMENT,
    Comment,
)
from gatereel.cli.posts.directives import Directive, Mistake, find_directives
from gatereel.cli.posts.front_matter import is_deck
from gatereel.cli.posts.lines import TAB_WIDTH, Line, Role, is_blank
from gatereel.cli.posts.reading import Post, encode, post_of
from gatereel.cli.posts.structure import CODE_INDENT
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass

CLOSING = "/gatereel"
"""What a closing comment says."""


class BlockError(InputError):
    """A block that cannot be written: the directive's line, from 1, and why.

    `too_deep` are all directives of which this is known to be the reason.
    """

    def __init__(
        self, name: str, line: int, reason: str, too_deep: Set[Directive] = frozenset()
    ) -> None:
        super().__init__(f"{name}, line {line}: {reason}")
        self.line = line
        self.reason = reason
        self.too_deep = too_deep


def rewrite(post: Post, markups: Mapping[Directive, str], *, shows_comments: bool = False) -> bytes:
    r"""The post's bytes with the given markup in the directives' blocks.

    Markup is text with \n line ends and closes what it opens. It gets the directive's indent and
    line ends; a missing closing comment is added. Blocks of other directives, and everything
    outside blocks, stay as they are. Doing it again changes nothing. Where the engine
    `shows_comments`, directives become what it does not show.

    Raw HTML in Markdown goes on to the next blank line. So a blank line stands before the closing
    comment where text follows that the HTML would swallow. An image in Markdown within raw HTML
    gets a blank line before it, or it would be shown as letters. An inline directive has its block
    in its line.

    Raises BlockError, naming the line, when a directive could not be found again as it is: it
    stands so deep that Markdown takes a part of its block for code, or it stands behind a block
    whose old content, raw HTML, went on to it.
    """
    wanted = _wanted(post, shows_comments=shows_comments)
    found = find_directives(post)
    bare = _bare(post, found, wanted)
    within = {directive for directive in markups if bare.role_of(directive) is Role.HTML}
    tight = _write(post, markups, wanted, within, spaced=frozenset())
    spaced = {
        directive
        for directive in markups
        if tight.role_after(directive) is Role.HTML is not bare.role_after(directive)
    }
    written = _write(post, markups, wanted, within, spaced) if spaced else tight
    _check(post, found, markups, written)
    return encode(written.post.text)


@dataclass(frozen=True)
class _Written:
    """A post with blocks written, and the offset behind each one's closing line."""

    post: Post
    ends: Mapping[Directive, int]

    def closing_line(self, directive: Directive) -> Line:
        """The last line of a block."""
        return self.post.line_at(self.ends[directive] - 1)

    def role_of(self, directive: Directive) -> Role:
        """The role of a block's closing line."""
        return self.closing_line(directive).role

    def role_after(self, directive: Directive) -> Role:
        """The role of the line behind a block; TEXT at the end of the post."""
        offset = self.ends[directive]
        if offset >= len(self.post.text):
            return Role.TEXT
        return self.post.line_at(offset).role


def _bare(post: Post, found: Sequence[Directive | Mistake], wanted: Comment | None) -> _Written:
    """The post with all blocks empty: what it is to Markdown does not depend on any picture."""
    empty = {part: "" for part in found if isinstance(part, Directive)}
    return _write(post, empty, wanted, within=frozenset(), spaced=frozenset())


def _write(
    post: Post,
    markups: Mapping[Directive, str],
    wanted: Comment | None,
    within: Set[Directive],
    spaced: Set[Directive],
) -> _Written:
    """The post with the markup in place.

    `wanted` is how directives are to be written, `within` are those within
    raw HTML, `spaced` those with a blank line at their end.
    """
    pieces: list[str] = []
    ends: dict[Directive, int] = {}
    at = length = 0
    for directive in sorted(markups, key=lambda directive: directive.comment.start):
        markup = markups[directive]
        if directive.inline:
            start, stop, block = _inline_block(post, directive, markup, wanted)
        else:
            lines = _content_lines(markup, directive.indent, directive in within)
            syntax = wanted or directive.syntax
            if lines and syntax in (RST_COMMENT, DEFINITION):
                lines = ["", *lines, ""]  # both stand between blank lines
            if directive in spaced:
                lines.append(directive.indent.rstrip())
            start, stop, block = _block(post, directive, lines, wanted)
        pieces += [post.text[at:start], block]
        length += start - at + len(block)
        ends[directive] = length
        at = stop
    pieces.append(post.text[at:])
    text = "".join(pieces)
    return _Written(post if text == post.text else post_of(text, post.name), ends)


def _block(
    post: Post, directive: Directive, lines: Sequence[str], wanted: Comment | None
) -> tuple[int, int, str]:
    """What to replace, from offset to offset, and by what: content and closing line."""
    last = post.line_at(directive.comment.stop - 1)
    line_end = last.end or post.line_end
    content = "".join(line + line_end for line in lines)
    start, opening, syntax = last.next_start, "", directive.syntax
    if wanted and (translated := _translated(post, directive, wanted)) is not None:
        syntax = wanted
        start = directive.comment.start
        opening = translated + post.text[directive.comment.stop : last.next_start]
    if directive.content and directive.block:
        closing = post.line_at(directive.block.stop - 1)
        kept = post.text[directive.content.stop : closing.next_start]
        if syntax != directive.syntax:
            kept = directive.indent + syntax.holding(CLOSING) + closing.end
        return start, closing.next_start, opening + content + kept
    closing_line = directive.indent + syntax.holding(CLOSING) + last.end
    before = "" if last.end else line_end
    return start, last.next_start, opening + before + content + closing_line


def _inline_block(
    post: Post, directive: Directive, markup: str, wanted: Comment | None
) -> tuple[int, int, str]:
    """As `_block`, for a directive that shares its line: all of it goes on there."""
    start, opening, syntax = directive.comment.stop, "", directive.syntax
    if wanted == MDX_COMMENT and (translated := _translated(post, directive, wanted)) is not None:
        start, opening, syntax = directive.comment.start, translated, wanted
    elif syntax == HTML_COMMENT and post.line_at(directive.comment.start).role is Role.TEXT:
        opening = _for_a_row(post.text[directive.comment.start : start], directive.words)
        start = directive.comment.start
    content = "".join(line.strip() for line in markup.split("\n"))
    closing = syntax.holding(CLOSING)
    if not (directive.content and directive.block):
        return start, directive.comment.stop, opening + content + closing
    if syntax == directive.syntax:
        closing = post.text[directive.content.stop : directive.block.stop]
    return start, directive.block.stop, opening + content + closing


def _for_a_row(comment: str, words: Sequence[str]) -> str:
    r"""A comment within a paragraph or a table's cell, without `--`: `-\-lang` says the same.

    Until CommonMark 0.31, and so on GitHub, one that holds `--` is no comment there, but text.
    """
    if "--" not in comment.removeprefix(HTML_COMMENT.open).removesuffix(HTML_COMMENT.close):
        return comment
    return HTML_COMMENT.holding(f"gatereel: {' '.join(map(_without_dashes, words))}")


def _without_dashes(word: str) -> str:
    parts = _DASHES.split(word)
    return "".join(
        "-" + "\\-" * (len(part) - 1) if i % 2 else shlex.quote(part) if part or word == "" else ""
        for i, part in enumerate(parts)
    )


_DASHES = re.compile("(-{2,})")


def _translated(post: Post, directive: Directive, wanted: Comment) -> str | None:
    """The directive's comment as the post needs it; None where it is so, or cannot be.

    MDX refuses a page with a comment of HTML, which directives may have from elsewhere, and a deck
    would show it to the presenter.
    """
    syntax = directive.syntax
    if syntax == wanted:
        return None
    text = post.text[directive.comment.start : directive.comment.stop].strip()
    inner = text.removeprefix(syntax.open).removesuffix(syntax.close).strip()
    return None if wanted.close in inner else wanted.holding(inner)


def _wanted(post: Post, *, shows_comments: bool) -> Comment | None:
    """How a directive has to be written there; None where any of the kind's comments will do."""
    if post.kind == "mdx":
        return MDX_COMMENT
    front = [line.text for line in post.lines if line.role is Role.FRONT_MATTER]
    shown = shows_comments or is_deck(front)
    return DEFINITION if post.kind == "markdown" and shown else None


def _content_lines(markup: str, indent: str, within_html: bool) -> list[str]:
    """The lines of the markup as they stand in the post, without line ends."""
    if not markup.strip():
        return []
    blank = indent.rstrip()
    first = []
    if within_html and not markup.lstrip().startswith("<"):
        first = [blank]
        if len(indent.expandtabs(TAB_WIDTH)) >= CODE_INDENT and not blank:
            indent = ""  # behind a blank line, that deep an indent would make it code
    lines = markup.strip("\n").split("\n")
    return first + [blank if is_blank(line) else indent + line for line in lines]


def _check(
    post: Post,
    found: Sequence[Directive | Mistake],
    markups: Mapping[Directive, str],
    written: _Written,
) -> None:
    """Raise BlockError unless all that was found is found again, with the blocks just written."""
    again = find_directives(written.post)
    for before, after in zip_longest(found, again):
        if _what(before) != _what(after):
            line = before.line if before else len(post.lines)
            raise BlockError(
                post.name,
                line,
                "what stands here would be read otherwise once the block before it is written. "
                "Put a blank line behind that block.",
            )
    stops = {
        written.post.line_at(part.block.stop - 1).stop
        for part in again
        if isinstance(part, Directive) and part.block
    }
    too_deep = tuple(
        directive for directive in markups if written.closing_line(directive).stop not in stops
    )
    if too_deep:
        raise BlockError(
            post.name,
            too_deep[0].line,
            "a part of this directive's block would become code. "
            f"Indent the directive by fewer than {CODE_INDENT} columns.",
            frozenset(too_deep),
        )


def _what(part: Directive | Mistake | None) -> object:
    """What tells one directive or mistake from the next, wherever it stands."""
    return part.words if isinstance(part, Directive) else part and part.reason
