"""Hugo: `static` is published; a page bundle has its pictures beside it."""

from pathlib import Path

from gatereel.cli.sites.conventions import Conventions, Dark
from gatereel.cli.sites.engine import CELLS, Placement, SiteEngine, first_of
from gatereel.cli.sites.looks import look_of
from gatereel.cli.sites.settings import own_address, path_of, setting, toml_of
from gatereel.cli.sites.themes import HUGO as THEMES
from gatereel.cli.sites.themes import dark_of

_OWN = tuple(
    f"{folder}{stem}.{suffix}"
    for folder in ("", "config/_default/")
    for stem in ("hugo",)
    for suffix in ("toml", "yaml", "yml", "json")
)
_SHARED = tuple(
    f"{folder}config.{suffix}"
    for folder in ("", "config/_default/")
    for suffix in ("toml", "yaml", "yml", "json")
)
_LEAF = "index"
"""The page of a bundle; `_index` is a list's."""


def _tells(folder: Path, post: Path) -> str | None:
    own = first_of(folder, _OWN)
    if own is not None:
        return own
    shared = first_of(folder, _SHARED)
    # Other programs have a config.toml, too.
    is_hugo = shared and (folder / "content").is_dir() and setting(folder / shared, "baseURL")
    return shared if is_hugo else None


def _place(root: Path, post: Path) -> Placement:
    config = root / (_tells(root, post) or _OWN[0])
    takes_html = setting(config, "markup", "goldmark", "renderer", "unsafe") == "true" or (
        setting(config.parent / "markup.toml", "goldmark", "renderer", "unsafe") == "true"
    )
    conventions = Conventions(
        dialect="html" if takes_html else "markdown", dark=_dark(root, config)
    )
    if post.stem == _LEAF:
        return Placement(post.parent, conventions=conventions)
    static = root / (setting(config, "staticDir") or "static")
    address = setting(config, "baseURL") or setting(config, "baseurl")
    return Placement(
        static / CELLS,
        published=static,
        base=path_of(address) or "/",
        conventions=conventions,
        own=own_address(address),
    )


def _dark(root: Path, config: Path) -> Dark:
    theme = setting(config, "theme")
    modules = toml_of(config).get("module")
    imports = modules.get("imports") if isinstance(modules, dict) else None
    if not theme and isinstance(imports, list) and imports and isinstance(imports[0], dict):
        theme = str(imports[0].get("path", "")).removesuffix("/v2").removesuffix("/v3")
    found = dark_of(THEMES, theme)
    within = f"themes/{theme}"
    if found != "system" or (theme and not (root / within).is_dir()):
        return found
    folders = ("assets", "static", "layouts")
    themes = tuple(f"{within}/{folder}" for folder in folders) if theme else ()
    return look_of(root, (*folders, *themes)) or found


HUGO = SiteEngine("hugo", "Hugo", _tells, _place, _OWN)
