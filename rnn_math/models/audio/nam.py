"""Neural Amp Modeler's `.nam` files of the architecture LSTM.

A file has sizes and one list of numbers. Of each layer: a matrix for the input and the hidden state
side by side, `(4 * hidden_size, input_size + hidden_size)`, row by row, its blocks in the order
i, f, g, o; one bias; the hidden state and the cell state before the first timestep. Then a linear
layer's matrix and bias.

Source: https://github.com/sdatkinson/NeuralAmpModelerCore, NAM/lstm.cpp
"""

from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cells import LSTM
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.models.audio.reading import MAX_LAYERS, Json, content_of, numbers, whole
from gatereel.rnn_math.models.blocks import parameters_of_blocks
from gatereel.rnn_math.models.model import Direction, Layer, Model, Strand

KEYS = frozenset({"architecture", "config", "weights"})
"""What tells such a file from other JSON."""

_GATES = "ifgo"
_LSTM = "LSTM"
_NOTE = (
    "Neural Amp Modeler lets half a second of silence run through before it plays; the sequence "
    "begins here at the states in the file."
)


def read(path: Path) -> Model:
    """Read the layers. Raises InputError for other architectures, and for a damaged file."""
    content = content_of(path)
    architecture = content.get("architecture")
    if architecture != _LSTM:
        raise InputError(
            f"{path} is a model of the architecture {shortened(str(architecture))}; the recurrent "
            f"one of Neural Amp Modeler is {_LSTM}."
        )
    config = content.get("config")
    if not isinstance(config, dict):
        raise InputError(f"{path}: config must be an object.")
    layers = _layers(config, content.get("weights"), path)
    return Model("Neural Amp Modeler", layers, notes=(_NOTE,))


def _layers(config: Json, weights: Any, path: Path) -> tuple[Layer, ...]:
    hidden_size = whole(config, "hidden_size", path)
    levels = whole(config, "num_layers", path, 1)
    if levels > MAX_LAYERS:
        raise InputError(f"{path} has {levels} layers; at most {MAX_LAYERS} are read.")
    input_size = whole(config, "input_size", path, 1)
    left = numbers(weights, f"{path}: weights", ndim=1)
    layers: list[Layer] = []
    for level in range(1, levels + 1):
        rows = len(_GATES) * hidden_size
        needed = rows * (input_size + hidden_size + 1) + 2 * hidden_size
        if len(left) < needed:
            raise InputError(
                f"{path} has too few weights for {levels} layers of {hidden_size} hidden units."
            )
        own, left = left[:needed], left[needed:]
        strands: dict[Direction, Strand] = {
            "forward": _strand(own, input_size, hidden_size, path.name)
        }
        layers.append(
            Layer(
                module="lstm",
                kind=_LSTM,
                input_size=input_size,
                hidden_size=hidden_size,
                strands=MappingProxyType(strands),
                level=level,
                levels=levels,
                below=layers[-1] if layers else None,
                is_feed_known=True,
            )
        )
        input_size = hidden_size
    if not len(left) or len(left) % (hidden_size + 1):  # a matrix with a bias
        raise InputError(f"{path} has {len(left)} weights too many or too few after its layers.")
    return tuple(layers)


def _strand(own: Array, input_size: int, hidden_size: int, origin: str) -> Strand:
    rows = len(_GATES) * hidden_size
    matrix, bias, h, c = np.split(
        own, np.cumsum([rows * (input_size + hidden_size), rows, hidden_size])
    )
    W_x, W_h = np.split(matrix.reshape(rows, -1), [input_size], axis=1)
    initial = MappingProxyType({"h": h, "c": c}) if h.any() or c.any() else None
    return Strand(LSTM, parameters_of_blocks(LSTM, _GATES, W_x, W_h, bias, None, origin), initial)
