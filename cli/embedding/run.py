"""Posts, many at once: what is missing is drawn, what is out of date is written."""

from collections.abc import Callable, Mapping, MutableSequence, Sequence
from contextlib import ExitStack, suppress
from dataclasses import field, replace
from os import sep
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING

from gatereel.cli.drawing.collector import Outcomes, drawing
from gatereel.cli.drawing.engine import Engine
from gatereel.cli.drawing.task import task_of
from gatereel.cli.embedding.defaults import as_words
from gatereel.cli.embedding.illustration import Variant
from gatereel.cli.embedding.page import EmbeddedPost, PictureFile, Remark, Spot
from gatereel.cli.embedding.planning import read_page
from gatereel.cli.embedding.post_file import PostChangedError, check_writable, write_post_file
from gatereel.cli.embedding.replacements import Wanted
from gatereel.cli.options.targets import folders_for
from gatereel.cli.posts import read_post
from gatereel.cli.sites.bounds import check_assets, check_picture_link, real
from gatereel.cli.sites.site import Site
from gatereel.cli.terminal.failures import reason
from gatereel.cli.terminal.report import Bar
from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.export import Written

MOST_PLANS = 3
"""How often a post is planned that others write at the same time."""


@dataclass
class EmbedRun:
    """What came of a run so far."""

    drawn: "list[Written]" = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    """Posts that were changed."""
    same: list[Path] = field(default_factory=list)
    """Posts that were looked at and are as they should be."""
    problems: list[Remark] = field(default_factory=list)
    """Of posts that could not be read or written; those of directives are their page's."""


def read_pages(
    posts: Sequence[Path],
    site: Site,
    defaults: Callable[[Path], Sequence[str]],
    replacements: Wanted,
    *,
    card: bool | None = None,
) -> tuple[list[EmbeddedPost], list[Remark]]:
    """Read and plan every post; those that cannot even be read become problems.

    `defaults` gives the words for all directives as they are written in a post of a folder. With
    `card`, each post gets a picture for social previews.
    """
    pages, problems = [], []
    for path in posts:
        try:
            memory = site.memory(path)
            words = (
                *(as_words(memory.words, path.parent, memory.folder) if memory else ()),
                *defaults(path.parent),
            )
            pages.append(read_page(path, site, words, replacements, card=card))
        except OSError as error:
            problems.append(Remark(path, None, f"it cannot be read ({error.strerror})."))
        except Exception as error:  # whatever one post meets, the others are done
            problems.append(_about(path, error))
    return pages, problems


def out_of_date(page: EmbeddedPost, site: Site) -> list[Remark]:
    """What a run would change, a line a directive; the post and its pictures stay as they are."""
    missing = _find_missing([page], site)
    changed = page.content() != page.old
    line_now = page.lines_now()
    found = [
        page.remark(line_now(spot.directive.line), f"{file.path} is missing or out of date.")
        for spot in page.spots
        for file in missing[spot]
    ]
    found += [
        page.remark(line, f"{page.replaced.was[line]} would become {page.replaced.notes[line]}")
        for line in page.replaced.lines.values()
    ]
    if changed and not found:
        found.append(Remark(page.path, None, "what its directives ask for is not what it shows."))
    return found


def unused_pictures(pages: Sequence[EmbeddedPost], site: Site) -> list[Path]:
    """Pictures that blocks showed before and that none of these posts shows any more."""
    used = {file.path.resolve() for page in pages for spot in page.spots for file in spot.files}
    # What a block that could not be renewed shows is still in use.
    kept = {
        (site.folder(page.path) / name).resolve()
        for page in pages
        if page.problems
        for name in page.old_names
    }
    shown = {site.folder(page.path) / name for page in pages for name in page.old_names}
    return sorted(path for path in shown if path.is_file() and path.resolve() not in used | kept)


def draw_and_write(
    pages: MutableSequence[EmbeddedPost], site: Site, engine: Engine, bar: Bar, outcome: EmbedRun
) -> None:
    """Draw what is missing, each picture once, and write every post whose pictures are there.

    A directive whose picture cannot be drawn stays as it is, and nothing is drawn for a post that
    cannot be written: such a page leaves `pages`. `outcome` is kept up to date, so that
    it tells what was done even when the run is interrupted.
    """
    with ExitStack() as stack:
        pages[:] = [page for page in pages if _may_be_written(page, outcome)]
        missing = _find_missing(pages, site)
        for page in pages:
            _make_folder(page, site, missing, stack)
        orders = _orders(pages, missing)
        advance = stack.enter_context(bar(sum(order.frames for order in orders.values())))
        tasks = (
            task_of(mark, order.variant.subject, order.paths, order.frames)
            for mark, order in orders.items()
        )
        drawn = stack.enter_context(drawing(tasks, len(orders), engine, advance))
        results: dict[str, str] = {}
        for place, page in enumerate(pages):
            for spot in list(page.spots):
                reason = _drawn(spot, orders, drawn, results, outcome)
                if reason:
                    page.fail(spot, reason)
            pages[place] = _write(page, site, outcome)


