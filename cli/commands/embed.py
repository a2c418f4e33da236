"""`gatereel embed`: pictures in posts, where directives ask for them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from gatereel.cli.drawing.options import EngineChoice, engine_options
from gatereel.cli.embedding.defaults import Defaults, default_options
from gatereel.cli.embedding.page import EmbeddedPost, Remark
from gatereel.cli.embedding.preview import on_card
from gatereel.cli.embedding.replacements import CHOICES, Wanted
from gatereel.cli.embedding.request import read_request
from gatereel.cli.embedding.run import (
    EmbedRun,
    draw_and_write,
    out_of_date,
    read_pages,
    unused_pictures,
)
from gatereel.cli.options.common import debug_option, quiet_option
from gatereel.cli.posts.comments import comment_of
from gatereel.cli.sites.conventions import Conventions
from gatereel.cli.sites.engines import HUGO, REPOSITORY
from gatereel.cli.sites.recognise import NAMES, chosen, recognise
from gatereel.cli.sites.site import Site, as_named, post_files
from gatereel.cli.sites.starting import write_memory
from gatereel.cli.terminal.outlet import tell, warn
from gatereel.cli.terminal.report import (
    progress_bar,
    report_assumptions,
    report_note,
    report_written,
)
from gatereel.rnn_math import CELLS, InputError, counted

FAILURE = 1
"""Exit code when a directive could not be carried out, or, with --check, is out of date."""

_EXAMPLES = """\b
Examples:
  gatereel embed post.md
  gatereel embed content/ --assets static/cells --url /cells
  gatereel embed _posts/ --assets assets/cells --url '{{ site.baseurl }}/assets/cells' --lang vi
  gatereel embed post.md --replace-known
  gatereel embed post.md --replace https://example.com/lstm.gif --replace a.gif=gru
  gatereel embed content/ --check
"""
"""The first line keeps the others from being wrapped."""

_HELP = """Put pictures into POST: Markdown, notebooks, HTML, reStructuredText, whole folders.

A directive, a comment on a line of its own, asks for a picture by the options of `gatereel render`:

    <!-- gatereel: lstm --hidden-size 2 --weights model.safetensors -->

Instead of a cell, `legend` asks for the symbols of the cells that the post shows, or that it names:

    <!-- gatereel: legend lstm gru -->

`squash`, `why` and `gradient` ask for what the commands of these names draw:

    <!-- gatereel: gradient rnn lstm gru --timesteps 30 -->

What is missing is rendered, and the markup goes between it and a closing comment. Everything else
in the post stays as it is. Doing it again changes nothing.
"""


@click.command(help=_HELP, epilog=_EXAMPLES)
@click.argument("posts", nargs=-1, type=click.Path(path_type=Path), metavar="POST...")
@click.option(
    "--assets",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder for the pictures. Default: where the site's engine publishes them, or else "
    "assets, beside each post.",
)
@click.option(
    "--url",
    metavar="PREFIX",
    help="What stands before a picture's name in the page: /cells, https://example.com/cells, "
    "'{{ site.baseurl }}/cells'. Default: as the site's engine needs it, or else the way from the "
    "post to the folder.",
)
@click.option(
    "--site",
    "site_engine",
    type=click.Choice(NAMES),
    metavar="ENGINE",
    help="The engine of the site, or none. Default: what the site's own files tell.",
)
@click.option(
    "--init",
    is_flag=True,
    help="Write .gatereel.toml at the top of the site, for what shall hold there from now on.",
)
@default_options
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if a post is out of date.")
@click.option(
    "--replace",
    "old",
    multiple=True,
    metavar="OLD[=CELL]",
    help="Make a directive of every image whose URL or path this is; may be given several times.",
)
@click.option(
    "--replace-known",
    "known",
    is_flag=True,
    help="Make a directive of every picture that gatereel knows: the illustrated cells and their "
    "symbols on Medium, and the LSTM3 pictures of colah's blog, copies of them, too.",
)
@click.option(
    "--cell",
    type=click.Choice(CHOICES),
    help="With --replace: what to show, where neither the file's name nor the alt text names it.",
)
@click.option(
    "--card/--no-card",
    default=None,
    help="For each post a PNG of 1200 x 630 pixels for social previews, of the first cell that it "
    "shows, and the line of front matter that names it.",
)
@engine_options
@click.option(
    "--allow-outside",
    is_flag=True,
    help="Let directives name files outside of the post's site, too: its repository, or the folder "
    "of its engine's configuration. Whoever writes a post can then publish any file you can read.",
)
@quiet_option
@debug_option
@click.pass_context
def embed(
    context: click.Context,
    posts: tuple[Path, ...],
    assets: Path | None,
    url: str | None,
    site_engine: str | None,
    init: bool,
    defaults: Defaults,
    check: bool,
    old: tuple[str, ...],
    known: bool,
    cell: str | None,
    card: bool | None,
    engine: EngineChoice,
    allow_outside: bool,
    quiet: bool,
) -> None:
    """Run `gatereel embed`."""
    if init:
        _start(posts, site_engine)
        return
    if not posts:
        raise click.MissingParameter(ctx=context, param=context.command.params[0])
    if cell and not old:
        raise InputError("--cell says what takes the place of an image; give --replace, too.")
    # What is wrong with the options for all is told once, not at every directive.
    read_request((next(iter(CELLS)), *defaults.words(Path())), Path())
    site = Site(assets, url, allow_outside, site_engine)
    replacements = Wanted(_replacements(old, cell), known)
    pages, problems = read_pages(post_files(posts), site, defaults.words, replacements, card=card)
    outcome = EmbedRun(problems=problems)
    stale: list[Remark] = []
    drawing = engine.engine()
    try:
        if check:
            for page in pages:
                found = out_of_date(page, site)
                stale += found
                outcome.same += [] if found else [page.path]
        else:
            draw_and_write(
                pages,
                site,
                drawing,
                lambda frames: progress_bar(frames, counted(len(pages), "post"), quiet=quiet),
                outcome,
            )
    finally:
        if not quiet:
            _report_sites(pages, site)
        report_written(outcome.drawn, quiet=quiet)
        _report_posts(pages, outcome, stale, quiet=quiet)
        report_assumptions(str(each) for page in pages for each in page.assumptions)
        notes = (*_notes(pages, outcome, site, replacements), *_on_cards(pages, site))
        for note in (*notes, *drawing.notes):
            report_note(note, quiet=quiet)
        failures = [*outcome.problems, *(remark for page in pages for remark in page.failures)]
        for failure in failures:
            warn(str(failure))
    if stale or failures:
        context.exit(FAILURE)


def _start(posts: tuple[Path, ...], engine: str | None) -> None:
    """Write what a site remembers."""
    folder = posts[0] if posts else Path()
    folder = folder if folder.is_dir() else folder.parent
    post = folder / "post.md"
    path = write_memory(recognise(post) if engine is None else chosen(engine, post), folder)
    tell(f"{as_named(path)}  written")


def _report_sites(pages: Sequence[EmbeddedPost], site: Site) -> None:
    """A line a site: what was recognised, and what it means."""
    told: dict[str, None] = {}
    for page in pages:
        found = site.recognised(page.path) if page.spots else None
        if found is None or found.engine is REPOSITORY:
            continue
        prefix = site.prefix(page.path)
        way = f"addressed as {prefix}/" if prefix else "addressed by their names"
        where = f"pictures in {site.folder(page.path)}, {way}"
        absolute = site.absolute_prefix(page.path)
        where += f", in feeds as {absolute}/" if absolute else ""
        where += _told_of_dark(site.conventions(page.path))
        told[f"{found.engine.title} ({found.mark}): {where}"] = None
        told.update(dict.fromkeys(site.notes(page.path)))
    for line in told:
        tell(line)


def _told_of_dark(conventions: Conventions) -> str:
    """When dark pictures are shown, by the site's theme; nothing where a page takes none."""
    if conventions.dialect in ("markdown", "quarto"):
        return ""
    if conventions.dark == "none":
        return "; none dark, for the site has one look"
    return "; dark ones for dark " + ("systems" if conventions.dark == "system" else "pages")


