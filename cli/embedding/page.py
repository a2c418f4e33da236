"""A post with its directives planned: what its blocks will say, and which pictures they need."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from os.path import relpath
from pathlib import Path

from gatereel.cli.embedding.illustration import (
    PICTURE_NAME,
    PREFIXED_PICTURE,
    STILL,
    Illustration,
    Variant,
    block,
    illustrate,
)
from gatereel.cli.embedding.legend_request import asks_for_legend, with_defaults
from gatereel.cli.embedding.post_file import read_post_file
from gatereel.cli.embedding.replacements import Replaced, Wanted, replaced
from gatereel.cli.embedding.request import check_files_within
from gatereel.cli.embedding.rst_markup import restructured
from gatereel.cli.posts import (
    BlockError,
    Directive,
    Mistake,
    Post,
    file_with,
    find_directives,
    in_paragraphs,
    read_post,
    rewrite,
)
from gatereel.cli.sites.bounds import check_post_link, real, root_of
from gatereel.cli.sites.engine import BESIDE
from gatereel.cli.sites.site import Site
from gatereel.cli.terminal.failures import reason
from gatereel.rnn_math import InputError

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
    words: tuple[str, ...]
    """Those of the directive behind those that hold for all."""
    illustration: Illustration
    markup: str
    files: tuple[PictureFile, ...]
    post_cells: tuple[str, ...] | None = ()
    """The cells of its post, for a legend that names none; None where not all are known."""


@dataclass(eq=False)
class Page:
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
    again: "Callable[[], Page] | None" = None
    """Reads and plans the post once more, as its file holds it then."""
    new: Post | None = None
    """As it was written; None while the old one stands."""
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
        return not set(self.replaced.lines) <= {spot.directive.line for spot in self.spots}

    def fail(self, spot: Spot, reason: str) -> None:
        """Leave a directive as it is."""
        self.spots.remove(spot)
        self._complain(spot.directive.line, reason)

    def content(self) -> bytes:
        """What the post's file shall hold; a block that cannot be written becomes a problem."""
        markups = {spot.directive: spot.markup for spot in self.spots}
        try:
            written = rewrite(self.post, markups)
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
                rewrite(self.post, with_these)
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
        return rewrite(self.post, markups)

    def _complain(self, line: int | None, reason: str) -> None:
        self.problems.append(Remark(self.path, line, reason))


def read_page(
    path: Path,
    site: Site,
    defaults: Sequence[str],
    replacements: Wanted,
    *,
    card: bool = False,
) -> Page:
    """Read and plan a post.

    `defaults` are words that hold for every directive that does not say otherwise.
    `replacements` are old images that become directives first. With `card`, the first cell gets a
    picture for social previews, too. Raises InputError for a file that is no post or leads out of
    the site, OSError for a file that cannot be read.
    """
    old = read_post_file(path)
    before = read_post(old, str(path))
    made = replaced(before, replacements.cells, defaults, known=replacements.known)
    root = root_of(path.parent)
    again = partial(read_page, path, site, defaults, replacements, card=card)
    page = Page(path, root, old, made.post or before, replaced=made, again=again)
    if find_directives(page.post):
        check_post_link(path, root)
    _plan(page, site, defaults)
    failed = [problem for problem in page.problems if problem.line in made.lines]
    if failed:
        # An image stays until there is a picture in its place.
        page = Page(
            path,
            root,
            old,
            before,
            replaced=replace(made, post=None, lines={}, origins=()),
            again=again,
        )
        _plan(page, site, defaults)
        page.problems += [
            Remark(path, made.lines[line], problem.text)
            for problem in failed
            if (line := problem.line) is not None
        ]
    page.problems += [Remark(path, page.line_of(line), text) for line, text in made.problems]
    if card:
        _add_card(page, site)
    return page


def _add_card(page: Page, site: Site) -> None:
    """Let the first directive that shows a cell have the card among its files."""
    for number, spot in enumerate(page.spots):
        variant = spot.illustration.card
        if variant is not None:
            (page.card,) = _files(variant, site.folder(page.path))
            page.spots[number] = replace(spot, files=(*spot.files, page.card))
            return


