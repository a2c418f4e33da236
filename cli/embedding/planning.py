"""Reading and planning a post: its directives, and what their blocks will say."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from os.path import relpath
from pathlib import Path

from gatereel.cli.embedding.illustration import (
    PREFIXED_PICTURE,
    STILL,
    Illustration,
    Variant,
    block,
    illustrate,
    writes_html,
)
from gatereel.cli.embedding.kinds import kind_of, with_defaults
from gatereel.cli.embedding.page import EmbeddedPost, PictureFile, Remark, Spot
from gatereel.cli.embedding.post_file import read_post_file
from gatereel.cli.embedding.replacements import Wanted, replaced
from gatereel.cli.embedding.request import check_files_within
from gatereel.cli.embedding.rst_markup import restructured
from gatereel.cli.embedding.tags import in_a_row
from gatereel.cli.options.common import LEGEND
from gatereel.cli.posts import (
    Directive,
    Mistake,
    Role,
    find_directives,
    in_paragraphs,
    read_post,
)
from gatereel.cli.sites.bounds import check_post_link, root_of
from gatereel.cli.sites.conventions import Conventions
from gatereel.cli.sites.engine import BESIDE
from gatereel.cli.sites.site import Site
from gatereel.cli.terminal.failures import reason
from gatereel.rnn_math import InputError


def read_page(
    path: Path,
    site: Site,
    defaults: Sequence[str],
    replacements: Wanted,
    *,
    card: bool | None = None,
) -> EmbeddedPost:
    """Read and plan a post.

    `defaults` are words that hold for every directive that does not say otherwise.
    `replacements` are old images that become directives first. With `card`, the first cell gets a
    picture for social previews, too; None is for what the site remembers. Raises
    InputError for a file that is no post or leads out of the site, OSError for a file that cannot
    be read.
    """
    old = read_post_file(path)
    before = read_post(old, str(path))
    conventions = site.conventions(path)
    made = replaced(
        before,
        replacements.cells,
        defaults,
        known=replacements.known,
        takes_html=not (replacements.cells or replacements.known)
        or writes_html(defaults, path.parent, conventions),
    )
    root = root_of(path.parent)
    again = partial(read_page, path, site, defaults, replacements, card=card)
    shows_comments = conventions.shows_comments
    page = EmbeddedPost(
        path,
        root,
        old,
        made.post or before,
        replaced=made,
        again=again,
        shows_comments=shows_comments,
    )
    if find_directives(page.post):
        check_post_link(path, root)
    _plan(page, site, defaults)
    failed = [problem for problem in page.problems if problem.line in made.lines]
    if failed:
        # An image stays until there is a picture in its place.
        page = EmbeddedPost(
            path,
            root,
            old,
            before,
            replaced=replace(made, post=None, lines={}, origins=()),
            again=again,
            shows_comments=shows_comments,
        )
        _plan(page, site, defaults)
        page.problems += [
            Remark(path, made.lines[line], problem.text)
            for problem in failed
            if (line := problem.line) is not None
        ]
    page.problems += [Remark(path, page.line_of(line), text) for line, text in made.problems]
    memory = site.memory(path)
    if card or (card is None and memory is not None and memory.card):
        page.wants_card = True
        _add_card(page, site)
    return page


def _add_card(page: EmbeddedPost, site: Site) -> None:
    """Let the first directive that shows a cell have the card among its files."""
    for number, spot in enumerate(page.spots):
        variant = spot.illustration.card
        if variant is not None:
            (page.card,) = _files(variant, site.folder(page.path))
            page.spots[number] = replace(spot, files=(*spot.files, page.card))
            return


def _plan(page: EmbeddedPost, site: Site, defaults: Sequence[str]) -> None:
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
        if kind_of(directive.words) != LEGEND:
            plan(directive)
    shown = (spot.illustration.subject.cell for spot in page.spots)
    names = dict.fromkeys(cell.name for cell in shown if cell is not None)
    post_cells = None if page.problems else tuple(names)
    for directive in directives:
        if kind_of(directive.words) == LEGEND:
            plan(directive)
    page.spots.sort(key=lambda spot: spot.directive.line)
    page.problems.sort(key=lambda problem: problem.line or 0)


def _spot(
    page: EmbeddedPost,
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
    is_row = directive.inline and page.post.line_at(directive.comment.start).role is Role.TEXT
    _check_style(page, directive, illustration, conventions, is_row=is_row)
    markup = block(
        illustration,
        lambda name: site.address(page.path, name),
        conventions,
        # Within a line no style sheet can stand before the block.
        in_paragraph=in_paragraph or (directive.inline and conventions.style_apart),
        is_first=is_first,
        absolute=lambda name: site.absolute(page.path, name),
    )
    if is_row:
        markup = in_a_row(markup)
    folder = site.folder(page.path)
    if page.post.kind == "rst":
        markup = _in_rst(illustration, markup, folder, page)
    files = tuple(file for variant in illustration.variants for file in _files(variant, folder))
    return Spot(directive, illustration, markup, files)


def _check_style(
    page: EmbeddedPost,
    directive: Directive,
    illustration: Illustration,
    conventions: Conventions,
    *,
    is_row: bool,
) -> None:
    """Raise InputError for a style that the place of a directive does not take."""
    if illustration.style != "markdown":
        return
    if page.post.kind == "html":
        raise InputError("--style markdown: an HTML page takes no Markdown; picture or video.")
    if not directive.inline:
        return
    if conventions.dialect == "quarto":
        raise InputError(
            "what a page of Quarto shows and what it prints are blocks of lines; give the "
            "directive a line of its own."
        )
    if conventions.shows_comments:
        raise InputError(
            "a comment within a line of a deck is shown to the presenter; give the directive a "
            "line of its own."
        )
    if not is_row:
        raise InputError(
            "between tags, an image in Markdown would be shown as letters; give the directive a "
            "line of its own."
        )


_IMAGE_FOR_FEEDS = re.compile(r"""(?P<source><source\b[^<>]*>)[\s>]*<img src="[^"]*\"""")
"""What has the same address as the sources before it, or that with the site's own before it."""


def _check_prefix(page: EmbeddedPost, directive: Directive, site: Site) -> None:
    """Raise InputError where a block's pictures would get other addresses than somebody gave them.

    What was given by an option that is now left out is not forgotten silently.
    """
    if directive.content is None or site.is_placed_by_hand(page.path):
        return
    content = page.post.text[directive.content.start : directive.content.stop]
    content = _IMAGE_FOR_FEEDS.sub(r"\g<source>", content)
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


def _in_rst(illustration: Illustration, html: str, folder: Path, page: EmbeddedPost) -> str:
    """The block of reStructuredText; its image is a file, which builders look for and copy."""
    light, subject = illustration.light, illustration.subject
    name = light.file_name(STILL if STILL in light.suffixes else light.suffixes[0])
    return restructured(
        "" if illustration.style == "markdown" else html,
        Path(relpath(folder / name, page.path.parent)).as_posix(),
        subject.alt(),
        subject.caption() if illustration.caption else "",
    )
