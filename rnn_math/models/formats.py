"""Which file suffix is read as a model by what, and what runs a model in its own library.

A new format is a module with a reader and an entry here. Modules are imported when they are needed.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.model import Direction, Dtype, Layer, Model

MODEL_READERS: Mapping[str, str] = MappingProxyType(
    {
        ".safetensors": "gatereel.rnn_math.models.pytorch.safetensors_files",
        ".pt": "gatereel.rnn_math.models.pytorch.torch_files",
        ".pth": "gatereel.rnn_math.models.pytorch.torch_files",
        ".keras": "gatereel.rnn_math.models.keras.files",
        ".h5": "gatereel.rnn_math.models.keras.files",
        ".onnx": "gatereel.rnn_math.models.onnx.files",
        ".npz": "gatereel.rnn_math.models.native_files",
        ".json": "gatereel.rnn_math.models.native_files",
    }
)
"""Suffix in lower case to the module whose `read(path) -> Model` reads it."""

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
    """Read the recurrent layers of a file; its suffix says how.

    Raises InputError when the file cannot be read, is damaged or hostile, or holds no recurrent
    layer, and when a package that it needs is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in MODEL_READERS:
        accepted = ", ".join(MODEL_READERS)
        found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise InputError(f"{path} has {found}; a model can be in {accepted}.")
    read: Callable[[Path], Model] = import_module(MODEL_READERS[suffix]).read
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


def _runner(path: Path, model: Model) -> ModuleType:
    if model.library not in LIBRARY_RUNNERS:
        raise InputError(f"{path} was not saved by a library that could compute it again.")
    return import_module(LIBRARY_RUNNERS[model.library])
