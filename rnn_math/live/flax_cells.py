"""Cells of flax in memory, of flax.linen and flax.nnx. flax is whoever made them's to import.

    LSTMCell, OptimizedLSTMCell   i, f, o = gate_fn(W_i x + W_h h + b_h), g by activation_fn
    GRUCell                       n = activation_fn(W_in x + b_in + r (W_hn h + b_hn))
    SimpleCell                    h' = activation_fn(W_i x + b_i + W_h h)

Source: flax 0.12, `flax/linen/recurrent.py` and `flax/nnx/nn/recurrent.py`. linen keeps a kernel a
gate, nnx in places one for all; kernels are `(input_size, hidden_size)`.
"""

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU_RESET_AFTER, LSTM, RNN, RNN_RELU
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.functions import ElementFunction, LeakyRelu, Relu, Sigmoid, TanhFunction
from gatereel.rnn_math.models.activations import KERAS, with_activations
from gatereel.rnn_math.models.blocks import biases_of_blocks, parameters_of_blocks
from gatereel.rnn_math.models.model import Layer, Strand

_HOMES = ("flax.linen.recurrent", "flax.nnx.nn.recurrent")

KINDS: Mapping[str, tuple[Cell, str]] = MappingProxyType(
    {
        "SimpleCell": (RNN, "h"),
        "LSTMCell": (LSTM, "ifgo"),
        "OptimizedLSTMCell": (LSTM, "ifgo"),
        "GRUCell": (GRU_RESET_AFTER, "rzn"),
    }
)
"""Class to its cell, and the blocks of its kernels, in order, by the cell's letters."""

_FUNCTIONS: Mapping[str, ElementFunction] = MappingProxyType(
    {
        **{name: KERAS[name] for name in ("sigmoid", "tanh", "relu", "elu", "selu", "softplus")},
        **{name: KERAS[name] for name in ("relu6", "hard_sigmoid", "hard_tanh")},
        "leaky_relu": LeakyRelu(),
        "soft_sign": KERAS["softsign"],
        "identity": KERAS["linear"],
    }
)
"""The functions of jax.nn that are computed, by name."""


def is_module(source: object) -> bool:
    """Whether it is a module of flax."""
    return any(
        each.__module__.startswith("flax.") and each.__name__ in ("Module", "RNNCellBase")
        for each in type(source).__mro__
    )


def layer_of(source: Any) -> Layer:
    """One cell. Raises InputError where it has no parameters, or cannot be computed."""
    kind = type(source).__name__
    if type(source).__module__ not in _HOMES or kind not in KINDS:
        raise InputError(
            f"{kind} is none of flax's own {one_of(KINDS)}; of a model, give the cell itself."
        )
    _check(source, kind)
    activation = _function(source, "activation_fn", TanhFunction())
    gates = _function(source, "gate_fn", Sigmoid())
    return layer_of_arrays(kind, dict(_arrays(source)), gates, activation)


def layer_of_arrays(
    kind: str,
    arrays: Mapping[str, Array],
    gates: ElementFunction,
    activation: ElementFunction,
) -> Layer:
    """The layer that a cell of flax's class `kind` computes with arrays such as "ii/kernel".

    Raises InputError where they are not those of such a cell.
    """
    plain, letters = KINDS[kind]
    cell = plain
    if plain is RNN and activation == Relu():
        cell = RNN_RELU
    elif (gates, activation) != (Sigmoid(), TanhFunction()):
        cell = with_activations(plain, gates, activation, activation)
    W_x, b_x = _stacked(kind, arrays, "i", letters)
    W_h, b_h = _stacked(kind, arrays, "h", letters)
    hidden_size = len(W_h)
    shape = (len(letters) * hidden_size,)
    fits = W_x.shape[1:] == W_h.shape[1:] == shape
    if not fits or any(each is not None and each.shape != shape for each in (b_x, b_h)):
        raise InputError(f"The parameters of the {kind} do not have the shapes of such a cell.")
    parameters = parameters_of_blocks(cell, letters, W_x.T, W_h.T, b_x, b_h, kind)
    strand = Strand(cell, parameters, biases=biases_of_blocks(letters, b_x, b_h))
    return Layer(
        module=kind.lower(),
        kind=kind,
        input_size=len(W_x),
        hidden_size=hidden_size,
        strands=MappingProxyType({"forward": strand}),
    )


