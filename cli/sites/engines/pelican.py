"""Pelican: `images` in its content is published."""

from pathlib import Path

from gatereel.cli.sites.engine import CELLS, Placement, SiteEngine, by_mark
from gatereel.cli.sites.settings import own_address, path_of, script_setting, text_of

_CONFIG = "pelicanconf.py"


def _place(root: Path, post: Path) -> Placement:
    config = text_of(root / _CONFIG)
    content = root / (script_setting(config, "PATH") or "content")
    url = script_setting(config, "SITEURL")
    # {static} is not filled in where a <source> names its pictures.
    return Placement(
        content / "images" / CELLS,
        published=content,
        base=path_of(url) or "/",
        own=own_address(url),
    )


PELICAN = SiteEngine("pelican", "Pelican", by_mark(_CONFIG), _place, (_CONFIG,))
