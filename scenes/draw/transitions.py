"""From beats to tableaux: which parts stand on the stage, in which look, with which numbers.

    transitions(planned) -> one Transition a beat
    still_of(planned) -> Tableau

Each beat's acts bring the stage from one tableau to the next. No renderer: outlines, styles and
functions of progress come out of it.
"""

from collections.abc import Iterator, Mapping
from math import floor

from gatereel.rnn_math import Cell
from gatereel.scenes.draw.levels import forms, shares
from gatereel.scenes.draw.motion import appear, come, grow, grow_form, grow_wire, restyle, vanish
from gatereel.scenes.draw.outlines import Outline, join, rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.picture import draw, values
from gatereel.scenes.draw.shapes import Look, Shape, painted_in_full, style
from gatereel.scenes.draw.strip import strip
from gatereel.scenes.draw.tableau import Movement, Moving, Span, Tableau, Transition, steady
from gatereel.scenes.draw.travels import Travels
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.lay_out.layout import Layout
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell.acts import Act, Arrive, Clear, Complete, Focus, Reveal, Travel, Write
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX
from gatereel.scenes.tell.storyboard import Beat, Telling
from gatereel.scenes.theme.theme import Theme

# When things happen, in shares of a phase.
_WHOLE = (0.0, 1.0)
# Looks change within one frame: each frame of a fade would redraw, and store, every outline.
_AT_ONCE = (0.0, 1e-6)
_AT_THE_END = (1.0 - 1e-6, 1.0)
_LATE = (0.82, 1.0)
_FAN_SHARE = 0.55
"""Of the time in which a result comes up: a fan grows first."""

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
        telling = planned.storyboard.still.telling
        self._has_levels = planned.levels
        self._travels = Travels(
            self._layout, self._cell, self._theme, self._typesetter, levels=self._has_levels
        )
        picture = draw(
            self._layout,
            self._cell,
            self._theme,
            self._typesetter,
            telling,
            levels=self._has_levels,
        )
        self._parts = picture.parts
        boxes = [shape for shape in picture.base if shape.kind == "box"]
        others = [shape for shape in picture.base if shape.kind != "box"]
        waiting = [shape for shapes in self._parts.values() for shape in shapes]
        self._standing: dict[tuple[Shape, Style], Painted] = {}
        self._ground = (
            *(painted_in_full(shape, self._theme) for shape in boxes),
            *(self._painted(shape, "waiting") for shape in waiting if shows_waiting),
            *(painted_in_full(shape, self._theme) for shape in others),
        )
        self._looks: dict[str, Look] = {}
        self._shares = shares(self._cell)
        self._forms: dict[str, tuple[Painted, ...]] = {}
        self._numbers: dict[str, Painted] = {}
        self._shown: dict[str, tuple[float, ...]] = {}
        self._strip: tuple[Painted, ...] = ()
        self._focus: tuple[Painted, ...] = ()

    def play(self, beat: Beat) -> Transition:
        """Bring the stage to the beat's end."""
        change = _Change(beat)
        before = dict(self._looks)
        self._tell(beat.telling)
        self._drop_focus(change)
        for name, look in before.items():  # what was active is past
            if look == "active":
                self._looks[name] = "past"
        for place, phase in enumerate(beat.phases):
            change.begin(place)
            for act in phase.acts:
                self._act(act, beat, change)
        change.begin(0)
        self._change_looks(before, change)
        return change.transition(self._ground, self._items())

    def _act(self, act: Act, beat: Beat, change: "_Change") -> None:
        match act:
            case Travel(way="loop"):
                numbers = self._shown.get(act.source, ())
                change.pass_by(*self._travels.round_the_cell(act, numbers), change.travel)
            case Travel():
                numbers = self._shown.get(act.source, ())
                change.pass_by(*self._travels.along_wire(act, numbers), change.travel)
            case Arrive(name):
                numbers = beat.values.get(name, ())
                change.pass_by(*self._travels.from_outside(name, numbers), _LATE)
            case Reveal(name):
                self._reveal(name, change)
            case Clear():
                self._clear()
            case Write(numbers):
                self._write(numbers, _AT_THE_END, change)
            case Complete(numbers):
                self._looks = dict.fromkeys(self._parts, "full")
                self._write(numbers, _AT_ONCE, change)
                change.keeps_order = True
            case Focus(name):
                self._put_focus(name, change)

    def _items(self) -> tuple[Painted, ...]:
        """All that changes and is on the stage, from back to front."""
        parts = (
            self._painted(shape, self._looks[name])
            for name, shapes in self._parts.items()
            if name in self._looks
            for shape in shapes
        )
        # In the order of the rows, however they came: a loop closes on its first picture.
        numbers = (self._numbers[name] for name in self._layout.rows if name in self._numbers)
        forms = (each for name in self._layout.rows for each in self._forms.get(name, ()))
        return (*parts, *forms, *numbers, *self._strip, *self._focus)

    def _painted(self, shape: Shape, look: Look) -> Painted:
        """A shape in a look: the same object as long as it stands there and looks the same."""
        key = shape, style(shape, look, self._theme)
        if key not in self._standing:
            self._standing[key] = Painted(shape.outline, key[1])
        return self._standing[key]

    def _change_looks(self, before: dict[str, Look], change: "_Change") -> None:
        """Vectors' parts go over at once from the look they had to the one they have."""
        for name, old in before.items():
            new = self._looks.get(name, old)
            if new == old:
                continue
            for shape in self._parts[name]:
                after = self._painted(shape, new)
                if after is self._painted(shape, old):
                    continue
                change.move(after, restyle(style(shape, old, self._theme), after), _AT_ONCE)

    def _clear(self) -> None:
        self._looks.clear()
        self._forms.clear()
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
            if self._has_levels:
                self._form(name, new, change)

    def _form(self, name: str, numbers: tuple[float, ...], change: "_Change") -> None:
        """Levels rise and cores grow in a row's discs, under its letters."""
        row = self._layout.rows[name]
        letters = [shape for shape in self._parts.get(name, ()) if shape.kind == "letter"]
        found = forms(
            row.discs,
            numbers,
            self._theme,
            is_share=name in self._shares,
            has_letter=bool(letters),
        )
        arrive = change.arrive_after_fan if self._has_fan(name) else change.arrive
        rising = _AT_ONCE if change.keeps_order else arrive
        painted: list[Painted] = []
        for form in found:
            body, mark = form.painted()
            painted += (body, mark)
            change.move(body, grow_form(form, body), rising)
            change.move(mark, come(mark), _AT_THE_END)
        for colour in dict.fromkeys(shape.colour for shape in letters):
            outline = join([shape.outline for shape in letters if shape.colour == colour])
            behind = self._theme.letter_beside(colour)
            halo = Painted(outline, Style(behind, behind, self._theme.strokes.halo))
            letter = Painted(outline, Style(colour, None, 0.0))
            painted += (halo, letter)
            for each in (halo, letter):
                change.move(each, come(each), _AT_THE_END)
        self._forms[name] = tuple(painted)

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
        self._focus = (*self._focus, after)
        change.move(after, restyle(Style(None, self._theme.accent, 0.0), after), _AT_ONCE)

    def _drop_focus(self, change: "_Change") -> None:
        before, self._focus = self._focus, ()
        for frame in before:
            change.pass_by(vanish(frame), 1, _AT_ONCE)

    def _around(self, name: str) -> Outline:
        row = self._layout.rows[name]
        size = self._layout.value_size
        widths = [
            text_width(number(value, self._layout.decimals), size)
            for value in self._shown.get(name, ())
        ]
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
        for shape in self._parts[name]:
            after = self._painted(shape, "active")
            movement, span = self._coming_up(shape, after, change, has_fan=has_fan)
            change.move(after, movement, span)

    def _coming_up(
        self, shape: Shape, after: Painted, change: "_Change", *, has_fan: bool
    ) -> tuple[Movement, Span]:
        waking = restyle(style(shape, "waiting", self._theme), after)
        arrive = change.arrive_after_fan if has_fan else change.arrive
        match shape.kind:
            case "wire" | "head":
                return grow_wire(shape, after), change.travel
            case "fan":
                return grow(shape, after), change.fan
            case "disc" | "dots" | "letter" if has_fan and not shape.is_operand:
                return grow(shape, after), arrive
            case "disc" | "dots":
                return waking, change.landing
            case "letter":
                return waking, arrive
            case _:
                return waking, _AT_ONCE

    def _has_fan(self, name: str) -> bool:
        return name + OPERANDS_SUFFIX in self._layout.rows


