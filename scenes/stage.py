"""The mobjects of one picture: which parts stand on the stage, in which look, with which numbers.

The scene decides what happens in a beat; the stage makes the mobjects and movements for it.
"""

from collections.abc import Callable, Iterable, Sequence
from math import floor

from scenes.canvas import Canvas
from scenes.diagrams import OPERANDS_SUFFIX, Point
from scenes.layout import Layout, PlacedRow
from scenes.metrics import CAP_HEIGHT, text_width
from scenes.motion import (
    Movement,
    Part,
    Span,
    Timed,
    Traveller,
    Waypoint,
    appear,
    travel,
)
from scenes.numbers import number
from scenes.outlines import rounded_box
from scenes.own_manim import VMobject
from scenes.painted import Style
from scenes.picture import Picture, draw, values
from scenes.shapes import Look, Shape, style
from scenes.storyboard import Move, Storyboard, Telling
from scenes.strip import strip
from scenes.theme import Theme
from scenes.typeset import Typesetter

_FOCUS_PADDING = 3.0
_FOCUS_RADIUS = 9.0


class Stage:
    """Parts by vector, their looks, the numbers shown, the strip and the frame around a row."""

    def __init__(
        self, storyboard: Storyboard, layout: Layout, theme: Theme, canvas: Canvas
    ) -> None:
        self.cell = storyboard.cell
        self.layout = layout
        self.theme = theme
        self.canvas = canvas
        self.typesetter = Typesetter()
        telling = storyboard.still.telling
        picture: Picture = draw(layout, self.cell, theme, self.typesetter, telling)
        self.base = [self._part(shape, "full") for shape in picture.base]
        self.waiting = [
            self._part(shape, "waiting") for shapes in picture.parts.values() for shape in shapes
        ]
        self.parts = {
            name: [self._part(shape, "full") for shape in shapes]
            for name, shapes in picture.parts.items()
        }
        self.looks: dict[str, Look] = {}
        self.numbers: dict[str, Part] = {}
        self.shown: dict[str, tuple[float, ...]] = {}
        self.strip: list[Part] = []
        self.focus: VMobject | None = None

    def mobjects(self) -> list[VMobject]:
        """All that changes and is on the stage, from back to front."""
        parts = [
            *(part for name in self.parts if name in self.looks for part in self.parts[name]),
            *self.numbers.values(),
            *self.strip,
        ]
        focus = [] if self.focus is None else [self.focus]
        return [*(part.mobject for part in parts), *focus]

    # --- numbers -------------------------------------------------------------------------------

    def put_numbers(self, name: str, numbers: tuple[float, ...], span: Span) -> list[Timed]:
        """New numbers come up at a row; nothing where they stand already or are switched off."""
        row = self.layout.rows[name]
        if not row.value_spots or self.shown.get(name) == numbers:
            return []
        shape = values(row, numbers, self.layout, self.theme, self.typesetter)
        self.numbers[name] = self._part(shape, "full")
        self.shown[name] = numbers
        return [self.fading(self.numbers[name], span)]

    # --- strip ---------------------------------------------------------------------------------

    def tell(self, telling: Telling) -> None:
        """Exchange the strip's text."""
        if self.layout.strip is None:
            return
        shapes = strip(telling, self.layout.strip, self.theme, self.typesetter)
        self.strip = [self._part(shape, "full") for shape in shapes]
        self.typesetter.forget()

    # --- frame around the active row -------------------------------------------------------------

    def put_focus(self, name: str, span: Span) -> Timed:
        """A frame comes up around a row."""
        self.focus = self._focus_around(name)
        return Timed(self.focus, span, self._focus_strength(self.focus))

    def drop_focus(self, span: Span) -> list[Timed]:
        """The frame goes."""
        mobject, self.focus = self.focus, None
        if mobject is None:
            return []
        coming = self._focus_strength(mobject)
        return [Timed(mobject, span, lambda progress: coming(1.0 - progress))]

    def _focus_strength(self, mobject: VMobject) -> Movement:
        def move(progress: float) -> None:
            width = self.theme.strokes.focus * progress
            self.canvas.restyle(mobject, Style(None, self.theme.accent, width))

        return move

    def _focus_around(self, name: str) -> VMobject:
        row = self.layout.rows[name]
        size = self.layout.value_size
        widths = [text_width(number(value), size) for value in self.shown.get(name, ())]
        spots = list(zip(row.value_spots, widths, strict=False))
        left = min(row.discs[0].x - row.radius, *(x - w / 2 for (x, _), w in spots), row.x)
        right = max(row.discs[-1].x + row.radius, *(x + w / 2 for (x, _), w in spots), row.x)
        top = min(row.y - row.radius, *(y - CAP_HEIGHT * size / 2 for (_, y), _ in spots), row.y)
        bottom = row.y + row.radius
        # Edges in the middle of a pixel: a line of whole pixels has no soft rim to be stored.
        outline = rounded_box(
            floor(left - _FOCUS_PADDING) + 0.5,
            floor(top - _FOCUS_PADDING) + 0.5,
            floor(right + _FOCUS_PADDING) + 0.5,
            floor(bottom + _FOCUS_PADDING) + 0.5,
            _FOCUS_RADIUS,
        )
        return self.canvas.mobject(outline, Style(None, self.theme.accent, 0.0))

    # --- travelling rows -------------------------------------------------------------------------

    def travelling(
        self,
        row: PlacedRow,
        start: Waypoint,
        end: Waypoint,
        path: Sequence[Point],
        numbers: tuple[float, ...],
        span: Span,
        lane_width: float | None = None,
    ) -> list[Timed]:
        """Copies of a row's discs go along `path`, each with its number over it as on `row`."""
        travellers = []
        size = self.layout.value_size
        riding = row.value_spots and numbers and lane_width is None
        riders = iter(zip(row.value_spots, numbers, strict=True) if riding else ())
        for disc in row.discs:
            if disc.is_rest:
                travellers.append(Traveller(VMobject(), dots=VMobject()))
            elif riding:
                (spot_x, spot_y), value = next(riders)
                glyphs = self.typesetter.number(number(value), size)
                outline = glyphs.moved(
                    spot_x - disc.x - glyphs.width / 2, spot_y - disc.y + CAP_HEIGHT * size / 2
                )
                travellers.append(Traveller(VMobject(), VMobject(), outline))
            else:
                travellers.append(Traveller(VMobject()))
        movement = travel(travellers, start, end, path, self.canvas, self.theme, lane_width)
        # Numbers are in front of all discs.
        mobjects = [
            *(m for t in travellers for m in t.mobjects if m is not t.number),
            *(t.number for t in travellers if t.number is not None),
        ]
        # One movement moves them all; the others are named so that they are drawn.
        return [
            Timed(mobjects[0], span, movement),
            *(Timed(mobject, span, _stand) for mobject in mobjects[1:]),
        ]

    def waypoint(self, row: PlacedRow, first: int = 0, count: int | None = None) -> Waypoint:
        """A row, or `count` of its discs from number `first`, as a place to start or end."""
        discs = row.discs[first : None if count is None else first + count]
        return Waypoint(
            tuple((disc.x, disc.y, disc.radius) for disc in discs),
            tuple(self.theme.fill(disc.role, disc.unit) for disc in discs),
        )

    def way(self, move: Move) -> tuple[PlacedRow, Waypoint, Waypoint, tuple[Point, ...]]:
        """Source row, start, end and wire of a move."""
        rows = self.layout.rows
        source = rows[move.source]
        target = rows.get(move.target + OPERANDS_SUFFIX, rows[move.target])
        path = next(
            wire.path
            for wire in self.layout.wires
            if wire.source == move.source and wire.target == target.name
        )
        first = 0
        if len(source.discs) < len(target.discs):  # a part of what is concatenated
            for operand in self.cell.node(move.target).operands:
                if operand == move.source:
                    break
                first += len(rows[operand].discs)
        end = self.waypoint(target, first, len(source.discs))
        return source, self.waypoint(source), end, path

    # --- looks ---------------------------------------------------------------------------------

    def change_look(self, names: Iterable[str], after: Look, span: Span) -> list[Timed]:
        """The vectors' parts go over from the look they have to another."""
        timed = []
        for name in names:
            before = self.looks[name]
            self.looks[name] = after
            if before != after:
                timed += [
                    Timed(part.mobject, span, self._restyling(part, before, after))
                    for part in self.parts[name]
                ]
        return timed

    def clear(self, *, keep_cell: bool) -> None:
        """All numbers go; with them the cell itself, unless it is kept to be run again."""
        if not keep_cell:
            self.looks.clear()
        self.numbers.clear()
        self.shown.clear()

    def growing(self, part: Part, span: Span, grow: Callable[[Part, Canvas], Movement]) -> Timed:
        """A part grows in its active look."""
        self.canvas.restyle(part.mobject, style(part.shape, "active", self.theme))
        return Timed(part.mobject, span, grow(part, self.canvas))

    def waking(self, part: Part, span: Span) -> Timed:
        """A part that waited becomes active."""
        return Timed(part.mobject, span, self._restyling(part, "waiting", "active"))

    def fading(self, part: Part, span: Span) -> Timed:
        """A part comes out of its backdrop."""
        shown = style(part.shape, "full", self.theme)
        return Timed(part.mobject, span, appear(part, shown, self.canvas))

    def _restyling(self, part: Part, before: Look, after: Look) -> Movement:
        first, last = (style(part.shape, look, self.theme) for look in (before, after))
        return part.restyled(first, last, self.canvas)

    def _part(self, shape: Shape, look: Look) -> Part:
        return Part(shape, self.canvas.mobject(shape.outline, style(shape, look, self.theme)))


def _stand(progress: float) -> None:
    """Moved by another's movement."""
