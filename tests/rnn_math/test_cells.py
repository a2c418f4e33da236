"""A cell is a checked program."""

from pathlib import Path

import pytest

from gatereel.rnn_math import (
    CELLS,
    GRU,
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    RNN,
    RNN_RELU,
    Addition,
    Cell,
    Concatenate,
    InputError,
    Node,
    Paper,
    Tanh,
    WeightedSum,
    WeightedSumTanh,
    cells,
    get_cell,
    previous,
)

HX = Node("hx", Concatenate(), ("h_prev", "x"))
H = Node("h", WeightedSumTanh(), ("hx",), "hidden state out", letter="h")


def make(*nodes: Node, states: tuple[str, ...] = ("h",)) -> Cell:
    paper = Paper("Somebody", "Some cell", 2000)
    return Cell("some", "SOME", "some cell", states, nodes, paper, "tanh")


def test_the_cells_by_name() -> None:
    assert {"rnn": RNN, "lstm": LSTM, "gru": GRU}.items() <= CELLS.items()
    assert all(cell.name == name for name, cell in CELLS.items())
    assert get_cell("lstm") is LSTM


def test_an_unknown_cell_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match=f"no cell 'lsmt'; the cells are {', '.join(CELLS)}"):
        get_cell("lsmt")


@pytest.mark.parametrize(
    ("cell", "program", "weighted_sums", "year"),
    [
        (RNN, "hx=h_prev,x h=hx", "h", 1990),
        (
            LSTM,
            "hx=h_prev,x f=hx fc=f,c_prev i=hx g=hx ig=i,g c=fc,ig o=hx tc=c h=o,tc",
            "f i g o",
            1997,
        ),
        (
            GRU,
            "hx=h_prev,x r=hx z=hx nz=z kept=nz,h_prev rh=r,h_prev rhx=rh,x n=rhx zn=z,n h=kept,zn",
            "r z n",
            2014,
        ),
        (RNN_RELU, "hx=h_prev,x h=hx", "h", 2015),
        (
            GRU_RESET_BEFORE,
            "hx=h_prev,x r=hx z=hx kept=z,h_prev nz=z rh=r,h_prev rhx=rh,x n=rhx zn=nz,n h=kept,zn",
            "r z n",
            2014,
        ),
        (
            GRU_RESET_AFTER,
            "hx=h_prev,x r=hx z=hx kept=z,h_prev nz=z hn=h_prev rhn=r,hn xn=x s=xn,rhn n=s zn=nz,n "
            "h=kept,zn",
            "r z hn xn",
            2014,
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Cell) else "",
)
def test_the_program_of_a_cell(cell: Cell, program: str, weighted_sums: str, year: int) -> None:
    assert " ".join(f"{n.name}={','.join(n.operands)}" for n in cell.nodes) == program
    assert " ".join(node.name for node in cell.weighted_sums) == weighted_sums
    assert all(isinstance(node.operation, WeightedSum) for node in cell.weighted_sums)
    assert cell.year == year


@pytest.mark.parametrize(("input_size", "hidden_size"), [(1, 1), (3, 2), (2, 3), (5, 16)])
def test_widths(cell: Cell, input_size: int, hidden_size: int) -> None:
    widths = cell.widths(input_size, hidden_size)
    assert list(widths) == ["x", *map(previous, cell.states), *(n.name for n in cell.nodes)]
    assert widths["x"] == input_size
    assert {widths[previous(state)] for state in cell.states} == {hidden_size}
    for node in cell.nodes:
        operands = [widths[operand] for operand in node.operands]
        if isinstance(node.operation, Concatenate):
            assert widths[node.name] == sum(operands)
        else:
            assert widths[node.name] == hidden_size


@pytest.mark.parametrize(("input_size", "hidden_size"), [(0, 2), (3, 0), (-1, 2)])
def test_sizes_start_at_1(cell: Cell, input_size: int, hidden_size: int) -> None:
    with pytest.raises(InputError, match=r"_size is .*; it must be a whole number of at least 1"):
        cell.widths(input_size, hidden_size)


def test_every_cell_states_its_convention(cell: Cell) -> None:
    assert cell.convention
    assert "\n" not in cell.convention


def test_nodes_are_found_by_name() -> None:
    assert LSTM.node("fc").operands == ("f", "c_prev")
    with pytest.raises(InputError, match="LSTM has no node 'z'; its nodes are hx, f, fc"):
        LSTM.node("z")


@pytest.mark.parametrize(
    ("nodes", "states", "message"),
    [
        ((H, HX), ("h",), "node 'h' uses 'hx', which is not defined before it"),
        ((HX, HX, H), ("h",), "the name 'hx' is given twice"),
        ((HX, H, Node("x", Tanh(), ("h",))), ("h",), "the name 'x' is given twice"),
        ((HX, H), ("h", "c"), "the state 'c' has no node"),
        ((Node("h", WeightedSumTanh(), ("x",)),), ("h",), "no node uses a previous state"),
        ((Node("h", Addition(), ("h_prev", "x")),), ("h",), "node 'h': addition got operands"),
        ((Node("h", Concatenate(), ("h_prev", "x")),), ("h",), "'h' is 5 wide when hidden_size"),
        ((HX, Node("h", Tanh(), ("hx", "x"))), ("h",), "tanh got 2 operands; it needs 1"),
    ],
)
def test_a_faulty_program_is_refused(
    nodes: tuple[Node, ...], states: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        make(*nodes, states=states)


def test_a_cell_of_ones_own_is_accepted_and_hashable() -> None:
    assert make(HX, H).nodes == RNN.nodes
    assert len({make(HX, H), make(HX, H), RNN}) == 2


@pytest.mark.parametrize(
    ("cell", "name", "stretches"),
    [
        (LSTM, "x", ("input",)),
        (LSTM, "c_prev", ("hidden",)),
        (LSTM, "hx", ("hidden", "input")),
        (LSTM, "f", ("hidden",)),
        (GRU, "rhx", ("hidden", "input")),
        (GRU_RESET_AFTER, "xn", ("hidden",)),
        (GRU_RESET_AFTER, "s", ("hidden",)),
    ],
)
def test_what_a_vector_is_made_of(cell: Cell, name: str, stretches: tuple[str, ...]) -> None:
    assert cell.stretches(name) == stretches


def test_the_stretches_of_a_vector_add_up_to_its_width(cell: Cell) -> None:
    sizes = {"input": 5, "hidden": 3}
    for name, width in cell.widths(5, 3).items():
        assert sum(sizes[stretch] for stretch in cell.stretches(name)) == width


def _documented(cell: Cell) -> list[str]:
    """The lines of the program in the cell's documentation, without what explains them."""
    source = Path(cells.__file__).with_name(cell.name.partition("-")[0] + ".py").read_text("utf-8")
    text = source.split(f'name="{cell.name}"')[1].split('"""')[1]
    lines = (line.split() for line in text.splitlines() if line.startswith("    "))
    return [" ".join(words) for words in lines]


def test_the_documentation_of_a_cell_shows_its_program(cell: Cell) -> None:
    documented = _documented(cell)
    assert len(documented) == len(cell.program)
    for line, shown in zip(cell.program, documented, strict=True):
        assert shown.startswith(line)
