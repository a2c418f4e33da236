"""Jekyll: what is not in a folder with an underscore is published as it lies there."""

from pathlib import Path

from gatereel.cli.sites.conventions import Conventions, Dark
from gatereel.cli.sites.engine import CELLS, Placement, SiteEngine, first_of
from gatereel.cli.sites.engines.hexo import is_hexo
from gatereel.cli.sites.looks import look_of
from gatereel.cli.sites.settings import own_address, setting
from gatereel.cli.sites.themes import JEKYLL as THEMES
from gatereel.cli.sites.themes import dark_of

_STYLES = ("_sass", "assets", "css", "styles", "stylesheets", "public/css")
_CONFIGS = ("_config.yml", "_config.yaml", "_config.toml")


def _tells(folder: Path, post: Path) -> str | None:
    config = first_of(folder, _CONFIGS)
    return None if config is None or is_hexo(folder) else config


def _place(root: Path, post: Path) -> Placement:
    config = root / (first_of(root, _CONFIGS) or _CONFIGS[0])
    # kramdown would read what stands in the block as Markdown.
    reads_blocks = setting(config, "kramdown", "parse_block_html") == "true"
    return Placement(
        root / "assets" / CELLS,
        published=root,
        base="{{ site.baseurl }}",
        own="{{ site.url }}{{ site.baseurl }}" if own_address(setting(config, "url")) else "",
        conventions=Conventions(
            attributes='markdown="0"' if reads_blocks else "", dark=_dark(config)
        ),
    )


def _dark(config: Path) -> Dark:
    theme = setting(config, "remote_theme") or setting(config, "theme")
    if theme.rsplit("/", 1)[-1] == "minima" and setting(config, "minima", "skin") == "auto":
        return "system"
    # Many sites are copies of a theme, and name none.
    own = None if theme else look_of(config.parent, _STYLES)
    return own or dark_of(THEMES, theme)


JEKYLL = SiteEngine("jekyll", "Jekyll", _tells, _place, _CONFIGS)
