"""Keras's recurrent layers as cells of ours: their options, and their weights taken apart."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import GRU_RESET_AFTER, GRU_RESET_BEFORE, LSTM, RNN, RNN_RELU
from gatereel.rnn_math.counting import counted, one_of
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.functions import ElementFunction
from gatereel.rnn_math.models.activations import KERAS, with_activations
from gatereel.rnn_math.models.blocks import biases_of_blocks, parameters_of_blocks
from gatereel.rnn_math.models.keras.hdf5 import Hdf5, StoredArray
from gatereel.rnn_math.models.model import Strand
from gatereel.rnn_math.records import dataclass

WANTED = r"(^|/)cell/vars/[0-2]$|(^|/)embedding(_\d+)?/vars/0$"
"""The arrays of a weights file that recurrent layers and embeddings are made of."""

GATES: Mapping[str, str] = MappingProxyType({"SimpleRNN": "h", "GRU": "zrn", "LSTM": "ifgo"})
"""Class to the blocks of its weights, in order, by the cell's letters."""

RNN_CELLS: Mapping[str, Cell] = MappingProxyType({"tanh": RNN, "relu": RNN_RELU})
"""Activation of a SimpleRNN to its cell."""

_ACTIVATION, _RECURRENT_ACTIVATION = "tanh", "sigmoid"

_OPTIONS = frozenset(
    (
        *("name", "trainable", "dtype", "units", "activation", "recurrent_activation", "use_bias"),
        *("return_sequences", "return_state", "go_backwards", "stateful", "unroll", "time_major"),
        *("kernel_initializer", "recurrent_initializer", "bias_initializer", "unit_forget_bias"),
        *("kernel_regularizer", "recurrent_regularizer", "bias_regularizer"),
        *("kernel_constraint", "recurrent_constraint", "bias_constraint", "activity_regularizer"),
        *("dropout", "recurrent_dropout", "reset_after", "seed", "zero_output_for_mask"),
        # Keras 2's
        *("batch_input_shape", "batch_size", "dynamic", "implementation", "input_dim"),
        *("input_length", "input_shape", "ragged", "sparse", "build_input_shape"),
    )
)
"""All options of Keras's recurrent layers. One that is not among them may change what is
computed."""


class RefusedError(Exception):
    """A layer cannot be computed; the text is the layer's refusal."""


@dataclass(frozen=True, eq=False)
class Weights:
    """The arrays of a cell, as Keras stores them."""

    kernel: Array
    """`(input_size, gates * units)`"""
    recurrent_kernel: Array
    """`(units, gates * units)`"""
    bias: Array | None
    """`(gates * units,)`, or `(2, gates * units)` for a GRU with reset_after."""

    @property
    def units(self) -> int:
        """The number of hidden units."""
        return len(self.recurrent_kernel)

    @property
    def gates(self) -> int:
        """How many blocks of weights there are."""
        columns: int = self.recurrent_kernel.shape[1]
        return columns // self.units

    @property
    def input_size(self) -> int:
        """The width of the input."""
        return len(self.kernel)


def stored_at(h5: Hdf5, group: str) -> dict[str, StoredArray]:
    """The arrays directly in a group, by their last names."""
    count = len(group) + 1
    return {
        path[count:]: array
        for path, array in h5.arrays.items()
        if path.startswith(f"{group}/") and "/" not in path[count:]
    }


def read_weights(h5: Hdf5, group: str, where: str) -> Weights:
    """Read a cell's weights from "<group>/cell/vars".

    Raises InputError when they are not there or their shapes do not fit each other.
    """
    place = f"{group}/cell/vars"
    stored = stored_at(h5, place)
    if set(stored) == {"0"} and stored["0"].dtype == "bfloat16":
        # Its default start of a recurrent kernel cannot be drawn in this type, with PyTorch below;
        # the model is then saved without a word, half built.
        raise InputError(
            f"{where}: it was saved without its recurrent kernel, as Keras does where it cannot "
            "draw one in bfloat16. Make the model in float32, or with "
            "recurrent_initializer='glorot_uniform', and save it again."
        )
    if not {"0", "1"} <= stored.keys() <= {"0", "1", "2"}:
        raise InputError(
            f"{where}: {place!r} holds {counted(len(stored), 'array')} of floats; a recurrent cell "
            "has a kernel, a recurrent kernel and at most one bias."
        )
    shapes = {key: array.shape for key, array in stored.items()}
    kernel, recurrent = shapes["0"], shapes["1"]
    fits = (
        len(kernel) == len(recurrent) == 2
        and min(*kernel, *recurrent) > 0
        and recurrent[1] % recurrent[0] == 0
        and kernel[1] == recurrent[1]
        and shapes.get("2") in (None, (kernel[1],), (2, kernel[1]))
    )
    if not fits:
        raise InputError(
            f"{where}: {place!r} has the shapes {', '.join(map(str, shapes.values()))}, which are "
            "not those of a recurrent cell."
        )
    kernel_values, recurrent_values = stored["0"].values, stored["1"].values
    assert kernel_values is not None
    assert recurrent_values is not None
    bias = stored["2"].values if "2" in stored else None
    return Weights(kernel_values, recurrent_values, bias)


