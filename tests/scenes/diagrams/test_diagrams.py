"""Each cell's diagram holds all that the cell's list needs, and nothing that it does not."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from gatereel.rnn_math import CELLS, RNN, Cell, InputError, WeightedSum
from gatereel.rnn_math.cells import RELATIVES
from gatereel.scenes.diagrams import DIAGRAMS, diagram_of
from gatereel.scenes.draw.symbols import LETTERS
from gatereel.scenes.lay_out.diagram import Wire
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import lay_out
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX
from gatereel.scenes.theme.files import load_theme

ILLUSTRATED = load_theme("illustrated")

MOST_CROSSINGS = 1
"""Of wires that carry different vectors: the illustrated GRU has one, the others are no worse."""

SIZES = ((1, 1), (3, 2), (MAX_INPUT_SIZE, MAX_HIDDEN_SIZE))

DRAWN = {**CELLS, **RELATIVES}

every_cell = pytest.mark.parametrize("cell", DRAWN.values(), ids=list(DRAWN))


@every_cell
def test_every_vector_has_its_row(cell: Cell) -> None:
    wanted = set(cell.vectors)
    wanted |= {node.name + OPERANDS_SUFFIX for node in cell.weighted_sums}
    wanted |= {state + OUT_SUFFIX for state in cell.states}
    assert {row.name for row in DIAGRAMS[cell.name].rows} == wanted


@every_cell
def test_every_operand_has_a_wire_and_every_wire_an_operand(cell: Cell) -> None:
    wanted = set()
    for node in cell.nodes:
        is_sum = isinstance(node.operation, WeightedSum)
        target = node.name + OPERANDS_SUFFIX if is_sum else node.name
        wanted |= {(operand, target) for operand in node.operands}
    wanted |= {(state, state + OUT_SUFFIX) for state in cell.states}
    wires = [(wire.source, wire.target) for wire in DIAGRAMS[cell.name].wires]
    assert sorted(wires) == sorted(wanted)


@every_cell
def test_every_state_has_its_way_round(cell: Cell) -> None:
    assert set(DIAGRAMS[cell.name].loops) == set(cell.states)


@every_cell
def test_every_role_has_a_colour_and_every_operation_a_symbol(cell: Cell) -> None:
    roles = {stretch.role for row in DIAGRAMS[cell.name].rows for stretch in row.stretches}
    # A relative's role may have the colours of its family.
    assert cell.name in RELATIVES or roles <= set(ILLUSTRATED.fills)
    assert {type(node.operation) for node in cell.nodes} <= set(LETTERS)


@every_cell
def test_labels_and_tags_belong_to_rows(cell: Cell) -> None:
    diagram = DIAGRAMS[cell.name]
    rows = {row.name for row in diagram.rows}
    assert {label.row for label in diagram.labels} <= rows
    assert {tag.row for tag in diagram.tags} <= rows


def pieces(wire: Wire) -> list[Box]:
    """A wire's straight pieces, as boxes of no width or no height."""
    return [
        Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
        for (ax, ay), (bx, by) in pairwise(wire.path)
    ]


def meetings(wire: Wire, other: Wire) -> list[Box]:
    """What the pieces of two wires share: a point, or a stretch where they overlap."""
    return [
        shared
        for a in pieces(wire)
        for b in pieces(other)
        for shared in [
            Box(
                max(a.left, b.left),
                max(a.top, b.top),
                min(a.right, b.right),
                min(a.bottom, b.bottom),
            )
        ]
        if shared.left <= shared.right and shared.top <= shared.bottom
    ]


@every_cell
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("values", [True, False])
def test_wires_of_different_vectors_cross_seldom_and_at_right_angles(
    cell: Cell, sizes: tuple[int, int], values: bool
) -> None:
    wires = lay_out(DIAGRAMS[cell.name], *sizes, values=values).wires
    met = [
        (shared.left, shared.top, shared.right, shared.bottom)
        for wire, other in combinations(wires, 2)
        if wire.source != other.source
        for shared in meetings(wire, other)
    ]
    assert [box for box in met if box[:2] != box[2:]] == []
    assert len(set(met)) <= MOST_CROSSINGS


def test_wires_that_overlap_or_cross_would_be_found() -> None:
    level = Wire("a", "b", ((0, 5), (10, 5)))
    upright = Wire("c", "d", ((4, 0), (4, 9)))
    longer = Wire("e", "f", ((8, 5), (20, 5)))
    assert meetings(level, upright) == [Box(4, 5, 4, 5)]
    assert meetings(level, longer) == [Box(8, 5, 10, 5)]
    assert meetings(upright, longer) == []


def test_a_cell_without_a_diagram_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="XYZ has no diagram"):
        diagram_of(replace(RNN, name="xyz", title="XYZ"))
