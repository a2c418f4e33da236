"""What is known of a site engine: how its sites are told, and where their pictures go."""

import re
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from urllib.parse import quote

from gatereel.cli.sites.conventions import DEFAULT_CONVENTIONS, Conventions
from gatereel.rnn_math.records import dataclass

CELLS = "cells"
"""The folder for pictures within what an engine publishes."""

BESIDE = "assets"
"""The folder for pictures beside a post."""


_ORIGIN = re.compile(r"https?://[^/]+|\{\{.*?\}\}", re.IGNORECASE)


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
    own: str = ""
    """The absolute address of what is published, "https://me.org/blog"; "" if it is not known."""

    def prefix(self, folder: Path) -> str | None:
        """What stands before names of pictures in a folder; None where the engine knows none."""
        return self._below(self.base, folder)

    def absolute(self, folder: Path) -> str | None:
        """The same from anywhere; None where that is not known."""
        return self._below(self.own, folder) if self.own else None

    @property
    def origin(self) -> str:
        """What makes an address from the host's top absolute; "" where that is not known."""
        found = _ORIGIN.match(self.own)
        return found[0] if found else ""

    def _below(self, base: str, folder: Path) -> str | None:
        if self.published is None or not folder.is_relative_to(self.published):
            return None
        way = folder.relative_to(self.published).as_posix()
        return base.rstrip("/") if way == "." else f"{base.rstrip('/')}/{quote(way)}"


Tells = Callable[[Path, Path], str | None]
"""Whether a folder is the top of a site with a post: the name of the file that tells it."""


@dataclass(frozen=True)
class SiteEngine:
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
