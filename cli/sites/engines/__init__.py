"""The engines that are known: one table. A new one is an entry here, and a file beside this one."""

from gatereel.cli.sites.engine import SiteEngine
from gatereel.cli.sites.engines.hexo import HEXO
from gatereel.cli.sites.engines.hugo import HUGO
from gatereel.cli.sites.engines.javascript import ASTRO, DOCUSAURUS, ELEVENTY, VITEPRESS
from gatereel.cli.sites.engines.jekyll import JEKYLL
from gatereel.cli.sites.engines.mkdocs import MKDOCS, ZENSICAL
from gatereel.cli.sites.engines.notes import MARP, MDBOOK, OBSIDIAN, QUARTO, REPOSITORY, SLIDEV
from gatereel.cli.sites.engines.pelican import PELICAN
from gatereel.cli.sites.engines.sphinx import SPHINX

ENGINES: tuple[SiteEngine, ...] = (
    # Told by the post itself, wherever it lies.
    MARP,
    DOCUSAURUS,
    VITEPRESS,
    ASTRO,
    ELEVENTY,
    SLIDEV,
    HUGO,
    HEXO,
    JEKYLL,
    MKDOCS,
    ZENSICAL,
    PELICAN,
    SPHINX,
    QUARTO,
    MDBOOK,
    OBSIDIAN,
    # What a repository holds may be any of those above.
    REPOSITORY,
)
"""In the order in which a folder is asked what it is."""

__all__ = ["ENGINES", "HUGO", "REPOSITORY"]
