"""`gatereel embed --init`: a `.gatereel.toml` with what was recognised, to be changed by hand."""

import json
import os
from pathlib import Path

from gatereel.cli.sites.memory import FILE
from gatereel.cli.sites.recognise import NONE, Recognised
from gatereel.rnn_math import InputError

_TEXT = """\
# What `gatereel embed` does in this site. Options on the command line win.

# The engine, in place of what its files tell: {site}
{site_line}

# The folder for pictures, from this file's, and what stands before their names in a page.
{assets_line}
{url_line}

# For every directive that does not say otherwise; see `gatereel embed --help`.
# lang = "en"
# theme = "illustrated"
# dark = "page"
# style = "picture"
# for = "github"
# describe = "text"
# narrow = "portrait"
# display-width = "600"

# A picture for social previews for each post, as by --card.
# card = true
"""


def write_memory(found: Recognised | None, folder: Path) -> Path:
    """Write the file at the top of a site, or in `folder` where no site is.

    Raises InputError when there is one already, and when it cannot be written.
    """
    root = folder if found is None else found.root
    path = root / FILE
    assets, url, site = "assets", "", NONE
    if found is not None:
        site = found.engine.name
        placement = found.engine.place(root, root / "post.md")
        assets = Path(os.path.relpath(placement.folder, root)).as_posix()
        url = placement.prefix(placement.folder) or ""
    text = _TEXT.format(
        site=f"{found.engine.title} ({found.mark})" if found else "none was recognised",
        site_line=f"# site = {json.dumps(site)}",
        assets_line=f"# assets = {json.dumps(assets)}",
        url_line=f"# url = {json.dumps(url or '/cells')}",
    )
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"{path} is there already; change it by hand.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror}).") from None
    return path
