"""Write layers as the file of a library, read it back, and hold every number against what went in.

export_as(layers, "pytorch", Path("model.safetensors")) -> Exported
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.counting import in_words, one_of, some_of
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.exporting import to_keras, to_onnx, to_pytorch
from gatereel.rnn_math.exporting.chains import reads_straight
from gatereel.rnn_math.exporting.functions import functions_of
from gatereel.rnn_math.exporting.gates import GateWeights, gates_of, projection_of
from gatereel.rnn_math.exporting.stored import ExportTask, Kept, Made, Rounding, for_libraries
from gatereel.rnn_math.files.atomic import atomic_path, blamed_on
from gatereel.rnn_math.models.formats import read_model
from gatereel.rnn_math.models.model import Layer, Strand
from gatereel.rnn_math.models.running import check_computable
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class _Target:
    title: str
    suffixes: tuple[str, ...]
    """The last suffixes of its files, in lower case."""
    problem: Callable[[Cell], str]
    """Why the library does not compute a cell; empty when it does."""
    make: Callable[[ExportTask], Made]


TARGETS: Mapping[str, _Target] = MappingProxyType(
    {
        "pytorch": _Target(
            "PyTorch", to_pytorch.SUFFIXES_OF_FILES, to_pytorch.problem, to_pytorch.make
        ),
        "keras": _Target("Keras 3", to_keras.SUFFIXES_OF_FILES, to_keras.problem, to_keras.make),
        "onnx": _Target("ONNX", to_onnx.SUFFIXES_OF_FILES, to_onnx.problem, to_onnx.make),
    }
)
"""What files are written for, by the name that `--to` gives it."""


@dataclass(frozen=True)
class Exported:
    """A file that was written and read back."""

    path: Path
    what: str
    """What is in it, in a few words."""
    code: tuple[str, ...]
    """The lines of the library's own code that load it."""
    notes: tuple[str, ...]
    """What is not in it, and what was rounded, each a sentence."""


def export_as(layers: Sequence[Layer], to: str, path: Path, dtype: str = "float32") -> Exported:
    """Write `layers` as the file of a library; it appears when it was read back without a change.

    `to` is one of TARGETS. Raises InputError for a cell that the library does not compute exactly,
    for a layer that cannot be computed, and where the file cannot be written.
    """
    target = TARGETS[to]
    if path.suffix.lower() not in target.suffixes:
        raise InputError(
            f"{path} has the suffix {path.suffix!r}; a model for {target.title} is written to "
            f"{one_of(target.suffixes)}."
        )
    notes: list[str] = []
    for layer in layers:
        check_computable(layer)
    ready = _relinked([for_libraries(layer, notes) for layer in layers], layers)
    for layer in ready:
        _check_computes(layer, to)
    rounding = Rounding(dtype)
    made = target.make(ExportTask(ready, path.name, path.suffix.lower(), rounding))
    notes += _apart(ready)
    notes += [
        f"{each.name}: {each.unstarted} The file has no such states"
        for each in ready
        if each.unstarted
    ]
    if rounding.largest:
        notes.append(
            f"the numbers are {dtype}: the largest change by rounding is {rounding.largest:.1e}"
        )
    with atomic_path(path) as temporary, blamed_on(path):
        temporary.write_bytes(made.content)
        _check_back(temporary, path, made)
    return Exported(path, made.what, made.code, (*notes, *made.notes))


def _apart(layers: Sequence[Layer]) -> list[str]:
    """A note for each layer whose way from the one below it is not a plain one."""
    return [
        f"{layer.name} is not joined to {layer.below.name}: what stands between the two is not in "
        "the file"
        for layer in layers
        if layer.below is not None and not reads_straight(layer)
    ] + [
        f"{layer.name}: {some_of([stage.kind for stage in layer.stages])} below it, of which it "
        "reads, is not in the file"
        for layer in layers
        if layer.below is None and layer.stages
    ]


def _relinked(ready: Sequence[Layer], given: Sequence[Layer]) -> list[Layer]:
    """The layers, each above what became of the one below it."""
    became: dict[Layer, Layer] = {}
    for layer, before in zip(ready, given, strict=True):
        below = None if before.below is None else became.get(before.below)
        became[before] = replace(layer, below=below)
    return list(became.values())


def _check_computes(layer: Layer, to: str) -> None:
    for strand in layer.strands.values():
        why = TARGETS[to].problem(strand.cell)
        if why:
            others = [
                each.title
                for name, each in TARGETS.items()
                if name != to and not each.problem(strand.cell)
            ]
            able = f"{in_words(others)} can" if others else "no library here can"
            raise InputError(
                f"The layer {layer.name!r} is {strand.cell.title}, which {TARGETS[to].title} does "
                f"not compute exactly: {why}; {able}."
            )


def _check_back(temporary: Path, path: Path, made: Made) -> None:
    """Raise InputError where our own reader finds another number in the file than went in."""
    found = {layer.name: layer for layer in read_model(temporary).layers}
    if found.keys() != made.layers.keys():
        raise _differs(path, ", ".join(sorted(found.keys() ^ made.layers.keys())))
    for name, directions in made.layers.items():
        strands = found[name].strands
        if strands.keys() != directions.keys():
            raise _differs(path, name)
        for direction, kept in directions.items():
            difference = _difference(kept, strands[direction])
            if difference:
                raise _differs(path, f"{name}, {direction}, {difference}")


def _difference(kept: Kept, strand: Strand) -> str:
    """What is not the same to the last bit; empty for nothing."""
    found = gates_of(strand)
    if found.keys() != kept.gates.keys():
        return "its gates"
    for gate, weights in kept.gates.items():
        for name in _different(weights, found[gate]):
            return f"{name} of {gate}"
    if not _same(kept.projection, projection_of(strand)):
        return "its projection"
    if kept.functions is not None and kept.functions != functions_of(strand.cell):
        return "its functions"
    there, given = strand.initial or {}, kept.initial or {}
    if there.keys() != given.keys():
        return "its first states"
    return next((f"{n}0" for n, each in given.items() if not np.array_equal(each, there[n])), "")


def _same(given: Array | None, found: Array | None) -> bool:
    if given is None or found is None:
        return given is found
    return np.array_equal(given, found)


def _different(given: GateWeights, found: GateWeights) -> list[str]:
    ours, theirs = given.arrays(), found.arrays()
    if ours.keys() != theirs.keys():
        return sorted(ours.keys() ^ theirs.keys())
    return [name for name, each in ours.items() if not np.array_equal(each, theirs[name])]


def _differs(path: Path, what: str) -> InputError:
    return InputError(
        f"{path} was read back and is not what was to be written ({what}), so it is not kept; "
        "please report it."
    )