def strand_of(
    class_name: str, options: Mapping[str, Any], weights: Weights, where: str, origin: str
) -> Strand:
    """Make the cell that a layer of Keras's class `class_name` computes.

    Raises RefusedError for an option that no cell computes, and InputError when the weights do not
    fit the options or are not finite. `where` is what errors call the layer, `origin` what the
    parameters say of themselves.
    """
    cell = _cell(class_name, options)
    resets_after = cell.family == GRU_RESET_AFTER.name
    gates = GATES[class_name]
    uses_bias = _flag(options, "use_bias", True)
    columns = len(gates) * weights.units
    bias_shape = (2, columns) if resets_after else (columns,)
    fits = (
        weights.gates == len(gates)
        and options.get("units", weights.units) == weights.units
        and (weights.bias is not None) == uses_bias
        and (weights.bias is None or weights.bias.shape == bias_shape)
    )
    if not fits:
        raise InputError(f"{where}: the weights do not have the shapes that its options ask for.")
    bias_x, bias_h = weights.bias, None
    if bias_x is not None and resets_after:
        bias_x, bias_h = bias_x
    try:
        parameters = parameters_of_blocks(
            cell, gates, weights.kernel.T, weights.recurrent_kernel.T, bias_x, bias_h, origin
        )
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
    return Strand(cell, parameters, biases=biases_of_blocks(gates, bias_x, bias_h))


def _cell(class_name: str, options: Mapping[str, Any]) -> Cell:
    """Which cell the options ask for. Raises RefusedError when there is none."""
    unknown = [name for name, value in options.items() if name not in _OPTIONS and value]
    if unknown:
        raise RefusedError(f"it has the option {shortened(unknown[0])}, which is not known here.")
    if options.get("time_major"):
        raise RefusedError("it has time_major=True; only time_major=False is computed.")
    activation = _function(options, "activation", _ACTIVATION)
    if class_name == "SimpleRNN":
        own = RNN_CELLS.get(activation.name)
        return own or with_activations(RNN, activation, activation, activation)
    gates = _function(options, "recurrent_activation", _RECURRENT_ACTIVATION)
    if class_name == "LSTM":
        cell = LSTM
    else:
        cell = GRU_RESET_AFTER if _flag(options, "reset_after", True) else GRU_RESET_BEFORE
    return with_activations(cell, gates, activation, activation)


def _function(options: Mapping[str, Any], option: str, usual: str) -> ElementFunction:
    """The function that an option names. Raises RefusedError for one that is not computed."""
    value = options.get(option, usual)
    if value is None:  # as Keras takes it
        value = "linear"
    if not isinstance(value, str) or value not in KERAS:
        raise RefusedError(_unusual(option, value))
    return KERAS[value]


def _flag(options: Mapping[str, Any], name: str, default: bool) -> bool:
    """An option that is true or false. Raises RefusedError when it is neither."""
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise RefusedError(f"its option {name} is neither true nor false.")
    return value


def _unusual(option: str, value: object) -> str:
    """The refusal of an activation; a custom one is a JSON object that tells its name."""
    if isinstance(value, dict):
        named = value.get("registered_name") or value.get("config") or value.get("class_name")
        value = named if isinstance(named, str) else "a function of its own"
    text = repr(value)
    shown = text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}..."
    known = one_of(name for name in KERAS if " " not in name)
    return f"it has {option}={shown}; {known} are computed."


_LONGEST_VALUE = 60
"""Characters of an option's value that a refusal repeats."""
