"""Makes a model of a PyTorch state dict: nn.RNN, nn.LSTM, nn.GRU and their cells, by names.

A state dict has no types, only names such as "encoder.weight_hh_l0_reverse" and shapes; they tell
everything but whether an nn.RNN uses tanh or ReLU.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cells import LSTM, RNN
from gatereel.rnn_math.cells.relatives.lstm_projected import lstm_projected
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.archive import quoted
from gatereel.rnn_math.models.blocks import biases_of_blocks, parameters_of_blocks
from gatereel.rnn_math.models.model import Direction, Layer, Model, Strand
from gatereel.rnn_math.models.pytorch.dropped_weights import with_whole_weights
from gatereel.rnn_math.models.pytorch.kinds import TORCH_KINDS, TorchKind
from gatereel.rnn_math.models.pytorch.names import TorchModule, find_modules, module_name
from gatereel.rnn_math.models.pytorch.outside import Outside, look_outside
from gatereel.rnn_math.models.pytorch.spectral_norm import multiplied_out, taken_by_rows
from gatereel.rnn_math.models.pytorch.starts import Sized
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor
from gatereel.rnn_math.models.pytorch.weight_norm import put_together
from gatereel.rnn_math.parameters import Parameters

FloatType = Literal["bfloat16", "float16", "float32", "float64"]

FLOATS: tuple[FloatType, ...] = ("bfloat16", "float16", "float32", "float64")
"""The types of weights that are read, the least exact first."""

MAX_TENSORS = 30_000
"""Tensors in a file."""

MAX_NAME = 500
"""Characters of a tensor's name."""

MAX_DEPTH = 40
"""Modules inside one another, which a name has dots between."""

_WEIGHTS = ("weight_ih", "weight_hh")
_BIASES = ("bias_ih", "bias_hh")
_PROJECTION = "weight_hr"
_MATRIX = 2  # dimensions
_SHOWN_NAMES = 5  # in an error
_UNKNOWN_KIND = "nn.RNN?"


class _RefusedError(Exception):
    """A module cannot be computed; the text is the layer's refusal."""


def model_of_tensors(tensors: Mapping[str, StoredTensor], path: Path) -> Model:
    """Make a model of a state dict's tensors, by name.

    Raises InputError when there is no recurrent module, or a weight is not finite. A module that
    cannot be computed as PyTorch does becomes a layer with a refusal.
    """
    _check_names(tensors, path)
    square = taken_by_rows({name: tensor.shape for name, tensor in tensors.items()})
    tensors = put_together(multiplied_out(with_whole_weights(tensors)))
    found = find_modules(tensors)
    if not found:
        raise InputError(
            f"{path} holds no recurrent layer: no tensor's name ends as weight_ih_l0, or as "
            f"weight_ih of a cell. {_listed(tensors)}"
        )
    sized = [each for module in found.values() if (each := _sized(module)) is not None]
    outside = look_outside(tensors, found, sized, _problem)
    if outside.values:  # which are nothing unknown inside a module any more
        found = find_modules({n: each for n, each in tensors.items() if n not in outside.values})
    prefixes = set(found)
    layers = [
        layer for module in found.values() for layer in _layers(module, prefixes, outside, path)
    ]
    used = {each.dtype for module in found.values() for each in module.tensors.values()}
    known = [each for each in FLOATS if each in used]
    embeddings, notes = _embeddings(tensors)
    assumptions = (
        "a state dict does not say what feeds what: each module is taken to read the inputs, and "
        "to start from nothing that another one computed",
    )
    return Model(
        "PyTorch",
        tuple(_refuse_inside(layers)),
        MappingProxyType(embeddings),
        known[0] if known else "float32",
        tuple(notes),
        (*(assumptions if len(found) > 1 else ()), *square),
    )


def _check_names(names: Mapping[str, StoredTensor], path: Path) -> None:
    if len(names) > MAX_TENSORS:
        raise InputError(f"{path} has {len(names)} tensors; at most {MAX_TENSORS} are read.")
    for name in names:
        if len(name) > MAX_NAME or name.count(".") > MAX_DEPTH or not name.isprintable():
            raise InputError(
                f"{path} has a tensor named {quoted(name)}; a name can have {MAX_NAME} "
                f"characters, all of them printable, and {MAX_DEPTH} dots."
            )


def _refuse_inside(layers: Sequence[Layer]) -> list[Layer]:
    """Refuse what stands inside a module that is refused: that one computes its weights anew."""
    refused = {layer.module for layer in layers if layer.refusal}

    def settled(layer: Layer) -> Layer:
        parts = layer.module.split(".")
        names = (".".join(parts[:count]) for count in range(1, len(parts)))
        around = [name for name in names if name in refused]
        if layer.refusal or not around:
            return layer
        why = f"it stands inside {around[0]!r}, which cannot be computed."
        return replace(layer, strands=MappingProxyType({}), below=None, refusal=why)

    return [settled(layer) for layer in layers]


def _listed(names: Iterable[str]) -> str:
    all_names = [quoted(name) for name in names]
    if not all_names:
        return "It holds no tensors at all."
    more = ", ..." if len(all_names) > _SHOWN_NAMES else "."
    return f"Its tensors are {', '.join(all_names[:_SHOWN_NAMES])}{more}"


