"""`gatereel cells` lists what is computed, in the words of who computes it."""

from collections.abc import Callable
from typing import Any

import pytest

from gatereel.cli.commands.cells import HIDDEN_UNITS, format_cell
from gatereel.rnn_math import CELLS, Cell

Command = Callable[..., Any]


@pytest.fixture(params=CELLS.values(), ids=lambda cell: cell.name)
def cell(request: pytest.FixtureRequest) -> Cell:
    """Every cell."""
    found: Cell = request.param
    return found


def test_a_cell_is_listed_with_every_line_of_its_program(cell: Cell) -> None:
    lines = [" ".join(line.split()) for line in format_cell(cell).splitlines()]
    assert lines[0].startswith(f"{cell.name}: ")
    assert lines[1 : 1 + len(cell.program)] == list(cell.program)


def test_a_cell_is_listed_with_its_paper_convention_and_libraries(cell: Cell) -> None:
    text = " ".join(format_cell(cell).split())
    for part in (cell.convention, cell.paper.author, cell.paper.title, str(cell.year)):
        assert part in text
    assert all(library in text for library in cell.libraries)


def test_the_command_lists_all_and_the_names_of_hidden_units(gatereel: Command) -> None:
    ended = gatereel("cells")
    assert (ended.code, ended.err) == (0, "")
    assert all(format_cell(cell) in ended.out for cell in CELLS.values())
    text = " ".join(ended.out.split())
    assert all(f"{name} in {library}" in text for library, name in HIDDEN_UNITS)


@pytest.mark.parametrize("library", ["PyTorch", "Keras", "ONNX"])
@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_every_library_s_default_is_one_cell(library: str, kind: str) -> None:
    plain = [
        cell.name
        for cell in CELLS.values()
        for computed in cell.libraries
        if computed.startswith(library) and computed.endswith(kind)
    ]
    default_by_option = library == "ONNX" and kind == "GRU"
    assert len(plain) == (0 if default_by_option else 1)
