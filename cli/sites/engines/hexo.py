"""Hexo: everything in `source` is published, but for names with an underscore."""

from pathlib import Path

from gatereel.cli.sites.conventions import Conventions
from gatereel.cli.sites.engine import CELLS, Placement, SiteEngine
from gatereel.cli.sites.looks import look_of
from gatereel.cli.sites.settings import own_address, path_of, setting, text_of

_CONFIG = "_config.yml"


def is_hexo(folder: Path) -> bool:
    """Whether a folder with a _config.yml is Hexo's: it has that file in common with Jekyll."""
    if not (folder / _CONFIG).is_file():
        return False
    return '"hexo"' in text_of(folder / "package.json") or all(
        (folder / name).is_dir() for name in ("source", "scaffolds")
    )


def _place(root: Path, post: Path) -> Placement:
    config = root / _CONFIG
    source = root / (setting(config, "source_dir") or "source")
    url = setting(config, "url")
    base = path_of(setting(config, "root") or url)
    theme = setting(config, "theme")
    look = look_of(root, (f"themes/{theme}/source",)) if theme else None
    return Placement(
        source / "images" / CELLS,
        published=source,
        base=base or "/",
        conventions=Conventions(dark=look or "system"),
        own=own_address(url),
    )


HEXO = SiteEngine("hexo", "Hexo", lambda folder, post: _CONFIG if is_hexo(folder) else None, _place)
