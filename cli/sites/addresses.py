"""Addresses of pictures as a page says them: which are taken, and how they are written."""

import re
from collections.abc import Callable
from html import escape

from gatereel.rnn_math import InputError

_TEMPLATE = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})")
"""A part of an address that a template language reads before any browser does."""

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_SCHEMES = ("http", "https")

_BREAKING = re.compile(r"""["<>`\\^|]|[^\S ]|[\x00-\x1f\x7f-\x9f]""")
"""What no address holds: it would end an attribute, a comment or a line."""

_SPACE = re.compile(" ")
_MARKDOWN = re.compile(r"[ ()\[\]'*_~]")
"""What would end an address in Markdown, or mean something there."""


def check_url(url: str) -> None:
    """Raise InputError for what is no address of pictures, or would break the page around it."""
    check_address("--url", url, "leads to no picture")


def check_address(option: str, url: str, leads: str = "leads to no page") -> None:
    """Raise InputError, which names the option, for an address that a page cannot hold."""
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in _SCHEMES:
        raise InputError(
            f"{option} {url!r} begins with {scheme[1]}:, which {leads}; accepted are "
            "http:, https: and addresses without a scheme, such as /cells."
        )
    for part in _plain_parts(url):
        if found := _BREAKING.search(part):
            raise InputError(
                f"{option} {url!r} holds {found[0]!r}, which no address has; write it as "
                f"{_percent(found)}."
            )
    if url != url.strip():
        raise InputError(f"{option} {url!r} begins or ends with a space; leave it out.")


def in_html(address: str) -> str:
    """An address in an attribute; what a template puts there stays as it is."""
    return _written(address, lambda part: escape(_SPACE.sub(_percent, part)))


def in_markdown(address: str) -> str:
    """An address in the brackets of an image."""
    return _written(address, lambda part: _MARKDOWN.sub(_percent, part).replace("&", "&amp;"))


def _written(address: str, plain: Callable[[str], str]) -> str:
    parts = _TEMPLATE.split(address)
    return "".join(part if i % 2 else plain(part) for i, part in enumerate(parts))


def _plain_parts(address: str) -> list[str]:
    return _TEMPLATE.split(address)[::2]


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogateescape"))
