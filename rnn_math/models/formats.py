"""Reading a model's file, and running a model in its own library.

What reads which file is in `rnn_math/models/sniffing.py`. Modules are imported when needed.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Direction, Dtype, Layer, Model
from gatereel.rnn_math.models.sniffing import reader_of

LIBRARY_RUNNERS: Mapping[str, str] = MappingProxyType(
    {
        "PyTorch": "gatereel.rnn_math.models.pytorch.states",
        "Keras": "gatereel.rnn_math.models.keras.states",
        "ONNX": "gatereel.rnn_math.models.onnx.states",
    }
)
"""Library to the module whose `states` and `exact_states` run a layer in it."""

PROOF_TYPES: Mapping[str, Dtype] = MappingProxyType(
    {"PyTorch": "float64", "Keras": "float32", "ONNX": "float32"}
)
"""Library to the type that `library_states` computes in: the most exact that it has.

What is to be proved is that gatereel's equations are the library's. Weights of bfloat16 or float16
are numbers of this type, too, so that nothing of them is lost, and the rounding of every sum, which
could hide an error, is gone. ONNX Runtime has its recurrent operators in float32 alone. Keras keeps
float64, but with all its backends except TensorFlow it multiplies matrices in float32, so that this
is what it is judged by.
"""


def read_model(path: Path) -> Model:
    """Read the recurrent layers of a file; its first bytes say how, or else its suffix.

    Raises InputError when the file cannot be read, is damaged or hostile, or holds no recurrent
    layer, and when a package that it needs is not installed.
    """
    read: Callable[[Path], Model] = import_module(reader_of(path)).read
    return read(path)


_Runner = Callable[[Path, Layer, Direction, Array], Mapping[str, Array]]


def library_states(
    path: Path, model: Model, layer: Layer, direction: Direction, inputs: Array
) -> Mapping[str, Array]:
    """Run `layer` of the file in its own library; return its states, in the order it reads.

    `inputs` are the model's, `(timesteps, input_size)`, in the order of the sequence. The states
    are `(timesteps, hidden_size)` under the names of the cell's. The stored weights are computed
    with in PROOF_TYPES. Raises InputError when the library is not installed, cannot run the layer
    over this sequence, or there is none.
    """
    run: _Runner = _runner(path, model).exact_states
    return run(path, layer, direction, inputs)


def library_own_states(
    path: Path, model: Model, layer: Layer, direction: Direction, inputs: Array
) -> Mapping[str, Array]:
    """The same in the type that the file has the library compute in; raises likewise."""
    run: _Runner = _runner(path, model).states
    return run(path, layer, direction, inputs)


def library_gradients(
    path: Path,
    model: Model,
    layer: Layer,
    direction: Direction,
    inputs: Array,
    sent: Mapping[str, Array],
) -> Mapping[str, Array]:
    """What the library's autograd gives, by name: "x" and, where they can be had, "W_f", "b_f".

    `sent` is dL by each state, in the order the layer reads, `(timesteps, hidden_size)`. Raises
    InputError as `library_states` does, and for a library that does not differentiate.
    """
    run = getattr(_runner(path, model), "exact_gradients", None)
    if run is None:
        raise InputError(
            f"{model.library} does not differentiate a saved model; --gradients compares models of "
            "PyTorch and Keras."
        )
    found: Mapping[str, Array] = run(path, layer, direction, inputs, sent)
    return found


def _runner(path: Path, model: Model) -> ModuleType:
    if model.library not in LIBRARY_RUNNERS:
        raise InputError(f"{path} was not saved by a library that could compute it again.")
    return import_module(LIBRARY_RUNNERS[model.library])
