"""Rows that travel: from row to row along a wire, round the cell, or in from outside."""

from collections.abc import Sequence
from dataclasses import replace

from gatereel.rnn_math import Cell
from gatereel.scenes.draw.levels import pieces, shares
from gatereel.scenes.draw.motion import Traveller, Waypoint, travel
from gatereel.scenes.draw.outlines import Outline
from gatereel.scenes.draw.tableau import Movement
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.geometry import Point
from gatereel.scenes.lay_out.layout import Disc, Layout, PlacedRow
from gatereel.scenes.tell.acts import Travel
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX
from gatereel.scenes.theme.theme import Theme

_INPUT_COMES_FROM = 140.0
_LOOP_LANE_WIDTH = 25.0
_ALL = slice(None)


class Travels:
    """Makes movements of what travels in a layout, each with how many outlines it has."""

    def __init__(
        self,
        layout: Layout,
        cell: Cell,
        theme: Theme,
        typesetter: Typesetter,
        *,
        levels: bool,
    ) -> None:
        self._levels = levels
        self._shares = shares(cell)
        self._layout = layout
        self._cell = cell
        self._theme = theme
        self._typesetter = typesetter

    def round_the_cell(self, act: Travel, numbers: Sequence[float]) -> tuple[Movement, int]:
        """A state goes round to where the next timestep takes it, narrow where the lane is."""
        source, target = (self._layout.rows[name] for name in (act.source, act.target))
        loop = self._layout.diagram.loops[act.source.removesuffix(OUT_SUFFIX)]
        ends = self._waypoint(source), self._waypoint(target)
        return self._movement(source, ends, loop[1:-1], numbers, lane_width=_LOOP_LANE_WIDTH)

    def along_wire(self, act: Travel, numbers: Sequence[float]) -> tuple[Movement, int]:
        """An operand goes to its operation, `numbers` over its discs."""
        rows = self._layout.rows
        source = rows[act.source]
        target = rows.get(act.target + OPERANDS_SUFFIX, rows[act.target])
        path = next(
            wire.path
            for wire in self._layout.wires
            if wire.source == act.source and wire.target == target.name
        )
        first = 0
        if len(source.discs) < len(target.discs):  # a part of what is concatenated
            for operand in self._cell.node(act.target).operands:
                if operand == act.source:
                    break
                first += len(rows[operand].discs)
        arriving = slice(first, first + len(source.discs))
        ends = self._waypoint(source), self._waypoint(target, arriving)
        return self._movement(source, ends, path, numbers)

    def from_outside(self, name: str, numbers: Sequence[float]) -> tuple[Movement, int]:
        """The next input's discs come in from the left, growing out of nothing."""
        row = self._layout.rows[name]
        end = self._waypoint(row)
        start = replace(end, discs=tuple((x - _INPUT_COMES_FROM, y, 0.0) for x, y, _ in end.discs))
        return self._movement(row, (start, end), (), numbers)

    def _movement(
        self,
        row: PlacedRow,
        ends: tuple[Waypoint, Waypoint],
        path: Sequence[Point],
        numbers: Sequence[float] = (),
        lane_width: float | None = None,
    ) -> tuple[Movement, int]:
        """Copies of a row's discs go along `path`, each with its number over it as on the row."""
        riding = bool(row.value_spots) and len(numbers) > 0
        riders = iter(zip(row.value_spots, numbers, strict=True) if riding else ())
        travellers = []
        for disc in row.discs:
            if disc.is_rest or not riding:
                travellers.append(Traveller(dots=disc.is_rest))
                continue
            spot, value = next(riders)
            # In a narrow lane, numbers would stand over each other.
            number = None if lane_width else self._riding(disc, spot, value)
            form = pieces(value, is_share=row.name in self._shares) if self._levels else None
            travellers.append(Traveller(form=form, number=number))
        movement = travel(travellers, *ends, path, self._theme, lane_width)
        return movement, sum(traveller.count for traveller in travellers)

    def _riding(self, disc: Disc, spot: Point, value: float) -> Outline:
        """A number as it stands around the middle of its disc."""
        size = self._layout.value_size
        glyphs = self._typesetter.number(number(value, self._layout.decimals), size)
        x, y = spot
        return glyphs.moved(x - disc.x - glyphs.width / 2, y - disc.y + CAP_HEIGHT * size / 2)

    def _waypoint(self, row: PlacedRow, part: slice = _ALL) -> Waypoint:
        """Discs of a row as a place to start or end."""
        discs = row.discs[part]
        fills = tuple(self._theme.fill(disc.role, disc.unit) for disc in discs)
        is_hollow = self._levels and bool(row.value_spots)
        deepened = self._theme.level if row.name in self._shares else self._theme.core
        return Waypoint(
            tuple((disc.x, disc.y, disc.radius) for disc in discs),
            tuple(map(self._theme.hollow, fills)) if is_hollow else fills,
            tuple(map(deepened, fills)) if is_hollow else fills,
        )
