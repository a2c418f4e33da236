"""Recurrent modules of PyTorch in memory. PyTorch itself is whoever made them's to import."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cells import RNN, RNN_RELU
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Direction, Layer, Strand
from gatereel.rnn_math.models.pytorch.state_dict import model_of_tensors
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor

_HOME = "torch.nn.modules.rnn"
_KINDS = frozenset(("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"))
_WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr")


def is_module(source: object) -> bool:
    """Whether it is a module of PyTorch."""
    return any(each.__module__ == "torch.nn.modules.module" for each in type(source).__mro__)


def is_recurrent(source: object) -> bool:
    """Whether it is one of PyTorch's recurrent modules, or of a class made of one."""
    return any(
        each.__module__ == _HOME and each.__name__ in _KINDS for each in type(source).__mro__
    )


def recurrent_modules(source: Any) -> Mapping[str, Any]:
    """The recurrent modules in a module by their names, itself under an empty one."""
    return {name: each for name, each in source.named_modules() if is_recurrent(each)}


def layers_of(source: Any) -> tuple[Layer, ...]:
    """Every recurrent layer of a module, of a stack from the bottom upwards.

    Weights are those that the module computes with, whatever they are computed from (weight_norm,
    pruning). Raises InputError where there is none.
    """
    modules = recurrent_modules(source)
    if not modules:
        raise InputError(
            f"{type(source).__name__} holds no recurrent module: no nn.RNN, nn.LSTM, nn.GRU, and "
            "no cell of these."
        )
    tensors = {
        f"{name}.{tensor}" if name else tensor: _stored(value)
        for name, module in modules.items()
        for tensor, value in _weights(module)
    }
    model = model_of_tensors(tensors, Path(type(source).__name__))
    relu = {
        name
        for name, module in modules.items()
        if getattr(module, "nonlinearity", getattr(module, "mode", "")) in ("relu", "RNN_RELU")
    }
    settled: dict[Layer, Layer] = {}
    for layer in model.layers:
        now = layer if layer.below is None else replace(layer, below=settled[layer.below])
        cell = RNN_RELU if layer.module in relu or ("" in relu) else RNN
        if not layer.nonlinearity_known:
            strands = {d: replace(strand, cell=cell) for d, strand in layer.strands.items()}
            now = replace(now, strands=MappingProxyType(strands), nonlinearity_known=True)
        settled[layer] = now
    return tuple(settled.values())


def to_numpy(tensor: Any) -> Array:
    """A tensor of any type and device, or an array, as float64."""
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu().double().numpy()
    return np.array(tensor, dtype=np.float64)


def with_states(layer: Layer, states: Mapping[str, Array]) -> Layer:
    """The layer, and those below it, started from states, `(levels * directions, hidden_size)`."""
    below = None if layer.below is None else with_states(layer.below, states)
    strands: dict[Direction, Strand] = {}
    for k, (direction, strand) in enumerate(layer.strands.items()):
        place = (layer.level - 1) * len(layer.strands) + k
        initial = {name: values[place] for name, values in states.items()}
        strands[direction] = replace(strand, initial=initial or None)
    return replace(layer, below=below, strands=MappingProxyType(strands))


def _weights(module: Any) -> Iterator[tuple[str, Any]]:
    """What a module computes with, by name: its attributes, not what they may be computed from."""
    levels = getattr(module, "num_layers", None)
    if levels is None:
        suffixes = [""]
    else:
        sides = ("", "_reverse") if module.bidirectional else ("",)
        suffixes = [f"_l{level}{side}" for level in range(levels) for side in sides]
    for suffix in suffixes:
        for name in _WEIGHTS:
            value = getattr(module, name + suffix, None)
            if value is not None:
                yield name + suffix, value


def _stored(value: Any) -> StoredTensor:
    dtype = str(value.dtype).removeprefix("torch.")
    return StoredTensor(tuple(value.shape), dtype, lambda: to_numpy(value))
