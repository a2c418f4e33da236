"""The entry of a post's front matter that names its card for social previews.

    preview_entry("/cells/lstm-card-3f9a2c1b.png", "---") -> "image: /cells/lstm-card-3f9a2c1b.png"

It is told, and written by hand: what stands in front matter is the author's.
"""

import json
import re

from gatereel.cli.embedding.illustration import PICTURE_NAME
from gatereel.cli.embedding.page import EmbeddedPost
from gatereel.cli.embedding.subjects import CARD
from gatereel.cli.posts.lines import Role
from gatereel.rnn_math.counting import in_words

_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")

KEY, LIST_KEY = "image", "images"
"""`image` is what jekyll-seo-tag, Docusaurus and Quarto read, and most themes of others; Hugo's own
templates for Open Graph read a list (gohugo.io, "Embedded partial templates")."""


def preview_entry(address: str, opening: str, *, listing: bool = False) -> str:
    """The entry for a card at `address`, as front matter that begins with `opening` writes it.

    A template is left out: no engine fills them in there, and those that have a base address put
    it before one that begins with a slash.
    """
    plain = _TEMPLATE.sub("", address)
    quoted = json.dumps(plain, ensure_ascii=False)
    is_toml, is_json = opening.startswith("+++"), opening.startswith("{")
    value = plain if _PLAIN.fullmatch(plain) and not (is_toml or is_json) else quoted
    key = LIST_KEY if listing else KEY
    value = f"[{value}]" if listing else value
    if is_toml:
        return f"{key} = {value}"
    return f'"{key}": {value},' if is_json else f"{key}: {value}"


def on_card(page: EmbeddedPost, address: str, *, listing: bool) -> str:
    """What is left to do for a page's card at `address`; nothing if its front matter names it."""
    if page.card is None or page.card.path.name in page.post.text:
        return ""
    lines = [line.text for line in page.post.lines if line.role is Role.FRONT_MATTER]
    named = [name for name in PICTURE_NAME.findall("\n".join(lines)) if CARD in name]
    entry = preview_entry(
        address,
        lines[0] if lines else "",
        listing=listing,
    )
    if not _ABSOLUTE.match(address):
        entry += ", or its address from the site's top if the theme needs that"
    if named:
        return f"its front matter names {in_words(named)}; the card is now {entry}"
    return f"for social previews, add to its front matter: {entry}"


_PLAIN = re.compile(r"[A-Za-z0-9/.][A-Za-z0-9/._~:%-]*")
"""An address that YAML takes without quotation marks, in a list, too."""

_ABSOLUTE = re.compile(r"https?://|/|\{")
