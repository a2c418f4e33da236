"""States that a user gives a layer to start from, in place of those of its file.

started(layer, "forward", {"h": h, "c": c}) -> Layer
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Direction, Layer

_ONE = 1  # dimension
_STACKED = 3  # dimensions: a batch of one between


def started(
    layer: Layer, direction: Direction, states: Mapping[str, Array], name: str = "The file"
) -> Layer:
    """The layer with other states before the first timestep.

    Each is `(hidden_size,)`, for this direction of this layer alone; or `(levels * directions,
    hidden_size)`, also with a batch of one between, for its module's whole stack, as PyTorch hands
    them over. `name` is what errors call the states' file. Raises InputError where they do not fit.
    """
    cell = layer.strands[direction].cell
    own = cell.states
    widths = {state: cell.state_width(state, layer.hidden_size) for state in own}
    if set(states) != set(own):
        raise InputError(
            f"{name} holds {in_words(states) or 'nothing'}; {layer.name!r} starts from "
            f"{in_words(own)}."
        )
    if all(each.ndim == _ONE for each in states.values()):
        for state, values in states.items():
            _check(values, (widths[state],), state, name)
        strand = replace(layer.strands[direction], initial=MappingProxyType(dict(states)))
        strands = MappingProxyType({**layer.strands, direction: strand})
        return replace(layer, strands=strands, is_given_start=True, assumptions=_others(layer))
    directions = len(layer.strands)
    whole = {
        state: values[:, 0] if values.ndim == _STACKED and values.shape[1] == 1 else values
        for state, values in states.items()
    }
    for state, values in whole.items():
        _check(values, (layer.levels * directions, widths[state]), state, name)
    return _all_levels(layer, whole)


def _all_levels(layer: Layer, states: Mapping[str, Array]) -> Layer:
    below = layer.below
    if below is not None and layer.level > 1:
        below = _all_levels(below, states)
    first = (layer.level - 1) * len(layer.strands)
    strands = {
        direction: replace(
            strand, initial=MappingProxyType({n: each[first + k] for n, each in states.items()})
        )
        for k, (direction, strand) in enumerate(layer.strands.items())
    }
    return replace(
        layer,
        below=below,
        strands=MappingProxyType(strands),
        is_given_start=True,
        assumptions=_others(layer),
    )


def _others(layer: Layer) -> tuple[str, ...]:
    """What is assumed besides of where it starts, which is given now."""
    return tuple(each for each in layer.assumptions if each not in layer.of_start)


def _check(values: Array, shape: tuple[int, ...], state: str, name: str) -> None:
    if values.shape != shape:
        raise InputError(f"{name}: {state} has shape {values.shape}; {shape} is needed.")
    if not np.isfinite(values).all():
        raise InputError(f"{name}: {state} holds a value that is not finite.")
