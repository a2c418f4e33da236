"""How a site's own style sheets mark a dark page, where it names no theme that is known.

Files are searched for a few words, not read as CSS.
"""

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from gatereel.cli.sites.conventions import Dark, PageDark
from gatereel.cli.sites.settings import text_of
from gatereel.cli.sites.themes import FIXED

MOST_FILES = 400
"""Style sheets that are searched; a site has a few dozen."""

_STYLES = (".css", ".scss", ".sass", ".less", ".styl", ".astro", ".vue")
_PASSED_OVER = frozenset({"node_modules", "_site", "public", "dist", "_output", "vendor"})

_ATTRIBUTES = ("data-theme", "data-mode", "data-bs-theme", "data-color-mode", "data-scheme")
_MARKS: tuple[tuple[re.Pattern[str], PageDark], ...] = (
    *(
        (re.compile(rf"""\[{name}\s*=\s*["']?dark\b"""), PageDark(f'[{name}="dark"]'))
        for name in _ATTRIBUTES
    ),
    (
        re.compile(r"(?:html|:root|body)\.dark\b|\.dark \.dark\\:|:is\(\.dark \*\)"),
        PageDark(".dark"),
    ),
    (re.compile(r"(?:html|:root|body)\.dark-mode\b"), PageDark(".dark-mode")),
)
_SYSTEM = re.compile(r"prefers-color-scheme\s*:\s*dark")


@lru_cache(maxsize=64)
def look_of(root: Path, folders: tuple[str, ...]) -> Dark | None:
    """When pages are dark, by the style sheets in these folders of a site.

    Where none of them speaks of dark pages, the site has one fixed look; None where there is none.
    """
    follows_system = False
    texts = 0
    marked: set[int] = set()
    for text in _texts(root, folders):
        texts += 1
        follows_system |= _SYSTEM.search(text) is not None
        marked |= {i for i, (pattern, _) in enumerate(_MARKS) if pattern.search(text)}
    if marked:
        return _MARKS[min(marked)][1]
    if follows_system:
        return "system"
    return FIXED if texts else None


def _texts(root: Path, folders: tuple[str, ...]) -> Iterator[str]:
    left = MOST_FILES
    for folder in folders:
        for path, inner, files in os.walk(root / folder):
            inner[:] = sorted(
                name for name in inner if name not in _PASSED_OVER and not name.startswith(".")
            )
            for name in sorted(files):
                if left and name.lower().endswith(_STYLES):
                    left -= 1
                    yield text_of(Path(path, name))
