"""Front matter: what Jekyll, Hugo and others read before Markdown starts."""

import re
from collections.abc import Sequence

_CLOSINGS = {"---": ("---", "..."), "+++": ("+++",)}
"""The lines that close front matter, by the line that opens it: YAML and TOML."""

_JSON_OPENING = re.compile(r"\{\s*[\"}]")
_MARP = re.compile(r"marp:\s*true\s*(?:#.*)?")
_JSON_PART = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[{}]', re.DOTALL)
"""A string, which goes on to the end of the text where nothing closes it, or a brace."""


def front_matter_lines(text: str, lines: Sequence[str]) -> int:
    """Number of lines of the front matter at the very start; 0 when there is none.

    `text` are all `lines` with their line ends. What is not closed is no front matter, as in
    Jekyll: a post may start with a thematic break.
    """
    if _JSON_OPENING.match(text):
        return _json_lines(text)
    closings = _CLOSINGS.get(lines[0].rstrip(), ())
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() in closings:
            return number
    return 0


def is_deck(lines: Sequence[str]) -> bool:
    """Whether the lines of a front matter say that a post is a deck of Marp's."""
    return any(_MARP.fullmatch(line) for line in lines)


def _json_lines(text: str) -> int:
    """Lines up to the brace that closes the first one; 0 when none does."""
    depth = 0
    for part in _JSON_PART.finditer(text):
        depth += {"{": 1, "}": -1}.get(part[0], 0)
        if depth == 0:
            return len(re.findall(r"\r\n|\r|\n", text[: part.end()])) + 1
    return 0
