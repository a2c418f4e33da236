"""What is known of a site engine: how its sites are told, and where their pictures go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from gatereel.cli.sites.conventions import DEFAULT_CONVENTIONS, Conventions

CELLS = "cells"
"""The folder for pictures within what an engine publishes."""

BESIDE = "assets"
"""The folder for pictures beside a post."""


@dataclass(frozen=True)
class Placement:
    """Where the pictures of a post go, and what its page takes.

    What lies in the folder `published` has addresses that begin with `base`, such as "/blog"; with
    none, a page reaches its pictures by the way from the post's file to theirs.
    """

    folder: Path
    published: Path | None = None
    base: str = ""
    conventions: Conventions = DEFAULT_CONVENTIONS
    notes: tuple[str, ...] = ()
    """What is left to do, or was assumed, each a sentence."""

    def prefix(self, folder: Path) -> str | None:
        """What stands before names of pictures in a folder; None where the engine knows none."""
        if self.published is None or not folder.is_relative_to(self.published):
            return None
        way = folder.relative_to(self.published).as_posix()
        base = self.base.rstrip("/")
        return base if way == "." else f"{base}/{quote(way)}"


Tells = Callable[[Path, Path], str | None]
"""Whether a folder is the top of a site with a post: the name of the file that tells it."""


@dataclass(frozen=True)
class Engine:
    """An engine: `name` on the command line, `title` in sentences."""

    name: str
    title: str
    tells: Tells
    place: Callable[[Path, Path], Placement]
    """Where pictures of a post go, from the site's top and the post."""
    marks: tuple[str, ...] = field(default=())
    """Files at the top of such a site, whatever else may be there."""


def first_of(folder: Path, names: tuple[str, ...]) -> str | None:
    """The first of these files or folders that is there."""
    return next((name for name in names if (folder / name).exists()), None)


def by_mark(*names: str) -> Tells:
    """Told by a file of these names."""
    return lambda folder, post: first_of(folder, names)


def beside(post: Path, conventions: Conventions = DEFAULT_CONVENTIONS) -> Placement:
    """Beside the post, and reached from there."""
    return Placement(post.parent / BESIDE, conventions=conventions)
