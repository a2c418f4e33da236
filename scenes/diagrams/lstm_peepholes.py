"""Where everything stands in the LSTM with peepholes, 1165 x 901 pixels.

What the illustrated LSTM concatenates goes up into the candidate, and to either side into another
concatenation: at the left with the old cell state, for the forget and the input gate, at the right
with the new one, for the output gate. The cell states come down the body's edges.
"""

from gatereel.scenes.lay_out.diagram import Diagram, Label, Row, Tag, Wire, state_tags

# The four weighted sums stand side by side: those of gates have a stretch more to read.
_F, _I, _G, _O = 287, 452, 612, 782
_SEEING_SLOT, _SLOT, _ROOM = 162, 146, 156
_PRODUCT_SLOT = 104
_BEFORE = 389
_BEFORE_ROOM, _NOW_ROOM = 336, 292
# So wide are nine discs with their numbers on one line.
_NINE = 414
# With numbers, all that is below the products makes room for two lines of them.
_LOWER = 18

_CELL_Y, _TANH_Y, _PRODUCT_Y, _GATE_Y, _OPERANDS_Y = 93, 134.5, 214.5, 291, 366.5
_SEEING_Y, _HIDDEN_Y = 550, 644
_OUT, _RIGHT = 1073.5, 954
_HIDDEN_CAPTION = "hidden state / units"


def _operands(name: str, x: float, slot: float) -> Row:
    return Row(name, x, _OPERANDS_Y, slot, slot, shows_values=False, lower=_LOWER)


def _gate(name: str, x: float) -> Row:
    return Row(name, x, _GATE_Y, _SLOT, _ROOM, lower=_LOWER)


LSTM_PEEPHOLES = Diagram(
    cell="lstm-peepholes",
    width=1165,
    height=905,
    body=(175, 33, 970, 727),
    # Smaller than elsewhere: so many discs side by side have a gate's operands.
    radius=9.8,
    pitch=23,
    value_size=15.54,
    label_size=16.0,
    rows=(
        Row("x", _G, 774.5, slot=224, room=_NINE),
        Row("h_prev", 90.5, _HIDDEN_Y, slot=130, room=156),
        Row("c_prev", 90.5, _CELL_Y - 0.5, slot=130, room=156),
        Row("hx", _G, _HIDDEN_Y, slot=260, room=_NINE),
        Row("hxc", _BEFORE, _SEEING_Y, slot=260, room=_BEFORE_ROOM, lines=4),
        _operands("f.in", _F, _SEEING_SLOT),
        _gate("f", _F),
        Row("fc", _F, _CELL_Y, _SLOT, _ROOM),
        _operands("i.in", _I, _SEEING_SLOT),
        _gate("i", _I),
        _operands("g.in", _G, _SLOT),
        _gate("g", _G),
        Row("ig", _G, _PRODUCT_Y, _PRODUCT_SLOT, _ROOM, lower=-22),
        Row("c", _G, _CELL_Y, _SLOT, _ROOM),
        Row("hxn", _O, _SEEING_Y, slot=240, room=_NOW_ROOM, lines=4),
        _operands("o.in", _O, _SEEING_SLOT),
        _gate("o", _O),
        Row("tc", _O, _TANH_Y, _PRODUCT_SLOT, _ROOM, lower=17),
        Row("h", _O, _PRODUCT_Y, _PRODUCT_SLOT, _ROOM, lower=15),
        Row("c_out", _OUT, _CELL_Y, slot=130, room=156),
        Row("h_out", _OUT, 455, slot=130, room=156),
    ),
    wires=(
        Wire("h_prev", "hx", ((133, _HIDDEN_Y), (529, _HIDDEN_Y))),
        Wire("x", "hx", ((_G, 752), (_G, 697))),
        Wire("hx", "hxc", ((_G, 623), (_G, _SEEING_Y), (503, _SEEING_Y))),
        Wire("c_prev", "hxc", ((131, 93), (193, 93), (193, _SEEING_Y), (281, _SEEING_Y))),
        Wire("hxc", "f.in", ((_BEFORE, 529), (_BEFORE, 446), (_F, 446), (_F, 398))),
        Wire("f", "fc", ((_F, 265), (_F, 113))),
        Wire("c_prev", "fc", ((131, 93), (249, 93))),
        Wire("hxc", "i.in", ((_BEFORE, 529), (_BEFORE, 446), (_I, 446), (_I, 398))),
        Wire("hx", "g.in", ((_G, 623), (_G, 398))),
        Wire("i", "ig", ((_I, 265), (_I, 214), (573, 214))),
        Wire("g", "ig", ((_G, 265), (_G, 233))),
        Wire("fc", "c", ((328, 93), (576, 93))),
        Wire("ig", "c", ((_G, 172), (_G, 113))),
        Wire("c", "c_out", ((653, 93), (1035, 93))),
        Wire("hx", "hxn", ((_G, 623), (_G, _SEEING_Y), (671, _SEEING_Y))),
        Wire("c", "hxn", ((653, 93), (_RIGHT, 93), (_RIGHT, _SEEING_Y), (893, _SEEING_Y))),
        Wire("hxn", "o.in", ((_O, 529), (_O, 398))),
        Wire("c", "tc", ((653, 93), (_O, 93), (_O, 118))),
        Wire("tc", "h", ((_O, 148.3), (_O, 171))),
        Wire("o", "h", ((_O, 265), (_O, 233))),
        Wire("h", "h_out", ((823, 214), (893, 214), (893, 455), (1030, 455))),
    ),
    labels=(
        Label("concatenate", "hx", _G, 677, "below"),
        Label("concatenate", "hxc", _BEFORE, 583, "below"),
        Label("concatenate", "hxn", _O, 583, "below"),
        Label("multiplication", "fc", _F, 63, "above"),
        Label("multiplication", "ig", _G, 186, "above", sign="×"),
        Label("addition", "c", _G, 63, "above"),
        Label("multiplication", "h", _O, 186, "above", sign="×"),
    ),
    tags=(
        Tag("forget gate", "f", "gate", _F, 423, 101, 19),
        Tag("input gates", "i", "gate", 532, 423, 213, 19),
        Tag("output gate", "o", "gate", _O, 423, 101, 19),
        *state_tags("c_prev", "cell state", 91, 128, 169),
        *state_tags("h_prev", _HIDDEN_CAPTION, 91, 680, 740, 2),
        *state_tags("x", "input", _G, 817, 860),
        *state_tags("c_out", "cell state", _OUT, 129, 169),
        *state_tags("h_out", _HIDDEN_CAPTION, _OUT, 491, 551, 2),
    ),
    # The cell state goes back over the cell, the hidden state under it, both clear of all text.
    loops={
        "c": ((_OUT, 93), (_OUT, 16), (90.5, 16), (90.5, 92.5)),
        "h": ((_OUT, 455), (_OUT, 891), (90.5, 891), (90.5, _HIDDEN_Y)),
    },
)

DRAWN = (LSTM_PEEPHOLES,)
