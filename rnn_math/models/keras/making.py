"""Layers below a recurrent one as layers of Keras itself, for `gatereel verify`.

Each is made of numbers and words that were checked, and of nothing else in the file.
"""

from typing import Any

from gatereel.rnn_math.functions import HardSigmoid
from gatereel.rnn_math.models.activations import KERAS, KERAS_2_HARD_SIGMOID
from gatereel.rnn_math.models.keras.config import KerasLayer
from gatereel.rnn_math.models.keras.kinds import wrapped
from gatereel.rnn_math.models.keras.stages import (
    BATCH_NORMALIZATION,
    DENSE,
    EPSILON,
    MASKING,
    REPEAT_VECTOR,
    THETA,
    number_of,
    slope_of,
    timesteps_of,
    uses,
)

NOUGHTS = "zeros"  # the file's weights come in their place; not every type has Keras's own


def made_stage(keras: Any, layer: KerasLayer, policy: str) -> Any:
    """The layer, without weights yet."""
    inner = wrapped(layer)
    kind, given = _class_and_options(keras, inner)
    made = getattr(keras.layers, kind)(**given, dtype=policy)
    return made if inner is layer else keras.layers.TimeDistributed(made, dtype=policy)


def own_meaning(keras: Any, value: Any) -> Any:
    """An option as the Keras that is installed takes it."""
    if value != KERAS_2_HARD_SIGMOID:
        return value
    function = KERAS[KERAS_2_HARD_SIGMOID]
    assert isinstance(function, HardSigmoid)
    clip = keras.ops.clip
    return lambda s: clip(function.alpha * s + function.beta, 0.0, 1.0)


def _class_and_options(keras: Any, layer: KerasLayer) -> tuple[str, dict[str, Any]]:
    kind, options = layer.class_name, layer.options
    if kind == DENSE:
        return kind, {
            "units": options["units"],
            "activation": own_meaning(keras, options.get("activation")),
            "use_bias": uses(options, "use_bias"),
            "kernel_initializer": NOUGHTS,
        }
    if kind == BATCH_NORMALIZATION:
        flags = {name: uses(options, name) for name in ("center", "scale")}
        return kind, {"epsilon": number_of(options, "epsilon", EPSILON), **flags}
    if kind == MASKING:
        return kind, {"mask_value": number_of(options, "mask_value", 0.0)}
    if kind == REPEAT_VECTOR:
        return kind, {"n": timesteps_of(options)}
    if kind == "Activation":
        return kind, {"activation": own_meaning(keras, options.get("activation"))}
    if kind == "LeakyReLU":
        return kind, {"negative_slope": slope_of(options)}
    if kind == "ThresholdedReLU":  # which Keras 3 has no more
        return "ReLU", {"threshold": number_of(options, "theta", THETA)}
    usual = {"ReLU": {"negative_slope": 0.0, "threshold": 0.0}, "ELU": {"alpha": 1.0}}
    numbers = {name: number_of(options, name, value) for name, value in usual.get(kind, {}).items()}
    if kind == "ReLU" and options.get("max_value") is not None:
        numbers["max_value"] = number_of(options, "max_value", 0.0)
    return kind, dict(numbers)
