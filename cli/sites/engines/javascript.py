"""Engines that are configured in JavaScript: their settings are read, not run."""

import re
from pathlib import Path

from gatereel.cli.sites.conventions import Conventions, Dark
from gatereel.cli.sites.engine import BESIDE, CELLS, Placement, SiteEngine, by_mark, first_of
from gatereel.cli.sites.looks import look_of
from gatereel.cli.sites.settings import own_address, path_of, script_setting, text_of
from gatereel.cli.sites.themes import DOCUSAURUS as DOCUSAURUS_DARK
from gatereel.cli.sites.themes import STARLIGHT
from gatereel.cli.sites.themes import VITEPRESS as VITEPRESS_DARK


def _scripts(stem: str) -> tuple[str, ...]:
    return tuple(f"{stem}.{suffix}" for suffix in ("js", "ts", "mjs", "mts", "cjs", "cts"))


_DOCUSAURUS = _scripts("docusaurus.config")
_ASTRO = _scripts("astro.config")
_ELEVENTY = (".eleventy.js", *_scripts("eleventy.config"))
_ELEVENTY_STYLES = ("css", "styles", "assets", "src", "static", "public", "_includes")
_VITEPRESS = ".vitepress"
_PASSED = re.compile(
    r"""addPassthroughCopy\(\s*(?:\{\s*)?["'](?P<source>[^"'*]+)["']"""
    r"""(?:\s*:\s*["'](?P<target>[^"']*)["'])?"""
)
"""A folder that Eleventy copies, and where to if that has another name."""


def _config(root: Path, names: tuple[str, ...]) -> str:
    return text_of(root / (first_of(root, names) or names[0]))


def _docusaurus(root: Path, post: Path) -> Placement:
    static = root / "static"
    config = _config(root, _DOCUSAURUS)
    base = path_of(script_setting(config, "baseUrl"))
    own = own_address(script_setting(config, "url"), base)
    # Its Markdown is MDX, whatever the file's suffix.
    conventions = Conventions(dialect="jsx", dark=DOCUSAURUS_DARK)
    return Placement(static / CELLS, static, base or "/", conventions, own=own)


def _astro(root: Path, post: Path) -> Placement:
    public = root / "public"
    config = _config(root, _ASTRO)
    base = path_of(script_setting(config, "base"))
    look = look_of(root, ("src", "public"))
    dark: Dark = STARLIGHT if "@astrojs/starlight" in config else look or "system"
    own = own_address(script_setting(config, "site"), base)
    return Placement(public / CELLS, public, base or "/", Conventions(dark=dark), own=own)


def _vitepress(root: Path, post: Path) -> Placement:
    # Vite resolves addresses in the page as it does imports: only those that begin with a dot are
    # files beside it.
    return Placement(
        post.parent / BESIDE,
        published=post.parent,
        base=".",
        conventions=Conventions(dark=VITEPRESS_DARK, style_apart=True),
    )


def _eleventy(root: Path, post: Path) -> Placement:
    config = _config(root, _ELEVENTY)
    base = path_of(script_setting(config, "pathPrefix"))
    conventions = Conventions(dark=look_of(root, _ELEVENTY_STYLES) or "system")
    for found in _PASSED.finditer(config):
        source, target = found["source"].strip("./"), found["target"]
        if (root / source).is_dir() or "." not in source:
            way = source if target is None else target.strip("/")
            return Placement(
                root / source / CELLS,
                root / source,
                f"{base}/{way}".rstrip("/") or "/",
                conventions,
            )
    note = f'Eleventy copies no folder yet; add eleventyConfig.addPassthroughCopy("{BESIDE}").'
    return Placement(root / BESIDE / CELLS, root, base or "/", conventions, notes=(note,))


DOCUSAURUS = SiteEngine("docusaurus", "Docusaurus", by_mark(*_DOCUSAURUS), _docusaurus, _DOCUSAURUS)
ASTRO = SiteEngine("astro", "Astro", by_mark(*_ASTRO), _astro, _ASTRO)
VITEPRESS = SiteEngine("vitepress", "VitePress", by_mark(_VITEPRESS), _vitepress, (_VITEPRESS,))
ELEVENTY = SiteEngine("eleventy", "Eleventy", by_mark(*_ELEVENTY), _eleventy, _ELEVENTY)
