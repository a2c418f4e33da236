"""What belongs to a site: directives read there alone, and no link is followed out of it."""

import os
from pathlib import Path

from gatereel.cli.sites.engines import ENGINES
from gatereel.rnn_math import InputError

_OTHERS = (
    ".hg",
    "gatsby-config.js",
    "gatsby-config.ts",
    "next.config.js",
    "next.config.mjs",
    "myst.yml",
    "config.toml",
)

SITE_MARKS = (".git", *(mark for engine in ENGINES for mark in engine.marks), *_OTHERS)
"""What stands at the top of a site: a repository, or the configuration of an engine."""


def root_of(folder: Path) -> Path:
    """The site of a folder, with links resolved: the nearest one upward with a mark, else itself.

    The top of a disk is no site: everything would belong to it.
    """
    folder = real(folder)
    for each in (folder, *folder.parents):
        if each != each.parent and any(os.path.lexists(each / mark) for mark in SITE_MARKS):
            return each
    return folder


def real(path: Path) -> Path:
    """The path without links; unlike `Path.resolve` it takes those that go in a circle."""
    return Path(os.path.realpath(path))


def check_file_within(option: str, name: str, folder: Path, root: Path) -> None:
    """Raise InputError where the file that a directive names, from `folder`, is not in the site."""
    path = real(folder / name)
    if not path.is_relative_to(root):
        raise InputError(
            f"{option} {name} is outside of the site, {root}. A directive reads within it alone: "
            "put the file there, or give --allow-outside if you trust what this post asks for."
        )


def check_post_link(post: Path, root: Path) -> None:
    """Raise InputError where a post is a link to a file that is not in the site."""
    if not real(post).is_relative_to(root):
        raise InputError(
            f"it is a link that leads out of the site, to {real(post)}, and stays as it is; "
            "name that file itself."
        )


def check_assets(folder: Path, root: Path) -> None:
    """Raise InputError where the folder for pictures is in the site, and a link leads out of it.

    A folder that is elsewhere from the start is the user's own word.
    """
    way = Path(os.path.normpath(Path.cwd() / folder))
    if not real(way).is_relative_to(root) and any(
        real(above).is_relative_to(root) for above in way.parents
    ):
        raise InputError(
            f"{folder} is a link that leads out of the site, to {real(way)}; nothing is written "
            f"there. Name that folder itself: --assets {real(way)}, with --url."
        )


def check_picture_link(path: Path, root: Path) -> None:
    """Raise InputError where a picture's file is a link out of the site and of its own folder."""
    target = real(path)
    if not (target.is_relative_to(root) or target.is_relative_to(real(path.parent))):
        raise InputError(
            f"{path} is a link that leads out of the site, to {target}; nothing is written there. "
            "Remove the link."
        )