def _replacements(given: Sequence[str], cell: str | None) -> dict[str, str | None]:
    """Old images with what takes their place, or None; `cell` is for those that do not say."""
    found: dict[str, str | None] = {}
    for word in given:
        old, _, choice = word.rpartition("=")
        if not old or choice.lower() not in CHOICES:
            old, choice = word, cell or ""
        chosen = choice.lower() or None
        if found.setdefault(old, chosen) != chosen:
            raise InputError(
                f"--replace {old}: both {found[old]} and {chosen} cannot take its place; "
                "give one of them."
            )
    return found


def _report_posts(
    pages: Sequence[EmbeddedPost], outcome: EmbedRun, stale: Sequence[Remark], *, quiet: bool
) -> None:
    """A line a post that was written or is out of date, and one for all the others."""
    for remark in stale:
        tell(str(remark))
    if quiet:
        return
    for path in outcome.written:
        tell(f"{path}  written")
    looked_at = set(outcome.same)
    same = [page for page in pages if page.spots and not page.problems and page.path in looked_at]
    if same:
        tell(f"{counted(len(same), 'post')} up to date")


def _notes(
    pages: Sequence[EmbeddedPost], outcome: EmbedRun, site: Site, wanted: Wanted
) -> list[str]:
    """What the author may not expect, and what is left to do by hand."""
    notes = [str(note) for page in pages for note in page.notes]
    for image in wanted.cells:
        if not any(image in page.replaced.found for page in pages):
            notes.append(f"--replace {image}: no line of these posts is an image of it.")
    if pages and not any(page.spots or page.problems or page.replaced.found for page in pages):
        if wanted.known:
            notes.append(
                "--replace-known: these posts show none of the pictures that gatereel knows."
            )
        elif not wanted.cells:
            directive = comment_of(str(pages[0].path)).holding("gatereel: lstm")
            notes.append(f"no directive found. It is a line of its own in a post: {directive}")
    unused = unused_pictures(pages, site) if outcome.written else []
    if unused:
        names = ", ".join(map(str, unused))
        notes.append(f"no longer shown by these posts, and left where it is: {names}")
    return notes


def _on_cards(pages: Sequence[EmbeddedPost], site: Site) -> Iterator[str]:
    """What is left to do by hand for the pictures for social previews."""
    for page in pages:
        if not page.wants_card:
            continue
        if page.card is not None and any(page.card in spot.files for spot in page.spots):
            found = site.recognised(page.path)
            left = on_card(
                page,
                site.address(page.path, page.card.path.name),
                listing=found is not None and found.engine is HUGO,
            )
        else:
            no_cell = page.card is None and page.spots
            left = "--card shows a cell, and this post shows none." if no_cell else ""
        if left:
            yield f"{page.path}: {left}"
