"""The recurrent layers of a `.weights.h5` file, which holds arrays and hardly says what of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.keras.cells import (
    GATES,
    RefusedError,
    Weights,
    read_weights,
    strand_of,
)
from gatereel.rnn_math.models.keras.graph import least_exact
from gatereel.rnn_math.models.keras.hdf5 import Hdf5
from gatereel.rnn_math.models.model import Direction, Layer, Model, Strand
from gatereel.rnn_math.records import dataclass

_KERNEL = re.compile(r"^(?P<owner>.+?)(?:/(?P<side>forward|backward)_layer)?/cell/vars/0$")
_STACKED_KERNEL = re.compile(r"^(?P<owner>.+?)/cell/cells/[^/]+/vars/0$")
_VARIABLE = re.compile(r"^(?P<owner>.+?)/vars/\d+$")
_EMBEDDING = re.compile(r"^(?P<owner>.*embedding(_\d+)?)/vars/0$")
_COUNTER = re.compile(r"_\d+$")
_NUMBER = re.compile(r"(\d+)")
_CELLS = ("simple_rnn_cell", "gru_cell", "lstm_cell")
_CLASSES: Mapping[int, str] = MappingProxyType({len(gates): name for name, gates in GATES.items()})
"""How many blocks of weights there are to the class of the layer."""

_CONTAINER, _CELL = "layers", "/cell"
_DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")
_MATRIX = 2  # dimensions
_MAX_NAME = 200  # characters
_MAX_BETWEEN = 50

_ASSUMPTIONS = (
    "The file holds weights alone. Activations are taken to be Keras's own, tanh and sigmoid, and "
    "directions to be forward where a layer has one.",
    "It does not say which layer feeds which: each reads inputs of its own.",
)
_OPEN_MASK = (
    "It does not tell whether its embedding has mask_zero; no timestep is left out for token 0."
)
_OPEN_GRU = "It does not tell whether a GRU without biases has reset_after; it is taken to."


@dataclass(frozen=True)
class _Found:
    """A recurrent layer of the file: where its cells stand."""

    owner: str
    groups: Mapping[Direction, str]


def model_of_weights(h5: Hdf5, path: Path) -> Model:
    """Make a model of a weights file, the layers told by paths and shapes.

    Raises InputError when no layer is recurrent, or weights do not fit each other.
    """
    found = _find(h5)
    stacked = {match["owner"] for name in h5.arrays if (match := _STACKED_KERNEL.match(name))}
    if not found and not stacked:
        raise InputError(f"{path} holds no recurrent cell: no array at a path such as cell/vars/0.")
    layers = [_layer(each, h5, path) for each in found]
    by_width = _by_width(h5)
    layers = [replace(each, between=tuple(by_width.get(each.input_size, ()))) for each in layers]
    for owner in sorted(stacked, key=_natural):
        refusal = "it stacks cells, which is not computed."
        nothing: Mapping[Direction, Strand] = MappingProxyType({})
        layers.append(Layer(_name(owner, h5, path), "RNN", 0, 0, nothing, refusal=refusal))
    names = [layer.module for layer in layers]
    if len(set(names)) < len(names):
        raise InputError(f"{path} has two layers of one name: {', '.join(sorted(names)[:10])}.")
    embeddings = _embeddings(h5, path)
    is_open = any(_is_open_gru(h5, group) for each in found for group in each.groups.values())
    return Model(
        "Keras",
        tuple(layers),
        embeddings,
        least_exact(h5),
        assumptions=(
            *_ASSUMPTIONS,
            *([_OPEN_MASK] if embeddings else []),
            *([_OPEN_GRU] if is_open else []),
        ),
    )


def _find(h5: Hdf5) -> list[_Found]:
    groups: dict[str, dict[Direction, str]] = {}
    for array in sorted(h5.arrays, key=_natural):
        match = _KERNEL.match(array)
        if match is not None:
            direction: Direction = "backward" if match["side"] == "backward" else "forward"
            cell = array.removesuffix("/cell/vars/0")
            groups.setdefault(match["owner"], {})[direction] = cell
    return [_Found(owner, sides) for owner, sides in groups.items()]


def _layer(found: _Found, h5: Hdf5, path: Path) -> Layer:
    name = _name(found.owner, h5, path)
    where = f"{path}: the layer {name!r}"
    strands: dict[Direction, Strand] = {}
    kinds: list[str] = []
    sizes: set[tuple[int, int]] = set()
    refusal = ""
    try:
        for direction in (each for each in _DIRECTIONS if each in found.groups):
            group = found.groups[direction]
            _check_cell(h5, group)
            weights = read_weights(h5, group, where)
            kinds.append(_CLASSES.get(weights.gates, ""))
            sizes.add((weights.input_size, weights.units))
            strands[direction] = _strand(kinds[-1], weights, where, path.name)
        if len(sizes) > 1:
            raise RefusedError("its two directions have different sizes.")
    except RefusedError as refused:
        refusal, strands = str(refused), {}
    kind = kinds[0] if kinds and kinds[0] else _COUNTER.sub("", found.owner.rpartition("/")[2])
    input_size, hidden_size = next(iter(sizes), (0, 0))
    return Layer(
        module=name,
        kind=f"Bidirectional({kind})" if len(found.groups) > 1 else kind,
        input_size=input_size,
        hidden_size=hidden_size,
        strands=MappingProxyType(strands),
        nonlinearity_known="SimpleRNN" not in kinds or bool(refusal),
        refusal=refusal,
    )


def _strand(kind: str, weights: Weights, where: str, origin: str) -> Strand:
    if not kind:
        raise RefusedError(f"its cell has {weights.gates} blocks of weights; 1, 3 or 4 are known.")
    has_one_bias = weights.bias is not None and weights.bias.ndim == 1
    options = {"use_bias": weights.bias is not None, "reset_after": not has_one_bias}
    return strand_of(kind, options, weights, where, origin)


def _check_cell(h5: Hdf5, group: str) -> None:
    """Raise RefusedError for a cell that is none of the three, as far as the file tells."""
    noted = _COUNTER.sub("", h5.groups.get(f"{group}/cell/vars", ""))
    if noted and noted not in _CELLS:
        raise RefusedError(f"its cell is called {noted[:_MAX_NAME]!r}, which is not computed.")
    dimensions = len(h5.arrays[f"{group}/cell/vars/0"].shape)
    if dimensions != _MATRIX:
        raise RefusedError(f"its weights have {dimensions} dimensions; {_MATRIX} are computed.")


def _is_open_gru(h5: Hdf5, group: str) -> bool:
    """Whether the cell is a GRU without biases, which look alike with reset_after and without."""
    shape = h5.arrays[f"{group}/cell/vars/0"].shape
    recurrent = h5.arrays.get(f"{group}/cell/vars/1")
    if recurrent is None or f"{group}/cell/vars/2" in h5.arrays or len(shape) != _MATRIX:
        return False
    return len(recurrent.shape) == _MATRIX and recurrent.shape[1] == 3 * recurrent.shape[0]


def _embeddings(h5: Hdf5, path: Path) -> Mapping[str, Array]:
    found: dict[str, Array] = {}
    for array in sorted(h5.arrays, key=_natural):
        match = _EMBEDDING.match(array)
        values = h5.arrays[array].values
        if match is not None and values is not None and values.ndim == _MATRIX and values.size:
            found[_name(match["owner"], h5, path)] = values
    return MappingProxyType(found)


def _by_width(h5: Hdf5) -> Mapping[int, Sequence[str]]:
    """Width to the layers without a recurrent cell that may hand on as many values, by name.

    The last dimension of what Dense, Conv, Embedding and normalizations have is their outputs'.
    """
    found: dict[int, dict[str, None]] = {}
    for array in sorted(h5.arrays, key=_natural):
        match, shape = _VARIABLE.match(array), h5.arrays[array].shape
        if match is None or not shape or _CELL in match["owner"]:
            continue
        name = _label(match["owner"], h5)
        if _is_usable(name):
            found.setdefault(shape[-1], {})[name] = None
    return {width: list(names)[:_MAX_BETWEEN] for width, names in found.items()}


def _name(owner: str, h5: Hdf5, path: Path) -> str:
    """A layer's name: Keras's, where it was noted, or that of its group."""
    name = _label(owner, h5)
    if not _is_usable(name):
        raise InputError(f"{path}: a group has no usable name.")
    return name


def _is_usable(name: str) -> bool:
    return name.isprintable() and 0 < len(name) <= _MAX_NAME


def _label(owner: str, h5: Hdf5) -> str:
    parts = owner.split("/")
    names = []
    for count, part in enumerate(parts, start=1):
        if part != _CONTAINER:
            names.append(h5.groups.get("/".join([*parts[:count], "vars"])) or part)
    return "/".join(names)


def _natural(path: str) -> list[tuple[int, str]]:
    """A key that puts "lstm_2" before "lstm_10"."""
    parts = _NUMBER.split(path)
    return [(int(part) if part.isdigit() and part.isascii() else 0, part) for part in parts]
