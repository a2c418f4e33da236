"""The gradient on its way back through a cell: wires the other way round, as wide as it is large.

    Back(layout, cell, theme).way(send) -> what stands there, and how it grows

It has a colour that nothing else has; the way straight through the gate that keeps is stronger than
the ways through the gates.
"""

from collections.abc import Sequence
from dataclasses import replace

from gatereel.rnn_math import Cell, previous
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.fan import fan
from gatereel.scenes.draw.lanes import lane
from gatereel.scenes.draw.levels import forms
from gatereel.scenes.draw.motion import grow
from gatereel.scenes.draw.outlines import (
    NOTHING,
    Outline,
    arrow_head,
    circle,
    join,
    partial_path,
    path_lengths,
    point_along,
)
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.shapes import line_around
from gatereel.scenes.draw.tableau import Movement
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.layout import Layout, tag_box
from gatereel.scenes.tell.acts import Send
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX
from gatereel.scenes.theme.theme import GRADIENT, Theme, mix

WIDEST, NARROWEST = 9.0, 1.6
"""Pixels of the way of a gradient of 1 or more, and of one of nearly 0."""

_HEAD_LENGTH, _HEAD_WIDTH = 6.0, 8.0
"""Pixels of a head beyond its line's width: behind its tip, and across."""
_LONGEST_HEAD = 0.6
"""Of a way."""
_PALER = 0.45
"""How far the ways through the gates recede into what is behind them."""


@dataclass(frozen=True, eq=False)
class WayBack:
    """Pieces of a way back, each with its movement."""

    pieces: tuple[tuple[Painted, Movement], ...]


class Back:
    """Draws what goes back through the cell of a layout."""

    def __init__(self, layout: Layout, cell: Cell, theme: Theme) -> None:
        self._layout, self._cell, self._theme = layout, cell, theme
        self._colour = theme.fill(GRADIENT, 0)
        self._gaps = tuple(tag_box(tag) for tag in layout.tags if tag.kind == "gate")

    def way(self, send: Send) -> WayBack:
        """From a row back to one that it was made of, or round the cell."""
        path = self._path(send)
        size = min(1.0, send.size)
        width = NARROWEST + (WIDEST - NARROWEST) * size
        theme = self._theme
        colour = self._colour if send.is_straight else mix(self._colour, theme.body, _PALER)
        line, head = _arrow(path, width, self._gaps)
        line_style, head_style = Style(None, colour, width), Style(colour, None, 0.0)
        after = Painted(line, line_style), Painted(head, head_style)
        pieces = [
            (after[0], self._growing(path, width, after[0], is_head=False)),
            (after[1], self._growing(path, width, after[1], is_head=True)),
        ]
        if (fanned := self._fan(send, colour)) is not None:
            pieces.insert(0, fanned)
        return WayBack(tuple(pieces))

    def received(self, name: str, numbers: Sequence[float]) -> tuple[Painted, ...]:
        """How large the gradients by a row's components are, and that they have come."""
        row = self._layout.rows[name]
        shown = [replace(disc, role=GRADIENT, unit=0) for disc in row.discs if not disc.is_rest]
        rims = join([circle(disc.x, disc.y, disc.radius) for disc in shown])
        ground = Style(self._theme.hollow(self._colour), self._colour, self._theme.strokes.outline)
        found = forms(shown, numbers, self._theme, is_share=False)
        cores = (each for form in found for each in form.painted())
        return (Painted(rims, ground), *cores)

    def _path(self, send: Send) -> list[Point]:
        """From the row that sends to the one that gets it."""
        if send.way == "loop":
            state = send.target.removesuffix(OUT_SUFFIX)
            # The diagram's loop goes from a state that leaves to the state before.
            return self._clear(self._layout.diagram.loops[state], state)[::-1]
        ends = {send.source, send.source + OPERANDS_SUFFIX}
        if send.source.endswith(OUT_SUFFIX):
            ends = {send.source}
        wires = self._layout.wires
        wire = next(w for w in wires if w.source == send.target and w.target in ends)
        return list(wire.path[::-1])

    def _clear(self, loop: Sequence[Point], state: str) -> list[Point]:
        """The lane of a state, which begins and ends clear of its rows."""
        return lane(self._layout, state + OUT_SUFFIX, previous(state), loop)

    def _fan(self, send: Send, colour: str) -> tuple[Painted, Movement] | None:
        """The lines of a weighted sum, through which its gradient goes first."""
        rows = self._layout.rows
        operands = rows.get(send.source + OPERANDS_SUFFIX)
        if operands is None:
            return None
        units = rows[send.source]
        shape = fan(operands, units, self._theme, self._theme.body)
        after = Painted(shape.outline, Style(None, colour, NARROWEST))
        return after, grow(shape, after)

    def _growing(
        self, path: Sequence[Point], width: float, after: Painted, *, is_head: bool
    ) -> Movement:
        def at(progress: float) -> tuple[Painted, ...]:
            if progress >= 1.0:
                return (after,)
            if progress <= 0.0:
                return (Painted(NOTHING, after.style),)
            pieces = _arrow(partial_path(path, progress), width, self._gaps)
            return (Painted(pieces[is_head], after.style),)

        return at


def _arrow(path: Sequence[Point], width: float, gaps: Sequence[Box]) -> tuple[Outline, Outline]:
    """Line and head, the line's end inside the head; nothing of a way without a length."""
    whole = float(path_lengths(path)[-1])
    if whole <= 0.0:
        return NOTHING, NOTHING
    last = path[-2] if path[-2] != path[-1] else path[0]
    length = min(_HEAD_LENGTH + width, _LONGEST_HEAD * whole)
    head = arrow_head(path[-1], last, length, _HEAD_WIDTH + width)
    back = max(0.0, 1.0 - 0.8 * length / whole)
    return line_around([*partial_path(path, back)[:-1], point_along(path, back)], gaps), head
