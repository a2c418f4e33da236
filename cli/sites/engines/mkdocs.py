"""MkDocs and Zensical: the folder of documents is published, each page in a folder of its own."""

import re
from collections.abc import Callable
from pathlib import Path

from gatereel.cli.sites.conventions import Conventions, Dark
from gatereel.cli.sites.engine import CELLS, Placement, SiteEngine, by_mark, first_of
from gatereel.cli.sites.settings import own_address, setting, text_of, up_from
from gatereel.cli.sites.themes import FIXED, MATERIAL

_CONFIGS = ("mkdocs.yml", "mkdocs.yaml")
_ZENSICAL = "zensical.toml"
_SLATE = re.compile(r"""scheme\s*[:=]\s*["']?slate\b""")


def _placing(configs: tuple[str, ...], *table: str) -> Callable[[Path, Path], Placement]:
    def place(root: Path, post: Path) -> Placement:
        config = root / (first_of(root, configs) or configs[0])
        docs = root / (setting(config, *table, "docs_dir") or "docs")
        conventions = Conventions(dark=_dark(config, *table))
        if not post.is_relative_to(docs):
            return Placement(docs / "assets" / CELLS, conventions=conventions)
        # Raw HTML is not rewritten as Markdown is: it gets the way that its page needs.
        in_folders = setting(config, *table, "use_directory_urls") != "false"
        up = up_from(post, docs, directory_urls=in_folders)
        own = own_address(setting(config, *table, "site_url"))
        return Placement(docs / "assets" / CELLS, docs, up, conventions, own=own)

    return place


def _dark(config: Path, *table: str) -> Dark:
    text = text_of(config)
    theme = setting(config, *table, "theme", "name") or setting(config, *table, "theme")
    is_material = theme == "material" or config.name == _ZENSICAL
    if is_material:
        return MATERIAL if _SLATE.search(text) else FIXED
    return "system" if "color_mode: auto" in text else FIXED


MKDOCS = SiteEngine("mkdocs", "MkDocs", by_mark(*_CONFIGS), _placing(_CONFIGS), _CONFIGS)
ZENSICAL = SiteEngine(
    "zensical", "Zensical", by_mark(_ZENSICAL), _placing((_ZENSICAL,), "project"), (_ZENSICAL,)
)
