"""The storyboard's formulas as HTML: Typst's mathematics, as far as cells need it.

    formula_html("h_(t-1) ≈ [0.50, −0.25]") -> "h<sub>t−1</sub> ≈ [0.50, −0.25]"

There is no markup in it but <sub> and <sup>: it reads well where pages are read aloud.
"""

import re
from html import escape

from scenes.numbers import ELLIPSIS, MINUS

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<text>{_QUOTED})|op\((?P<operator>{_QUOTED})\)|(?P<number>\d+(?:\.\d+)?)"
    rf"|(?P<word>[^\W\d_]+)|(?P<script>[_^])|(?P<sign>[-+=≈⊙⋅,()\[\]{MINUS}{ELLIPSIS}])"
)

_WIDE_SPACE = "\N{EM SPACE}"
_WORDS = {"wide": 2 * _WIDE_SPACE, "quad": _WIDE_SPACE, "dot": "⋅", "tanh": "tanh"}
"""Typst's names for spaces, signs and functions. Any other name must be one letter, a variable."""

_TAGS = {"_": "sub", "^": "sup"}

_Tokens = list[re.Match[str]]


def formula_html(formula: str) -> str:
    """A formula of the storyboard as HTML text. Raises ValueError for what is none."""
    html = _html(_tokens(formula))
    return re.sub(f" ?({_WIDE_SPACE}+) ?", r"\1", html)


def _tokens(formula: str) -> _Tokens:
    tokens: _Tokens = []
    position = 0
    while position < len(formula):
        token = _TOKEN.match(formula, position)
        if token is None:
            raise ValueError(f"{formula!r} has {formula[position]!r} in place {position + 1}")
        tokens.append(token)
        position = token.end()
    return tokens


def _html(tokens: _Tokens) -> str:
    parts = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token["script"]:
            start, stop = _argument(tokens, i + 1)
            tag = _TAGS[token[0]]
            parts.append(f"<{tag}>{_html(tokens[start:stop])}</{tag}>")
            i = stop + (start > i + 1)  # the bracket that closed it
        else:
            parts.append(_part(token))
            i += 1
    return "".join(parts)


def _argument(tokens: _Tokens, start: int) -> tuple[int, int]:
    """From where to where what is raised or lowered goes: a token, or what is in brackets."""
    if start < len(tokens) and tokens[start][0] != "(":
        return start, start + 1
    depth = 0
    for i in range(start, len(tokens)):
        depth += (tokens[i][0] == "(") - (tokens[i][0] == ")")
        if depth == 0:
            return start + 1, i
    raise ValueError("a formula ends within an index or a power")


def _part(token: re.Match[str]) -> str:
    """A token that is neither raised nor lowered nor does so with others."""
    if token["space"]:
        return " "
    if quoted := token["text"] or token["operator"]:
        return escape(re.sub(r"\\(.)", r"\1", quoted[1:-1]), quote=False)
    if word := token["word"]:
        if word not in _WORDS and len(word) > 1:
            raise ValueError(f"{word!r} is no name in a formula")
        return _WORDS.get(word, word)
    return MINUS if token[0] == "-" else token[0]
