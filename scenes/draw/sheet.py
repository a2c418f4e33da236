"""A sheet of steps: numbered panels in reading order, with a heading above and the credit below.

    sheet_pages(planned, panels, paper) -> pages

On paper, a page a panel: the numbers at the discs stay readable in print, and no page is half
empty. Without paper, one page of up to three panels side by side. Lengths are pixels of a panel.
"""

from collections.abc import Sequence
from math import ceil, sqrt
from pathlib import Path

from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import rounded_box
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.paper import PAGED, PAPER_SIZES, PIXELS, Paper
from gatereel.scenes.draw.shapes import painted_in_full
from gatereel.scenes.draw.strip import strip
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import STRIP_HEIGHT
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell import words
from gatereel.scenes.tell.beats import Telling

LARGEST_SHEET = 120_000_000
LONGEST_SHEET = 32_767
"""Pixels in all, and of a side: beyond, a picture takes too much memory or cannot be stored."""

_COLUMNS = 3
_ROWS_ON_PAPER = 1

# In pixels of paper; on a sheet without paper as many times larger as `_Grid.unit` says.
_MARGIN = 32.0
_TITLE_SIZE, _TITLE_BASELINE = 23.0, 19.0
_FACTS_SIZE, _FACTS_BASELINE = 11.5, 37.0
_HEADING = 46.0
_CREDIT_SIZE, _FOOT = 10.0, 20.0
_NUMBER_SIZE, _NUMBER_BASELINE = 16.0, 13.0
_GUTTER, _NUMBER_GAP = 34.0, 12.0
_GAP = 14.0
_UNIT_OF_ONE_PANEL = 1.6
"""So many times larger than on paper, where one panel is on a sheet without."""


@dataclass(frozen=True, eq=False)
class Panel:
    """A step as it stands in the film, with what is told of it."""

    painted: tuple[Painted, ...]
    telling: Telling


@dataclass(frozen=True)
class _Grid:
    """Where panels of `width` x `height` stand on a page. A length of one is `unit` long."""

    width: float
    height: float
    columns: int
    rows: int
    unit: float
    page: tuple[float, float]
    scale: float
    """Pixels of the page in a pixel of a panel."""

    @property
    def left(self) -> float:
        """The left edge of the first panel: the grid with its numbers stands in the middle."""
        return (self.page[0] - self._span + _GUTTER * self.unit) / 2

    @property
    def right(self) -> float:
        """The right edge of the last panel."""
        return self.left + self._span - _GUTTER * self.unit

    @property
    def _span(self) -> float:
        return self.columns * (_GUTTER * self.unit + self.width)

    @property
    def panels(self) -> int:
        """How many fit on a page."""
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[int, int]:
        """The upper left corner of a page's panel number `place`, in whole pixels."""
        row, column = divmod(place, self.columns)
        x = self.left + column * (self.width + _GUTTER * self.unit)
        y = (_MARGIN + _HEADING + row * _GAP) * self.unit + row * self.height
        return round(x), round(y)


def sheet_pages(
    planned: Plan, panels: Sequence[Panel], paper: Paper | None
) -> tuple[DrawnPage, ...]:
    """The pages of a sheet. Raises InputError where one page would have to be too large."""
    grid = sheet_grid(planned, len(panels), paper)
    typesetter = Typesetter()
    numbered = list(enumerate(panels, start=1))
    pages = [numbered[i : i + grid.panels] for i in range(0, len(numbered), grid.panels)]
    return tuple(
        DrawnPage(
            *grid.page,
            (
                Group(tuple(_frame_of_page(planned, grid, number, len(pages), typesetter))),
                *(
                    _panel(planned, panel, number, grid, place, typesetter)
                    for place, (number, panel) in enumerate(shown)
                ),
            ),
            planned.backdrop,
            grid.scale,
        )
        for number, shown in enumerate(pages, start=1)
    )


