"""The bundled font: where its files are, and how wide a text set in it is, without a renderer."""

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import category, normalize

# Fonts are looked into when the first text is measured: reading a format needs none.
if TYPE_CHECKING:
    from PIL import ImageFont

FONT_FAMILY = "Liberation Sans"
"""Arial's metrics, and every letter that Vietnamese needs."""

FONT_FOLDER = Path(__file__).parent

CAP_HEIGHT = 0.716
"""Height of a digit or capital, in units of the type size."""

_REGULAR = "LiberationSans-Regular.ttf"
_BOLD = "LiberationSans-Bold.ttf"
_MEASURED_SIZE = 1000


@cache
def _font(bold: bool) -> "ImageFont.FreeTypeFont":
    from PIL import ImageFont

    path = FONT_FOLDER / (_BOLD if bold else _REGULAR)
    return ImageFont.truetype(str(path), _MEASURED_SIZE, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in pixels of `text` set at `size` pixels."""
    return _measured_width(text, bold) * size / _MEASURED_SIZE


@lru_cache(maxsize=4096)
def _measured_width(text: str, bold: bool) -> float:
    """The same few words and numbers are asked for at each place and size that is tried."""
    return _font(bold).getlength(text)


REPLACEMENT = "\N{WHITE SQUARE}"
"""Stands for a character that the font does not hold."""

_WITHOUT_ROOM = ("Mn", "Me", "Cf")
"""Categories of characters that only change the one before: marks, joiners, directions."""

_PROBE_SIZE = 40
_NO_CHARACTER = "\U0010ffff"


def drawable(text: str) -> str:
    """`text` on one line, with `REPLACEMENT` for each character that the font does not hold."""
    shown = []
    for character in " ".join(normalize("NFC", text).split()):
        if character == " " or has_glyph(character):
            shown.append(character)
        elif category(character) not in _WITHOUT_ROOM:
            shown.append(REPLACEMENT)
    return "".join(shown)


@cache
def _probe() -> "ImageFont.FreeTypeFont":
    from PIL import ImageFont

    path = FONT_FOLDER / _REGULAR
    return ImageFont.truetype(str(path), _PROBE_SIZE, layout_engine=ImageFont.Layout.BASIC)


@cache
def _glyph(character: str) -> bytes:
    return bytes(_probe().getmask(character))


def has_glyph(character: str) -> bool:
    """Whether the font draws this character, and not the box for those that it lacks."""
    return _glyph(character) not in (b"", _glyph(_NO_CHARACTER))
