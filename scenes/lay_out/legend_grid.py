"""Where the legend's cards stand, and how much room its words have.

    Grid(7).size -> (1125, 838)

A card is a panel with a symbol, and below it the symbol's name and formula. Lengths are pixels.
"""

from math import ceil

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.lay_out.geometry import Box

MARGIN = 24.0
"""Free at the left and the right."""

PANEL_WIDTH, PANEL_HEIGHT = 347.0, 172.0
"""A panel's size; a name and a formula are as wide at most."""

_COLUMNS = 3
_GAP = 18.0
_TOP, _BOTTOM = 62.0, 14.0
_CARD_HEIGHT = 254.0


@dataclass(frozen=True)
class Grid:
    """Where `count` cards stand: rows of up to three, the last one in the middle.

    `above` are pixels of what stands over them.
    """

    count: int
    above: float = 0.0

    @property
    def columns(self) -> int:
        """Cards in a full row."""
        return min(self.count, _COLUMNS)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole picture, in pixels."""
        width = 2 * MARGIN + self._span(self.columns)
        height = self.above + _TOP + ceil(self.count / self.columns) * _CARD_HEIGHT + _BOTTOM
        return round(width), round(height)

    @property
    def bottom(self) -> float:
        """Where what comes below may begin."""
        return self.size[1] - _BOTTOM

    @property
    def title_room(self) -> float:
        """How wide the title may be."""
        return self._span(self.columns)

    def panel(self, i: int) -> Box:
        """The panel of card number `i`."""
        row, column = divmod(i, self.columns)
        in_row = min(self.columns, self.count - row * self.columns)
        indent = (self._span(self.columns) - self._span(in_row)) / 2
        left = MARGIN + indent + column * (PANEL_WIDTH + _GAP)
        top = self.above + _TOP + row * _CARD_HEIGHT
        return Box(left, top, left + PANEL_WIDTH, top + PANEL_HEIGHT)

    @staticmethod
    def _span(cards: int) -> float:
        return cards * PANEL_WIDTH + (cards - 1) * _GAP
