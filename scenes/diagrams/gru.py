"""Where everything stands in the illustrated GRU, 1107 x 783 pixels."""

from gatereel.scenes.lay_out.diagram import Diagram, Label, Row, Tag, Wire, state_tags

# The three weighted sums stand side by side: x of their middle, and the width each may take.
_R, _Z, _N = 429.5, 635.5, 818.5
_GATE_SLOT = 150
_GATE_ROOM = 150
# What is kept and the new state stand close: an arrow must fit between them.
_STATE_SLOT, _STATE_ROOM = 126, 150

_STATE_Y, _MINUS_Y, _RESET_Y, _PRODUCT_Y, _GATE_Y, _OPERANDS_Y = 83, 153.5, 202.5, 204.5, 281.5, 357
_CONCAT_Y = 427

# With numbers, the gates make room for two lines of them.
_LOWER = 12

# So wide are nine discs with their numbers on one line.
_NINE, _NINE_IN_THE_CELL = 414, 404


def _operands(name: str, x: float) -> Row:
    return Row(name, x, _OPERANDS_Y, _GATE_SLOT, _GATE_ROOM, shows_values=False, lower=_LOWER)


def _roomy() -> Diagram:
    """What is concatenated stands below the gates, one below the other, and has the whole width."""
    gates, sums, r, z, n = 293.5, 369, 384, 590, 818.5
    hx, rhx, x = 597, 504, 388

    def gate(name: str, at: float) -> tuple[Row, Row]:
        below = Row(f"{name}.in", at, sums, _GATE_SLOT, _GATE_ROOM, shows_values=False)
        return below, Row(name, at, gates, _GATE_SLOT, _GATE_ROOM)

    return Diagram(
        cell="gru",
        width=1121,
        height=875,
        body=(175, 31, 929, 697),
        radius=12,
        pitch=28,
        value_size=15.0,
        label_size=16.0,
        rows=(
            Row("x", x, 745, slot=224, room=_NINE),
            Row("h_prev", 90.5, _STATE_Y, slot=130, room=156),
            Row("hx", x, hx, slot=224, room=_NINE),
            *gate("r", r),
            *gate("z", z),
            Row("nz", z, 165.5, _GATE_SLOT, _GATE_ROOM),
            Row("kept", z, _STATE_Y, _STATE_SLOT, _STATE_ROOM),
            Row("rh", r, _RESET_Y, slot=100, room=150),
            Row("rhx", 590, rhx, slot=200, room=_NINE_IN_THE_CELL),
            *gate("n", n),
            Row("zn", n, _PRODUCT_Y, slot=110, room=150),
            Row("h", n, _STATE_Y + 0.5, _STATE_SLOT, _STATE_ROOM),
            Row("h_out", 1029.5, _STATE_Y + 0.5, slot=130, room=156),
        ),
        wires=(
            Wire("h_prev", "hx", ((137, 82), (270, 82), (270, hx - 25))),
            Wire("x", "hx", ((x, 723), (x, hx + 55))),
            Wire("hx", "r.in", ((r, hx - 25), (r, 392))),
            Wire("hx", "z.in", ((r, hx - 25), (r, 438), (z, 438), (z, 392))),
            Wire("z", "nz", ((z, 268), (z, 188))),
            Wire("nz", "kept", ((z, 147), (z, 104))),
            Wire("h_prev", "kept", ((137, 82), (554, 82))),
            Wire("r", "rh", ((r, 268), (r, 225))),
            Wire("h_prev", "rh", ((137, 82), (r, 82), (r, 180))),
            Wire("rh", "rhx", ((421, 203), (490, 203), (490, rhx - 26))),
            Wire("x", "rhx", ((x, 723), (x, 676), (668, 676), (668, rhx + 23))),
            Wire("rhx", "n.in", ((671, rhx), (n, rhx), (n, 392))),
            Wire("z", "zn", ((z, 268), (z, 207), (778, 207))),
            Wire("n", "zn", ((n, 268), (n, 225))),
            Wire("kept", "h", ((634, 83), (778, 83))),
            Wire("zn", "h", ((n, 153), (n, 103))),
            Wire("h", "h_out", ((857, 83), (990, 83))),
        ),
        labels=(
            Label("concatenate", "hx", x, hx + 33, "below"),
            Label("multiplication", "kept", z, 53, "above"),
            Label("multiplication", "rh", 348.7, 203, "left", room=94, sign="×"),
            Label("concatenate", "rhx", 590, rhx + 33, "below"),
            Label("multiplication", "zn", n, 172, "above"),
            Label("addition", "h", n, 53, "above"),
        ),
        tags=(
            Tag("reset gate", "r", "gate", r, 409, 101, 19),
            Tag("update gate", "z", "gate", z, 409, 101, 19),
            *state_tags("h_prev", "hidden state", 91, 119, 160),
            *state_tags("x", "input", x, 786, 829),
            *state_tags("h_out", "hidden state", 1031, 120, 160),
        ),
        loops={"h": ((1029.5, 83.5), (1029.5, 15), (90.5, 15), (90.5, 83))},
    )


