"""Keras's layers below a recurrent one that are computed: Dense, BatchNormalization, and others.

    Dense                y = activation(x kernel + bias)
    BatchNormalization   y = (x - moving_mean) / sqrt(moving_variance + epsilon) gamma + beta
    Masking              y = x; a timestep of which all values are mask_value is left out above
    RepeatVector         n timesteps of one row

TimeDistributed holds one of them for each timestep, which is what they are here anyway.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.functions import Elu, LeakyRelu, ThresholdedRelu
from gatereel.rnn_math.models.keras.cells import RefusedError, stored_at
from gatereel.rnn_math.models.keras.config import KerasLayer
from gatereel.rnn_math.models.keras.hdf5 import Hdf5
from gatereel.rnn_math.models.keras.kinds import computed_in, wrapped
from gatereel.rnn_math.models.pointwise import KERAS_BETWEEN, Function, softmax
from gatereel.rnn_math.models.stages import Stage, repeating

MASKING, REPEAT_VECTOR, TIME_DISTRIBUTED = "Masking", "RepeatVector", "TimeDistributed"
DENSE, BATCH_NORMALIZATION = "Dense", "BatchNormalization"

WEIGHTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        DENSE: ("kernel", "bias"),
        BATCH_NORMALIZATION: ("gamma", "beta", "moving_mean", "moving_variance"),
    }
)
"""Class to its arrays in the order in which Keras numbers them; options leave some out."""

_COMMON = frozenset(
    (
        *("name", "trainable", "dtype", "activity_regularizer", "batch_input_shape", "batch_size"),
        *("build_input_shape", "dynamic", "input_dim", "input_shape", "ragged", "sparse"),
        *("batch_shape", "supports_masking"),
    )
)
_KNOWN: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        DENSE: frozenset(
            (
                *("units", "activation", "use_bias", "kernel_initializer", "bias_initializer"),
                *("kernel_regularizer", "bias_regularizer"),
                *("kernel_constraint", "bias_constraint"),
            )
        ),
        BATCH_NORMALIZATION: frozenset(
            (
                *("axis", "momentum", "epsilon", "center", "scale", "synchronized", "fused"),
                "renorm_momentum",  # of a renorm, which is an option of its own
                *("beta_initializer", "gamma_initializer", "moving_mean_initializer"),
                *("moving_variance_initializer", "beta_regularizer", "gamma_regularizer"),
                *("beta_constraint", "gamma_constraint"),
            )
        ),
        MASKING: frozenset({"mask_value"}),
        REPEAT_VECTOR: frozenset({"n"}),
        TIME_DISTRIBUTED: frozenset({"layer"}),
        "Activation": frozenset({"activation"}),
        "ReLU": frozenset({"max_value", "negative_slope", "threshold"}),
        "LeakyReLU": frozenset({"alpha", "negative_slope"}),
        "ELU": frozenset({"alpha"}),
        "ThresholdedReLU": frozenset({"theta"}),
        "Softmax": frozenset({"axis"}),
    }
)
"""Class to its options. One that is not among them may change what is computed."""

EPSILON, LEAKY, THETA = 1e-3, 0.3, 1.0
"""Keras's own numbers where an option is left out."""

_ROUNDING: Mapping[str | None, float] = MappingProxyType(
    {"float64": 0.0, "float16": 2.0**-10, "bfloat16": 2.0**-7}
)
"""How far a number may be from a mask_value, relatively, and still become it in a type."""
_SINGLE = 2.0**-23

_NUMPY = "__numpy__"
"""How Keras 2 writes a number of numpy's: {"class_name": "__numpy__", "config": {"value": 0.3}}."""


def is_stage(layer: KerasLayer) -> bool:
    """Whether it is of a class that is computed, whatever its options ask for."""
    inner = wrapped(layer)
    if not (layer.is_builtin and inner.is_builtin and layer.class_name in _KNOWN):
        return False
    if layer.class_name != TIME_DISTRIBUTED:
        return inner is layer
    return inner.class_name in _KNOWN.keys() - {TIME_DISTRIBUTED, MASKING, REPEAT_VECTOR}


