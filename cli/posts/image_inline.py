"""Images that share their line with other text, where a directive may do so, too."""

import re
from collections.abc import Mapping

from gatereel.cli.posts.html_pages import tags_alone
from gatereel.cli.posts.image_words import Image
from gatereel.cli.posts.images import ANY_IMAGE, image_alone
from gatereel.cli.posts.inline import code_masked, table_rows
from gatereel.cli.posts.lines import Role
from gatereel.cli.posts.reading import Post
from gatereel.rnn_math.records import dataclass

MOST_LINES = 30
"""Of one tag; in a longer one, nobody would look for an image."""

_TAG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_LEFT_OPEN = re.compile(r"<img\b[^<>]*$", re.IGNORECASE)
"""From the last `<` on."""


@dataclass(frozen=True)
class Inline:
    """An image within a line: offsets in the post's text, and whether a table's row holds it.

    `after` is the index behind the last line of its line's tags.
    """

    image: Image
    start: int
    stop: int
    after: int
    in_row: bool = False


class InlineImages:
    """The images of a post that stand between tags of HTML or in a table of Markdown."""

    def __init__(
        self, post: Post, definitions: Mapping[str, str], *, takes_html: bool = True
    ) -> None:
        self.post = post
        self.takes_html = takes_html
        self.definitions = definitions
        self.rows = frozenset(table_rows(post))
        self._page = tags_alone(post.text) if post.kind == "html" else ""
        self._images: dict[str, Image | None] = {}
        """By their text: where lines go on with each other's tags, each line has all of them."""

    def of(self, old: str, index: int) -> list[Inline]:
        """Those of an old image that begin in a line."""
        return [each for each in self.at(index) if each.image.shows(old)]

    def at(self, index: int) -> list[Inline]:
        """Those that begin in a line."""
        post = self.post
        line = post.lines[index]
        if index in self.rows:
            masked = _comments_masked(code_masked(line.text))
            return self._found(ANY_IMAGE, masked, index, index + 1)
        if not self.takes_html:
            return []
        if post.kind == "html" and line.role is not Role.FRONT_MATTER:
            after = index + 1
            masked = self._page[line.start : line.stop]
            while self._goes_on(masked, index, after):
                after += 1
                masked = self._page[line.start : post.lines[after - 1].stop]
        elif line.role is Role.HTML:
            after = index + 1
            masked = _comments_masked(line.text)
            while self._goes_on(masked, index, after) and post.lines[after].role is Role.HTML:
                after += 1
                masked = _comments_masked(post.text[line.start : post.lines[after - 1].stop])
        else:
            return []
        return self._found(_TAG, masked, index, after)

    def _goes_on(self, masked: str, first: int, after: int) -> bool:
        within = after < len(self.post.lines) and after - first < MOST_LINES
        return within and _LEFT_OPEN.match(masked, max(masked.rfind("<"), 0)) is not None

    def _found(self, pattern: re.Pattern[str], masked: str, index: int, after: int) -> list[Inline]:
        found: list[Inline] = []
        start = self.post.lines[index].start
        for match in pattern.finditer(masked):
            text = self.post.text[start + match.start() : start + match.end()]
            if text not in self._images:
                self._images[text] = image_alone(text, self.definitions)
            if image := self._images[text]:
                span = start + match.start(), start + match.end()
                found.append(Inline(image, *span, after, in_row=index in self.rows))
        return found


def _comments_masked(text: str) -> str:
    """The text with blanks in the place of comments, as long as it was."""
    kept: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start)
        stop = len(text) if end < 0 else end + len("-->")
        kept += [text[at:start], " " * (stop - start)]
        at = stop
    return "".join([*kept, text[at:]])
