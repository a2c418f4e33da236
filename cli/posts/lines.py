"""Lines of a post, each with its own line end and with what it is to Markdown."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum

from gatereel.rnn_math.records import dataclass

TAB_WIDTH = 4
"""Columns between tab stops (CommonMark 0.31.2, 2.2)."""


class Role(Enum):
    """What a line is."""

    TEXT = "text"
    """Markdown, a directive on its own included."""
    HTML = "HTML"
    """Part of raw HTML, which ends at a blank line."""
    CODE = "code"
    """Shown letter by letter: fenced, indented, or between tags of a template language."""
    HIDDEN = "hidden"
    """In another comment, or in an element whose content is no HTML, such as <script>."""
    FRONT_MATTER = "front matter"
    """What the engine reads before Markdown starts."""
    BETWEEN = "between cells"
    """No line of the file: it stands before each cell of a notebook."""


@dataclass(frozen=True)
class Line:
    """One line: `start` is its offset in the post's text, `end` its line end, "" at the last."""

    start: int
    text: str
    end: str
    role: Role

    @property
    def prose(self) -> bool:
        """Whether a comment in this line is a comment to the reader's browser."""
        return self.role in (Role.TEXT, Role.HTML)

    @property
    def stop(self) -> int:
        """Offset of the line end."""
        return self.start + len(self.text)

    @property
    def next_start(self) -> int:
        """Offset behind the line end."""
        return self.stop + len(self.end)


ITEM_MARK = r"(?:[-+*]|\d{1,9}[.)])[ \t]+"
"""What begins a list item, for patterns."""


def below(indent: str, mark: str) -> str:
    """What stands before a line below one that begins by `indent` and an item's `mark`."""
    return indent + " " * (
        len((indent + mark).expandtabs(TAB_WIDTH)) - len(indent.expandtabs(TAB_WIDTH))
    )


class LinesWith:
    """Lines, and which of them hold a pattern: each pattern is looked for once, in one pass."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._found: dict[re.Pattern[str], list[int]] = {}

    def next_with(self, pattern: re.Pattern[str], start: int) -> int | None:
        """The index of the first line from `start` on that holds the pattern, or None."""
        if pattern not in self._found:
            self._found[pattern] = [
                index for index, line in enumerate(self.lines) if pattern.search(line)
            ]
        found = self._found[pattern]
        place = bisect_left(found, start)
        return found[place] if place < len(found) else None


_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def split_lines(text: str, start: int = 0) -> list[tuple[int, str, str]]:
    """Lines from `start` on as (offset, text, line end); CRLF, LF and CR are line ends.

    `str.splitlines` also splits at characters that are text to Markdown, such as U+2028.
    """
    found = _LINE.finditer(text, start)
    lines = [(match.start(), match[1], match[2]) for match in found]
    return lines[:-1] or lines  # the last match is the empty one at the end of the text


BLANKS = " \t"


def is_blank(text: str) -> bool:
    """Whether a line holds nothing but spaces and tabs."""
    return not text.strip(BLANKS)
