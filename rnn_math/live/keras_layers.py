"""Recurrent layers of Keras 3 in memory. Keras itself is whoever made them's to import."""

from types import MappingProxyType
from typing import Any

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.live.torch_modules import to_numpy
from gatereel.rnn_math.models.keras.cells import GATES, RefusedError, Weights, strand_of
from gatereel.rnn_math.models.model import Direction, Layer, Strand

_BIDIRECTIONAL = "Bidirectional"
_HOMES = ("keras.", "tf_keras.")


def is_layer(source: object) -> bool:
    """Whether it is a layer of Keras, or a model, which is one."""
    return any(
        each.__module__.startswith(_HOMES) and each.__name__ == "Layer"
        for each in type(source).__mro__
    )


def recurrent_layers(source: Any) -> dict[str, Any]:
    """The recurrent layers of a model by their names, or the layer itself."""
    found = [source, *getattr(source, "layers", ())]
    return {each.name: each for each in found if type(each).__name__ in (*GATES, _BIDIRECTIONAL)}


def layer_of(source: Any) -> Layer:
    """One recurrent layer. Raises InputError where it is not built or cannot be computed."""
    if not getattr(source, "built", False):
        raise InputError(
            f"The layer {source.name!r} has no weights yet; call it once, or build it."
        )
    kind = type(source).__name__
    if kind == _BIDIRECTIONAL:
        sides: dict[Direction, Any] = {
            "forward": source.forward_layer,
            "backward": source.backward_layer,
        }
        kind = f"{kind}({type(source.forward_layer).__name__})"
    else:
        sides = {"backward" if source.go_backwards else "forward": source}
    strands: dict[Direction, Strand] = {}
    weights: Weights | None = None
    for direction, side in sides.items():
        arrays = [to_numpy(each.value) for each in side.weights]
        if type(side).__name__ not in GATES or len(arrays) not in (2, 3):
            raise InputError(f"The layer {source.name!r} is no {', '.join(GATES)} of Keras.")
        weights = Weights(arrays[0], arrays[1], arrays[2] if arrays[2:] else None)
        options = side.get_config()
        try:
            strands[direction] = strand_of(
                type(side).__name__, options, weights, source.name, source.name
            )
        except RefusedError as refused:
            raise InputError(f"The layer {source.name!r} cannot be computed: {refused}") from None
    assert weights is not None
    return Layer(
        module=source.name,
        kind=kind,
        input_size=weights.input_size,
        hidden_size=weights.units,
        strands=MappingProxyType(strands),
    )
