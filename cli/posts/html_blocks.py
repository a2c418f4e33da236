"""Raw HTML in Markdown: where a block of it starts and what ends it.

Source: CommonMark 0.31.2, 4.6 "HTML blocks", whose seven kinds are the ones told apart here.
"""

import re

from gatereel.cli.posts.lines import Role
from gatereel.rnn_math.records import dataclass

OWN_COMMENT = r"(?:/\s*)?gatereel\s*(?::|-->)"
"""How the text of a directive or of a closing comment starts, behind `<!--` and space."""

_VERBATIM = "pre|script|style|textarea"
_VERBATIM_END = re.compile(rf"</(?:{_VERBATIM})>", re.IGNORECASE)
_COMMENT_END = re.compile("-->")

_OWN_COMMENT = re.compile(rf"<!--\s*{OWN_COMMENT}")
_OTHER_COMMENT = re.compile(rf"<!--(?!\s*{OWN_COMMENT})")
_VERBATIM_OPENING = re.compile(rf"<(?:{_VERBATIM})(?:\s[^>]*)?>", re.IGNORECASE)

_BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd"
    r"|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]"
    r"|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup"
    r"|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)"
    r"(?:\s|/?>|$)",
    re.IGNORECASE,
)
_ATTRIBUTE = r"""\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^']*'|"[^"]*"))?"""
_TAG_ALONE = re.compile(
    rf"<(?:[A-Za-z][A-Za-z0-9-]*(?:{_ATTRIBUTE})*\s*/?|/[A-Za-z][A-Za-z0-9-]*\s*)>\s*$", re.ASCII
)

_STARTS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(rf"<(?:{_VERBATIM})(?:\s|>|$)", re.IGNORECASE), _VERBATIM_END),
    (re.compile("<!--"), _COMMENT_END),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile("<![A-Za-z]"), re.compile(">")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
)
"""Kinds 1 to 5: what starts a block and what its last line holds."""


@dataclass(frozen=True)
class HtmlBlock:
    """An open block of raw HTML: its lines' role and what its last line holds.

    `end` is None where a blank line ends it. Within such a block, `hidden_until` is what ends a
    comment or a verbatim element that is open.
    """

    role: Role
    end: re.Pattern[str] | None = None
    hidden_until: re.Pattern[str] | None = None


def html_block(text: str, following: str, *, in_paragraph: bool) -> HtmlBlock | None:
    """The block that starts with the line `text` (its indent taken off), or None.

    `following` is the line after it, for a comment whose first line is `<!--` alone. A tag of any
    name starts no block within a paragraph.
    """
    if not text.startswith("<"):  # as most lines do not
        return None
    for start, end in _STARTS:
        if start.match(text):
            own = _OWN_COMMENT.match(f"{text}\n{following}")
            return HtmlBlock(Role.TEXT if own else Role.HIDDEN, end)
    if _BLOCK_TAG.match(text) or (not in_paragraph and _TAG_ALONE.match(text)):
        return HtmlBlock(Role.HTML)
    return None


def starts_other_comment(text: str) -> bool:
    """Whether a line of HTML begins with a comment that is not one of ours."""
    return _OTHER_COMMENT.match(text.lstrip(" ")) is not None


def left_open(text: str) -> re.Pattern[str] | None:
    """What would end the comment or verbatim element that a line of HTML leaves open."""
    if "<" not in text:
        return None
    # Behind the last bracket no tag is complete; looking for its end from each would take long.
    last_tag = text.rfind(">") + 1
    for opening, end, stop in (
        (_OTHER_COMMENT, _COMMENT_END, len(text)),
        (_VERBATIM_OPENING, _VERBATIM_END, last_tag),
    ):
        openings = list(opening.finditer(text, 0, stop))
        if openings and not end.search(text, openings[-1].end()):
            return end
    return None