def stage_of(layer: KerasLayer, h5: Hdf5, *, is_sequence: bool) -> Stage:
    """Make what a layer computes of its options and its weights.

    `is_sequence` is False where it reads one row a sequence, not one a timestep. Raises
    RefusedError, with the rest of a sentence about the layer, for what is not computed exactly.
    """
    inner = wrapped(layer)
    for each in {layer, inner}:
        known = _COMMON | _KNOWN[each.class_name]
        unknown = [name for name, value in each.options.items() if name not in known and value]
        if unknown:
            raise RefusedError(f"has the option {shortened(unknown[0])}, which is not known here.")
    name, kind, options = layer.name, inner.class_name, inner.options
    if not is_sequence and (layer is not inner or kind == MASKING):
        raise RefusedError("reads one row here, not a sequence.")
    in_rows = is_sequence and inner is layer
    group = layer.path if inner is layer else f"{layer.path}/layer"
    if kind == DENSE:
        return _dense(name, options, h5, group)
    if kind == BATCH_NORMALIZATION:
        _check_axis(options, in_rows)
        return _normalization(name, options, h5, group)
    if kind == MASKING:
        value = number_of(options, "mask_value", 0.0)
        return Stage(name, kind, _masking(name, value, _ROUNDING.get(computed_in(layer), _SINGLE)))
    if kind == REPEAT_VECTOR:
        return repeating(name, kind, timesteps_of(options))
    if kind == "Softmax":
        _check_axis(options, in_rows)
    return Stage(name, kind, pointwise_of(kind, options))


def pointwise_of(kind: str, options: Mapping[str, Any]) -> Function:
    """The function of a layer that has no weights. Raises RefusedError as `stage_of` does."""
    if kind == "Activation":
        return activation_of(options)
    if kind == "ReLU":
        return _relu(options)
    if kind == "LeakyReLU":
        return LeakyRelu(slope_of(options)).apply
    if kind == "ELU":
        return Elu(number_of(options, "alpha", 1.0)).apply
    if kind == "ThresholdedReLU":
        return ThresholdedRelu(number_of(options, "theta", THETA)).apply
    return softmax


def activation_of(options: Mapping[str, Any]) -> Function:
    """The function that the option "activation" names."""
    value = options.get("activation")
    value = "linear" if value is None else value
    if not isinstance(value, str) or value not in KERAS_BETWEEN:
        raise RefusedError("has an activation that is not computed.")
    return KERAS_BETWEEN[value]


def slope_of(options: Mapping[str, Any]) -> float:
    """A LeakyReLU's slope below zero, which Keras 2 calls alpha."""
    return number_of(options, "alpha" if "alpha" in options else "negative_slope", LEAKY)


def timesteps_of(options: Mapping[str, Any]) -> int:
    """How many timesteps a RepeatVector makes."""
    count = options.get("n")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise RefusedError("does not say how many timesteps it makes.")
    return count


