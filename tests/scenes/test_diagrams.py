"""Each cell's diagram holds all that the cell's list needs, and nothing that it does not."""

from dataclasses import replace

import pytest

from rnn_math import CELLS, INPUT, RNN, Cell, InputError, WeightedSum, previous
from scenes.diagrams import DIAGRAMS, OPERANDS_SUFFIX, OUT_SUFFIX, diagram_of
from scenes.symbols import symbol_of
from scenes.theme import ILLUSTRATED

every_cell = pytest.mark.parametrize("cell", CELLS.values(), ids=list(CELLS))


@every_cell
def test_every_vector_has_its_row(cell: Cell) -> None:
    wanted = {INPUT, *map(previous, cell.states), *(node.name for node in cell.nodes)}
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
    assert roles <= set(ILLUSTRATED.fills)
    assert all(symbol_of(node.operation) for node in cell.nodes)


@every_cell
def test_labels_and_tags_belong_to_rows(cell: Cell) -> None:
    diagram = DIAGRAMS[cell.name]
    rows = {row.name for row in diagram.rows}
    assert {label.row for label in diagram.labels} <= rows
    assert {tag.row for tag in diagram.tags} <= rows


def test_a_cell_without_a_diagram_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="XYZ has no diagram"):
        diagram_of(replace(RNN, name="xyz", title="XYZ"))
