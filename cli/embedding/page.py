"""A post with its directives planned: what its blocks will say, and which pictures they need."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from pathlib import Path

from gatereel.cli.embedding.illustration import (
    PICTURE_NAME,
    Illustration,
    Variant,
)
from gatereel.cli.embedding.replacements import Replaced
from gatereel.cli.posts import (
    BlockError,
    Directive,
    Mistake,
    Post,
    file_with,
    find_directives,
    read_post,
    rewrite,
)
from gatereel.cli.sites.bounds import real
from gatereel.rnn_math.records import dataclass

MOST_TRIES = 100
"""How often a post is written in full, to find the blocks that cannot be."""


@dataclass(frozen=True)
class Remark:
    """What is to be said of a post: its line, from 1, or None for the post as a whole."""

    post: Path
    line: int | None
    text: str
    cell: int | None = None
    """That of a notebook in which the line is counted, from 1."""

    def __str__(self) -> str:
        if self.cell is not None:
            return f"{self.post}, cell {self.cell}, line {self.line}: {self.text}"
        place = str(self.post) if self.line is None else f"{self.post}:{self.line}"
        return f"{place}: {self.text}"


@dataclass(frozen=True)
class PictureFile:
    """A file that a block shows."""

    path: Path
    suffix: str
    variant: Variant


@dataclass(frozen=True, eq=False)
class Spot:
    """A directive that can be carried out."""

    directive: Directive
    illustration: Illustration
    markup: str
    files: tuple[PictureFile, ...]


@dataclass(eq=False)
class EmbeddedPost:
    """A post on its way: read, planned, and at last written."""

    path: Path
    root: Path
    """The site that it belongs to."""
    old: bytes
    """As it stands in its file."""
    post: Post
    """With old images made into directives."""
    spots: list[Spot] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    """Lines count in `post`."""
    replaced: Replaced = field(default_factory=Replaced)
    again: "Callable[[], EmbeddedPost] | None" = None
    """Reads and plans the post once more, as its file holds it then."""
    new: Post | None = None
    """As it was written; None while the old one stands."""
    shows_comments: bool = False
    """Whether its engine shows comments to somebody."""
    wants_card: bool = False
    card: PictureFile | None = None
    """The picture for social previews, if one is wanted."""

    @property
    def folder(self) -> Path:
        """Where its directives look for files."""
        return real(self.path.parent)

    @property
    def failures(self) -> list[Remark]:
        """What is wrong, by lines of the post as its file holds it now."""
        line_now = self.lines_now()
        return [self.remark(line_now(remark.line), remark.text) for remark in self.problems]

    @property
    def assumptions(self) -> list[Remark]:
        """What the numbers of its pictures hang on, by lines of the post as its file holds it."""
        line_now = self.lines_now()
        return [
            self.remark(line_now(spot.directive.line), each)
            for spot in self.spots
            for each in spot.illustration.assumptions
        ]

    @property
    def notes(self) -> list[Remark]:
        """What the author may not expect, by lines of the post as its file holds it now."""
        found = [
            (spot.directive.line, note) for spot in self.spots for note in spot.illustration.notes
        ]
        if self.new is not None:
            found += [
                (
                    line,
                    f"this took the place of {self.replaced.was[old]}: {self.replaced.notes[old]}",
                )
                for line, old in self.replaced.lines.items()
            ]
        found += [(self.line_of(line), reason) for line, reason in self.replaced.reasons.items()]
        line_now = self.lines_now()
        return [self.remark(line_now(line), text) for line, text in found]

    def remark(self, line: int | None, text: str) -> Remark:
        """What is to be said of a line of the post as its file holds it now."""
        if line is None or self.post.kind != "notebook":
            return Remark(self.path, line, text)
        cell, within = (self.new or self._before).cell_of(line)
        return Remark(self.path, within, text, cell)

    @cached_property
    def _before(self) -> Post:
        """The post as its file held it when it was read."""
        return read_post(self.old, str(self.path))

    def line_of(self, old_line: int) -> int:
        """Where a line of the old post stands in `post`, in which a directive takes two lines."""
        origins = self.replaced.origins
        return bisect_left(origins, old_line) + 1 if origins else old_line

    def lines_now(self) -> Callable[[int | None], int | None]:
        """From a line of `post` to where it stands in the file, whose blocks may have grown."""
        if self.new is None:
            origins = self.replaced.origins
            return lambda line: origins[line - 1] if line and origins else line
        old, new = self.post, self.new
        before, after = find_directives(old), find_directives(new)

        def line_now(line: int | None) -> int | None:
            part = -1 if line is None else bisect_right(before, line, key=_first_line) - 1
            if line is None or part < 0:
                return line
            end = _last_line(old, before[part])
            if end < line:
                return line + _last_line(new, after[part]) - end
            return line + after[part].line - before[part].line

        return line_now

    @property
    def old_names(self) -> set[str]:
        """Names of pictures in the blocks that stand in the post's file."""
        return {
            name
            for found in find_directives(self.post)
            if isinstance(found, Directive) and found.content
            for name in PICTURE_NAME.findall(
                self.post.text[found.content.start : found.content.stop]
            )
        }

    @property
    def lost_an_image(self) -> bool:
        """Whether an old image would go with nothing in its place."""
        done = {spot.directive for spot in self.spots}
        return any(
            found not in done
            for found in find_directives(self.post)
            if found.line in self.replaced.lines
        )

    def fail(self, spot: Spot, reason: str) -> None:
        """Leave a directive as it is."""
        self.spots.remove(spot)
        self._complain(spot.directive.line, reason)

    def content(self) -> bytes:
        """What the post's file shall hold; a block that cannot be written becomes a problem."""
        markups = {spot.directive: spot.markup for spot in self.spots}
        try:
            written = self._rewritten(markups)
        except BlockError:
            written = self._content_in_parts()
        return file_with(self.old, written, str(self.path))

    def _content_in_parts(self) -> bytes:
        """All blocks that can be written: of those that cannot together, the halves are tried."""
        markups: dict[Directive, str] = {}
        waiting = [list(self.spots)]
        for _ in range(MOST_TRIES):
            if not waiting:
                break
            group = waiting.pop()
            with_these = markups | {spot.directive: spot.markup for spot in group}
            try:
                self._rewritten(with_these)
            except BlockError as error:
                too_deep = {spot for spot in group if spot.directive in error.too_deep}
                if too_deep:
                    for spot in (spot for spot in group if spot in too_deep):
                        self.fail(spot, error.reason)
                    waiting.append([spot for spot in group if spot not in too_deep])
                elif len(group) == 1:
                    self.spots.remove(group[0])
                    self._complain(error.line, error.reason)
                else:
                    middle = len(group) // 2
                    waiting += [group[middle:], group[:middle]]
            else:
                markups = with_these
        for spot in (spot for group in waiting for spot in group):
            self.fail(spot, "too many blocks cannot be written; see to the others first.")
        return self._rewritten(markups)

    def _rewritten(self, markups: dict[Directive, str]) -> bytes:
        return rewrite(self.post, markups, shows_comments=self.shows_comments)

    def _complain(self, line: int | None, reason: str) -> None:
        self.problems.append(Remark(self.path, line, reason))


def _first_line(part: Directive | Mistake) -> int:
    return part.line


def _last_line(post: Post, part: Directive | Mistake) -> int:
    """The last line, from 1, of a directive with its block."""
    if isinstance(part, Mistake):
        return part.line
    return post.index_at((part.block or part.comment).stop - 1) + 1
