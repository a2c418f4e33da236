"""The bundled font: where its files are, and how wide a text set in it is, without a renderer."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

FONT_FAMILY = "Liberation Sans"
"""Arial's metrics, and every letter that Vietnamese needs."""

FONT_FOLDER = Path(__file__).parent / "fonts"

CAP_HEIGHT = 0.716
"""Height of a digit or capital, in units of the type size."""

_REGULAR = "LiberationSans-Regular.ttf"
_BOLD = "LiberationSans-Bold.ttf"
_MEASURED_SIZE = 1000


@cache
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    path = FONT_FOLDER / (_BOLD if bold else _REGULAR)
    return ImageFont.truetype(str(path), _MEASURED_SIZE, layout_engine=ImageFont.Layout.BASIC)


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width in pixels of `text` set at `size` pixels."""
    return _font(bold).getlength(text) * size / _MEASURED_SIZE
