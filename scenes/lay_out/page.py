"""Where the cell, its close-up and the words stand in a picture: a page for each kind of place.

    page_of("portrait", layout) -> Page

The reference page is the layout itself, with its strip. A wide one, for slides, has a close-up
beside the cell. On a portrait or square one the cell is a small map without words, and what is told
stands in letters that a phone shows. Lengths are pixels of the page, origin top left.
"""

from typing import Literal, get_args

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.lay_out.diagram import Diagram
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import STRIP_HEIGHT, Layout

PageName = Literal["reference", "wide", "portrait", "square"]
PAGES: tuple[PageName, ...] = get_args(PageName)

REFERENCE = PAGES[0]

WIDE_WIDTH = 1600
"""Pixels that a wide picture has where nobody asks for others: a whole number of 16 to 9."""
_WIDE = 16 / 9
_NARROW_WIDTH = 1080
_PORTRAIT_HEIGHT, _SQUARE_HEIGHT = 1350, 1080
_MARGIN = 54.0
_GAP = 20.0
_RIGHT = _NARROW_WIDTH - _MARGIN

SMALLEST_TEXT = 33.0
"""Of a narrow page, and units of a close-up: on a screen of 360 they are 11 pixels high."""

_TITLE_LINE = 84.0
"""From the top to the baseline of the cell's name."""
_MAP_TOP, _MAP_BOTTOM = 112.0, 462.0
_CLOSEUP = Box(_MARGIN, _MAP_BOTTOM + _GAP, _RIGHT, 1012.0)
_PORTRAIT_MAP = Box(_MARGIN, _MAP_TOP, _RIGHT, _MAP_BOTTOM)
_PORTRAIT_WORDS = Box(_MARGIN, 1024.0, _RIGHT, 1288.0)
_SQUARE_MAP = Box(_MARGIN, _MAP_TOP, 506.0, _MAP_BOTTOM)
_SQUARE_WORDS = Box(536.0, _MAP_TOP, _RIGHT, _MAP_BOTTOM)
_TICKS_ABOVE_BOTTOM = 34.0

_WIDE_UNITS = 900.0
"""Units of a close-up's width on a wide page; on a narrow one they are pixels."""


@dataclass(frozen=True)
class WordSpots:
    """Where words stand on a page whose cell is a map: `title` is a baseline, `ticks` a top."""

    left: float
    right: float
    title: float
    told: Box
    ticks: float


@dataclass(frozen=True)
class Page:
    """A whole picture; the cell's layout is `scale` times as large and begins at `x`, `y`.

    `unit` is how many pixels a unit of the close-up has. With `words`, the cell is a map without.
    """

    name: PageName
    width: float
    height: float
    pixels: int
    """Its width in pixels where nobody asks for another."""
    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0
    closeup: Box | None = None
    unit: float = 1.0
    words: WordSpots | None = None


def strip_width(name: PageName, diagram: Diagram) -> float | None:
    """How wide the strip below the cell is; None where a page has its words elsewhere."""
    match name:
        case "reference":
            return diagram.width
        case "wide":
            return round((diagram.height + STRIP_HEIGHT) * _WIDE)
        case _:
            return None


def page_of(name: PageName, layout: Layout) -> Page:
    """The page of that name around a layout."""
    match name:
        case "reference":
            return Page(name, layout.width, layout.height, round(layout.width))
        case "wide":
            return _wide(layout)
        case "portrait":
            return _narrow(name, layout, _PORTRAIT_HEIGHT, _PORTRAIT_MAP, _PORTRAIT_WORDS)
        case "square":
            return _narrow(name, layout, _SQUARE_HEIGHT, _SQUARE_MAP, _SQUARE_WORDS)


def _wide(layout: Layout) -> Page:
    height = layout.diagram.height + STRIP_HEIGHT
    width = round(height * _WIDE)
    box = Box(layout.diagram.width, layout.body.top, width - _GAP, layout.body.bottom)
    unit = (box.right - box.left) / _WIDE_UNITS
    return Page("wide", width, height, WIDE_WIDTH, closeup=box, unit=unit)


def _narrow(name: PageName, layout: Layout, height: float, room: Box, told: Box) -> Page:
    scale = min((room.right - room.left) / layout.width, (room.bottom - room.top) / layout.height)
    x = (room.left + room.right - layout.width * scale) / 2
    y = (room.top + room.bottom - layout.height * scale) / 2
    words = WordSpots(_MARGIN, _RIGHT, _TITLE_LINE, told, height - _TICKS_ABOVE_BOTTOM)
    return Page(
        name, _NARROW_WIDTH, height, _NARROW_WIDTH, scale, x, y, closeup=_CLOSEUP, words=words
    )
