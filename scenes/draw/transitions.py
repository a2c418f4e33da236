"""From beats to tableaux: which parts stand on the stage, in which look, with which numbers.

    transitions(planned) -> one Transition a beat
    still_of(planned) -> Tableau

Each beat's acts bring the stage from one tableau to the next. No renderer: outlines, styles and
functions of progress come out of it.
"""

from collections.abc import Iterator, Mapping
from math import floor

from gatereel.rnn_math import Cell
from gatereel.scenes.draw.motion import appear, grow, grow_wire, restyle, vanish
from gatereel.scenes.draw.outlines import Outline, rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.picture import draw, values
from gatereel.scenes.draw.shapes import Look, Shape, painted_in_full, style
from gatereel.scenes.draw.strip import strip
from gatereel.scenes.draw.tableau import Movement, Moving, Span, Tableau, Transition
from gatereel.scenes.draw.travels import Travels
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.lay_out.layout import Layout
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell.acts import Arrive, Clear, Complete, Focus, Reveal, Travel, Write
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX
from gatereel.scenes.tell.storyboard import Beat, Telling
from gatereel.scenes.theme.theme import Theme

# When things happen, in shares of a beat's motion.
_WHOLE = (0.0, 1.0)
# Looks change within one frame: each frame of a fade would redraw, and store, every outline.
_AT_ONCE = (0.0, 1e-6)
_AT_THE_END = (1.0 - 1e-6, 1.0)
_LATE = (0.6, 1.0)
_TRAVEL = (0.0, 0.75)
_ARRIVE = (0.65, 1.0)
_TRAVEL_TO_FAN = (0.0, 0.5)
_LANDING = 0.05
_FAN = (0.45, 0.85)
_ARRIVE_AFTER_FAN = (0.75, 1.0)

_FOCUS_PADDING = 3.0
_FOCUS_RADIUS = 9.0


def transitions(planned: Plan) -> Iterator[Transition]:
    """Every beat of a film, one after the other."""
    stage = Stage(planned)
    for beat in planned.storyboard.beats:
        yield stage.play(beat)


def still_of(planned: Plan) -> Tableau:
    """The complete cell alone."""
    # What waits is as pale as the theme's background, which would shine through at the edges
    # of the complete cell where another page is behind.
    stage = Stage(planned, shows_waiting=not planned.transparent)
    return stage.play(planned.storyboard.still).after