GRU = Diagram(
    cell="gru",
    width=1107,
    height=783,
    body=(175, 31, 929, 601),
    radius=12,
    pitch=28,
    value_size=15.0,
    label_size=16.0,
    rows=(
        Row("x", 397.5, 653, slot=224, room=270),
        Row("h_prev", 90.5, _STATE_Y, slot=130, room=156),
        Row("hx", 271.5, _CONCAT_Y, slot=150, room=196, right=3.6, lower=11, lines=4),
        _operands("r.in", _R),
        Row("r", _R, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        _operands("z.in", _Z),
        Row("z", _Z, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        Row("nz", 634.5, _MINUS_Y, _GATE_SLOT, _GATE_ROOM, lower=12),
        Row("kept", 635.5, _STATE_Y, _STATE_SLOT, _STATE_ROOM),
        Row("rh", _R, _RESET_Y, slot=100, room=150),
        Row("rhx", 530.5, 492, slot=200, room=232, lines=3),
        _operands("n.in", _N),
        Row("n", _N, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        Row("zn", _N, _PRODUCT_Y, slot=110, room=150),
        Row("h", _N, _STATE_Y + 0.5, _STATE_SLOT, _STATE_ROOM),
        Row("h_out", 1015.5, _STATE_Y + 0.5, slot=130, room=156),
    ),
    wires=(
        Wire("h_prev", "hx", ((137, 82), (272, 82), (272, 399))),
        Wire("x", "hx", ((398, 631), (398, 573), (274, 573), (274, 482))),
        Wire("hx", "r.in", ((355, 427), (431, 427), (431, 380))),
        Wire("hx", "z.in", ((355, 427), (637, 427), (637, 380))),
        Wire("z", "nz", ((636, 256), (636, 176))),
        Wire("nz", "kept", ((636, 135), (636, 104))),
        Wire("h_prev", "kept", ((137, 82), (599, 82))),
        Wire("r", "rh", ((431, 256), (431, 225))),
        Wire("h_prev", "rh", ((137, 82), (431, 82), (431, 180))),
        Wire("rh", "rhx", ((468, 204), (534, 204), (534, 466))),
        Wire("x", "rhx", ((398, 631), (398, 573), (530, 573), (530, 546))),
        Wire("rhx", "n.in", ((611, 497), (821, 497), (821, 380))),
        Wire("z", "zn", ((636, 256), (636, 207), (778, 207))),
        Wire("n", "zn", ((819, 256), (819, 225))),
        Wire("kept", "h", ((679, 83), (778, 83))),
        Wire("zn", "h", ((819, 153), (819, 103))),
        Wire("h", "h_out", ((857, 83), (976, 83))),
    ),
    labels=(
        Label("concatenate", "hx", 270, 460, "below"),
        Label("multiplication", "kept", 637, 53, "above"),
        Label("multiplication", "rh", 394.23, 203, "left", room=94, sign="×"),
        Label("concatenate", "rhx", 531, 525, "below"),
        Label("multiplication", "zn", 819, 172, "above"),
        Label("addition", "h", 819, 53, "above"),
    ),
    tags=(
        Tag("reset gate", "r", "gate", 429, 409, 101, 19),
        Tag("update gate", "z", "gate", 630, 409, 101, 19),
        *state_tags("h_prev", "hidden state", 91, 119, 160),
        *state_tags("x", "input", 398, 694, 737),
        *state_tags("h_out", "hidden state", 1017, 120, 160),
    ),
    loops={"h": ((1015.5, 83.5), (1015.5, 15), (90.5, 15), (90.5, 83))},
    roomier=_roomy(),
)

DRAWN = (GRU,)