def number_of(options: Mapping[str, Any], name: str, usual: float) -> float:
    """An option that is a finite number, also as Keras 2 writes those of numpy."""
    value = options.get(name, usual)
    if isinstance(value, dict) and value.get("class_name") == _NUMPY:
        config = value.get("config")
        value = config.get("value") if isinstance(config, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise RefusedError(f"has an option {name} that is no number.")
    return float(value)


def uses(options: Mapping[str, Any], name: str) -> bool:
    """An option that is true unless it is left out."""
    value = options.get(name, True)
    if not isinstance(value, bool):
        raise RefusedError(f"has an option {name} that is neither true nor false.")
    return value


def _relu(options: Mapping[str, Any]) -> Function:
    """As Keras has it: x above threshold and at most max_value; below, negative_slope sees it."""
    slope = number_of(options, "negative_slope", 0.0)
    threshold = number_of(options, "threshold", 0.0)
    is_bounded = options.get("max_value") is not None
    most = number_of(options, "max_value", 0.0) if is_bounded else np.inf
    if min(slope, threshold, most) < 0.0:
        raise RefusedError("has an option below zero.")

    def relu(s: Array) -> Array:
        above = np.minimum(np.where(s > threshold, s, 0.0), most)
        return above - slope * np.maximum(threshold - s, 0.0)

    return relu


def _dense(name: str, options: Mapping[str, Any], h5: Hdf5, group: str) -> Stage:
    activation = activation_of(options)
    wanted = ["kernel", *(["bias"] if uses(options, "use_bias") else [])]
    kernel, *biases = _arrays(h5, group, wanted)
    width = options.get("units")
    if kernel.ndim != 2 or kernel.shape[1] != width or any(b.shape != (width,) for b in biases):
        raise RefusedError("has weights of other shapes than its options ask for.")
    bias = biases[0] if biases else np.zeros(kernel.shape[1])

    def dense(rows: Array) -> Array:
        return activation(rows @ kernel + bias)

    return Stage(name, DENSE, dense, kernel.shape[0], kernel.shape[1])


def _normalization(name: str, options: Mapping[str, Any], h5: Hdf5, group: str) -> Stage:
    epsilon = number_of(options, "epsilon", EPSILON)
    scaled = (("gamma", "scale"), ("beta", "center"))
    wanted = [key for key, option in scaled if uses(options, option)]
    found = dict(
        zip(
            (*wanted, "mean", "variance"),
            _arrays(h5, group, [*wanted, "moving_mean", "moving_variance"]),
            strict=True,
        )
    )
    shapes = {array.shape for array in found.values()}
    if len(shapes) != 1 or found["mean"].ndim != 1:
        raise RefusedError("has weights of several shapes.")
    if not (found["variance"] + epsilon > 0.0).all():
        raise RefusedError("has a variance below zero.")
    root = np.sqrt(found["variance"] + epsilon)
    width = len(root)
    gamma, beta = found.get("gamma", np.ones(width)), found.get("beta", np.zeros(width))

    def normalization(rows: Array) -> Array:
        return (rows - found["mean"]) / root * gamma + beta

    return Stage(name, BATCH_NORMALIZATION, normalization, width, width)


def _masking(name: str, value: float, rounding: float) -> Callable[[Array], Array]:
    def masking(rows: Array) -> Array:
        masked = (np.abs(rows - value) <= rounding * abs(value)).all(axis=1)
        if masked.any():
            raise InputError(
                f"The row of timestep {int(np.argmax(masked)) + 1} holds the mask_value, "
                f"{value:g}, of the Masking layer {name!r}: its library leaves that timestep out, "
                "and the states stay as they are. Leave the row out, too."
            )
        return rows

    return masking


def _arrays(h5: Hdf5, group: str, wanted: list[str]) -> list[Array]:
    """The arrays of a layer, which are numbered in the order in which it has them."""
    stored = stored_at(h5, f"{group}/vars")
    if set(stored) != {str(number) for number in range(len(wanted))}:
        raise RefusedError("has other weights than its options ask for.")
    found = []
    for number in range(len(wanted)):
        values = stored[str(number)].values
        if values is None:
            raise RefusedError("has weights that are not stored as floats.")
        if not np.isfinite(values).all():
            raise RefusedError("has weights that are not finite.")
        found.append(values)
    return found


def _check_axis(options: Mapping[str, Any], is_sequence: bool) -> None:
    """Let an axis through only where it is the last one; Keras 2 has it in a list."""
    axis = options.get("axis", -1)
    if isinstance(axis, list) and len(axis) == 1:
        (axis,) = axis
    if isinstance(axis, bool) or axis not in (-1, 2 if is_sequence else 1):
        raise RefusedError("works over another axis than the last.")
