"""Where everything stands in the GRU with the reset after the product, 1114 x 783 pixels.

The old state and the input have a weighted sum each for the candidate. The old state's stands at
the left, before the reset gate's multiplication; the input's stands under the addition in which
the two meet.
"""

from gatereel.scenes.lay_out.diagram import Diagram, Label, Row, Tag, Wire, state_tags

# Four columns: x of their middle, and the width a weighted sum may take.
_HN, _R, _Z, _N = 271.5, 429.5, 617.5, 840
_GATE_SLOT = 150
_GATE_ROOM = 150
_HN_SLOT, _HN_ROOM = 94, 104
# The candidate's column is high: its numbers take few lines and much of its width.
_CANDIDATE_SLOT, _CANDIDATE_ROOM = 104, 158
# One minus the update gate stands between two columns; an arrow must fit on either side.
_MINUS = 701
_MINUS_SLOT = 106
_STATE_SLOT, _STATE_ROOM = 126, 150

_STATE_Y, _PRODUCT_Y, _GATE_Y, _OPERANDS_Y = 83, 187, 262.5, 338
_HN_OPERANDS_Y = 262.5
_CONCAT_Y = 408
# With numbers, the gates make room for two lines of them.
_LOWER = 6
_SUM_Y, _XN_Y, _XN_OPERANDS_Y = 358, 453.5, 529


def _operands(name: str, x: float, y: float, slot: float = _GATE_SLOT, lower: float = 0.0) -> Row:
    return Row(name, x, y, slot=slot, room=_GATE_ROOM, shows_values=False, lower=lower)


def _roomy() -> Diagram:
    """What is concatenated stands below the gates and has room at both sides."""
    gates, sums, products, hn, r, z, n, x = 268.5, 344, 188.5, 283, 455, 640, 872, 388

    def gate(name: str, at: float) -> tuple[Row, Row]:
        return _operands(f"{name}.in", at, sums), Row(name, at, gates, _GATE_SLOT, _GATE_ROOM)

    return Diagram(
        cell="gru-reset-after",
        width=1153,
        height=783,
        body=(175, 31, 962, 601),
        radius=12,
        pitch=28,
        value_size=15.4,
        label_size=16.0,
        rows=(
            Row("x", x, 653, slot=224, room=414),
            Row("h_prev", 90.5, _STATE_Y, slot=130, room=156),
            # So wide are nine discs with their numbers on one line.
            Row("hx", x, 484, slot=224, room=414),
            *gate("r", r),
            *gate("z", z),
            Row("kept", z, _STATE_Y, _STATE_SLOT, _STATE_ROOM),
            Row("nz", 722, products, _MINUS_SLOT, room=118, lines=3),
            _operands("hn.in", hn, _HN_OPERANDS_Y, 126),
            Row("hn", hn, _PRODUCT_Y - 1, 126, 140, lines=3),
            Row("rhn", r, _PRODUCT_Y - 1, 126, 140, lines=3),
            _operands("xn.in", n, 541),
            Row("xn", n, 476.5, _CANDIDATE_SLOT, _CANDIDATE_ROOM),
            Row("s", n, 373, _CANDIDATE_SLOT, _CANDIDATE_ROOM),
            Row("n", n, 268.5, _CANDIDATE_SLOT, _CANDIDATE_ROOM),
            Row("zn", n, products + 2, slot=92, room=118, lines=3),
            Row("h", n, _STATE_Y + 0.5, _STATE_SLOT, _STATE_ROOM),
            Row("h_out", 1062, _STATE_Y + 0.5, slot=130, room=156),
        ),
        wires=(
            Wire("h_prev", "hx", ((137, 82), (195, 82), (195, 308), (270, 308), (270, 459))),
            Wire("x", "hx", ((x, 631), (x, 539))),
            Wire("hx", "r.in", ((r, 459), (r, 367))),
            Wire("hx", "z.in", ((r, 459), (r, 417), (z, 417), (z, 367))),
            Wire("z", "kept", ((z, 243), (z, 104))),
            Wire("h_prev", "kept", ((137, 82), (604, 82))),
            Wire("z", "nz", ((z, 243), (z, 188), (682, 188))),
            Wire("h_prev", "hn.in", ((137, 82), (195, 82), (195, 263), (242, 263))),
            Wire("r", "rhn", ((r, 243), (r, 208))),
            Wire("hn", "rhn", ((323, 186), (415, 186))),
            Wire("x", "xn.in", ((x, 631), (x, 575), (n, 575), (n, 561))),
            Wire("xn", "s", ((n, 428), (n, 391))),
            Wire(
                "rhn", "s", ((495, 186), (548, 186), (548, 428), (742, 428), (742, 373), (832, 373))
            ),
            Wire("s", "n", ((n, 323), (n, 289))),
            Wire("nz", "zn", ((758, 188), (832, 188))),
            Wire("n", "zn", ((n, 241), (n, 209.5))),
            Wire("kept", "h", ((684, 83), (832, 83))),
            Wire("zn", "h", ((n, 137), (n, 103))),
            Wire("h", "h_out", ((910, 83), (1023, 83))),
        ),
        labels=(
            Label("concatenate", "hx", x, 517, "below"),
            Label("multiplication", "kept", z, 53, "above"),
            Label("weighted sum", "hn", hn, 155, "above"),
            Label("multiplication", "rhn", r, 155, "above"),
            Label("weighted sum", "xn", n, 442, "above"),
            Label("addition", "s", n, 337, "above"),
            Label("multiplication", "zn", n, 156, "above"),
            Label("addition", "h", n, 53, "above"),
        ),
        tags=(
            Tag("reset gate", "r", "gate", r, 390, 101, 19),
            Tag("update gate", "z", "gate", z, 390, 101, 19),
            *state_tags("h_prev", "hidden state", 91, 119, 160),
            *state_tags("x", "input", x, 694, 737),
            *state_tags("h_out", "hidden state", 1063, 120, 160),
        ),
        loops={"h": ((1062, 83.5), (1062, 15), (90.5, 15), (90.5, 83))},
    )


