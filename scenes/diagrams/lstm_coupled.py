"""Where everything stands in the LSTM whose forget gate is one minus its input gate, 1125 x 745.

It is the illustrated LSTM without the forget gate's weighted sum: the input gate goes two ways, to
the right into the product with the candidate, to the left into one minus it.
"""

from dataclasses import replace

from gatereel.scenes.diagrams.lstm import LSTM
from gatereel.scenes.lay_out.diagram import Diagram, Row, Tag, Wire

_FORGET_X, _LEVEL = 288.5, 214.5
_TAG_Y = 240


def _lstm_coupled() -> Diagram:
    # With numbers, it stands level with the product of input gate and candidate.
    product = next(row for row in LSTM.rows if row.name == "ig")

    def row(each: Row) -> Row:
        if each.name == "f":
            return replace(each, x=_FORGET_X, y=_LEVEL, lower=product.lower)
        return each

    def wire(each: Wire) -> Wire:
        match each.source, each.target:
            case "hx", "f.in":
                return Wire("i", "f", ((448, 265), (448, 214), (328, 214)))
            case "f", _:
                return replace(each, path=((289, 188), (289, 113)))
        return each

    def tag(each: Tag) -> Tag:
        return replace(each, x=_FORGET_X, y=_TAG_Y) if each.row == "f" else each

    return replace(
        LSTM,
        cell="lstm-coupled",
        rows=tuple(row(each) for each in LSTM.rows if each.name != "f.in"),
        wires=tuple(map(wire, LSTM.wires)),
        tags=tuple(map(tag, LSTM.tags)),
    )


LSTM_COUPLED = _lstm_coupled()
