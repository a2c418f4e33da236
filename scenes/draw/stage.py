"""The stage of a film: parts by vector in their looks, numbers, forms, the strip and the frames.

A beat's acts bring it from one tableau to the next.
"""

from collections.abc import Mapping, Sequence
from math import floor

from gatereel.rnn_math import Cell, Concatenate, previous
from gatereel.scenes.draw.back import Back
from gatereel.scenes.draw.change import Change
from gatereel.scenes.draw.levels import forms
from gatereel.scenes.draw.motion import (
    AT_ONCE,
    AT_THE_END,
    appear,
    come,
    grow,
    grow_form,
    grow_wire,
    hide,
    restyle,
    vanish,
)
from gatereel.scenes.draw.outlines import Outline, join, rounded_box
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.picture import draw, values
from gatereel.scenes.draw.shapes import Look, Shape, ShapeKind, painted_in_full, style
from gatereel.scenes.draw.strip import strip, strip_lines
from gatereel.scenes.draw.tableau import Movement, Span, Transition
from gatereel.scenes.draw.travels import Travels
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.fonts.text_width import CAP_HEIGHT, text_width
from gatereel.scenes.lay_out.layout import Layout
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell.acts import (
    Act,
    Clear,
    Complete,
    CompleteBack,
    Focus,
    Pass,
    Receive,
    Reveal,
    Send,
    Travel,
    Turn,
    Write,
)
from gatereel.scenes.tell.beats import Beat, Telling
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX
from gatereel.scenes.tell.script import meets_another
from gatereel.scenes.theme.theme import Theme

_COVERING: tuple[ShapeKind, ...] = ("tag", "tag text", "label")
"""What travels goes under these."""
_TRAVELLER_ACROSS, _TRAVELLER_DOWN = 70.0, 40.0
"""Pixels around its way in which a travelling row is."""

_HALO_RADIUS = 12.0
"""Of a disc: in smaller ones, the light around a letter would reach into the next disc."""

