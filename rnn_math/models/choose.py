"""Choose a layer and a direction of a model by name, and say what there is when that fails."""

from dataclasses import replace
from types import MappingProxyType

from gatereel.rnn_math.cells.rnn import NONLINEARITIES
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Direction, Layer, Model, side_by_side


def choose_layer(model: Model, name: str | None = None) -> Layer:
    """Return the layer called `name`, or the only one. Raises InputError where that is unclear.

    What a wrapper put before a name, "module." or "state_dict.model.", need not be said where the
    rest tells.
    """
    names = ", ".join(layer.name for layer in model.layers)
    if name is None:
        if len(model.layers) == 1:
            return model.layers[0]
        raise InputError(f"There are {len(model.layers)} recurrent layers: {names}.")
    chosen = [layer for layer in model.layers if layer.name == name]
    if not chosen:
        ending = [layer for layer in model.layers if layer.name.endswith(f".{name}")]
        if len(ending) > 1:
            found = ", ".join(layer.name for layer in ending)
            raise InputError(f"{name!r} is the end of {len(ending)} layers' names: {found}.")
        chosen = ending
    if not chosen:
        levels = [layer.name for layer in model.layers if layer.module == name]
        if levels:
            raise InputError(f"{name!r} is a stack of {len(levels)} layers: {', '.join(levels)}.")
        raise InputError(f"There is no recurrent layer {name!r}; there are {names}.")
    return chosen[0]


def choose_direction(layer: Layer, direction: Direction | None = None) -> Direction:
    """Return `direction`, or the layer's only one. Raises InputError where that is unclear."""
    there = list(layer.strands)
    if direction is None:
        if len(there) == 1:
            return there[0]
        raise InputError(f"The layer {layer.name!r} runs {' and '.join(there)}.")
    if direction not in layer.strands:
        raise InputError(f"The layer {layer.name!r} runs {' and '.join(there)} only.")
    return direction


def at_layer(layer: Layer) -> Layer:
    """The layer alone: the inputs are the rows that it reads, `(timesteps, input_size)`.

    Rows do not tell which of them the library leaves out; where something masks, that is assumed.
    """
    masked = (
        f"{layer.name}: no timestep is one that {layer.masked_by} masks; its library leaves those "
        "out",
    )
    return replace(
        layer,
        below=None,
        read=side_by_side,
        stages=(),
        embedding="",
        is_feed_known=True,
        masked_token=None,
        between=(),
        unfed="",
        assumptions=(*layer.assumptions, *(masked if layer.masked_by else ())),
        is_given_rows=True,
    )


def with_nonlinearity(model: Model, nonlinearity: str) -> Model:
    """Settle whether the plain RNNs of `model` use "tanh" or "relu", where the file does not say.

    Raises InputError when the file does say, or there is no plain RNN.
    """
    if all(layer.nonlinearity_known for layer in model.layers):
        raise InputError(
            f"The nonlinearity {nonlinearity!r} has nothing to settle: no layer of this file "
            "leaves it open."
        )
    cell = NONLINEARITIES[nonlinearity]
    settled: dict[Layer, Layer] = {}
    for layer in model.layers:  # from the bottom, so that `below` is settled first
        now = layer if layer.below is None else replace(layer, below=settled[layer.below])
        if not layer.nonlinearity_known:
            strands = {d: replace(strand, cell=cell) for d, strand in layer.strands.items()}
            now = replace(now, strands=MappingProxyType(strands), nonlinearity_known=True)
        settled[layer] = now
    return replace(model, layers=tuple(settled.values()))
