"""Keras's older HDF5 files, `.h5` and `.hdf5`: brought into the form of today's, as data.

Whole models have their configuration in an attribute, `model_config`; files of weights have none.
Keras 2 wrote both (2016 on), and Keras 3 still does. Layers are groups by name, and a group says in
`weight_names` which arrays are its own.

CuDNNLSTM and CuDNNGRU compute what LSTM and GRU with reset_after do; their kernels are stored
turned round, and their biases, one for each product, one behind the other. Source: Keras 2.2,
`preprocess_weights_for_loading`.
"""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array, freeze
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.activations import KERAS_2_HARD_SIGMOID
from gatereel.rnn_math.models.keras.calls import Json
from gatereel.rnn_math.models.keras.cells import GATES
from gatereel.rnn_math.models.keras.config import KerasLayer, layers_of
from gatereel.rnn_math.models.keras.feeds import stages_below
from gatereel.rnn_math.models.keras.hdf5 import Hdf5, StoredArray
from gatereel.rnn_math.models.keras.kinds import wrapped
from gatereel.rnn_math.models.keras.stages import WEIGHTS

CONFIG = "model_config"
"""The root's attribute with the configuration of a whole model."""

VERSION = "keras_version"
_OLD = "1"
"""What a file is taken to be of that does not say its version."""

_WEIGHTS = "model_weights"
"""The group of a whole model's layers; in a file of weights alone the root itself is it."""

_LAYER_NAMES = "layer_names"
_MODELS = {"Sequential": "Sequential", "Functional": "Functional", "Model": "Functional"}
_CUDNN = {"CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU"}
_KERNELS = ("kernel", "recurrent_kernel", "bias")
_EMBEDDINGS = "embeddings"
_SIDES = {"forward": "forward_layer", "backward": "backward_layer"}
_MAX_DEPTH = 20
_KERAS_3 = 3
_FUNCTIONS = ("activation", "recurrent_activation")
_HARD_SIGMOID = "hard_sigmoid"


def is_legacy(h5: Hdf5) -> bool:
    """Whether a file is of the older kind."""
    return bool(h5.attributes & {CONFIG, _LAYER_NAMES}) or _WEIGHTS in h5.groups


def legacy_model(h5: Hdf5, where: str) -> tuple[Json, Mapping[str, KerasLayer], Hdf5] | None:
    """The configuration, the layers and the arrays, as a `.keras` file has them.

    None for weights alone. Raises InputError as `layers_of` does.
    """
    text = h5.texts.get(CONFIG)
    if text is None:
        return None
    try:
        written = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: {CONFIG} cannot be read as JSON.") from None
    if not isinstance(written, dict):
        raise InputError(f"{where}: {CONFIG} is no JSON object.")
    turned: set[str] = set()
    config = _modern(written, turned, "", 0, where)
    if is_before_keras_3(h5.texts.get(VERSION, _OLD)):
        config = as_keras_2(config)
    layers = layers_of(config, where)
    stages = stages_below(layers)
    arrays: dict[str, StoredArray] = {}
    groups: dict[str, str] = {}
    for layer in layers.values():
        stored = (
            _stored_stage(h5, layer)
            if layer.name in stages
            else _stored(h5, layer, layer.name in turned)
        )
        for path, array in stored:
            arrays[path] = array
            groups[path.rpartition("/")[0]] = ""
    return config, layers, Hdf5(arrays, groups, h5.attributes, {}, {})


def legacy_weights(h5: Hdf5) -> Hdf5:
    """The arrays of a file of weights alone, where a `.weights.h5` has them."""
    arrays: dict[str, StoredArray] = {}
    groups: dict[str, str] = {}
    root = _root(h5)
    for group in h5.groups:
        name = group.removeprefix(root)
        if not name or "/" in name or not group.startswith(root):
            continue
        own = _own(h5, group)
        place = f"layers/{name}"
        for side, inner in (("", place), *((s, f"{place}/{g}") for s, g in _SIDES.items())):
            cell = _cell({p: a for p, a in own.items() if _is_of_side(p, side)})
            if "recurrent_kernel" in cell:
                for path, array in _numbered(cell, f"{inner}/cell/vars"):
                    arrays[path] = array
                groups[f"{place}/vars"] = name
        if _EMBEDDINGS in (found := _cell(own)):
            arrays[f"{place}/vars/0"] = found[_EMBEDDINGS]
            groups[f"{place}/vars"] = name
    return Hdf5(arrays, groups, h5.attributes, {}, {})