GRU_RESET_AFTER = Diagram(
    cell="gru-reset-after",
    width=1114,
    height=783,
    body=(175, 31, 936, 601),
    radius=12,
    pitch=28,
    value_size=15.0,
    label_size=16.0,
    rows=(
        Row("x", 397.5, 653, slot=224, room=270),
        Row("h_prev", 90.5, _STATE_Y, slot=130, room=156),
        Row("hx", 271.5, _CONCAT_Y, slot=150, room=196, right=3.6, lower=9, lines=4),
        _operands("r.in", _R, _OPERANDS_Y, lower=_LOWER),
        Row("r", _R, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        _operands("z.in", _Z, _OPERANDS_Y, lower=_LOWER),
        Row("z", _Z, _GATE_Y, _GATE_SLOT, _GATE_ROOM, lower=_LOWER),
        Row("kept", _Z, _STATE_Y, _STATE_SLOT, _STATE_ROOM),
        Row("nz", _MINUS, _PRODUCT_Y, _MINUS_SLOT, room=106, lower=1.5, lines=3),
        _operands("hn.in", _HN, _HN_OPERANDS_Y, _HN_SLOT),
        Row("hn", _HN, _PRODUCT_Y, _HN_SLOT, _HN_ROOM, lines=3),
        Row("rhn", _R, _PRODUCT_Y, _HN_SLOT, _HN_ROOM, lines=3),
        _operands("xn.in", _N, _XN_OPERANDS_Y, lower=4),
        Row("xn", _N, _XN_Y, _CANDIDATE_SLOT, _CANDIDATE_ROOM, lower=14),
        Row("s", _N, _SUM_Y, _CANDIDATE_SLOT, _CANDIDATE_ROOM, lower=10),
        Row("n", _N, _GATE_Y, _CANDIDATE_SLOT, _CANDIDATE_ROOM, lower=4),
        Row("zn", _N, _PRODUCT_Y, slot=92, room=112, lower=1.5, lines=3),
        Row("h", _N, _STATE_Y + 0.5, _STATE_SLOT, _STATE_ROOM),
        Row("h_out", 1022.5, _STATE_Y + 0.5, slot=130, room=156),
    ),
    wires=(
        Wire("h_prev", "hx", ((137, 82), (195, 82), (195, 308), (272, 308), (272, 380))),
        Wire("x", "hx", ((398, 631), (398, 575), (274, 575), (274, 463))),
        Wire("hx", "r.in", ((355, 408), (431, 408), (431, 361))),
        Wire("hx", "z.in", ((355, 408), (619, 408), (619, 361))),
        Wire("z", "kept", ((618, 237), (618, 104))),
        Wire("h_prev", "kept", ((137, 82), (581, 82))),
        Wire("z", "nz", ((618, 237), (618, 187), (661, 187))),
        Wire("h_prev", "hn.in", ((137, 82), (195, 82), (195, 263), (231, 263))),
        Wire("r", "rhn", ((431, 237), (431, 209))),
        Wire("hn", "rhn", ((311, 187), (389, 187))),
        Wire("x", "xn.in", ((398, 631), (398, 575), (840, 575), (840, 552))),
        Wire("xn", "s", ((840, 409), (840, 381))),
        Wire("rhn", "s", ((468, 187), (526, 187), (526, 428), (722, 428), (722, 358), (800, 358))),
        Wire("s", "n", ((840, 313), (840, 285))),
        Wire("nz", "zn", ((737, 187), (800, 187))),
        Wire("n", "zn", ((840, 237), (840, 209))),
        Wire("kept", "h", ((661, 83), (800, 83))),
        Wire("zn", "h", ((840, 136), (840, 103))),
        Wire("h", "h_out", ((878, 83), (983, 83))),
    ),
    labels=(
        Label("concatenate", "hx", 270, 441, "below"),
        Label("multiplication", "kept", 619, 53, "above"),
        Label("weighted sum", "hn", 272, 155, "above"),
        Label("multiplication", "rhn", 431, 155, "above"),
        Label("weighted sum", "xn", 840, 423, "above"),
        Label("addition", "s", 840, 327, "above"),
        Label("multiplication", "zn", 840, 155, "above"),
        Label("addition", "h", 840, 53, "above"),
    ),
    tags=(
        Tag("reset gate", "r", "gate", 429, 390, 101, 19),
        Tag("update gate", "z", "gate", 612, 390, 101, 19),
        *state_tags("h_prev", "hidden state", 91, 119, 160),
        *state_tags("x", "input", 398, 694, 737),
        *state_tags("h_out", "hidden state", 1024, 120, 160),
    ),
    loops={"h": ((1022.5, 83.5), (1022.5, 15), (90.5, 15), (90.5, 83))},
    roomier=_roomy(),
)

DRAWN = (GRU_RESET_AFTER,)