def _may_be_written(page: EmbeddedPost, outcome: EmbedRun) -> bool:
    """Whether a post stays as it is, or can be written; one that cannot is told."""
    try:
        check_writable(page.path)
    except (InputError, OSError) as error:
        if page.content() != page.old:
            outcome.problems.append(_about(page.path, error))
            return False
    return True


Missing = Mapping[Spot, Sequence[PictureFile]]
"""The files of each directive that are not there, or are there as something else."""


def _find_missing(pages: Sequence[EmbeddedPost], site: Site) -> Missing:
    """Look at the pictures of every directive; one that cannot be looked at fails."""
    missing: dict[Spot, Sequence[PictureFile]] = {}
    for page in pages:
        for spot in list(page.spots):
            try:
                missing[spot] = _missing(spot, page, site)
            except Exception as error:  # whatever one directive meets, the others are done
                page.fail(spot, reason(error))
    return missing


def _missing(spot: Spot, page: EmbeddedPost, site: Site) -> list[PictureFile]:
    from gatereel.scenes.fingerprint import fingerprint_in

    check_assets(site.folder(page.path), page.root)
    for file in spot.files:
        check_picture_link(file.path, page.root)
    return [file for file in spot.files if fingerprint_in(file.path) != file.variant.fingerprint]


def _make_folder(page: EmbeddedPost, site: Site, missing: Missing, stack: ExitStack) -> None:
    """Make the folder of a post's pictures if any are to come; it goes if none do."""
    needing = [spot for spot in page.spots if missing[spot]]
    if not needing:
        return
    try:
        stack.enter_context(
            folders_for([f"{site.folder(page.path)}{sep}"], option="--assets", parents=True)
        )
    except Exception as error:  # without a folder, the directives that need none are done
        for spot in needing:
            page.fail(spot, reason(error))


@dataclass(frozen=True, eq=False)
class _Order:
    """A picture that is to be drawn, and all the files it goes to."""

    variant: Variant
    paths: tuple[Path, ...]

    @property
    def frames(self) -> int:
        """Frame times in it."""
        return self.variant.frames(self.paths)


def _orders(pages: Sequence[EmbeddedPost], missing: Missing) -> dict[str, _Order]:
    """What is to be drawn, by fingerprint: each picture once."""
    orders: dict[str, _Order] = {}
    for page in pages:
        for spot in page.spots:
            for file in missing[spot]:
                mark = file.variant.fingerprint
                paths = orders[mark].paths if mark in orders else ()
                path = real(file.path)
                if path not in paths:
                    paths = (*paths, path)
                orders[mark] = _Order(file.variant, paths)
    return orders


def _drawn(
    spot: Spot,
    orders: Mapping[str, _Order],
    drawn: Outcomes,
    results: dict[str, str],
    outcome: EmbedRun,
) -> str:
    """Wait for a directive's pictures; why one of them is not there, or nothing.

    `results` has the same for every picture that was waited for, by fingerprint.
    """
    for mark in dict.fromkeys(file.variant.fingerprint for file in spot.files):
        if mark in orders and mark not in results:
            try:
                outcome.drawn += [_as_named(written) for written in drawn.of(mark)]
                results[mark] = ""
            except Exception as error:  # whatever one picture meets, the others are drawn
                results[mark] = reason(error)
        if results.get(mark):
            return results[mark]
    return ""


def _as_named(written: "Written") -> "Written":
    """The file by its way from the current folder, which is how people name it."""
    with suppress(ValueError):  # another disk, on Windows
        return replace(written, path=Path(relpath(written.path)))
    return written


def _write(page: EmbeddedPost, site: Site, outcome: EmbedRun) -> EmbeddedPost:
    """Write a post if it changes; the page that it has become, where it was changed meanwhile."""
    for _ in range(MOST_PLANS):
        try:
            _write_once(page, outcome)
        except PostChangedError as error:
            again = _planned_again(page, site)
            if again is None:
                outcome.problems.append(_about(page.path, error))
                return page
            page = again
        except Exception as error:  # whatever one post meets, the others are written
            outcome.problems.append(_about(page.path, error))
            return page
        else:
            return page
    outcome.problems.append(Remark(page.path, None, "it changes all the time; try again later."))
    return page


def _write_once(page: EmbeddedPost, outcome: EmbedRun) -> None:
    if page.lost_an_image:
        return
    content = page.content()
    if content == page.old:
        outcome.same.append(page.path)
        return
    was_changed = write_post_file(page.path, page.old, content)
    page.new = read_post(content, str(page.path))
    (outcome.written if was_changed else outcome.same).append(page.path)


def _planned_again(page: EmbeddedPost, site: Site) -> EmbeddedPost | None:
    """The post as its file holds it now; None where it asks for a picture that is not there."""
    if page.again is None:
        return None
    try:
        again = page.again()
    except (InputError, OSError):  # told of the post as it was changed, which is true as well
        return None
    return None if any(_find_missing([again], site).values()) else again


def _about(post: Path, error: Exception) -> Remark:
    """What kept a post from being read or written; it is named once."""
    text = reason(error)
    name = f"{post} "
    return Remark(post, None, f"it {text.removeprefix(name)}" if text.startswith(name) else text)
