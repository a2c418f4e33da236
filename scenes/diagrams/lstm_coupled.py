"""Where everything stands in the LSTMs whose forget gate is one minus their input gate.

It is the diagram of the LSTM, or of that with peepholes, without the forget gate's weighted sum:
the input gate goes two ways, to the right into the product with the candidate, to the left into
one minus it.
"""

from dataclasses import replace

from gatereel.scenes.diagrams.lstm import LSTM
from gatereel.scenes.diagrams.lstm_peepholes import LSTM_PEEPHOLES
from gatereel.scenes.lay_out.diagram import Diagram, Row, Tag, Wire

_LEVEL = 214.5
_ABOVE, _BELOW = 113, 188
"""y of the ends of the wire from the forget gate up."""
_BESIDE = 39.5
"""Pixels from the middle of the forget gate to the tip of the wire from its right."""
_TAG_Y = 240


def _coupled(diagram: Diagram, name: str) -> Diagram:
    # With numbers, it stands level with the product of input gate and candidate.
    product = next(row for row in diagram.rows if row.name == "ig")
    forget = next(row for row in diagram.rows if row.name == "f")
    (start, turn, _) = next(wire.path for wire in diagram.wires if wire.source == "i")

    def row(each: Row) -> Row:
        if each.name == "f":
            return replace(each, y=_LEVEL, lower=product.lower)
        return each

    def wire(each: Wire) -> Wire:
        if each.target == "f.in":
            return Wire("i", "f", (start, turn, (forget.x + _BESIDE, turn[1])))
        if each.source == "f":
            return replace(each, path=((forget.x, _BELOW), (forget.x, _ABOVE)))
        return each

    def tag(each: Tag) -> Tag:
        return replace(each, x=forget.x, y=_TAG_Y) if each.row == "f" else each

    return replace(
        diagram,
        cell=name,
        rows=tuple(row(each) for each in diagram.rows if each.name != "f.in"),
        wires=tuple(map(wire, diagram.wires)),
        tags=tuple(map(tag, diagram.tags)),
    )


LSTM_COUPLED = _coupled(LSTM, "lstm-coupled")
LSTM_PEEPHOLES_COUPLED = _coupled(LSTM_PEEPHOLES, "lstm-peepholes-coupled")

DRAWN = (LSTM_COUPLED, LSTM_PEEPHOLES_COUPLED)
