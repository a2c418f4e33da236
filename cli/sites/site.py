"""Where pictures lie, and how a page reaches them."""

import os
import re
from dataclasses import field, replace
from pathlib import Path
from urllib.parse import quote

from gatereel.cli.posts.comments import SUFFIXES
from gatereel.cli.sites.addresses import check_url
from gatereel.cli.sites.bounds import real
from gatereel.cli.sites.conventions import Conventions
from gatereel.cli.sites.engine import BESIDE, Placement
from gatereel.cli.sites.kinds import built_folders, check_kind
from gatereel.cli.sites.memory import Memory, remembered
from gatereel.cli.sites.recognise import Recognised, chosen, recognise
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class Site:
    """The options that place pictures; None for those left out.

    What they leave open, a post's `.gatereel.toml` says, and then the engine of its site.
    """

    assets: Path | None = None
    url: str | None = None
    allow_outside: bool = False
    """Whether directives may name files outside of the site."""
    engine: str | None = None
    """Its name; None for the one that the site's files tell."""
    _known: "dict[Path, _Settled]" = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Raise InputError for a URL that is no address of pictures, or an unknown engine."""
        if self.url is not None:
            check_url(self.url)
        if self.engine is not None:
            chosen(self.engine, Path("post.md"))

    def folder(self, post: Path) -> Path:
        """Where the pictures of a post lie, as its path says it."""
        if self.assets is not None:
            return self.assets
        memory = self.memory(post)
        if memory is not None and memory.assets is not None:
            return as_named(memory.assets)
        return as_named(self._placement(post).folder)

    def address(self, post: Path, name: str) -> str:
        """What the page of a post says to get a picture.

        Raises InputError when there is no way from the one to the other.
        """
        prefix = self.prefix(post)
        slash = "" if not prefix or prefix.endswith("/") else "/"
        return f"{prefix}{slash}{quote(name)}"

    def absolute(self, post: Path, name: str) -> str | None:
        """The address of a picture for readers who have no page around it; None if not known."""
        prefix = self.absolute_prefix(post)
        return None if prefix is None else f"{prefix.rstrip('/')}/{quote(name)}"

    def absolute_prefix(self, post: Path) -> str | None:
        """What stands before the names of pictures for them; None where it is not known."""
        placement, url = self._placement(post), self._url(post)
        if url is None:
            return placement.absolute(real(self.folder(post)))
        is_from_top = re.match(r"/(?!/)|\{\{ *site\.baseurl *\}\}", url)
        return placement.origin + url if is_from_top and placement.origin else None

    def prefix(self, post: Path) -> str:
        """What stands before the names of pictures in the page of a post.

        Raises InputError when there is no way from the page to the pictures.
        """
        url = self._url(post)
        if url is not None:
            check_url(url)
            return url
        folder = self.folder(post)
        known = self._placement(post).prefix(real(folder))
        if known is not None:
            return known
        try:
            way = os.path.relpath(folder, post.parent)
        except ValueError:  # another disk, on Windows
            raise InputError(
                f"There is no relative way from {post} to {folder}; give --url."
            ) from None
        return "" if way == "." else quote(Path(way).as_posix())

    def _url(self, post: Path) -> str | None:
        memory = self.memory(post)
        return self.url if self.url is not None or memory is None else memory.url

    def is_placed_by_hand(self, post: Path) -> bool:
        """Whether somebody said where pictures go, or how pages reach them."""
        memory = self.memory(post)
        remembers = memory is not None and bool(memory.assets or memory.url)
        return remembers or any(each is not None for each in (self.assets, self.url, self.engine))

    def conventions(self, post: Path) -> Conventions:
        """What the page of a post takes, and how its readers see it."""
        conventions = self._placement(post).conventions
        if post.suffix.lower() == MDX:
            conventions = replace(conventions, dialect="jsx")
        return conventions

    def words(self, post: Path) -> tuple[tuple[str, str], ...]:
        """Options for all directives of a post that its site remembers."""
        memory = self.memory(post)
        return () if memory is None else memory.words

    def recognised(self, post: Path) -> Recognised | None:
        """The engine of a post's site."""
        return self._settled(post).found

    def memory(self, post: Path) -> Memory | None:
        """What the site of a post remembers. Raises InputError where that cannot be read."""
        return self._settled(post).memory

    def notes(self, post: Path) -> tuple[str, ...]:
        """What is left to do for a post's engine."""
        return self._placement(post).notes

    def _placement(self, post: Path) -> Placement:
        return self._settled(post).placement

    def _settled(self, post: Path) -> "_Settled":
        """What the files around a post say, read once."""
        if post not in self._known:
            memory = remembered(post)
            name = self.engine or (memory.site if memory else None)
            found = recognise(post) if name is None else chosen(name, post)
            placement = Placement(post.parent / BESIDE)
            if found is not None:
                placement = found.engine.place(found.root, real(post.parent) / post.name)
            self._known[post] = _Settled(memory, found, placement)
        return self._known[post]


@dataclass(frozen=True)
class _Settled:
    """What the files around a post say."""

    memory: Memory | None
    found: Recognised | None
    placement: Placement


MDX = ".mdx"


def as_named(path: Path) -> Path:
    """A path as people name it: from the current folder, if it is within."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_absolute() and path.is_relative_to(here) else path


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
