"""A `.weights.h5` of Keras 3, which a Sequential of the same layers loads.

Source of the names in it: what model.save_weights writes.
"""

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU_RESET_AFTER, GRU_RESET_BEFORE, LSTM, RNN, RNN_RELU
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.exporting.chains import chains_of
from gatereel.rnn_math.exporting.functions import functions_of
from gatereel.rnn_math.exporting.gates import GateWeights, gates_of
from gatereel.rnn_math.exporting.stored import (
    ExportTask,
    Kept,
    Made,
    stacked,
    starts_apart,
    widened,
    with_one_bias,
)
from gatereel.rnn_math.functions import ElementFunction
from gatereel.rnn_math.models.activations import KERAS, KERAS_2_HARD_SIGMOID
from gatereel.rnn_math.models.keras.cells import GATES
from gatereel.rnn_math.models.keras.config import to_snake_case
from gatereel.rnn_math.models.model import Direction, Layer
from gatereel.rnn_math.models.packages import load

SUFFIXES_OF_FILES = (".h5",)
WEIGHTS_SUFFIX = ".weights.h5"
"""Keras loads weights from no other name."""

_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        RNN.name: "SimpleRNN",
        RNN_RELU.name: "SimpleRNN",
        LSTM.name: "LSTM",
        GRU_RESET_BEFORE.name: "GRU",
        GRU_RESET_AFTER.name: "GRU",
    }
)
"""A cell's family to its class."""

_NAMES: Mapping[ElementFunction, str] = MappingProxyType(
    {function: name for name, function in KERAS.items() if name != KERAS_2_HARD_SIGMOID}
)
_ACTIVATION, _RECURRENT_ACTIVATION = "tanh", "sigmoid"
_BIDIRECTIONAL = "Bidirectional"


def problem(cell: Cell) -> str:
    """Why Keras 3 does not compute a cell; empty when it does."""
    if cell.family not in _CLASSES:
        return f"it computes {cell.convention}"
    chosen = functions_of(cell)
    for function in (chosen.gates, chosen.contents, chosen.output):
        if function not in _NAMES:
            return f"it has the function {function.name}, {function.definition}"
    if chosen.contents != chosen.output:
        return (
            f"it has {chosen.contents.name} before the cell state and {chosen.output.name} after "
            "it, where Keras has one function"
        )
    return ""


def make(task: ExportTask) -> Made:
    """Make the file. Raises InputError for layers that no Sequential holds together."""
    if not task.name.endswith(WEIGHTS_SUFFIX):
        raise InputError(f"{task.name} must end in {WEIGHTS_SUFFIX}, or Keras does not load it.")
    chains = chains_of(task.layers, _joins)
    if len(chains) > 1:
        ends = ", ".join(chain[-1].name for chain in chains)
        raise InputError(
            f"A .weights.h5 holds one stack of layers, each fed by the one before; here are "
            f"{len(chains)}, which end with {ends}. Name a layer with --layer."
        )
    (chain,) = chains
    kept: dict[str, Mapping[Direction, Kept]] = {}
    arrays: dict[str, Array] = {}
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for layer in chain:
        outer = _BIDIRECTIONAL if len(layer.strands) > 1 else _class_of(_cell(layer))
        plain = to_snake_case(outer)
        count = counts.get(plain, 0)
        counts[plain] = count + 1
        name = f"{plain}_{count}" if count else plain
        place = f"layers/{name}"
        names[f"{place}/vars"] = name
        found: dict[Direction, Kept] = {}
        for direction, strand in layer.strands.items():
            side = f"{place}/{direction}_layer" if len(layer.strands) > 1 else place
            own = to_snake_case(_class_of(strand.cell))
            if side != place:
                names[f"{side}/vars"] = f"{direction}_{own}"
            names[f"{side}/cell/vars"] = f"{own}_cell"
            gates = gates_of(strand)
            if strand.cell.family != GRU_RESET_AFTER.name:
                gates = with_one_bias(gates)
            arrays |= {
                f"{side}/cell/vars/{k}": each for k, each in enumerate(_arrays(strand.cell, gates))
            }
            found[direction] = Kept(widened(gates, task.rounding))
        kept[name] = found
    notes = starts_apart(task.layers, "hand them over as initial_state when the layer is called")
    if "backward" in chain[-1].strands and len(chain[-1].strands) == 1:
        notes.append("what Keras gives of go_backwards begins with the sequence's last timestep")
    return Made(
        _bytes(arrays, names, task),
        MappingProxyType(kept),
        _code(chain, task),
        f"{len(arrays)} arrays of Keras",
        tuple(notes),
    )


def _joins(below: Layer, layer: Layer) -> bool:
    """A layer that goes backwards alone hands its states up from the last to the first."""
    return "forward" in below.strands


def _cell(layer: Layer) -> Cell:
    cells = list(dict.fromkeys(strand.cell for strand in layer.strands.values()))
    if len(cells) > 1:
        raise InputError(
            f"The directions of the layer {layer.name!r} compute two cells, {cells[0].title} and "
            f"{cells[1].title}; --to onnx has that."
        )
    return cells[0]


def _class_of(cell: Cell) -> str:
    return _CLASSES[cell.family]


def _arrays(cell: Cell, gates: Mapping[str, GateWeights]) -> tuple[Array, Array, Array]:
    """Kernel, recurrent kernel and bias."""
    order = GATES[_class_of(cell)]
    bias = stacked(gates, order, "b_input")
    if cell.family == GRU_RESET_AFTER.name:
        bias = np.stack([bias, stacked(gates, order, "b_recurrent")])
    return stacked(gates, order, "W").T, stacked(gates, order, "U").T, bias


def _bytes(arrays: Mapping[str, Array], names: Mapping[str, str], task: ExportTask) -> bytes:
    h5py: Any = load("h5py", "Writing .weights.h5 files", "gatereel[keras]")
    stream = BytesIO()
    with h5py.File(stream, "w") as file:
        for place, name in names.items():
            file.require_group(place).attrs["name"] = name
        file.require_group("vars").attrs["name"] = "sequential"
        for place, values in arrays.items():
            file.create_dataset(place, data=task.rounding(values))
    return stream.getvalue()


def _code(chain: tuple[Layer, ...], task: ExportTask) -> tuple[str, ...]:
    layers = ", ".join(_layer(layer, task) for layer in chain)
    return (
        f"model = keras.Sequential([keras.Input((None, {chain[0].input_size})), {layers}])",
        f"model.load_weights({task.name!r})",
    )


def _layer(layer: Layer, task: ExportTask) -> str:
    cell = _cell(layer)
    chosen = functions_of(cell)
    options = [str(layer.hidden_size), "return_sequences=True"]
    if chosen.contents.name != _ACTIVATION:
        options.append(f"activation={_NAMES[chosen.contents]!r}")
    if chosen.gates.name != _RECURRENT_ACTIVATION:
        options.append(f"recurrent_activation={_NAMES[chosen.gates]!r}")
    if cell.family == GRU_RESET_BEFORE.name:
        options.append("reset_after=False")
    if set(layer.strands) == {"backward"}:
        options.append("go_backwards=True")
    if task.rounding.dtype == "float64":
        options.append("dtype='float64'")
    made = f"keras.layers.{_class_of(cell)}({', '.join(options)})"
    return f"keras.layers.{_BIDIRECTIONAL}({made})" if len(layer.strands) > 1 else made
