"""Notes, books, slides and plain repositories: pictures lie beside the text."""

from dataclasses import replace
from itertools import takewhile
from pathlib import Path

from gatereel.cli.posts.front_matter import is_deck
from gatereel.cli.sites.conventions import Conventions
from gatereel.cli.sites.engine import CELLS, Placement, SiteEngine, beside, by_mark, first_of
from gatereel.cli.sites.settings import json_of, text_of

_QUARTO = ("_quarto.yml", "_quarto.yaml", "_bookdown.yml")
_BOOKDOWN = _QUARTO[-1]
_QUARTO_SUFFIX = ".qmd"
_FENCE = "---"
_SLIDES = Conventions(dialect="markdown", shows_comments=True)
_MDBOOK, _OBSIDIAN = "book.toml", ".obsidian"


def _quarto_tells(folder: Path, post: Path) -> str | None:
    mark = first_of(folder, _QUARTO)
    is_alone = folder == post.parent and not any(first_of(up, _QUARTO) for up in post.parents)
    return mark or (post.name if is_alone and post.suffix.lower() == _QUARTO_SUFFIX else None)


def _quarto(root: Path, post: Path) -> Placement:
    # Raw HTML is left out of a PDF, and what it names is not copied. R Markdown takes HTML, and
    # knows nothing of Quarto's blocks.
    is_quarto = first_of(root, _QUARTO) != _BOOKDOWN
    return beside(post, Conventions(dialect="quarto" if is_quarto else "html"))


def _obsidian(root: Path, post: Path) -> Placement:
    folder = str(json_of(root / _OBSIDIAN / "app.json").get("attachmentFolderPath", ""))
    if folder in ("", "/", "./"):
        return beside(post)
    if folder.startswith("./"):
        return Placement(post.parent / folder[2:])
    return Placement(root / folder)


def _marp_tells(folder: Path, post: Path) -> str | None:
    return post.name if folder == post.parent and _says_marp(post) else None


def _says_marp(post: Path) -> bool:
    """Whether a deck's front matter says that it is Marp's."""
    first, *lines = text_of(post).splitlines() or [""]
    front = takewhile(lambda line: line.strip() != _FENCE, lines)
    return first.strip() == _FENCE and is_deck(list(front))


def _marp(root: Path, post: Path) -> Placement:
    return beside(post, replace(_SLIDES, sizes_in_alt=True))


def _slidev_tells(folder: Path, post: Path) -> str | None:
    return "package.json" if '"@slidev/cli"' in text_of(folder / "package.json") else None


def _slidev(root: Path, post: Path) -> Placement:
    public = root / "public"
    return Placement(public / CELLS, public, "/", _SLIDES)


QUARTO = SiteEngine("quarto", "Quarto", _quarto_tells, _quarto, _QUARTO)
MDBOOK = SiteEngine(
    "mdbook", "mdBook", by_mark(_MDBOOK), lambda root, post: beside(post), (_MDBOOK,)
)
OBSIDIAN = SiteEngine("obsidian", "Obsidian", by_mark(_OBSIDIAN), _obsidian, (_OBSIDIAN,))
MARP = SiteEngine("marp", "Marp", _marp_tells, _marp)
SLIDEV = SiteEngine("slidev", "Slidev", _slidev_tells, _slidev)
REPOSITORY = SiteEngine(
    "repository", "a plain repository", by_mark(".git", ".hg"), lambda root, post: beside(post)
)
