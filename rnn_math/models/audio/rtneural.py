"""RTNeural's JSON: a list of layers with Keras's arrays, as AIDA-X and others load it.

An LSTM's blocks stand in the order i, f, g, o and a GRU's in z, r, n, side by side; a GRU has two
biases and resets after the product. The gates are sigmoid and what goes into a state tanh, whatever
`activation` says.

Source: https://github.com/jatinchowdhury18/RTNeural, RTNeural/model_loader.h
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU_RESET_AFTER, LSTM
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.models.audio.reading import MAX_LAYERS, Json, content_of, numbers, shown
from gatereel.rnn_math.models.blocks import biases_of_blocks, parameters_of_blocks
from gatereel.rnn_math.models.model import Direction, Layer, Model, Strand

KEYS = frozenset({"in_shape", "layers"})
"""What tells such a file from other JSON."""

_KINDS: Mapping[str, tuple[Cell, str]] = MappingProxyType(
    {"lstm": (LSTM, "ifgo"), "gru": (GRU_RESET_AFTER, "zrn")}
)
"""A layer's type to its cell and the order of its blocks."""

_BIASES: Mapping[str, int] = MappingProxyType({"lstm": 1, "gru": 2})
"""How many dimensions the array of biases has."""

_ARRAYS = 3
"""Of a layer: kernel, recurrent kernel, bias."""

_ACTIVATIONS = ("", "tanh")
_SOUND = ("in_gain", "out_gain", "in_skip")
"""What AIDA-X does to the sound before and after the layers."""


def read(path: Path) -> Model:
    """Read the recurrent layers. Raises InputError when there is none, or the file is damaged."""
    content = content_of(path)
    stored = content.get("layers")
    if not isinstance(stored, list) or not all(isinstance(each, dict) for each in stored):
        raise InputError(f"{path}: layers must be a list of objects.")
    if len(stored) > MAX_LAYERS:
        raise InputError(f"{path} has {len(stored)} layers; at most {MAX_LAYERS} are read.")
    layers: list[Layer] = []
    kinds = [str(each.get("type")) for each in stored]
    for place, (kind, each) in enumerate(zip(kinds, stored, strict=True)):
        if kind in _KINDS:
            before = kinds[place - 1] if place else ""
            below = layers[-1] if before in _KINDS else None
            count = sum(layer.kind == kind for layer in layers)
            name = f"{kind}_{count + 1}" if count else kind
            layers.append(_layer(each, kind, name, before, below, path))
    if not layers:
        raise InputError(
            f"{path} holds no recurrent layer of RTNeural, lstm or gru; it has "
            f"{', '.join(dict.fromkeys(map(shortened, kinds))) or 'no layer'}."
        )
    changed = [name for name in _SOUND if content.get(name)]
    notes = tuple(
        f"{name} is {shown(content[name])}: a player does that to the sound, outside of the layers."
        for name in changed
    )
    return Model("RTNeural", tuple(layers), notes=notes)


def _layer(
    stored: Json, kind: str, name: str, before: str, below: Layer | None, path: Path
) -> Layer:
    """A recurrent layer; `before` is the type of what stands under it, "" for nothing."""
    cell, gates = _KINDS[kind]
    where = f"{path}: the layer {name!r}"
    weights = stored.get("weights")
    if not isinstance(weights, list) or len(weights) != _ARRAYS:
        raise InputError(f"{where} must have a kernel, a recurrent kernel and a bias.")
    kernel = numbers(weights[0], f"{where}: its kernel", ndim=2)
    recurrent = numbers(weights[1], f"{where}: its recurrent kernel", ndim=2)
    bias = numbers(weights[2], f"{where}: its bias", ndim=_BIASES[kind])
    hidden_size, columns = len(recurrent), len(gates) * len(recurrent)
    if {kernel.shape[1], recurrent.shape[1], bias.shape[-1]} != {columns} or (
        bias.ndim > 1 and len(bias) != _BIASES[kind]
    ):
        raise InputError(
            f"{where} has the shapes {kernel.shape}, {recurrent.shape} and {bias.shape}, which are "
            f"not those of {hidden_size} hidden units."
        )
    shape = stored.get("shape")
    if isinstance(shape, list) and shape and shape[-1] != hidden_size:
        raise InputError(
            f"{where} is said to give {shown(shape[-1])} values a timestep, but has the "
            f"weights of {hidden_size} hidden units."
        )
    if below is not None and below.hidden_size != len(kernel):
        raise InputError(
            f"{where} reads {len(kernel)} values a timestep, but {below.name!r} gives "
            f"{below.hidden_size}."
        )
    bias_x, bias_h = (bias[0], bias[1]) if bias.ndim > 1 else (bias, None)
    parameters = parameters_of_blocks(cell, gates, kernel.T, recurrent.T, bias_x, bias_h, path.name)
    strands: dict[Direction, Strand] = {
        "forward": Strand(cell, parameters, biases=biases_of_blocks(gates, bias_x, bias_h))
    }
    activation = stored.get("activation", "")
    refusal = ""
    if not isinstance(activation, str) or activation not in _ACTIVATIONS:
        refusal = (
            f"it was saved with activation={shortened(str(activation))}, in whose place RTNeural "
            "computes tanh."
        )
    return Layer(
        module=name,
        kind=kind,
        input_size=len(kernel),
        hidden_size=hidden_size,
        strands=MappingProxyType({} if refusal else strands),
        below=below,
        is_feed_known=True,
        refusal=refusal,
        unfed=_unfed(before, below),
    )


def _unfed(before: str, below: Layer | None) -> str:
    """Why what feeds a layer is not computed; empty for the inputs and for a recurrent layer."""
    if not before or (below is not None and not (below.refusal or below.unfed)):
        return ""
    return f"below it stands the layer {shortened(before)}, which is not computed."
