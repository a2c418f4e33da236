"""Which layers go together: each fed by the hidden states of the one before, straight."""

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Layer, side_by_side

Chain = tuple[Layer, ...]
"""Layers from the bottom upwards."""

_TRIED_TIMESTEPS = 3
_UNUSABLE = re.compile(r"\W+", re.ASCII)


def chains_of(
    layers: Sequence[Layer], joins: Callable[[Layer, Layer], bool] = lambda below, layer: True
) -> list[Chain]:
    """The layers in chains; one that reads anything else begins another.

    `joins` says whether a layer can follow the one below it.
    """
    chains: list[list[Layer]] = []
    for layer in layers:
        fed = [chain for chain in chains if chain[-1] is layer.below]
        if fed and reads_straight(layer) and joins(fed[0][-1], layer):
            fed[0].append(layer)
        else:
            chains.append([layer])
    return [tuple(chain) for chain in chains]


def reads_straight(layer: Layer) -> bool:
    """Whether a layer reads the states of the layer below, its directions side by side."""
    below = layer.below
    if below is None or layer.stages:
        return False
    if layer.read is side_by_side:
        return True
    values = np.arange(1.0, _TRIED_TIMESTEPS * below.hidden_size + 1.0)
    states = values.reshape(_TRIED_TIMESTEPS, -1)
    outputs = {each: k + states / 7.0 for k, each in enumerate(below.strands)}
    try:
        return np.array_equal(layer.read(outputs), side_by_side(outputs))
    except InputError:  # made for another length
        return False


def stacks_of(chain: Chain) -> list[Chain]:
    """A chain in runs of equal layers: one cell, one hidden size, the same directions."""
    runs: list[list[Layer]] = []
    for layer in chain:
        if runs and _kind(runs[-1][-1]) == _kind(layer):
            runs[-1].append(layer)
        else:
            runs.append([layer])
    return [tuple(run) for run in runs]


def plain_names(names: Iterable[str]) -> list[str]:
    """The names as identifiers, each another one: "encoder_lstm" of "encoder.lstm"."""
    found: list[str] = []
    for name in names:
        plain = _UNUSABLE.sub("_", name).strip("_") or "layer"
        plain = f"layer_{plain}" if plain[0].isdigit() else plain
        numbered = (plain, *(f"{plain}_{k}" for k in range(2, len(found) + 3)))
        found.append(next(each for each in numbered if each not in found))
    return found


def _kind(layer: Layer) -> tuple[object, ...]:
    cells = tuple((direction, strand.cell) for direction, strand in layer.strands.items())
    return (layer.hidden_size, *cells)