def own_states(source: Any, hidden_size: int, rows: Array) -> tuple[Array, str]:
    """The hidden states that the cell itself gives from noughts, and the type that they are in."""
    dtype = np.dtype(source.dtype or source.param_dtype)
    x = rows.astype(dtype)
    nought = np.zeros(hidden_size, dtype)
    is_lstm = KINDS[type(source).__name__][0] is LSTM
    carry: Any = (nought, nought) if is_lstm else nought
    steps = []
    for row in x:
        carry, h = source(carry, row)
        steps.append(np.asarray(h, dtype=np.float64))
    return np.array(steps), dtype.name


def _check(source: Any, kind: str) -> None:
    """Raise InputError for an option that no cell computes."""
    refused = ""
    if getattr(source, "residual", False):
        refused = "it has residual=True, which adds the old state to the weighted sum."
    starts = getattr(source, "carry_init", None)
    if starts not in (None, import_module("jax").nn.initializers.zeros):
        refused = "it has a carry_init that is not zeros; states are zeros here to begin with."
    if refused:
        raise InputError(f"The {kind} cannot be computed: {refused}")


def _function(source: Any, option: str, usual: ElementFunction) -> ElementFunction:
    """The function of jax.nn that an option is. Raises InputError for any other."""
    given = getattr(source, option, None)
    if given is None:
        return usual
    own = import_module("jax").nn
    for name, function in _FUNCTIONS.items():
        if given is getattr(own, name, None):
            return function
    called = getattr(given, "__name__", "a function of its own")
    raise InputError(
        f"The {type(source).__name__} cannot be computed: it has {option}={called}; "
        f"{one_of(_FUNCTIONS)} of jax.nn are computed."
    )


def _arrays(source: Any) -> Iterator[tuple[str, Array]]:
    """The parameters by names such as "ii/kernel"."""
    if type(source).__module__ == _HOMES[0]:
        if source.scope is None:
            raise InputError(
                f"The {type(source).__name__} holds no parameters, as modules of flax.linen do "
                "not; give it with them: cell.bind(variables)."
            )
        for name, part in source.variables["params"].items():
            for called, value in part.items():
                yield f"{name}/{called}", np.asarray(value, dtype=np.float64)
        return
    for name, part in vars(source).items():
        for called in ("kernel", "bias"):
            value = getattr(part, called, None)
            if value is not None:
                yield f"{name.rstrip('_')}/{called}", np.asarray(value[...], dtype=np.float64)


def _stacked(
    kind: str, arrays: Mapping[str, Array], side: str, letters: Sequence[str]
) -> tuple[Array, Array | None]:
    """The kernels of inputs ("i") or states ("h"), gate after gate, and their biases."""
    whole = next((name for name in (f"dense_{side}", side) if f"{name}/kernel" in arrays), None)
    names = [whole] if whole else [f"{side}{letter}" for letter in letters]
    missing = [name for name in names if f"{name}/kernel" not in arrays]
    if missing or any(arrays[f"{name}/kernel"].ndim != 2 for name in names):
        raise InputError(f"The {kind} has no parameters that are called as those of such a cell.")
    kernels = [arrays[f"{name}/kernel"] for name in names]
    if len({len(kernel) for kernel in kernels}) > 1:
        raise InputError(f"The parameters of the {kind} do not have the shapes of such a cell.")
    biases = [arrays.get(f"{name}/bias") for name in names]
    if all(bias is None for bias in biases):
        return np.concatenate(kernels, axis=1), None
    filled = [
        np.zeros(kernel.shape[1]) if bias is None else bias
        for kernel, bias in zip(kernels, biases, strict=True)
    ]
    return np.concatenate(kernels, axis=1), np.concatenate(filled)
