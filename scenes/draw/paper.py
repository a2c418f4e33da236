"""The sizes of paper that a sheet can be printed on."""

from typing import Literal, get_args

Paper = Literal["a4", "letter"]
PAPERS: tuple[Paper, ...] = get_args(Paper)
DEFAULT_PAPER: Paper = "a4"

PIXELS_AN_INCH = 96
"""As in CSS."""

_MILLIMETRES_AN_INCH = 25.4

PAPER_SIZES: dict[Paper, tuple[float, float]] = {
    "a4": (
        297 / _MILLIMETRES_AN_INCH * PIXELS_AN_INCH,
        210 / _MILLIMETRES_AN_INCH * PIXELS_AN_INCH,
    ),
    "letter": (11.0 * PIXELS_AN_INCH, 8.5 * PIXELS_AN_INCH),
}
"""Width and height in pixels: a page lies on its side, as cells and slides do."""

PIXELS = ".png"
"""Of a sheet, and of steps, that are stored in pixels."""

PAGED = ".pdf"
"""Of a sheet that has pages."""