class Stage:
    """Parts by vector, their looks, the numbers shown, the strip and the frame around a row.

    What waits stands below all else from the start, unless `shows_waiting` is false.
    """

    def __init__(self, planned: Plan, *, shows_waiting: bool = True) -> None:
        self._cell: Cell = planned.storyboard.cell
        self._first_timestep = planned.storyboard.first_timestep
        self._layout: Layout = planned.layout
        self._theme: Theme = planned.theme
        self._typesetter = Typesetter()
        self._travels = Travels(self._layout, self._cell, self._theme, self._typesetter)
        telling = planned.storyboard.still.telling
        picture = draw(self._layout, self._cell, self._theme, self._typesetter, telling)
        self._parts = picture.parts
        boxes = [shape for shape in picture.base if shape.kind == "box"]
        others = [shape for shape in picture.base if shape.kind != "box"]
        waiting = [shape for shapes in self._parts.values() for shape in shapes]
        self._standing: dict[tuple[Shape, Look], Painted] = {}
        self._ground = (
            *(painted_in_full(shape, self._theme) for shape in boxes),
            *(self._painted(shape, "waiting") for shape in waiting if shows_waiting),
            *(painted_in_full(shape, self._theme) for shape in others),
        )
        self._looks: dict[str, Look] = {}
        self._numbers: dict[str, Painted] = {}
        self._shown: dict[str, tuple[float, ...]] = {}
        self._strip: tuple[Painted, ...] = ()
        self._focus: Painted | None = None

    def play(self, beat: Beat) -> Transition:
        """Bring the stage to the beat's end."""
        change = _Change(beat)
        before = dict(self._looks)
        self._tell(beat.telling)
        self._drop_focus(change)
        for name, look in before.items():  # what was active is past
            if look == "active":
                self._looks[name] = "past"
        for act in beat.acts:
            match act:
                case Travel(way="loop"):
                    change.pass_by(*self._travels.round_the_cell(act), _WHOLE)
                case Travel():
                    numbers = self._riding(act, beat)
                    change.pass_by(*self._travels.along_wire(act, numbers), change.travel)
                case Arrive(name):
                    change.pass_by(*self._travels.from_outside(name), _LATE)
                case Reveal(name):
                    self._reveal(name, change)
                case Clear(keeps_cell):
                    self._clear(keeps_cell=keeps_cell)
                case Write(numbers):
                    self._write(numbers, _AT_THE_END, change)
                case Complete(numbers):
                    self._looks = dict.fromkeys(self._parts, "full")
                    self._write(numbers, _AT_ONCE, change)
                    change.keeps_order = True
                case Focus(name):
                    self._put_focus(name, change)
        self._change_looks(before, change)
        return change.transition(self._ground, self._items())

    def _items(self) -> tuple[Painted, ...]:
        """All that changes and is on the stage, from back to front."""
        parts = (
            self._painted(shape, self._looks[name])
            for name, shapes in self._parts.items()
            if name in self._looks
            for shape in shapes
        )
        focus = () if self._focus is None else (self._focus,)
        # In the order of the rows, however they came: a loop closes on its first picture.
        numbers = (self._numbers[name] for name in self._layout.rows if name in self._numbers)
        return (*parts, *numbers, *self._strip, *focus)

    def _painted(self, shape: Shape, look: Look) -> Painted:
        """A shape in a look: the same object as long as it stands there."""
        key = shape, look
        if key not in self._standing:
            self._standing[key] = Painted(shape.outline, style(shape, look, self._theme))
        return self._standing[key]

    def _change_looks(self, before: dict[str, Look], change: "_Change") -> None:
        """Vectors' parts go over at once from the look they had to the one they have."""
        for name, old in before.items():
            new = self._looks.get(name, old)
            if new == old:
                continue
            for shape in self._parts[name]:
                after = self._painted(shape, new)
                change.move(after, restyle(style(shape, old, self._theme), after), _AT_ONCE)

    def _clear(self, *, keeps_cell: bool) -> None:
        if not keeps_cell:
            self._looks.clear()
        self._numbers.clear()
        self._shown.clear()

    def _write(
        self, numbers: Mapping[str, tuple[float, ...]], span: Span, change: "_Change"
    ) -> None:
        """New numbers come up; nothing where they stand already or are switched off."""
        for name, new in numbers.items():
            row = self._layout.rows[name]
            if not row.value_spots or self._shown.get(name) == new:
                continue
            shape = values(row, new, self._layout, self._theme, self._typesetter)
            after = painted_in_full(shape, self._theme)
            self._numbers[name] = after
            self._shown[name] = new
            change.move(after, appear(after, shape.backdrop), span)

    def _tell(self, telling: Telling) -> None:
        """Exchange the strip's text."""
        if self._layout.strip is None:
            return
        shapes = strip(telling, self._layout.strip, self._theme, self._typesetter)
        self._strip = tuple(painted_in_full(shape, self._theme) for shape in shapes)
        self._typesetter.forget()

    # --- the frame around the active row ---------------------------------------------------------

    def _put_focus(self, name: str, change: "_Change") -> None:
        outline = self._around(name)
        after = Painted(outline, Style(None, self._theme.accent, self._theme.strokes.focus))
        self._focus = after
        change.move(after, restyle(Style(None, self._theme.accent, 0.0), after), _AT_ONCE)

    def _drop_focus(self, change: "_Change") -> None:
        before, self._focus = self._focus, None
        if before is not None:
            change.pass_by(vanish(before), 1, _AT_ONCE)

    def _around(self, name: str) -> Outline:
        row = self._layout.rows[name]
        size = self._layout.value_size
        widths = [text_width(number(value), size) for value in self._shown.get(name, ())]
        spots = list(zip(row.value_spots, widths, strict=False))
        left = min(row.discs[0].x - row.radius, *(x - w / 2 for (x, _), w in spots), row.x)
        right = max(row.discs[-1].x + row.radius, *(x + w / 2 for (x, _), w in spots), row.x)
        top = min(row.y - row.radius, *(y - CAP_HEIGHT * size / 2 for (_, y), _ in spots), row.y)
        bottom = row.y + row.radius
        # Edges in the middle of a pixel: a line of whole pixels has no soft rim to be stored.
        return rounded_box(
            floor(left - _FOCUS_PADDING) + 0.5,
            floor(top - _FOCUS_PADDING) + 0.5,
            floor(right + _FOCUS_PADDING) + 0.5,
            floor(bottom + _FOCUS_PADDING) + 0.5,
            _FOCUS_RADIUS,
        )

    # --- what comes up ---------------------------------------------------------------------------

    def _reveal(self, name: str, change: "_Change") -> None:
        """A vector becomes active; the first time, it comes up over its pale self that waits."""
        comes_up = name not in self._looks
        self._looks[name] = "active"
        if not comes_up:
            return
        has_fan = self._has_fan(name)
        if has_fan:
            change.travel, change.arrive = _TRAVEL_TO_FAN, _ARRIVE_AFTER_FAN
        for shape in self._parts[name]:
            after = self._painted(shape, "active")
            movement, span = self._coming_up(shape, after, change, has_fan=has_fan)
            change.move(after, movement, span)

    def _coming_up(
        self, shape: Shape, after: Painted, change: "_Change", *, has_fan: bool
    ) -> tuple[Movement, Span]:
        waking = restyle(style(shape, "waiting", self._theme), after)
        landing = (change.travel[1] - _LANDING, change.travel[1])
        match shape.kind:
            case "wire" | "head":
                return grow_wire(shape, after), change.travel
            case "fan":
                return grow(shape, after), _FAN
            case "disc" | "dots" | "letter" if has_fan and not shape.is_operand:
                return grow(shape, after), change.arrive
            case "disc" | "dots":
                return waking, landing
            case "letter":
                return waking, change.arrive
            case _:
                return waking, _AT_ONCE

    def _riding(self, act: Travel, beat: Beat) -> tuple[float, ...]:
        """Numbers ride where they arrive as numbers, and while there is time to read them."""
        rides = beat.timestep == self._first_timestep and not self._has_fan(act.target)
        return self._shown.get(act.source, ()) if rides else ()

    def _has_fan(self, name: str) -> bool:
        return name + OPERANDS_SUFFIX in self._layout.rows


class _Change:
    """What a beat moves, collected act by act."""

    def __init__(self, beat: Beat) -> None:
        self.beat = beat
        self.travel, self.arrive = _TRAVEL, _ARRIVE
        self.keeps_order = False
        self._moving: dict[Painted, Moving] = {}
        self._passing: list[Moving] = []

    def move(self, after: Painted, movement: Movement, span: Span) -> None:
        """Something comes to stand as `after`."""
        self._moving[after] = Moving(movement, span)

    def pass_by(self, movement: Movement, count: int, span: Span) -> None:
        """Something of `count` outlines is gone at the end."""
        self._passing.append(Moving(movement, span, count))

    def transition(self, ground: tuple[Painted, ...], items: tuple[Painted, ...]) -> Transition:
        """All of it, on the way to a tableau of `items`."""
        if not self.keeps_order:
            # What moves is drawn last, so that the rest need be drawn only once. The complete
            # cell is drawn in the order of its first picture, so that a loop closes on it.
            items = tuple(sorted(items, key=lambda item: item in self._moving))
        return Transition(
            self.beat,
            (*(self._moving.get(item, item) for item in items), *self._passing),
            Tableau(ground, items),
        )
