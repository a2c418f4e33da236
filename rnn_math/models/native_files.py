"""gatereel's own `.npz` and `.json` files, as a model of one layer."""

from pathlib import Path
from types import MappingProxyType

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.files import read_parameters
from gatereel.rnn_math.models.model import Direction, Layer, Model, Strand
from gatereel.rnn_math.parameters import Parameters, check_parameters


def read(path: Path) -> Model:
    """Read parameters; raises InputError as `gatereel.rnn_math.files.read_parameters` does."""
    return native_model(*read_parameters(path))


def native_model(cell: Cell, parameters: Parameters) -> Model:
    """A cell with its parameters as a model of one layer; raises InputError if they do not fit."""
    input_size, hidden_size = check_parameters(cell, parameters)
    strands: dict[Direction, Strand] = {"forward": Strand(cell, parameters)}
    layer = Layer(cell.name, cell.title, input_size, hidden_size, MappingProxyType(strands))
    return Model("gatereel", (layer,), dtype="float64")
