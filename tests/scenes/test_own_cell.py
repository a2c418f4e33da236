"""A cell of the user's own, made here: all that is shown of it comes from its list.

The minimal gated unit: Zhou, Wu, Zhang & Zhou, "Minimal gated unit for recurrent neural networks",
2016. One gate does what the GRU's two do.
"""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from gatereel.rnn_math import (
    CELLS,
    GRU,
    LSTM,
    Addition,
    Cell,
    Concatenate,
    InputError,
    Multiplication,
    Node,
    OneMinus,
    Paper,
    Trace,
    WeightedSumSigmoid,
    WeightedSumTanh,
    random_inputs,
    random_parameters,
    sigmoid,
    unroll,
)
from gatereel.rnn_math.printing import PLAIN
from gatereel.scenes.diagrams import DIAGRAMS, diagram_of
from gatereel.scenes.draw.picture import draw
from gatereel.scenes.draw.strip import strip
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.diagram import Diagram, Row, Wire, of_cell, translate
from gatereel.scenes.lay_out.layout import lay_out
from gatereel.scenes.plan import plan
from gatereel.scenes.tell.description import alt_text, describe
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.language import LANGUAGES
from gatereel.scenes.theme.files import load_theme, roles
from gatereel.scenes.theme.theme import THEMES, Theme
from tests.scenes.traces import ENGLISH, lines_of, narrate
from tests.scenes.typst_text import written

MGU = Cell(
    name="mgu",
    title="MGU",
    long_name="minimal gated unit",
    states=("h",),
    nodes=(
        Node("hx", Concatenate(), ("h_prev", "x")),
        Node("f", WeightedSumSigmoid(), ("hx",), "the only gate", letter="f"),
        Node("fh", Multiplication(), ("f", "h_prev"), "gated memory", gate="lets through"),
        Node("fhx", Concatenate(), ("fh", "x")),
        Node("n", WeightedSumTanh(), ("fhx",), "candidate", letter="ñ"),
        Node("nf", OneMinus(), ("f",)),
        Node("kept", Multiplication(), ("nf", "h_prev"), "what is kept", gate="keeps"),
        Node("fn", Multiplication(), ("f", "n")),
        Node("h", Addition(), ("kept", "fn"), "memory", letter="m"),
    ),
    paper=Paper("Zhou et al.", "Minimal gated unit for recurrent neural networks", 2016),
    convention="one gate",
    roles_before=("old memory",),
    input_letter="u",
)

SUMS = ("f", "n")