def _plan(page: Page, site: Site, defaults: Sequence[str]) -> None:
    parts = find_directives(page.post)
    directives = [part for part in parts if isinstance(part, Directive)]
    page.problems += [
        Remark(page.path, part.line, part.reason) for part in parts if isinstance(part, Mistake)
    ]
    inline = in_paragraphs(page.post, directives)
    post_cells: tuple[str, ...] | None = ()

    def plan(directive: Directive) -> None:
        in_paragraph = directive in inline
        try:
            page.spots.append(
                _spot(
                    page,
                    directive,
                    site,
                    defaults,
                    post_cells,
                    in_paragraph=in_paragraph,
                    is_first=directive is directives[0],
                )
            )
        except Exception as error:  # whatever one directive meets, the others are done
            page.problems.append(Remark(page.path, directive.line, reason(error)))

    for directive in directives:
        if not asks_for_legend(directive.words):
            plan(directive)
    shown = (spot.illustration.subject.cell for spot in page.spots)
    names = dict.fromkeys(cell.name for cell in shown if cell is not None)
    post_cells = None if page.problems else tuple(names)
    for directive in directives:
        if asks_for_legend(directive.words):
            plan(directive)
    page.spots.sort(key=lambda spot: spot.directive.line)
    page.problems.sort(key=lambda problem: problem.line or 0)


def _spot(
    page: Page,
    directive: Directive,
    site: Site,
    defaults: Sequence[str],
    post_cells: tuple[str, ...] | None,
    *,
    in_paragraph: bool,
    is_first: bool,
) -> Spot:
    words = with_defaults(defaults, directive.words)
    if not site.allow_outside:
        check_files_within(directive.words, page.folder, page.root)
    conventions = site.conventions(page.path)
    illustration = illustrate(words, page.folder, post_cells, conventions)
    _check_prefix(page, directive, site)
    if page.post.kind == "html" and illustration.style == "markdown":
        raise InputError("--style markdown: an HTML page takes no Markdown; picture or video.")
    markup = block(
        illustration,
        lambda name: site.address(page.path, name),
        conventions,
        in_paragraph=in_paragraph,
        is_first=is_first,
    )
    folder = site.folder(page.path)
    if page.post.kind == "rst":
        markup = _in_rst(illustration, markup, folder, page)
    files = tuple(file for variant in illustration.variants for file in _files(variant, folder))
    return Spot(directive, words, illustration, markup, files, post_cells)


def _check_prefix(page: Page, directive: Directive, site: Site) -> None:
    """Raise InputError where a block's pictures would get other addresses than somebody gave them.

    What was given by an option that is now left out is not forgotten silently.
    """
    if directive.content is None or site.is_placed_by_hand(page.path):
        return
    content = page.post.text[directive.content.start : directive.content.stop]
    prefix = site.prefix(page.path)
    for before in dict.fromkeys(PREFIXED_PICTURE.findall(content)):
        if before.rstrip("/") not in (prefix.rstrip("/"), BESIDE, f"./{BESIDE}"):
            raise InputError(
                f"its pictures are addressed as {before}..., and would now be as {prefix}/...; "
                f"give --url {before.rstrip('/') or '/'} and --assets as before, or write them "
                "down for all times: gatereel embed --init."
            )


def _files(variant: Variant, folder: Path) -> tuple[PictureFile, ...]:
    return tuple(
        PictureFile(folder / variant.file_name(suffix), suffix, variant)
        for suffix in variant.suffixes
    )


def _in_rst(illustration: Illustration, html: str, folder: Path, page: Page) -> str:
    """The block of reStructuredText; its image is a file, which builders look for and copy."""
    light, subject = illustration.light, illustration.subject
    name = light.file_name(STILL if STILL in light.suffixes else light.suffixes[0])
    return restructured(
        "" if illustration.style == "markdown" else html,
        Path(relpath(folder / name, page.path.parent)).as_posix(),
        subject.alt(),
        subject.caption() if illustration.caption else "",
    )


def _first_line(part: Directive | Mistake) -> int:
    return part.line


def _last_line(post: Post, part: Directive | Mistake) -> int:
    """The last line, from 1, of a directive with its block."""
    if isinstance(part, Mistake):
        return part.line
    return post.index_at((part.block or part.comment).stop - 1) + 1
