"""Read a recurrent layer out of a model in memory.

read_layer(torch.nn.LSTM(3, 5)) -> Layer
read_layer(model, "encoder.lstm:2") -> Layer
"""

from typing import Any

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.live import flax_cells, keras_layers, torch_modules
from gatereel.rnn_math.models.choose import choose_layer
from gatereel.rnn_math.models.model import Layer, Model


def read_layer(source: Any, layer: str | None = None) -> Layer:
    """The layer as its file would give it, with what feeds it inside its own stack.

    `source` is a recurrent module of PyTorch, a cell, or any module that holds some; or a recurrent
    layer of Keras 3, or a model with some; or a cell of flax.nnx, or one of flax.linen that is
    bound to its parameters. `layer` names one of several, as `gatereel inspect` does for files; of
    a stack it is the top one, if none is named. Raises InputError for anything else, and for what
    cannot be computed.
    """
    # With PyTorch below it, a layer of Keras is one of PyTorch's modules, too.
    if keras_layers.is_layer(source):
        there = keras_layers.recurrent_layers(source)
        if layer is None and len(there) == 1:
            (layer,) = there
        if layer not in there:
            names = ", ".join(there) or "there are none"
            raise InputError(f"{layer!r} is none of the recurrent layers ({names}).")
        found = keras_layers.layer_of(there[layer])
    elif torch_modules.is_module(source):
        layers = torch_modules.layers_of(source)
        modules = {each.module for each in layers}
        found = (
            layers[-1]
            if layer is None and len(modules) == 1
            else choose_layer(Model("PyTorch", layers), layer)
        )
    elif flax_cells.is_module(source):
        found = flax_cells.layer_of(source)
        if layer not in (None, found.module):
            raise InputError(f"{layer!r} is not the cell's name; it is {found.module!r}.")
    else:
        raise InputError(
            f"{type(source).__name__} is no module of PyTorch, no layer of Keras and no cell of "
            "flax; a file is read by read_model."
        )
    if found.refusal:
        raise InputError(f"The layer {found.name!r} cannot be computed: {found.refusal}")
    return found