def _sized(module: TorchModule[StoredTensor]) -> Sized | None:
    """The module as others see it; None for one that cannot be computed anyway."""
    try:
        kind = _kind(module)
    except _RefusedError:
        return None
    both = any(name.endswith(module.suffix(0, "backward")) for name in module.tensors)
    both = both and not module.is_cell
    count = (len(module.levels) or 1) * (2 if both else 1)
    title, hidden_size = _title(module, kind), _hidden_size(module)
    return Sized(module.prefix, title, kind.cell.states, count, hidden_size, both)


def _layers(
    module: TorchModule[StoredTensor], prefixes: set[str], outside: Outside, path: Path
) -> list[Layer]:
    """The module's levels, from the bottom; one refused layer when it cannot be computed."""
    kind: TorchKind | None = None
    try:
        kind = _kind(module)
        directions = _check(module, kind)
    except _RefusedError as error:
        return [_refused(module, kind, prefixes, str(error))]
    title = _title(module, kind)
    layers: list[Layer] = []
    levels = len(module.levels) or 1
    for level in range(levels):
        width = module.tensors["weight_ih" + module.suffix(level, "forward")].shape[1]
        strands: dict[Direction, Strand] = {
            direction: replace(
                _strand(module, kind, module.suffix(level, direction), path),
                initial=outside.initial(module.prefix, level * len(directions) + k),
            )
            for k, direction in enumerate(directions)
        }
        layers.append(
            Layer(
                module=module_name(module.prefix, title, prefixes),
                kind=title,
                input_size=width,
                hidden_size=_hidden_size(module),
                strands=MappingProxyType(strands),
                level=level + 1,
                levels=levels,
                below=layers[-1] if layers else None,
                nonlinearity_known=kind.cell is not RNN,
                initial_tensors=outside.tensors(module.prefix),
                between=() if layers else outside.between(module.prefix, width),
                assumptions=outside.assumptions(module.prefix),
                of_start=outside.of_start(module.prefix),
                found_at=module.prefix.removesuffix("."),
            )
        )
    return layers


def _refused(
    module: TorchModule[StoredTensor], kind: TorchKind | None, prefixes: set[str], why: str
) -> Layer:
    title = _UNKNOWN_KIND if kind is None else _title(module, kind)
    name = module_name(module.prefix, "nn.RNN" if kind is None else title, prefixes)
    # A kind was only found where both shapes are those of matrices.
    input_size = 0 if kind is None else _bottom(module, "weight_ih").shape[1]
    hidden_size = 0 if kind is None else _hidden_size(module)
    return Layer(name, title, input_size, hidden_size, MappingProxyType({}), refusal=why)


def _title(module: TorchModule[StoredTensor], kind: TorchKind) -> str:
    return kind.title + ("Cell" if module.is_cell else "")


def _bottom(module: TorchModule[StoredTensor], tensor: str) -> StoredTensor:
    return module.tensors[tensor + module.suffix(0, "forward")]


def _hidden_size(module: TorchModule[StoredTensor]) -> int:
    """Columns of weight_hh; a projection hands back fewer, its own columns tell."""
    projection = module.tensors.get(_PROJECTION + module.suffix(0, "forward"))
    if projection is not None and len(projection.shape) == _MATRIX:
        return projection.shape[1]
    return _bottom(module, "weight_hh").shape[1]


def _kind(module: TorchModule[StoredTensor]) -> TorchKind:
    """Tell the module by its blocks: as many as the rows of its weights to its hidden size."""
    if module.changed:
        names = ", ".join(module.changed[:2])
        raise _RefusedError(
            f"its weights are computed from others ({names}), as by weight_norm, spectral_norm or "
            "pruning; remove that before saving."
        )
    for tensor in _WEIGHTS:
        name = tensor + module.suffix(0, "forward")
        if name not in module.tensors:
            raise _RefusedError(f"it has no {name}.")
        shape = module.tensors[name].shape
        if len(shape) != _MATRIX or 0 in shape:
            raise _RefusedError(f"{name} has shape {_shown(shape)}; it needs rows and columns.")
    rows = _bottom(module, "weight_hh").shape[0]
    for kind in TORCH_KINDS:
        if rows == len(kind.gates) * _hidden_size(module):
            return kind
    raise _RefusedError(
        f"weight_hh has shape {_bottom(module, 'weight_hh').shape}; nn.RNN has as many rows as "
        "columns, nn.GRU three times and nn.LSTM four times as many."
    )


