"""Turn parameters of one cell into those of another that computes exactly the same."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU, GRU_RESET_BEFORE
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.parameters import Parameters


def _negate_update_gate(parameters: Parameters) -> Parameters:
    """Swap z and 1 - z, for sigmoid(-a) = 1 - sigmoid(a)."""
    weights, biases = dict(parameters.weights), dict(parameters.biases)
    weights["z"], biases["z"] = -weights["z"], -biases["z"]
    return Parameters(weights, biases, parameters.origin)


EQUIVALENTS: Mapping[tuple[str, str], Callable[[Parameters], Parameters]] = MappingProxyType(
    {
        (GRU.name, GRU_RESET_BEFORE.name): _negate_update_gate,
        (GRU_RESET_BEFORE.name, GRU.name): _negate_update_gate,
    }
)
"""From a cell to another: how its parameters change."""


def convert(cell: Cell, parameters: Parameters, to: Cell) -> Parameters:
    """Return the parameters with which `to` computes the states that `cell` computes.

    Raises InputError, with the reason, when there are none.
    """
    if cell.name == to.name:
        return parameters
    if (cell.name, to.name) not in EQUIVALENTS:
        raise InputError(
            f"{cell.title} cannot be shown as {to.title}: no other weights turn one into the other "
            f"({cell.title}: {cell.convention}; {to.title}: {to.convention})."
        )
    return EQUIVALENTS[cell.name, to.name](parameters)
