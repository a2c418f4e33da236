"""Layers one above the other, where their file does not say what feeds what.

chained(model, ("lstm1", "lstm2")) -> Model
"""

from collections.abc import Sequence
from dataclasses import replace

from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Layer, Model, side_by_side


def chained(model: Model, names: Sequence[str]) -> Model:
    """The model with each of the named modules fed by the one before it, all directions of it.

    Raises InputError for a name that is none, one that is named twice, a file that says itself what
    feeds a layer, and for widths that do not fit.
    """
    modules = {layer.module: layer for layer in model.layers}  # of a stack, the top
    for name in names:
        if name not in modules:
            raise InputError(
                f"There is no layer {name!r} to chain; there are {', '.join(modules)}."
            )
    if len(names) < 2 or len(set(names)) < len(names):
        raise InputError("A chain names two layers or more, each once, the lowest first.")
    under = dict(zip(names[1:], names[:-1], strict=True))
    made: dict[Layer, Layer] = {}
    tops: dict[str, Layer] = {}
    ordered = sorted(
        model.layers, key=lambda layer: names.index(layer.module) if layer.module in names else -1
    )
    for layer in ordered:
        now = layer if layer.below is None else replace(layer, below=made[layer.below])
        if layer.module in under and layer.level == 1:
            now = _above(tops[under[layer.module]], now)
        made[layer] = tops[layer.module] = now
    taken = f"each layer is fed as you chained them: {' -> '.join(names)}"
    others = [module for module in modules if module not in names]
    return replace(
        model,
        layers=tuple(made[layer] for layer in model.layers),
        assumptions=(*(model.assumptions if others else ()), taken),
    )


def _above(below: Layer, layer: Layer) -> Layer:
    """A layer that reads all that another gives."""
    if layer.is_feed_known:
        raise InputError(
            f"The file says itself what feeds the layer {layer.name!r}; it needs no chain."
        )
    width = len(below.strands) * below.output_size
    if not (below.refusal or layer.refusal) and width != layer.input_size:
        raise InputError(
            f"The layer {layer.name!r} reads {counted(layer.input_size, 'value')} a timestep, but "
            f"{below.name!r} gives {width}; they are no chain."
        )
    unfed = ""
    if below.refusal:
        unfed = f"the layer {below.name!r} below it cannot be computed."
    return replace(
        layer,
        below=None if unfed else below,
        read=side_by_side,
        between=(),
        is_feed_known=True,
        unfed=unfed,
    )
