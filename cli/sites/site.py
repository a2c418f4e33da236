"""Where pictures lie, and how a page reaches them."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gatereel.cli.posts.comments import SUFFIXES
from gatereel.cli.sites.addresses import check_url
from gatereel.cli.sites.bounds import real
from gatereel.cli.sites.conventions import DEFAULT_CONVENTIONS, Conventions
from gatereel.cli.sites.kinds import built_folders, check_kind
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of

DEFAULT_ASSETS = "assets"
"""The folder beside a post."""


@dataclass(frozen=True)
class Site:
    """The options that place pictures; None for those left out."""

    assets: Path | None = None
    url: str | None = None
    allow_outside: bool = False
    """Whether directives may name files outside of the site."""

    def __post_init__(self) -> None:
        """Raise InputError for a URL that is no address of pictures."""
        if self.url is not None:
            check_url(self.url)

    def folder(self, post: Path) -> Path:
        """Where the pictures of a post lie."""
        return post.parent / DEFAULT_ASSETS if self.assets is None else self.assets

    def address(self, post: Path, name: str) -> str:
        """What the page of a post says to get a picture.

        Raises InputError when there is no way from the one to the other.
        """
        if self.url is not None:
            slash = "" if not self.url or self.url.endswith("/") else "/"
            return f"{self.url}{slash}{name}"
        try:
            way = os.path.relpath(self.folder(post) / name, post.parent)
        except ValueError:  # another disk, on Windows
            raise InputError(
                f"There is no relative way from {post} to {self.folder(post)}; give --url."
            ) from None
        return quote(Path(way).as_posix())

    def conventions(self, post: Path) -> Conventions:
        """What the page of a post takes, and how its readers see it."""
        return DEFAULT_CONVENTIONS


def post_files(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """Every post that `paths` name, each once: files as they are, and the posts within folders.

    Raises InputError when a path does not exist, and when there is no post at all.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            within = _posts_in(path)
        elif path.exists():
            check_kind(path)
            within = [path]
        else:
            raise InputError(f"{path} does not exist; name a post, or a folder.")
        for post in within:
            known = found.setdefault(real(post), post)
            if known.is_symlink() and not post.is_symlink():
                found[real(post)] = post
    if not found:
        names = ", ".join(map(str, paths))
        raise InputError(f"{names}: no post here ends in {one_of(SUFFIXES)}.")
    return tuple(found.values())


_PASSED_OVER = frozenset({"node_modules", "__pycache__"})


def _posts_in(folder: Path) -> list[Path]:
    """The posts within a folder at any depth, but in none that is hidden, built or of packages."""
    posts: list[Path] = []
    for root, folders, files in os.walk(folder):
        built = built_folders(Path(root))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _PASSED_OVER and name not in built
        )
        posts += [
            Path(root, name)
            for name in sorted(files)
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith(".")
        ]
    return posts
