"""`gatereel cells`: every cell with its equations, its paper, and who computes it."""

from textwrap import fill, indent

import click

from gatereel.cli.options.common import debug_option
from gatereel.cli.terminal.outlet import show
from gatereel.rnn_math import CELLS, Cell

HIDDEN_UNITS = (
    ("PyTorch", "hidden_size"),
    ("Keras", "units (state_size of a cell)"),
    ("TensorFlow 1", "num_units"),
    ("ONNX", "hidden_size"),
    ("gatereel", "--hidden-size"),
)
"""What each library calls the number of hidden units."""

_INDENT = "  "
_WIDTH = 100
"""Characters in a line."""


@click.command()
@debug_option
def cells() -> None:
    """List the cells: equations, paper, and which library computes which.

    A trained model is shown by its own library's equations.
    """
    show("\n\n".join([*map(format_cell, CELLS.values()), format_hidden_units()]))


def format_cell(cell: Cell) -> str:
    """A cell as a block of lines: its program is what is executed and drawn."""
    width = max(len(node.name) for node in cell.nodes)
    program = (
        f"{name.ljust(width)} = {right}"
        for name, _, right in (line.partition(" = ") for line in cell.program)
    )
    facts = (
        f"{cell.name}: {cell.title}, {cell.long_name}",
        indent("\n".join(program), _INDENT * 2),
        f"{_INDENT}convention: {cell.convention}",
        f"{_INDENT}computed by: {', '.join(cell.libraries) or 'no library'}",
        f"{_INDENT}paper: {cell.paper.author}, {cell.paper.title}, {cell.year}",
    )
    return "\n".join(facts)


def format_hidden_units() -> str:
    """One thing under five names."""
    names = ", ".join(f"{name} in {library}" for library, name in HIDDEN_UNITS)
    return fill(f"The number of hidden units is called {names}.", _WIDTH)
