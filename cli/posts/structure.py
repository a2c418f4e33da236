"""Which lines of a post are prose: the block structure of Markdown, read line by line.

Source: CommonMark 0.31.2, with four liberties that posts need. A fence within a list or a
paragraph may have any indent (elsewhere people mean a fence by it, too, or see a code span). The
boxes and tabs of MkDocs (`!!! note`, `=== "Tab"`) hold what is indented by four. Regions of
template languages are code. Comments and verbatim elements within other HTML hide their lines.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from gatereel.cli.posts.html_blocks import HtmlBlock, html_block, left_open, starts_other_comment
from gatereel.cli.posts.lines import TAB_WIDTH, LinesWith, Role, is_blank
from gatereel.cli.posts.templates import template_region
from gatereel.rnn_math.records import dataclass

CODE_INDENT = 4
"""Columns from which on an indented line is code (CommonMark 0.31.2, 4.4)."""

MOST_CONTAINERS = 100
"""Quotes and items within each other; marks of more are text. It keeps every line's work bounded,
and no reader has seen half as many."""

_QUOTE = 0
"""Stands for a block quote where a list item has the columns that its content is indented by."""

_QUOTE_MARK = re.compile(r" {0,3}> ?")
_ITEM_MARK = re.compile(r"(?P<mark> {0,3}(?:[-+*]|(?P<number>\d{1,9})[.)]))(?P<space> +|$)")
_BOX = re.compile(r""" {0,3}(?:!!!|\?\?\?\+?|===[!+]?(?= +["'])) +\S.*""")
_HEADING = re.compile(r" {0,3}#{1,6}(?: |$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *$")
_BREAK = re.compile(r" {0,3}(?P<mark>[-*_])[-*_ ]*$")
_LEAST_BREAK = 3
"""Marks of a thematic break."""
_FENCE = re.compile(r"(?P<mark>`{3,})[^`]*$|(?P<tildes>~{3,})")


@dataclass(frozen=True)
class _Fence:
    """An open fence: it ends at a line of as many such characters, or more."""

    mark: str
    any_indent: bool  # of the closing line; otherwise fewer than `CODE_INDENT` columns

    def ends_with(self, text: str) -> bool:
        """Whether the line `text` is this fence's closing line."""
        line = text.strip(" ")
        matches = len(line) >= len(self.mark) and set(line) == set(self.mark[0])
        return matches and (self.any_indent or _indent(text) < CODE_INDENT)


@dataclass(frozen=True)
class _Paragraph:
    """An open paragraph."""


_Leaf = _Fence | _Paragraph | HtmlBlock | None
"""The block at the innermost place that may go on; None after a heading or a blank line."""


def roles(lines: Sequence[str]) -> list[Role]:
    """What each line is; `lines` are those behind the front matter, without their line ends."""
    return _Reader([line.expandtabs(TAB_WIDTH) for line in lines]).read()


def lazy_indents(lines: Sequence[str]) -> dict[int, str]:
    """The indent that a line does without, by the index of each line that does.

    It goes on with a paragraph, by less than the indent of its list or the mark of its quote, or by
    as much as makes code elsewhere. Behind anything but text it would be something else. `lines`
    are those of `roles`.
    """
    reader = _Reader([line.expandtabs(TAB_WIDTH) for line in lines])
    reader.read()
    return {
        index: "".join("> " if columns == _QUOTE else " " * columns for columns in containers)
        for index, containers in reader.lazy.items()
    }


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


class _Reader:
    """Reads lines in order, with tabs as spaces; `containers` are open quotes and list items."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.lines_with = LinesWith(lines)
        self.index = 0
        self.containers: list[int] = []
        self.leaf: _Leaf = None
        self.lazy: dict[int, list[int]] = {}  # the containers that lazy lines leave out
        self.empty_item = False  # whether the line before opened an item and put nothing in it

    def read(self) -> list[Role]:
        found: list[Role] = []
        while self.index < len(self.lines):
            after = self.index
            if not isinstance(self.leaf, _Fence):
                after = template_region(self.lines_with, self.index)
            if after > self.index:
                found += [Role.CODE] * (after - self.index)
                self.leaf = None
                self.index = after
            else:
                found.append(self._read_line(self.lines[self.index]))
                self.index += 1
        return found

    def _read_line(self, line: str) -> Role:
        rest, depth = self._within_containers(line)
        self.empty_item = False
        inside = depth == len(self.containers)
        if inside and isinstance(self.leaf, _Fence):
            return self._read_code(self.leaf, rest)
        if inside and isinstance(self.leaf, HtmlBlock):
            return self._read_html(self.leaf, rest)
        return self._read_other(rest, depth)

    def _within_containers(self, line: str) -> tuple[str, int]:
        """The rest of a line within the open containers, and how many of them go on with it."""
        rest = line
        for depth, columns in enumerate(self.containers):
            if columns == _QUOTE:
                mark = _QUOTE_MARK.match(rest)
                if mark is None:
                    return rest, depth
                rest = rest[mark.end() :]
            elif is_blank(rest):
                return "", self._depth_of_blank(depth)
            elif _indent(rest) >= columns:
                rest = rest[columns:]
            else:
                return rest, depth
        return rest, len(self.containers)

    def _depth_of_blank(self, depth: int) -> int:
        """How many containers go on with a line that is blank behind the first `depth` of them.

        Items do, all but one that has nothing in it yet; a quote does not.
        """
        try:
            return self.containers.index(_QUOTE, depth)
        except ValueError:
            return len(self.containers) - self.empty_item

    def _read_code(self, fence: _Fence, rest: str) -> Role:
        if fence.ends_with(rest):
            self.leaf = None
        return Role.CODE

    def _read_html(self, block: HtmlBlock, rest: str) -> Role:
        if block.hidden_until:
            if block.hidden_until.search(rest):
                self.leaf = replace(block, hidden_until=None)
            return Role.HIDDEN
        if block.end:
            if block.end.search(rest):
                self.leaf = None
            return block.role
        if is_blank(rest):
            self.leaf = None
            return Role.TEXT
        hidden = left_open(rest)
        if hidden and self.lines_with.next_with(hidden, self.index + 1) is not None:
            self.leaf = replace(block, hidden_until=hidden)
        return Role.HIDDEN if starts_other_comment(rest) else block.role

    def _read_other(self, rest: str, depth: int) -> Role:
        """A line that goes on with no fence and no HTML: what it opens, closes or goes on with."""
        was_paragraph = isinstance(self.leaf, _Paragraph)
        in_paragraph = was_paragraph and depth == len(self.containers)
        if in_paragraph and _UNDERLINE.match(rest):
            self.leaf = None
            return Role.TEXT
        rest, opened = self._open_containers(rest, in_paragraph)
        if opened:
            was_paragraph = in_paragraph = False
        if was_paragraph and not in_paragraph and self._is_lazy(rest):
            self.lazy[self.index] = self.containers
            return Role.TEXT
        self.containers = self.containers[:depth] + opened
        self.leaf, role = self._open_leaf(rest, in_paragraph)
        self.empty_item = bool(opened) and opened[-1] != _QUOTE and is_blank(rest)
        if isinstance(self.leaf, HtmlBlock):
            return self._read_html(self.leaf, rest)  # its first line may be its last
        return role

    def _is_lazy(self, rest: str) -> bool:
        """Whether a line goes on with a paragraph whose quote or list item it leaves."""
        if is_blank(rest):
            return False
        leaf, _ = self._open_leaf(rest, in_paragraph=True)
        return isinstance(leaf, _Paragraph)

    def _open_containers(self, rest: str, in_paragraph: bool) -> tuple[str, list[int]]:
        """The rest of a line behind the marks of quotes and items that it opens, and those."""
        opened: list[int] = []
        room = MOST_CONTAINERS - len(self.containers)
        while len(opened) < room and _indent(rest) < CODE_INDENT and not _is_break(rest):
            if quote := _QUOTE_MARK.match(rest):
                opened.append(_QUOTE)
                rest = rest[quote.end() :]
            elif _BOX.match(rest):
                opened.append(_indent(rest) + CODE_INDENT)
                rest = "#"  # its title: a line that nothing goes on with, as a heading
            elif (item := _ITEM_MARK.match(rest)) and _may_open(item, in_paragraph and not opened):
                columns = _content_columns(item)
                opened.append(columns)
                rest = rest[columns:]
            else:
                break
        return rest, opened

    def _open_leaf(self, rest: str, in_paragraph: bool) -> tuple[_Leaf, Role]:
        """The block that a line opens or goes on with, and the line's role."""
        if is_blank(rest):
            return None, Role.TEXT
        text = rest.lstrip(" ")
        deep = _indent(rest) >= CODE_INDENT
        in_list = self.containers.count(_QUOTE) < len(self.containers)
        if (not deep or in_paragraph or in_list) and (fence := _FENCE.match(text)):
            return _Fence(fence["mark"] or fence["tildes"], deep or in_list), Role.CODE
        if deep and in_paragraph:
            self.lazy[self.index] = self.containers
            return _Paragraph(), Role.TEXT
        if deep:
            return None, Role.CODE
        following = self.lines[self.index + 1] if self.index + 1 < len(self.lines) else ""
        if block := html_block(text, following, in_paragraph=in_paragraph):
            return block, block.role
        if _HEADING.match(rest) or _is_break(rest):
            return None, Role.TEXT
        return _Paragraph(), Role.TEXT


def _is_break(rest: str) -> bool:
    """Whether a line is a thematic break: nothing but three marks of a kind, or more."""
    found = _BREAK.match(rest)
    if found is None:
        return False
    return _LEAST_BREAK <= rest.count(found["mark"]) == len(rest) - rest.count(" ")


def _may_open(item: re.Match[str], in_paragraph: bool) -> bool:
    """Within a paragraph, only an item with content opens a list, and only one numbered 1."""
    if not in_paragraph:
        return True
    return not is_blank(item.string[item.end() :]) and int(item["number"] or 1) == 1


def _content_columns(item: re.Match[str]) -> int:
    """The columns that an item's content is indented by; one space where code or nothing is."""
    if len(item["space"]) > CODE_INDENT or is_blank(item.string[item.end() :]):
        return len(item["mark"]) + 1
    return len(item["mark"]) + len(item["space"])
