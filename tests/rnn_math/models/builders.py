"""Small models made by hand, for tests of choosing and running."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from gatereel.rnn_math import CELLS, random_parameters
from gatereel.rnn_math.models import Direction, Layer, Model, Strand

FORWARD: tuple[Direction, ...] = ("forward",)
BOTH: tuple[Direction, ...] = ("forward", "backward")

NOWHERE = Path("model")


def layer(
    module: str,
    cell: str,
    input_size: int,
    hidden_size: int,
    directions: Sequence[Direction] = FORWARD,
    seed: int = 0,
) -> Layer:
    """A layer with random parameters."""
    strands = {
        direction: Strand(
            CELLS[cell], random_parameters(CELLS[cell], input_size, hidden_size, seed + k)
        )
        for k, direction in enumerate(directions)
    }
    return Layer(module, cell.upper(), input_size, hidden_size, MappingProxyType(strands))


def stack(module: str, cell: str, sizes: Sequence[int], directions: Sequence[Direction]) -> Model:
    """A stack of layers: `sizes` are the input's and each layer's hidden size."""
    layers: list[Layer] = []
    width = sizes[0]
    for k, hidden_size in enumerate(sizes[1:]):
        below = layers[-1] if layers else None
        one = layer(module, cell, width, hidden_size, directions, seed=10 * k)
        layers.append(replace(one, level=k + 1, levels=len(sizes) - 1, below=below))
        width = hidden_size * len(directions)
    return Model("PyTorch", tuple(layers))
