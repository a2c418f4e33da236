"""Where everything stands in the illustrated LSTM, 1125 x 745 pixels."""

from gatereel.scenes.lay_out.diagram import Diagram, Label, Row, Tag, Wire, state_tags

# The four weighted sums stand side by side: x of their middle, and the width each may take.
_F, _I, _G, _O = 289, 447, 605.5, 763.5
_GATE_SLOT = 146
_GATE_ROOM = 150
# The two products stand side by side, the right one close under tanh: an arrow fits between them.
_PRODUCT_SLOT = 104
# With numbers, all that is below the products makes room for two lines of them.
_LOWER = 18
_HIDDEN_LOWER = 9
# So wide are nine discs with their numbers on one line.
_NINE = 414

_CELL_Y, _TANH_Y, _PRODUCT_Y, _GATE_Y, _OPERANDS_Y, _HIDDEN_Y = 93, 134.5, 214.5, 291, 366.5, 484
_HIDDEN_CAPTION = "hidden state / units"


def _operands(name: str, x: float) -> Row:
    return Row(name, x, _OPERANDS_Y, _GATE_SLOT, _GATE_ROOM, shows_values=False, lower=_LOWER)


LSTM = Diagram(
    cell="lstm",
    width=1125,
    height=745,
    body=(175, 33, 930, 567),
    radius=12,
    pitch=28,
    value_size=15.0,
    label_size=16.0,
    rows=(
        Row("x", 526.5, 614.5, slot=224, room=_NINE),
        Row("h_prev", 90.5, 483, slot=130, room=156, lower=_HIDDEN_LOWER),
        Row("c_prev", 90.5, 92.5, slot=130, room=156),
        Row("hx", 524.5, _HIDDEN_Y, slot=260, room=_NINE, lower=_HIDDEN_LOWER),
        _operands("f.in", _F),
        Row("f", _F, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        Row("fc", 288.5, _CELL_Y + 0.5, _GATE_SLOT, _GATE_ROOM),
        _operands("i.in", _I),
        Row("i", _I - 0.5, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        _operands("g.in", _G),
        Row("g", _G, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        Row("ig", 607, _PRODUCT_Y, _PRODUCT_SLOT, _GATE_ROOM, lower=-22),
        Row("c", 607.5, _CELL_Y + 0.5, _GATE_SLOT, _GATE_ROOM),
        _operands("o.in", _O),
        Row("o", _O, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        Row("tc", 764.5, _TANH_Y, _PRODUCT_SLOT, _GATE_ROOM, lower=18),
        Row("h", 764.5, _PRODUCT_Y, _PRODUCT_SLOT, _GATE_ROOM, lower=15),
        Row("c_out", 1033.5, _CELL_Y + 0.5, slot=130, room=156),
        Row("h_out", 1033.5, 483.5, slot=130, room=156, lower=_HIDDEN_LOWER),
    ),
    wires=(
        Wire("h_prev", "hx", ((133, 484), (441, 484))),
        Wire("x", "hx", ((526, 592), (526, 537))),
        Wire("hx", "f.in", ((526, 463), (526, 439), (290, 439), (290, 398))),
        Wire("f", "fc", ((289, 265), (289, 113))),
        Wire("c_prev", "fc", ((131, 93), (249, 93))),
        Wire("hx", "i.in", ((526, 463), (526, 439), (448, 439), (448, 398))),
        Wire("hx", "g.in", ((526, 463), (526, 439), (607, 439), (607, 398))),
        Wire("i", "ig", ((448, 265), (448, 214), (568, 214))),
        Wire("g", "ig", ((607, 265), (607, 233))),
        Wire("fc", "c", ((328, 93), (571, 93))),
        Wire("ig", "c", ((608, 172), (608, 113))),
        Wire("c", "c_out", ((648, 93), (995, 93))),
        Wire("hx", "o.in", ((526, 463), (526, 439), (765, 439), (765, 398))),
        Wire("c", "tc", ((648, 93), (765, 93), (765, 118))),
        Wire("tc", "h", ((765, 150.5), (765, 171))),
        Wire("o", "h", ((765, 265), (765, 233))),
        Wire("h", "h_out", ((806, 214), (880, 214), (880, 485), (990, 485))),
    ),
    labels=(
        Label("concatenate", "hx", 526, 517, "below"),
        Label("multiplication", "fc", 289, 63, "above"),
        Label("multiplication", "ig", 608, 186, "above", sign="×"),
        Label("addition", "c", 608, 63, "above"),
        Label("multiplication", "h", 767, 186, "above", sign="×"),
    ),
    tags=(
        Tag("forget gate", "f", "gate", 286, 423, 101, 19),
        Tag("input gates", "i", "gate", 527, 423, 213, 19),
        Tag("output gate", "o", "gate", 760, 423, 101, 19),
        *state_tags("c_prev", "cell state", 91, 128, 169),
        *state_tags("h_prev", _HIDDEN_CAPTION, 91, 520, 580, 2),
        *state_tags("x", "input", 526, 657, 700),
        *state_tags("c_out", "cell state", 1034, 129, 169),
        *state_tags("h_out", _HIDDEN_CAPTION, 1034, 520, 580, 2),
    ),
    # The cell state goes back over the cell, the hidden state under it, both clear of all text.
    loops={
        "c": ((1033.5, 93.5), (1033.5, 16), (90.5, 16), (90.5, 92.5)),
        "h": ((1033.5, 483.5), (1033.5, 731), (90.5, 731), (90.5, 483)),
    },
)

DRAWN = (LSTM,)