def is_before_keras_3(version: str) -> bool:
    """Whether a version of Keras computes hard_sigmoid as Keras 2 does."""
    major = version.partition(".")[0]
    return not major.isdigit() or int(major) < _KERAS_3


def as_keras_2(config: Json) -> dict[str, Any]:
    """A configuration in which functions that Keras 3 has otherwise have names of their own."""

    def renamed(value: Any, option: str = "") -> Any:
        if isinstance(value, dict):
            return {key: renamed(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [renamed(each) for each in value]
        is_function = option in _FUNCTIONS and value == _HARD_SIGMOID
        return KERAS_2_HARD_SIGMOID if is_function else value

    found: dict[str, Any] = renamed(config)
    return found


# --- the configuration ---------------------------------------------------------------------------


def _modern(item: Json, turned: set[str], prefix: str, depth: int, where: str) -> dict[str, Any]:
    """A model or a layer as Keras 3 writes it; `turned` gets the names of those made for CuDNN."""
    if depth > _MAX_DEPTH:
        raise InputError(f"{where} has more than {_MAX_DEPTH} models inside one another.")
    name, config = item.get("class_name"), item.get("config")
    if name in _MODELS:
        inner = {"layers": config} if isinstance(config, list) else dict(config or {})
        called = str(inner.get("name", item.get("name", "")))
        below = f"{prefix}{called}/" if depth else ""
        layers = inner.get("layers")
        inner["layers"] = [
            _modern(each, turned, below, depth + 1, where) if isinstance(each, dict) else each
            for each in (layers if isinstance(layers, list) else [])
        ]
        return {**item, "class_name": _MODELS[name], "module": "keras", "config": inner}
    options = dict(config) if isinstance(config, dict) else {}
    is_turned, plain = _plain(str(name), options)
    wrapped = options.get("layer")
    if isinstance(wrapped, dict) and isinstance(wrapped.get("config"), dict):
        inner_options = dict(wrapped["config"])
        is_turned, inner_name = _plain(str(wrapped.get("class_name")), inner_options)
        options["layer"] = _as_kerass(wrapped, inner_name, inner_options)
    if is_turned:
        turned.add(prefix + str(options.get("name", item.get("name", ""))))
    return _as_kerass(item, plain, options)


def _as_kerass(item: Json, name: str, options: Json) -> dict[str, Any]:
    module = item.get("module") or "keras.layers"
    return {**item, "class_name": name, "module": module, "config": options}


def _plain(name: str, options: dict[str, Any]) -> tuple[bool, str]:
    """Whether a layer is made for CuDNN, and the class that computes the same; options with it."""
    if name == "GRU":
        # Before reset_after there was but one way.
        options.setdefault("reset_after", False)
    if name == "CuDNNGRU":
        options["reset_after"] = True
    return name in _CUDNN, _CUDNN.get(name, name)


# --- the arrays ----------------------------------------------------------------------------------


def _stored(h5: Hdf5, layer: KerasLayer, is_turned: bool) -> list[tuple[str, StoredArray]]:
    """A layer's arrays by their paths in a `.keras` file."""
    own = _own_of(h5, layer)
    if layer.class_name == "Embedding":
        found = _cell(own)
        return [(f"{layer.path}/vars/0", found[_EMBEDDINGS])] if _EMBEDDINGS in found else []
    prepared = _turned_back if is_turned else dict[str, StoredArray]
    if layer.class_name == "Bidirectional":
        return [
            each
            for side, group in _SIDES.items()
            for each in _numbered(
                prepared(_cell({p: a for p, a in own.items() if _is_of_side(p, side)})),
                f"{layer.path}/{group}/cell/vars",
            )
        ]
    if layer.class_name in GATES:
        return _numbered(prepared(_cell(own)), f"{layer.path}/cell/vars")
    return []


def _stored_stage(h5: Hdf5, layer: KerasLayer) -> list[tuple[str, StoredArray]]:
    """The arrays of a layer below a recurrent one, by their paths in a `.keras` file."""
    inner = wrapped(layer)
    place = f"{layer.path}/vars" if inner is layer else f"{layer.path}/layer/vars"
    found = _cell(_own_of(h5, layer))
    shown = [name for name in WEIGHTS.get(inner.class_name, ()) if name in found]
    return [(f"{place}/{number}", found[name]) for number, name in enumerate(shown)]


def _own_of(h5: Hdf5, layer: KerasLayer) -> dict[str, StoredArray]:
    """The arrays of a layer, which may stand among those of the model that it is in."""
    top, _, inner = layer.name.partition("/")
    own = _own(h5, _root(h5) + top)
    if inner:
        last = inner.rpartition("/")[2]
        own = {path: array for path, array in own.items() if last in path.split("/")}
    return own


def _root(h5: Hdf5) -> str:
    return f"{_WEIGHTS}/" if _WEIGHTS in h5.groups else ""


def _own(h5: Hdf5, group: str) -> dict[str, StoredArray]:
    """The arrays of a layer's group by their names: those that it names itself, in their order."""
    named = [f"{group}/{name}" for name in h5.weight_names.get(group, ())]
    within = [path for path in h5.arrays if path.startswith(f"{group}/")]
    paths = [path for path in named if path in h5.arrays] or within
    return {path.removeprefix(f"{group}/"): h5.arrays[path] for path in paths}


def _cell(own: Mapping[str, StoredArray]) -> dict[str, StoredArray]:
    """Arrays by what they are: "kernel", "recurrent_kernel", "bias", "embeddings"."""
    found: dict[str, StoredArray] = {}
    for path, array in own.items():
        found.setdefault(path.rpartition("/")[2].removesuffix(":0"), array)
    return found


def _is_of_side(path: str, side: str) -> bool:
    parts = path.split("/")
    sides = [each for each in _SIDES if any(part.startswith(f"{each}_") for part in parts)]
    return sides == [side] if side else not sides


def _numbered(cell: Mapping[str, StoredArray], place: str) -> list[tuple[str, StoredArray]]:
    shown = [name for name in _KERNELS if name in cell]
    return [(f"{place}/{number}", cell[name]) for number, name in enumerate(shown)]


def _turned_back(cell: dict[str, StoredArray]) -> dict[str, StoredArray]:
    """CuDNN's weights as the plain layer has them. Those of another shape stay, and are refused."""
    kernel, recurrent, bias = (cell.get(name) for name in _KERNELS)
    if kernel is None or recurrent is None or bias is None:
        return cell
    K, U, b = kernel.values, recurrent.values, bias.values
    if K is None or U is None or b is None or U.ndim != K.ndim or U.ndim != 2 or not len(U):
        return cell
    gates = U.shape[1] // len(U)
    if gates not in (3, 4) or K.shape[1] != gates * len(U) or b.shape != (2 * K.shape[1],):
        return cell

    def of_inputs(block: Array) -> Array:
        return block.T.reshape(block.shape, order="F")

    turned = {
        "kernel": np.hstack([of_inputs(block) for block in np.hsplit(K, gates)]),
        "recurrent_kernel": np.hstack([block.T for block in np.hsplit(U, gates)]),
        # An LSTM has one bias where there are two; a GRU with reset_after keeps both.
        "bias": b.reshape(2, -1).sum(axis=0) if gates == len(GATES["LSTM"]) else b.reshape(2, -1),
    }
    return {
        name: StoredArray(values.shape, cell[name].dtype, freeze(np.ascontiguousarray(values)))
        for name, values in turned.items()
    }
