"""Sphinx, with MyST for Markdown: static folders are copied, and what Markdown's images name."""

import re
from pathlib import Path

from gatereel.cli.sites.conventions import Conventions, Dialect
from gatereel.cli.sites.engine import BESIDE, CELLS, Placement, SiteEngine
from gatereel.cli.sites.settings import own_address, script_setting, text_of, up_from
from gatereel.cli.sites.themes import SPHINX as THEMES
from gatereel.cli.sites.themes import dark_of

_CONFIG = "conf.py"
_OWN = re.compile(r"^\s*(?:extensions|html_theme|project|master_doc|root_doc)\s*=", re.MULTILINE)
_STATIC = re.compile(r"""html_static_path\s*=\s*\[\s*["'](?P<folder>[^"']+)["']""")


def _tells(folder: Path, post: Path) -> str | None:
    return _CONFIG if _OWN.search(text_of(folder / _CONFIG)) else None


def _place(root: Path, post: Path) -> Placement:
    config = text_of(root / _CONFIG)
    dark = dark_of(THEMES, script_setting(config, "html_theme") or "alabaster")
    static = _STATIC.search(config)
    if static is None:
        # Nothing that raw HTML names is copied; what an image names is.
        return Placement(post.parent / BESIDE, conventions=Conventions(dialect="markdown"))
    folder = root / static["folder"]
    # What lies in a static folder comes out in _static, whatever the folder is called.
    base = f"{up_from(post, root)}/_static"
    dialect: Dialect = "rst" if post.suffix == ".rst" else "html"
    own = own_address(script_setting(config, "html_baseurl"))
    return Placement(
        folder / CELLS,
        folder,
        base,
        Conventions(dialect=dialect, dark=dark),
        own=f"{own}/_static" if own else "",
    )


SPHINX = SiteEngine("sphinx", "Sphinx", _tells, _place, (_CONFIG,))
