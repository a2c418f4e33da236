"""What the writers share: numbers in the type of a file, and what became of them on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cells import GRU, GRU_RESET_BEFORE
from gatereel.rnn_math.conversion import convert
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.exporting.functions import Functions
from gatereel.rnn_math.exporting.gates import GateWeights
from gatereel.rnn_math.models.model import Direction, Layer, Strand
from gatereel.rnn_math.records import dataclass

Floats = NDArray[np.floating[Any]]

TYPES = ("float32", "float64")
"""What numbers can be written in; float32 holds all of float16 and bfloat16."""


@dataclass
class Rounding:
    """Turns numbers into the type of a file and keeps how far off the worst one is then."""

    dtype: str
    largest: float = 0.0

    def __call__(self, values: Array) -> Floats:
        """The numbers, one after the other in memory. Raises InputError where they do not fit."""
        with np.errstate(over="ignore"):
            found: Floats = np.ascontiguousarray(values, dtype=self.dtype)
        if not np.isfinite(found).all():
            raise InputError(f"A weight is too large for {self.dtype}; --dtype float64 holds it.")
        if found.size:
            off = np.abs(found.astype(np.float64) - values)
            self.largest = max(self.largest, float(off.max()))
        return found


@dataclass(frozen=True, eq=False)
class Kept:
    """One direction of a layer as a file is to give it back."""

    gates: Mapping[str, GateWeights]
    initial: Mapping[str, Array] | None = None
    projection: Array | None = None
    """`(projected, hidden_size)`"""
    functions: Functions | None = None
    """None where the file does not tell them."""


@dataclass(frozen=True, eq=False)
class Made:
    """A file's content before it is written."""

    content: bytes
    layers: Mapping[str, Mapping[Direction, Kept]]
    """What stands in it, by the name that its reader gives each layer."""
    code: tuple[str, ...]
    """The lines of the library's own code that load it."""
    what: str
    """What is in it, in a few words."""
    notes: tuple[str, ...] = ()
    """What the file cannot say, each a sentence."""


@dataclass(frozen=True, eq=False)
class ExportTask:
    """What is to be written."""

    layers: Sequence[Layer]
    name: str
    """The file's name, for the code that loads it."""
    suffix: str
    rounding: Rounding
    notes: list[str] = field(default_factory=list)


def widened(gates: Mapping[str, GateWeights], rounding: Rounding) -> dict[str, GateWeights]:
    """The gates in the type of a file, as float64 again: what a reader finds."""

    def through(values: Array) -> Array:
        return rounding(values).astype(np.float64)

    return {
        name: GateWeights(
            through(each.W),
            through(each.U),
            through(each.b_input),
            through(each.b_recurrent),
            None if each.peephole is None else through(each.peephole),
        )
        for name, each in gates.items()
    }


def with_one_bias(gates: Mapping[str, GateWeights]) -> dict[str, GateWeights]:
    """The gates with both biases added up in the first."""
    return {
        name: replace(
            each,
            b_input=each.b_input + each.b_recurrent,
            b_recurrent=np.zeros_like(each.b_recurrent),
        )
        for name, each in gates.items()
    }


def stacked(gates: Mapping[str, GateWeights], order: str, name: str) -> Array:
    """One array of each gate, one below the other in a library's order; noughts for none."""
    some = next(iter(gates.values())).arrays()[name]
    nothing = np.zeros_like(some)
    return np.concatenate([gates[g].arrays()[name] if g in gates else nothing for g in order])


def for_libraries(layer: Layer, notes: list[str]) -> Layer:
    """The layer with what libraries compute in the place of the illustrated GRU, exactly."""
    strands: dict[Direction, Strand] = {}
    for direction, strand in layer.strands.items():
        if strand.cell is GRU:
            parameters = convert(GRU, strand.parameters, GRU_RESET_BEFORE)
            strand = Strand(GRU_RESET_BEFORE, parameters, strand.initial)
            notes.append(
                f"{layer.name}: libraries weigh the old state by z, this file's gru by 1 - z; the "
                "weights of z have the other sign, which computes the same"
            )
        strands[direction] = strand
    return replace(layer, strands=strands)


def starts_apart(layers: Sequence[Layer], way: str) -> list[str]:
    """A note for each layer that starts from states which the file has no place for."""
    return [
        f"{layer.name} starts from states that this file has no place for; {way} (gatereel export "
        "-o gates.npz writes them as h0 and c0)"
        for layer in layers
        if any(strand.initial for strand in layer.strands.values())
    ]