def _check(module: TorchModule[StoredTensor], kind: TorchKind) -> tuple[Direction, ...]:
    """Return the module's directions. Raises _RefusedError unless all is there and fits."""
    for name in module.tensors:
        if name.startswith(_PROJECTION) and (kind.cell is not LSTM or module.is_cell):
            raise _RefusedError(f"it has {name}, a projection that nn.LSTM alone has.")
    if module.surplus:
        raise _RefusedError(
            f"the file has {module.surplus}, too, which {_title(module, kind)} does not have; "
            "it may compute something else."
        )
    backward = any(name.endswith(module.suffix(0, "backward")) for name in module.tensors)
    is_two_way = backward and not module.is_cell
    directions: tuple[Direction, ...] = ("forward", "backward") if is_two_way else ("forward",)
    expected = _expected(module, kind, directions)
    for name, shape in expected.items():
        _check_tensor(module, name, shape)
    for name in module.tensors:
        if name not in expected:
            raise _RefusedError(f"it has {name}, which does not go with its other tensors.")
    return directions


def _expected(
    module: TorchModule[StoredTensor], kind: TorchKind, directions: tuple[Direction, ...]
) -> dict[str, tuple[int, ...]]:
    """Name to shape of all that the module needs."""
    hidden_size = _hidden_size(module)
    output_size = _bottom(module, "weight_hh").shape[1]
    rows = len(kind.gates) * hidden_size
    has_biases = any(name.startswith(_BIASES) for name in module.tensors)
    expected: dict[str, tuple[int, ...]] = {}
    width = _bottom(module, "weight_ih").shape[1]
    # As many levels as there are, whatever their numbers: a gap shows as one that is missing.
    for level in range(len(module.levels) or 1):
        for direction in directions:
            suffix = module.suffix(level, direction)
            expected[f"weight_ih{suffix}"] = (rows, width)
            expected[f"weight_hh{suffix}"] = (rows, output_size)
            if output_size != hidden_size:
                expected[_PROJECTION + suffix] = (output_size, hidden_size)
            if has_biases:
                expected |= {f"{bias}{suffix}": (rows,) for bias in _BIASES}
        width = len(directions) * output_size
    return expected


def _check_tensor(module: TorchModule[StoredTensor], name: str, shape: tuple[int, ...]) -> None:
    if name not in module.tensors:
        raise _RefusedError(f"it has no {name}.")
    tensor = module.tensors[name]
    if tensor.problem:
        raise _RefusedError(f"{name} {tensor.problem}.")
    if tensor.shape != shape:
        raise _RefusedError(f"{name} has shape {_shown(tensor.shape)}; the others need {shape}.")
    if tensor.dtype not in FLOATS:
        raise _RefusedError(f"{name} holds {tensor.dtype}; accepted are {', '.join(FLOATS)}.")


def _problem(tensor: StoredTensor) -> str:
    """Why it cannot be read, to follow its name; empty when it can."""
    return tensor.problem or ("" if tensor.dtype in FLOATS else f"holds {tensor.dtype}")


def _shown(shape: tuple[int, ...]) -> str:
    return str(shape) if len(shape) <= _MATRIX else f"of {len(shape)} dimensions"


def _strand(module: TorchModule[StoredTensor], kind: TorchKind, suffix: str, path: Path) -> Strand:
    arrays: dict[str, Array] = {}
    for name in (*_WEIGHTS, *_BIASES, _PROJECTION):
        if name + suffix not in module.tensors:
            continue  # without biases, not projected
        arrays[name] = module.tensors[name + suffix].values()
        if not np.isfinite(arrays[name]).all():
            raise InputError(
                f"{path}: {module.prefix + name + suffix} holds a value that is not finite; every "
                "weight must be finite."
            )
    parameters = parameters_of_blocks(
        kind.cell,
        kind.gates,
        arrays["weight_ih"],
        arrays["weight_hh"],
        arrays.get("bias_ih"),
        arrays.get("bias_hh"),
        path.name,
    )
    biases = biases_of_blocks(kind.gates, arrays.get("bias_ih"), arrays.get("bias_hh"))
    if _PROJECTION in arrays:
        size = len(arrays[_PROJECTION])
        parameters = Parameters(
            {**parameters.weights, "h": arrays[_PROJECTION]},
            {**parameters.biases, "h": np.zeros(size)},
            path.name,
        )
        return Strand(lstm_projected(size), parameters, biases=biases)
    return Strand(kind.cell, parameters, biases=biases)


def _names_embedding(name: str) -> bool:
    """Whether it is called as an embedding is: emb.weight, word_embeddings.weight, wordemb.weight.

    Not member.weight, for "emb" alone stands in many a word.
    """
    path, _, last = name.lower().rpartition(".")
    words = path.replace(".", "_").split("_")
    return last == "weight" and any(
        word.startswith("emb") or word.endswith("emb") or "embed" in word for word in words
    )


def _embeddings(tensors: Mapping[str, StoredTensor]) -> tuple[dict[str, Array], list[str]]:
    """Matrices that are named as nn.Embedding's, and a note for each that is left out."""
    embeddings: dict[str, Array] = {}
    notes: list[str] = []
    for name, tensor in tensors.items():
        is_named = _names_embedding(name)
        if not is_named or len(tensor.shape) != _MATRIX or 0 in tensor.shape:
            continue
        problem = _problem(tensor)
        if not problem:
            values = tensor.values()
            if np.isfinite(values).all():
                embeddings[name] = values
                continue
            problem = "holds a value that is not finite"
        notes.append(f"the embedding {name} is left out: it {problem}")
    return embeddings, notes
