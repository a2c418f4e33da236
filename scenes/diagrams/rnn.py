"""Where everything stands in the illustrated vanilla RNN, 964 x 717 pixels."""

from dataclasses import replace

from gatereel.scenes.lay_out.diagram import Diagram, Label, Row, Wire, state_tags

# Clear of the new state's wire on the right.
_HX_SLOT = 400

RNN = Diagram(
    cell="rnn",
    width=964,
    height=717,
    body=(238, 31, 726, 501),
    radius=24,
    pitch=56,
    value_size=17.0,
    label_size=18.5,
    rows=(
        Row("x", 457, 571.5, slot=440, room=440),
        Row("h_prev", 93, 399.5, slot=160, room=176),
        Row("hx", 457, 399.5, slot=_HX_SLOT, room=_HX_SLOT),
        Row("h.in", 457, 278.5, slot=_HX_SLOT, room=_HX_SLOT, shows_values=False),
        Row("h", 457, 98.5, slot=336, room=400),
        Row("h_out", 875.5, 399.5, slot=160, room=172),
    ),
    wires=(
        Wire("h_prev", "hx", ((162, 400), (304, 400))),
        Wire("x", "hx", ((458, 540), (458, 473))),
        Wire("hx", "h.in", ((458, 366), (458, 311))),
        Wire("h", "h_out", ((539, 99), (664, 99), (664, 402), (799, 402))),
    ),
    labels=(Label("concatenate", "hx", 458, 450, "below"),),
    tags=(
        *state_tags("h_prev", "hidden units", 93, 455, 498),
        *state_tags("x", "input", 458, 627, 670),
        *state_tags("h_out", "hidden units", 875, 455, 498),
    ),
    value_radius=24.0,
    value_pitch=56.0,
    loops={"h": ((875.5, 399.5), (875.5, 16), (93, 16), (93, 399.5))},
)

# The same picture: only the letter in the new state's discs differs.
RNN_RELU = replace(RNN, cell="rnn-relu")

DRAWN = (RNN, RNN_RELU)