_FOCUS_PADDING = 4.0
_FOCUS_RADIUS = 9.0


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
        # On a map, words and numbers would be too small to be read.
        self._has_words = planned.page.words is None
        self._travels = Travels(
            self._layout,
            self._cell,
            self._theme,
            self._typesetter,
            levels=self._has_levels,
            numbers=self._has_words,
        )
        picture = draw(
            self._layout,
            self._cell,
            self._theme,
            self._typesetter,
            telling,
            levels=self._has_levels,
            weights=planned.weights,
            words=self._has_words,
        )
        self._parts = picture.parts
        boxes = [shape for shape in picture.base if shape.kind == "box"]
        others = [shape for shape in picture.base if shape.kind not in ("box", *_COVERING)]
        # Where a gradient goes the other way, no head of a wire is behind it.
        headless = planned.storyboard.goes_back
        waiting = [
            shape
            for shapes in self._parts.values()
            for shape in shapes
            if not (headless and shape.kind == "head")
        ]
        self._standing: dict[tuple[Shape, Style], Painted] = {}
        self._covering: dict[Painted, Shape] = {}
        self._ground = (
            *(painted_in_full(shape, self._theme) for shape in boxes),
            *(self._painted(shape, "waiting") for shape in waiting if shows_waiting),
            *(painted_in_full(shape, self._theme) for shape in others),
        )
        covering = [shape for shape in picture.base if shape.kind in _COVERING]
        self._always = tuple(self._painted(shape, "full") for shape in covering)
        self._looks: dict[str, Look] = {}
        # Where operands line up beside each other, a sign between the discs of one would be read.
        self._signed = {
            label.row
            for label in self._layout.labels
            if label.text == label.sign and meets_another(self._cell, label.row)
        }
        self._shares = self._cell.shares
        self._carried = {
            name
            for name in self._layout.rows
            if name.endswith(OUT_SUFFIX) or name in map(previous, self._cell.states)
        } | {node.name for node in self._cell.nodes if isinstance(node.operation, Concatenate)}
        """Rows to which values come as they are."""
        self._forms: dict[str, tuple[Painted, ...]] = {}
        self._numbers: dict[str, Painted] = {}
        self._shown: dict[str, tuple[float, ...]] = {}
        self._back = Back(self._layout, self._cell, self._theme)
        self._ways: dict[tuple[str, str], tuple[Painted, ...]] = {}
        """What goes back, by where from and where to."""
        self._strip: tuple[Painted, ...] = ()
        self._focus: tuple[Painted, ...] = ()

    def typeset(self, beats: Sequence[Beat]) -> None:
        """Set what beats tell in one run: each run takes time of its own."""
        if self._layout.strip is not None:
            told = (strip_lines(beat.telling, self._layout.strip, self._theme) for beat in beats)
            self._typesetter.prepare(line for lines in told for line in lines)

    def play(self, beat: Beat, *, tells: bool = True) -> Transition:
        """Bring the stage to the beat's end; unless it `tells`, the strip stays as it is."""
        change = Change(beat)
        before = dict(self._looks)
        if tells:
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
        items = self._items()
        return change.transition(self._ground, items, self._covers(items, change))

    def _act(self, act: Act, beat: Beat, change: Change) -> None:
        match act:
            case Travel(way="loop"):
                change.ways.append(self._travels.way(act))
                numbers = self._shown.get(act.source, ())
                change.pass_by(*self._travels.round_the_cell(act, numbers), change.travel)
            case Travel():
                change.ways.append(self._travels.way(act))
                numbers = self._shown.get(act.source, ())
                travelling = self._travels.along_wire(act, numbers, change.meets)
                change.pass_by(*travelling, change.on_its_way)
            case Reveal(name):
                self._reveal(name, change)
            case Clear():
                self._clear(is_built=beat.timestep != self._first_timestep)
            case Write(numbers):
                self._write(numbers, AT_THE_END, change)
            case Pass(numbers):
                self._looks |= {name: "past" for name in numbers if name in self._parts}
                self._write(numbers, AT_ONCE, change)
            case Complete(numbers):
                self._looks = dict.fromkeys(self._parts, "full")
                self._write(numbers, AT_ONCE, change)
                change.keeps_order = True
            case Focus(name):
                self._put_focus(name, change)
            case Turn():
                self._turn()
            case Send():
                self._send(act, change.travel, change)
            case Receive(numbers):
                self._receive(numbers, change.arrive, change)
            case CompleteBack(sends, numbers):
                self._turn()
                for each in sends:
                    self._send(each, AT_ONCE, change)
                self._receive(numbers, AT_ONCE, change)
                change.keeps_order = True

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
        ways = (each for way in self._ways.values() for each in way)
        return (*self._always, *parts, *ways, *forms, *numbers, *self._strip, *self._focus)

    def _covers(self, items: Sequence[Painted], change: Change) -> set[Painted]:
        """What stands over that which travels by; with a tag, its text."""
        if not change.ways:
            return set()
        covering = [item for item in items if item in self._covering and item not in change.hidden]
        boxes = [
            item.box
            for item in covering
            if change.passes(item.box.grown(_TRAVELLER_ACROSS, _TRAVELLER_DOWN))
        ]
        return {item for item in covering if any(item.box.overlaps(box) for box in boxes)}

    def _painted(self, shape: Shape, look: Look) -> Painted:
        """A shape in a look: the same object as long as it stands there and looks the same."""
        key = shape, style(shape, look, self._theme)
        if key not in self._standing:
            self._standing[key] = Painted(shape.outline, key[1])
            if shape.kind in _COVERING:
                self._covering[self._standing[key]] = shape
        return self._standing[key]

    def _change_looks(self, before: dict[str, Look], change: Change) -> None:
        """Vectors' parts go over at once from the look they had to the one they have."""
        for name, old in before.items():
            new = self._looks.get(name, old)
            if new == old:
                continue
            for shape in self._parts[name]:
                after = self._painted(shape, new)
                if after is self._painted(shape, old):
                    continue
                change.move(after, restyle(style(shape, old, self._theme), after), AT_ONCE)

    def _clear(self, *, is_built: bool) -> None:
        """Nothing is computed: at first nothing stands there, later the cell without values."""
        self._looks = dict.fromkeys(self._parts, "emptied") if is_built else {}
        for name in self._cell.given:
            self._looks[name] = "emptied" if self._layout.rows[name].value_spots else "full"
        self._ways.clear()
        self._forms.clear()
        self._numbers.clear()
        self._shown.clear()

    def _write(self, numbers: Mapping[str, tuple[float, ...]], span: Span, change: Change) -> None:
        """New numbers come up; nothing where they stand already or are switched off."""
        for name, new in numbers.items():
            row = self._layout.rows[name]
            if not row.value_spots or self._shown.get(name) == new:
                continue
            self._shown[name] = new
            if self._looks.get(name) == "emptied" and name in self._cell.given:
                self._given_comes(name, change)
            if self._has_words:
                shape = values(row, new, self._layout, self._theme, self._typesetter)
                after = painted_in_full(shape, self._theme)
                self._numbers[name] = after
                change.move(after, appear(after, shape.backdrop), span)
            if self._has_levels:
                self._form(name, new, change)

    def _given_comes(self, name: str, change: Change) -> None:
        """A row that the timestep begins with stands there as soon as its values have come."""
        self._looks[name] = "past"
        for shape in self._parts[name]:
            after = self._painted(shape, "past")
            change.move(after, come(after), change.landing if change.travels else AT_ONCE)

    def _form(self, name: str, numbers: tuple[float, ...], change: Change) -> None:
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
        rising = AT_ONCE if change.keeps_order else arrive
        # What arrives as it set out has its size already.
        is_carried = change.travels and name in self._carried
        painted: list[Painted] = []
        for form in found:
            body, mark = form.painted()
            painted += (body, mark)
            if is_carried:
                change.move(body, come(body), change.landing)
            else:
                change.move(body, grow_form(form, body), rising)
            change.move(mark, come(mark), AT_THE_END)
        for colour in dict.fromkeys(shape.colour for shape in letters):
            outline = join([shape.outline for shape in letters if shape.colour == colour])
            behind = self._theme.letter_beside(colour)
            width = self._theme.strokes.halo * min(1.0, row.radius / _HALO_RADIUS)
            halo = Painted(outline, Style(behind, behind, width))
            letter = Painted(outline, Style(colour, None, 0.0))
            painted += (halo, letter)
            for each in (halo, letter):
                change.move(each, come(each), AT_THE_END)
        self._forms[name] = tuple(painted)

    def _turn(self) -> None:
        """The way back begins: the whole cell waits for what is sent to it."""
        self._clear(is_built=True)
        self._looks = dict.fromkeys(self._parts, "turned")
        self._looks |= dict.fromkeys(self._cell.given, "full")

    def _send(self, send: Send, span: Span, change: Change) -> None:
        """A gradient goes back along a wire, or round the cell."""
        pieces = self._back.way(send).pieces
        self._ways[send.source, send.target] = tuple(painted for painted, _ in pieces)
        for painted, movement in pieces:
            change.move(painted, movement, span)

    def _receive(
        self, numbers: Mapping[str, tuple[float, ...]], span: Span, change: Change
    ) -> None:
        """Gradients come up at rows, or are added to."""
        for name, new in numbers.items():
            row = self._layout.rows[name]
            self._shown[name] = new
            self._forms[name] = self._back.received(name, new)
            for each in self._forms[name]:
                change.move(each, come(each), AT_THE_END)
            if row.value_spots and self._has_words:
                shape = values(row, new, self._layout, self._theme, self._typesetter)
                self._numbers[name] = painted_in_full(shape, self._theme)
                change.move(self._numbers[name], appear(self._numbers[name], shape.backdrop), span)

    def _tell(self, telling: Telling) -> None:
        """Exchange the strip's text."""
        if self._layout.strip is None:
            return
        shapes = strip(telling, self._layout.strip, self._theme, self._typesetter)
        self._strip = tuple(painted_in_full(shape, self._theme) for shape in shapes)

    # --- the frame around the active row ---------------------------------------------------------

    def _put_focus(self, name: str, change: Change) -> None:
        outline = self._around(name)
        after = Painted(outline, Style(None, self._theme.accent, self._theme.strokes.focus))
        self._focus = (*self._focus, after)
        # A frame would stand across the operands that meet there.
        span = AT_THE_END if meets_another(self._cell, name) else AT_ONCE
        change.move(after, restyle(Style(None, self._theme.accent, 0.0), after), span)

    def _drop_focus(self, change: Change) -> None:
        before, self._focus = self._focus, ()
        for frame in before:
            change.pass_by(vanish(frame), 1, AT_ONCE)

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

    def _reveal(self, name: str, change: Change) -> None:
        """A vector becomes active; the first time, it comes up over its pale self that waits."""
        before = self._looks.get(name, "waiting")
        comes_up = before in ("waiting", "emptied")
        self._looks[name] = "active"
        if not comes_up:
            return
        has_fan = self._has_fan(name)
        for shape in self._parts[name]:
            after = self._painted(shape, "active")
            waiting = style(shape, before, self._theme)
            if shape.kind == "label" and name in self._signed and change.travels:
                change.hidden.add(after)
                change.move(after, hide(after, shape.backdrop), AT_THE_END)
                continue
            movement, span = self._coming_up(shape, waiting, after, change, has_fan=has_fan)
            change.move(after, movement, span)

    def _coming_up(
        self, shape: Shape, waiting: Style, after: Painted, change: Change, *, has_fan: bool
    ) -> tuple[Movement, Span]:
        waking = restyle(waiting, after)
        arrive = change.arrive_after_fan if has_fan else change.arrive
        match shape.kind:
            case "wire" | "head":
                return grow_wire(shape, after), change.travel
            case "fan" | "weights" if change.travels:
                return grow(shape, after), change.fan
            case "disc" | "dots" | "letter" if change.travels and has_fan and not shape.is_operand:
                return grow(shape, after), arrive
            case "disc" | "dots":
                return waking, change.landing
            case "letter":
                return waking, arrive
            case _:
                return waking, AT_ONCE

    def _has_fan(self, name: str) -> bool:
        return name + OPERANDS_SUFFIX in self._layout.rows
