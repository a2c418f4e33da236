"""Rows that travel: from row to row along a wire, or round the cell."""

from collections.abc import Sequence

from gatereel.rnn_math import Cell, previous
from gatereel.scenes.draw.journey import MeetingPoint, Traveller, Waypoint, journey, lane_of
from gatereel.scenes.draw.levels import pieces
from gatereel.scenes.draw.outlines import path_lengths
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.symbols import SIGNS
from gatereel.scenes.draw.tableau import Movement
from gatereel.scenes.draw.typeset import Text, Typesetter
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.layout import WIDEST_NUMBER, Layout, label_box, tag_box
from gatereel.scenes.lay_out.meetings import meeting_place
from gatereel.scenes.lay_out.placed_rows import PlacedRow
from gatereel.scenes.tell.acts import Travel
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX
from gatereel.scenes.tell.script import meets_another
from gatereel.scenes.theme.theme import Theme

_SIGN_SIZE = 22.0
_WORD_GAP = 3.0
"""Pixels from a word to where a number on its way is seen."""
_SIGN_MIDDLE = 0.33
"""From a sign's middle down to its baseline, in type sizes."""
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
        numbers: bool = True,
    ) -> None:
        self._levels = levels
        self._numbers = numbers
        self._shares = cell.shares
        self._layout = layout
        self._cell = cell
        self._theme = theme
        self._typesetter = typesetter
        size = layout.diagram.label_size
        boxes = (
            *(label_box(label, size) for label in layout.labels),
            *map(tag_box, layout.tags),
        )
        self._words = tuple(
            Box(
                box.left - _WORD_GAP,
                box.top - _WORD_GAP,
                box.right + _WORD_GAP,
                box.bottom + _WORD_GAP,
            )
            for box in boxes
        )

    def round_the_cell(self, act: Travel, numbers: Sequence[float]) -> tuple[Movement, int]:
        """A state goes round to where the next timestep takes it, its numbers beside its discs."""
        source, target = (self._layout.rows[name] for name in (act.source, act.target))
        travellers = self._travellers(source, numbers, beside=True)
        ends = self._waypoint(source), self._waypoint(target)
        return journey(travellers, *ends, self.way(act)[1:-1], self._theme, lane=self._pace())

    def _pace(self) -> tuple[float, float]:
        """When states are in their lanes, in shares of the motion: as the longest way needs it."""
        ways = [
            self.way(Travel(state + OUT_SUFFIX, previous(state), "loop"))
            for state in self._layout.diagram.loops
        ]
        longest = max(ways, key=lambda way: path_lengths(way)[-1])
        length = float(path_lengths(longest)[-1])
        first, last = lane_of(longest)
        return first / length, last / length

    def along_wire(
        self, act: Travel, numbers: Sequence[float], meets: tuple[float, float]
    ) -> tuple[Movement, int]:
        """An operand goes to its operation, `numbers` over its discs.

        Where it meets another one, it is there for the first share of `meets`, and goes in from the
        second on.
        """
        rows = self._layout.rows
        source = rows[act.source]
        target = rows.get(act.target + OPERANDS_SUFFIX, rows[act.target])
        first = 0
        if len(source.discs) < len(target.discs):  # a part of what is concatenated
            for operand in self._cell.node(act.target).operands:
                if operand == act.source:
                    break
                first += len(rows[operand].discs)
        arriving = slice(first, first + len(source.discs))
        ends = self._waypoint(source), self._waypoint(target, arriving)
        travellers = self._travellers(source, numbers)
        meeting = self._meeting(act, meets)
        path = self.way(act)[1:-1]
        if meeting is not None:
            # The last stretch leads to the operand's own place beside the operation's.
            path = path[:-1]
        return journey(travellers, *ends, path, self._theme, meeting=meeting, words=self._words)

    def way(self, act: Travel) -> list[Point]:
        """Where a travelling row passes, from middle to middle."""
        rows = self._layout.rows
        if act.way == "loop":
            loop = self._layout.diagram.loops[act.source.removesuffix(OUT_SUFFIX)]
            path: Sequence[Point] = loop[1:-1]
        else:
            path = self._wire(act.source, act.target)
        source, target = rows[act.source], rows.get(act.target + OPERANDS_SUFFIX)
        target = target or rows[act.target]
        return [(source.x, source.y), *path, (target.x, target.y)]

    def _wire(self, source: str, target: str) -> tuple[Point, ...]:
        ends = {target, target + OPERANDS_SUFFIX}
        wires = self._layout.wires
        return next(wire.path for wire in wires if wire.source == source and wire.target in ends)

    def _meeting(self, act: Travel, meets: tuple[float, float]) -> MeetingPoint | None:
        """Two operands stand side by side, the sign of the operation between them."""
        if not meets_another(self._cell, act.target):
            return None
        node = self._cell.node(act.target)
        row = self._layout.rows[act.target]
        # What comes from the left stays at the left.
        first, second = sorted(node.operands, key=lambda name: self._wire(name, act.target)[-2][0])
        place = meeting_place(self._layout, act.target, first, second)
        is_first = act.source == first
        sign = None
        if is_first and self._numbers:
            glyphs = self._typesetter.glyphs(Text(SIGNS[type(node.operation)], _SIGN_SIZE))
            x, y = row.x + place.sign[0], row.y + place.sign[1]
            outline = glyphs.moved(x - glyphs.width / 2, y + _SIGN_MIDDLE * _SIGN_SIZE)
            sign = Painted(outline, Style(self._theme.text, None, 0.0))
        aside = place.first if is_first else place.second
        return MeetingPoint(aside, *meets, sign, place.has_numbers)

    def _travellers(
        self, row: PlacedRow, numbers: Sequence[float], *, beside: bool = False
    ) -> list[Traveller]:
        """Copies of a row's discs, each with its number over it as on the row, or `beside` it."""
        riding = bool(row.value_spots) and len(numbers) > 0
        riders = iter(zip(row.value_spots, numbers, strict=True) if riding else ())
        travellers = []
        for disc in row.discs:
            if disc.is_rest or not riding:
                travellers.append(Traveller(dots=disc.is_rest))
                continue
            spot, value = next(riders)
            is_share = row.name in self._shares
            form = pieces(value, is_share=is_share) if self._levels else None
            if not self._numbers:
                travellers.append(Traveller(form=form))
                continue
            size = self._layout.value_size
            glyphs = self._typesetter.number(number(value, self._layout.decimals), size)
            x, y = spot
            if beside:
                outline, width = glyphs.moved(0.0, CAP_HEIGHT * size / 2), glyphs.width
            else:
                left, baseline = x - disc.x - glyphs.width / 2, y - disc.y + CAP_HEIGHT * size / 2
                outline, width = glyphs.moved(left, baseline), 0.0
            travellers.append(Traveller(form=form, number=outline, width=width))
        return travellers

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
            tuple(self._number_box(spot) for spot in row.value_spots if self._numbers),
        )

    def _number_box(self, spot: Point) -> Box:
        x, y = spot
        size = self._layout.value_size
        half, cap = text_width(WIDEST_NUMBER, size) / 2, CAP_HEIGHT * size / 2
        return Box(x - half, y - cap, x + half, y + cap)