# Nothing that looks well: each row in a place of its own, each wire a straight line.
SPOTS = {
    name: (100.0 + 150.0 * (i % 5), 100.0 + 120.0 * (i // 5))
    for i, name in enumerate(
        ("x", "h_prev", *(node.name for node in MGU.nodes), "f.in", "n.in", "h_out")
    )
}


def wire(source: str, target: str) -> Wire:
    return Wire(source, target, (SPOTS[source], SPOTS[target]))


DRAWN_BY_HAND = Diagram(
    cell="mgu",
    width=900,
    height=500,
    body=(60, 60, 860, 460),
    radius=12,
    pitch=28,
    value_size=13.0,
    label_size=16.0,
    rows=tuple(Row(name, *spot, slot=120, room=140) for name, spot in SPOTS.items()),
    wires=(
        *(
            wire(operand, f"{node.name}.in" if node.name in SUMS else node.name)
            for node in MGU.nodes
            for operand in node.operands
        ),
        wire("h", "h_out"),
    ),
    labels=(),
    tags=(),
    loops={"h": (SPOTS["h_out"], SPOTS["h_prev"])},
)

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_theme = pytest.mark.parametrize("theme", [load_theme(name) for name in THEMES], ids=THEMES)


def own_trace(input_size: int = 3, hidden_size: int = 2) -> Trace:
    parameters = random_parameters(MGU, input_size, hidden_size, seed=3)
    return unroll(MGU, parameters, random_inputs(input_size, 3, seed=4), {"h": [0.5] * hidden_size})


def test_no_file_knows_it() -> None:
    assert MGU.name not in CELLS
    assert MGU.name not in DIAGRAMS
    assert not {"the only gate", "gated memory", "memory", "old memory"} & set(roles())


def test_it_is_computed() -> None:
    trace = own_trace()
    W, b, h = trace.parameters.weights, trace.parameters.biases, np.array([0.5, 0.5])
    for t, x in enumerate(trace.inputs):
        f = sigmoid(W["f"] @ np.concatenate([h, x]) + b["f"])
        n = np.tanh(W["n"] @ np.concatenate([f * h, x]) + b["n"])
        h = (1 - f) * h + f * n
        np.testing.assert_allclose(trace.values["h"][t], h, rtol=1e-12)


def test_its_equations_have_its_own_letters() -> None:
    assert PLAIN.text(MGU.equation("h")) == "m_t = (1 - f_t) * m_(t-1) + f_t * ñ_t"
    assert written(MGU.equation("n")) == "ñ_t = tanh(W_n [f_t ⊙ m_(t-1), u_t] + b_n)"
    assert MGU.program[4] == "n = tanh(W_n fhx + b_n)"
    backward = narrate(own_trace(), choose_excerpt(own_trace(), backward=True))
    assert any("m_(t+1)" in first for beat in backward.beats for first, _ in lines_of(beat.telling))


def test_a_state_without_a_letter_is_called_by_its_name() -> None:
    nodes = tuple(replace(node, letter="") for node in LSTM.nodes)
    bare = replace(LSTM, nodes=nodes)
    assert PLAIN.text(bare.equation("h")) == ("h_t = sigmoid(W_o [h_(t-1), X_t] + b_o) * tanh(c_t)")


def test_its_steps_are_called_what_the_cell_says_they_are() -> None:
    beats = {beat.appears[0]: beat for beat in narrate(own_trace()).beats if len(beat.appears) == 1}
    assert beats["f"].telling.step == "the only gate"
    assert beats["nf"].telling.step == "one minus"
    told = {name: beat.telling.sentences[0] for name, beat in beats.items()}
    assert "open" in told["f"] or "closes" in told["f"]
    assert "lets" in told["fh"]
    assert "keeps" in told["kept"]


@every_language
def test_it_is_told_and_described_in_every_language(language: str) -> None:
    words = load_language(language)
    for sizes in ((3, 2), (300, 128)):
        storyboard = narrate(own_trace(*sizes), language=words, pace=2.0)
        assert alt_text(storyboard, words).startswith("MGU")
        assert all(row.numbers for row in describe(storyboard, words).rows)


@every_theme
def test_every_theme_has_colours_for_its_roles(theme: Theme) -> None:
    def colour(role: str) -> str:
        return theme.fill(role, 0)

    fills = set(theme.fills)
    for name in MGU.widths(1, 1):
        for role in MGU.roles(name):
            assert theme.coloured(role) in fills
    assert colour("the only gate") == colour("update gate")
    assert colour("candidate") == theme.fills["candidate"][0]
    assert colour("one minus") == colour("one minus update")
    assert colour("new cell state out") == colour("cell state out")
    assert colour("gate * memory") == colour("input * candidate")
    assert colour("something else") == colour("candidate")
    assert set(theme.exact_colours(["the only gate"])) == set(theme.exact_colours(["update gate"]))


def test_a_theme_may_lack_even_what_stands_for_a_family() -> None:
    theme = load_theme()
    poor = replace(theme, fills=MappingProxyType({"input": ("#93c47d",)}))
    assert poor.fill("update gate", 3) == "#93c47d"


@every_theme
def test_it_is_drawn_by_a_diagram_that_says_where_its_rows_stand(theme: Theme) -> None:
    diagram = of_cell(DRAWN_BY_HAND, MGU)
    shown = {row.name: [stretch.role for stretch in row.stretches] for row in diagram.rows}
    assert shown["f"] == ["the only gate"]
    assert shown["fhx"] == shown["n.in"] == ["gated memory", "input"]
    assert shown["h_prev"] == ["old memory"]
    assert shown["h_out"] == shown["h"] == ["memory"]
    layout = lay_out(translate(diagram, ENGLISH), 3, 2)
    storyboard = narrate(own_trace())
    typesetter = Typesetter()
    picture = draw(layout, MGU, theme, typesetter, storyboard.still.telling)
    assert {shape.colour for shape in picture.parts["f"]} >= {theme.fill("update gate", 0)}
    assert layout.strip is not None
    for beat in storyboard.beats:
        assert strip(beat.telling, layout.strip, theme, typesetter)


def test_without_a_diagram_it_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="MGU has no diagram, which says where rows"):
        plan(own_trace())


RENAMED = replace(MGU, name="gru", title="GRU")
SWAPPED = replace(
    GRU,
    nodes=tuple(
        replace(node, operands=("z", "h_prev")) if node.name == "kept" else node
        for node in GRU.nodes
    ),
)
ADDED = replace(
    GRU,
    nodes=tuple(
        replace(node, operation=Addition(), gate="") if node.name == "kept" else node
        for node in GRU.nodes
    ),
)


@pytest.mark.parametrize(
    ("cell", "differs"),
    [
        (RENAMED, "row 'f'"),
        (SWAPPED, "wire 'h_prev to kept'|wire 'nz to kept'"),
        (ADDED, "label 'multiplication at kept'"),
    ],
)
def test_another_cell_by_a_drawn_name_is_not_drawn_as_that_one(cell: Cell, differs: str) -> None:
    with pytest.raises(InputError, match=differs):
        diagram_of(cell)


def test_letters_in_a_diagram_are_those_of_the_cell_at_hand() -> None:
    nodes = tuple(replace(n, letter="s") if n.name == "h" else n for n in GRU.nodes)
    tags = [tag.text for tag in diagram_of(replace(GRU, nodes=nodes)).tags if tag.kind == "state"]
    assert tags == ["s#sub[t-1]", "X#sub[t]", "s#sub[t]"]


def test_only_a_product_can_be_a_gate_s_doing() -> None:
    nodes = tuple(replace(n, gate="keeps") if n.name == "h" else n for n in MGU.nodes)
    with pytest.raises(InputError, match="node 'h' cannot say that a gate 'keeps'"):
        replace(MGU, nodes=nodes)