def sheet_grid(planned: Plan, count: int, paper: Paper | None) -> _Grid:
    """Where `count` panels stand."""
    shown = planned.page
    width = shown.width
    height = shown.height + (STRIP_HEIGHT if _needs_caption(planned) else 0)
    across, down = 2 * _MARGIN, 2 * _MARGIN + _HEADING + _FOOT
    if paper is not None:
        rows = _ROWS_ON_PAPER
        paper_width, paper_height = PAPER_SIZES[paper]
        scale = min(
            (paper_width - across - _GUTTER) / width,
            (paper_height - down - (rows - 1) * _GAP) / (rows * height),
        )
        page = (paper_width / scale, paper_height / scale)
        return _Grid(width, height, 1, rows, 1 / scale, page, scale)
    columns = min(_COLUMNS, ceil(sqrt(count)))
    rows = ceil(count / columns)
    unit = _UNIT_OF_ONE_PANEL * sqrt(columns)
    page = (
        (across + columns * _GUTTER) * unit + columns * width,
        (down + (rows - 1) * _GAP) * unit + rows * height,
    )
    return _Grid(width, height, columns, rows, unit, page, planned.width / shown.width)


def _needs_caption(planned: Plan) -> bool:
    """Whether a panel has no words of its own."""
    return planned.layout.strip is None and planned.page.words is None


def check_sheet_size(planned: Plan, sheet: Path, count: int) -> None:
    """Raise InputError where a sheet of `count` panels in pixels would be too large."""
    if sheet.suffix.lower() != PIXELS:
        return
    grid = sheet_grid(planned, count, None)
    width, height = (round(length * grid.scale) for length in grid.page)
    if width * height > LARGEST_SHEET or max(width, height) > LONGEST_SHEET:
        raise InputError(
            f"{sheet} would have {width} x {height} pixels for its {count} panels; choose a "
            f"smaller width or fewer timesteps, or write {PAGED} instead."
        )


def _panel(
    planned: Plan,
    panel: Panel,
    number: int,
    grid: _Grid,
    place: int,
    typesetter: Typesetter,
) -> Group:
    """A panel in a thin frame, with its number at its left and, without a strip, a caption."""
    painted, theme = [*panel.painted], planned.theme
    if _needs_caption(planned):
        page = planned.page
        box = Box(0.0, page.height, page.width, page.height + STRIP_HEIGHT)
        ground = rounded_box(box.left, box.top, box.right, box.bottom, 0.0)
        painted.append(Painted(ground, Style(theme.strip, None, 0.0)))
        shapes = strip(panel.telling, box, theme, typesetter)
        painted += [painted_in_full(shape, theme) for shape in shapes]
    border = rounded_box(0.0, 0.0, grid.width, grid.height, 0.0)
    painted.append(Painted(border, Style(None, theme.strip_line, theme.strokes.rule)))
    glyphs = typesetter.bold(str(number), _NUMBER_SIZE * grid.unit)
    outline = glyphs.moved(-_NUMBER_GAP * grid.unit - glyphs.width, _NUMBER_BASELINE * grid.unit)
    painted.append(Painted(outline, Style(theme.text, None, 0.0)))
    return Group.seen(painted, *grid.corner(place))


def _frame_of_page(
    planned: Plan, grid: _Grid, number: int, count: int, typesetter: Typesetter
) -> list[Painted]:
    """The heading, the credit and the page's number."""
    theme, unit = planned.theme, grid.unit
    storyboard = planned.storyboard
    top, bottom = _MARGIN * unit, grid.page[1] - _MARGIN * unit

    def text(markup: str, size: float, *, bold: bool = False) -> Text:
        return Text(plain(markup), round(size * unit, 1), bold=bold)

    language = planned.language
    title = text(words.title(storyboard.cell, language), _TITLE_SIZE, bold=True)
    facts = text(words.sheet_facts(storyboard.cell, storyboard.excerpt, language), _FACTS_SIZE)
    source = text(words.credit(language), _CREDIT_SIZE)
    page = text(words.page_number(number, count, language), _CREDIT_SIZE)
    typesetter.prepare([title, facts, source, page])
    placed = [
        (title, grid.left, top + _TITLE_BASELINE * unit, theme.text),
        (facts, grid.left, top + _FACTS_BASELINE * unit, theme.quiet_text),
        (source, grid.left, bottom, theme.quiet_text),
    ]
    if count > 1:
        x = grid.right - typesetter.glyphs(page).width
        placed.append((page, x, bottom, theme.quiet_text))
    return [
        Painted(typesetter.glyphs(line).moved(x, y), Style(colour, None, 0.0))
        for line, x, y, colour in placed
    ]
