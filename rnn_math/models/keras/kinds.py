"""What kind a configured Keras layer is, and what its options say of its size and precision."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from gatereel.rnn_math.models.keras.cells import GATES
from gatereel.rnn_math.models.keras.config import KerasLayer, is_from_keras
from gatereel.rnn_math.models.model import Dtype

_RECURRENT = re.compile("RNN|LSTM|GRU")
"""Classes with such names are listed, if only to say why they cannot be computed."""

_BIDIRECTIONAL, _EMBEDDING = "Bidirectional", "Embedding"


def is_recurrent(layer: KerasLayer) -> bool:
    """Whether the layer, or the one it wraps, is recurrent by its class's name."""
    names = (layer.class_name, wrapped(layer).class_name)
    return any(_RECURRENT.search(name) is not None for name in names)


def is_bidirectional(layer: KerasLayer) -> bool:
    """Whether it is Keras's own layer of two directions."""
    return layer.is_builtin and layer.class_name == _BIDIRECTIONAL


def is_embedding(layer: KerasLayer) -> bool:
    """Whether it is Keras's own layer that turns tokens into vectors."""
    return layer.is_builtin and layer.class_name == _EMBEDDING


def is_ours(layer: KerasLayer) -> bool:
    """Whether it is one of Keras's own layers that a cell computes."""
    return layer.is_builtin and layer.class_name in GATES


def wrapped(layer: KerasLayer, option: str = "layer") -> KerasLayer:
    """The layer that a wrapper such as Bidirectional holds; a plain layer itself."""
    inner = layer.options.get(option)
    if not isinstance(inner, dict):
        return layer
    options, name = inner.get("config"), inner.get("class_name")
    return replace(
        layer,
        class_name=name if isinstance(name, str) else "",
        is_builtin=layer.is_builtin and is_from_keras(inner),
        options=options if isinstance(options, dict) else {},
    )


def kind_of(layer: KerasLayer) -> str:
    """What Keras calls it: "LSTM", "Bidirectional(LSTM)"."""
    inner = wrapped(layer)
    return layer.class_name if inner is layer else f"{layer.class_name}({inner.class_name[:_LONG]})"


def hidden_size_of(layer: KerasLayer) -> int:
    """The number of hidden units by the options; 0 when they do not say."""
    inner = wrapped(wrapped(layer), "cell")
    for option in ("units", "filters"):
        size = inner.options.get(option)
        if isinstance(size, int) and not isinstance(size, bool) and size > 0:
            return size
    return 0


def precision_of(layer: KerasLayer) -> str:
    """The name of the policy that says which type it computes in: "float32", "mixed_float16"."""
    policy: Any = wrapped(layer).options.get("dtype", layer.options.get("dtype"))
    if isinstance(policy, dict):
        config = policy.get("config")
        policy = config.get("name") if isinstance(config, dict) else None
    return policy if isinstance(policy, str) else ""


def computed_in(layer: KerasLayer) -> Dtype | None:
    """The type that a layer multiplies and adds in; None where the file does not say."""
    return POLICIES.get(precision_of(layer))


POLICIES: Mapping[str, Dtype] = MappingProxyType(
    {
        "bfloat16": "bfloat16",
        "float16": "float16",
        "float32": "float32",
        "float64": "float64",
        "mixed_bfloat16": "bfloat16",
        "mixed_float16": "float16",
    }
)
"""Keras's policies to the type that they compute in. A mixed one keeps the weights in float32."""

_LONG = 50
"""Characters of a wrapped class's name that are shown."""
