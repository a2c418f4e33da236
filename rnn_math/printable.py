"""Text of files, made harmless where people and programs read it.

A name in a file may hold the sequences that move a terminal's cursor or rename its window, marks
that turn the order of letters, and characters that XML forbids.
"""

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and line feed: C0, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of direction: UAX 9, section 2
    "\u2028\u2029"  # ends of lines and paragraphs
    "\ufffe\uffff"  # no characters, as XML 1.0 has it, section 2.2
    "\ud800-\udfff]"  # halves of characters: what was no UTF-8, among others
)
_BYTE = range(0xDC80, 0xDD00)
"""How Python keeps bytes of names that are no UTF-8: PEP 383."""
_BYTE_OFFSET = 0xDC00
_LARGEST_BYTE = 0xFF
_LARGEST_SHORT = 0xFFFF

CUT = "…"
"""Stands for what is cut off."""


def printable(text: str) -> str:
    r"""Return `text` with an escape such as \x1b or \u202e for each character that is not seen.

    Line feeds and tabs stay.
    """
    return _UNSEEN.sub(_escape, text)


def on_one_line(text: str, longest: int) -> str:
    """Return `text` as a name within a sentence or a table: line feeds and tabs are escaped, too.

    What comes after `longest` characters is cut off, the escapes counted.
    """
    shown = "".join(each if each.isprintable() else _escaped(each) for each in text[: longest + 1])
    return shown if len(shown) <= longest else shown[: longest - 1] + CUT


def _escape(found: re.Match[str]) -> str:
    return _escaped(found[0])


def _escaped(character: str) -> str:
    code = ord(character)
    if code in _BYTE:
        code -= _BYTE_OFFSET
    if code <= _LARGEST_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LARGEST_SHORT else f"\\U{code:08x}"