class _Change:
    """What a beat moves, collected phase by phase and act by act. Spans are shares of a phase."""

    def __init__(self, beat: Beat) -> None:
        self.beat = beat
        self.keeps_order = False
        self._moving: dict[Painted, Moving] = {}
        self._passing: list[Moving] = []
        self.begin(0)

    def begin(self, place: int) -> None:
        """Go on with a phase of the beat."""
        phases, motion = self.beat.phases, self.beat.motion or 1.0
        before = sum(phase.motion for phase in phases[:place])
        phase = phases[place]
        self._start, self._length = before / motion, phase.motion / motion
        arrives = phase.travel / phase.motion if phase.motion else 0.0
        fanned = arrives + (1.0 - arrives) * _FAN_SHARE
        self.travel = (0.0, arrives)
        self.arrive, self.fan, self.arrive_after_fan = (
            (arrives, 1.0),
            (arrives, fanned),
            (fanned, 1.0),
        )
        self.landing = (max(0.0, arrives - _AT_ONCE[1]), max(arrives, _AT_ONCE[1]))

    def move(self, after: Painted, movement: Movement, span: Span) -> None:
        """Something comes to stand as `after`."""
        self._moving[after] = Moving(movement, self._of_beat(span))

    def pass_by(self, movement: Movement, count: int, span: Span) -> None:
        """Something of `count` outlines is gone at the end."""
        self._passing.append(Moving(movement, self._of_beat(span), count, steady))

    def _of_beat(self, span: Span) -> Span:
        """A span of the phase as one of the beat's motion."""
        start, end = (self._start + share * self._length for share in span)
        # Sums of floats may miss the end of the motion, at which everything has arrived.
        start = min(start, 1.0 - _AT_ONCE[1])
        return start, min(1.0, max(end, start + _AT_ONCE[1] / 2))

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
