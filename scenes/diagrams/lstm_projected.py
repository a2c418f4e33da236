"""Where everything stands in the LSTM whose hidden state is projected, 1125 x 757 pixels.

It is the illustrated LSTM, with the projection in the corner at its lower right: a fan from the
output product to the narrower hidden state, which leaves the cell.
"""

from dataclasses import replace

from gatereel.scenes.diagrams.lstm import LSTM
from gatereel.scenes.lay_out.diagram import Diagram, Row, Tag, Wire
from gatereel.scenes.lay_out.geometry import Point

_LOWER = 12
"""Pixels by which the body is higher, and what is below it stands lower."""

_PROJECTION, _ROOM = 812, 150
"""x of the projection's middle, and the width that it may take."""
_DOWN = 909
"""x of the wire that comes down from the output product."""
_HIDDEN_Y, _OPERANDS_Y, _HIDDEN_LOWER = 484, 550, 9


def _lstm_projected() -> Diagram:
    left, top, right, bottom = LSTM.body

    def row(each: Row) -> Row:
        if each.name == "x":
            return replace(each, y=each.y + _LOWER)
        return replace(each, name="ot") if each.name == "h" else each

    def wire(each: Wire) -> Wire:
        if each.source == "x":
            (x, y), *rest = each.path
            return replace(each, path=((x, y + _LOWER), *rest))
        return replace(each, target="ot") if each.target == "h" else each

    def tag(each: Tag) -> Tag:
        return replace(each, y=each.y + _LOWER) if each.row == "x" else each

    def lower(point: Point) -> Point:
        x, y = point
        return (x, y + _LOWER) if y > bottom else point

    return replace(
        LSTM,
        cell="lstm-projected",
        height=LSTM.height + _LOWER,
        body=(left, top, right, bottom + _LOWER),
        rows=(
            *map(row, LSTM.rows),
            Row(
                "h.in",
                _PROJECTION,
                _OPERANDS_Y,
                _ROOM - 4,
                _ROOM,
                shows_values=False,
                lower=_HIDDEN_LOWER,
            ),
            Row("h", _PROJECTION, _HIDDEN_Y, _ROOM - 4, _ROOM, lower=_HIDDEN_LOWER),
        ),
        wires=(
            *(wire(each) for each in LSTM.wires if each.target != "h_out"),
            Wire("ot", "h.in", ((806, 214), (_DOWN, 214), (_DOWN, 550), (854, 550))),
            Wire("h", "h_out", ((854, 485), (990, 485))),
        ),
        labels=tuple(
            replace(label, row="ot") if label.row == "h" else label for label in LSTM.labels
        ),
        tags=tuple(map(tag, LSTM.tags)),
        loops={state: tuple(map(lower, path)) for state, path in LSTM.loops.items()},
    )


LSTM_PROJECTED = _lstm_projected()

DRAWN = (LSTM_PROJECTED,)
