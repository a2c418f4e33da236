"""Which files are no posts: those of another kind, and what an engine has built."""

from collections.abc import Mapping
from pathlib import Path

from gatereel.cli.posts.comments import SUFFIXES
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of

_BY_HAND = "or put the picture in by hand: gatereel render lstm -o lstm.gif"
_EXPORT = f"export it to Markdown, {_BY_HAND}"
_FILM = "or put a picture in by hand: gatereel render lstm -o lstm.png"

_OTHERS: Mapping[str, tuple[str, str]] = {
    ".org": ("Org files are not read", _EXPORT),
    ".adoc": ("AsciiDoc is not read", _EXPORT),
    ".asciidoc": ("AsciiDoc is not read", _EXPORT),
    ".textile": ("Textile is not read", _EXPORT),
    ".wiki": ("wiki text is not read", _EXPORT),
    ".mediawiki": ("wiki text is not read", _EXPORT),
    ".tex": ("LaTeX is not read", f"convert it to Markdown, {_FILM}"),
    ".typ": ("Typst is not read", f"convert it to Markdown, {_FILM}"),
    ".docx": ("Word documents are not read", _EXPORT),
    ".odt": ("OpenDocument texts are not read", _EXPORT),
    ".pptx": ("slides of PowerPoint are not read", f"write them for Marp, {_BY_HAND}"),
    ".pdf": ("a PDF is not written", "name the file that it was made from"),
    ".epub": ("an EPUB is not written", "name the files that it was made from"),
}
"""What is not read, and what works instead, by suffix in lower case."""

_SNIFFED_BYTES = 1 << 12
"""A binary file has a zero byte soon."""

_BUILT: Mapping[str, tuple[str, ...]] = {
    "_site": (
        "_config.yml",
        "_config.yaml",
        "_config.toml",
        "_quarto.yml",
        ".eleventy.js",
        "eleventy.config.js",
        "eleventy.config.mjs",
        "eleventy.config.cjs",
    ),
    "public": (
        "hugo.toml",
        "hugo.yaml",
        "hugo.json",
        "config.toml",
        "_config.yml",
        "gatsby-config.js",
        "gatsby-config.ts",
    ),
    "site": ("mkdocs.yml", "mkdocs.yaml", "zensical.toml"),
    "build": ("docusaurus.config.js", "docusaurus.config.ts", "conf.py"),
    "dist": ("astro.config.mjs", "astro.config.ts", "astro.config.js"),
    "_build": ("conf.py", "myst.yml", "_config.yml"),
    "_book": ("_quarto.yml", "book.toml"),
    "book": ("book.toml",),
    "output": ("pelicanconf.py",),
}
"""Folders that an engine builds into, each with the configurations that stand beside it."""


def check_kind(path: Path) -> None:
    """Raise InputError for a file that is no post, with what works instead."""
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        return
    if suffix in _OTHERS:
        what, instead = _OTHERS[suffix]
        raise InputError(f"{path}: {what}; {instead}.")
    if path.is_file() and _is_binary(path):
        raise InputError(f"{path} is no text; a post ends in {one_of(SUFFIXES)}.")


def built_folders(folder: Path) -> frozenset[str]:
    """Names of folders in `folder` into which the engine of the site there builds its pages."""
    return frozenset(
        name
        for name, configurations in _BUILT.items()
        if any((folder / configuration).exists() for configuration in configurations)
    )


def _is_binary(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"\0" in file.read(_SNIFFED_BYTES)
    except OSError:  # told when it is read
        return False
