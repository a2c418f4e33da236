"""Run a recurrent layer of a `.keras` file in Keras itself, timestep by timestep.

Keras loads the file and computes what reaches the layer; then the layer is called for one timestep
after the other. Its cell alone would not do: with PyTorch, a cell multiplies float64 in float32.
"""

import importlib
import importlib.util
import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from rnn_math.arrays import Array
from rnn_math.errors import InputError
from rnn_math.models.model import Direction, Layer
from rnn_math.models.packages import load
from rnn_math.models.run import bottom

BACKENDS = ("torch", "jax", "tensorflow")
"""What Keras can compute with, in the order in which one is taken that is installed."""

_BACKEND_VARIABLE = "KERAS_BACKEND"
_PURPOSE = "Verifying a Keras model"
_STATES = ("h", "c")
_ANY_LENGTH = 1  # timesteps of inputs that do not matter


def states(path: Path, layer: Layer, direction: Direction, inputs: Array) -> Mapping[str, Array]:
    """Return the states of `layer`, `(timesteps, hidden_size)`, in the order `direction` reads.

    `inputs` are the rows that the lowest layer reads, `(timesteps, input_size)`: for an embedding,
    rows of its matrix. Raises InputError when the file has no configuration, or Keras or a backend
    is not installed or cannot run the model.
    """
    if path.suffix.lower() != ".keras":
        raise InputError(
            f"{path} holds weights without the model, so Keras cannot run it; verify the .keras "
            "file that model.save writes."
        )
    keras = _load_keras()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of how a model was built, and of its masks
        model = _load(keras, path)
        target = _find(model, layer.module)
        reached = _reaching(model, target, _model_inputs(keras, model, layer, inputs))
        if reached is None:
            raise InputError(
                f"Keras cannot run {path} over {len(inputs)} timesteps of these inputs."
            )
        return _steps(keras, _strand(target, direction), reached, direction)


def _load_keras() -> Any:
    """Import Keras with a backend that is installed, unless one is chosen already."""
    if "keras" in sys.modules:
        return load("keras", _PURPOSE, "keras")
    asked = os.environ.get(_BACKEND_VARIABLE)
    if asked is not None:
        if importlib.util.find_spec(asked) is None:
            raise InputError(
                f"{_BACKEND_VARIABLE} is {asked!r}, which is not installed: pip install {asked}, "
                "or leave the variable out."
            )
        return load("keras", _PURPOSE, "keras")
    installed = [name for name in BACKENDS if importlib.util.find_spec(name) is not None]
    if not installed:
        load("keras", _PURPOSE, "keras")
        raise InputError(f"{_PURPOSE} needs one of {', '.join(BACKENDS)}: pip install torch")
    os.environ[_BACKEND_VARIABLE] = installed[0]  # Keras reads it while it is imported
    try:
        return load("keras", _PURPOSE, "keras")
    finally:
        del os.environ[_BACKEND_VARIABLE]


def _load(keras: Any, path: Path) -> Any:
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # whatever a layer's constructor raises, in any backend
        raise InputError(f"{path} cannot be loaded by Keras: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _find(model: Any, name: str) -> Any:
    """The layer called `name`, whose models around it stand before slashes."""
    for part in name.split("/"):
        model = model.get_layer(part)
    return model


def _strand(target: Any, direction: Direction) -> Any:
    """The layer that runs one way: one of a Bidirectional's two, or the layer itself."""
    return getattr(target, f"{direction}_layer", target)


def _model_inputs(keras: Any, model: Any, layer: Layer, inputs: Array) -> list[Any]:
    """What the model itself is called with: `inputs` wherever they fit, noughts elsewhere."""
    lowest = bottom(layer)
    values = inputs
    if lowest.embedding:
        values = _tokens(keras, _find(model, lowest.embedding), inputs)
    fed = []
    for each in model.inputs:
        shape = tuple(each.shape[1:])
        fits = len(shape) == values.ndim and shape[1:] in (values.shape[1:], (None,))
        here = values if fits else np.zeros([size or _ANY_LENGTH for size in shape])
        fed.append(keras.ops.convert_to_tensor(here[np.newaxis], dtype=each.dtype))
    return fed


def _tokens(keras: Any, embedding: Any, rows: Array) -> Array:
    """The tokens whose rows of Keras's own matrix `rows` are, `(timesteps,)`."""
    matrix = _to_float64(keras, embedding.embeddings)
    first = 1 if embedding.mask_zero else 0
    tokens = []
    for t, row in enumerate(rows):
        same = np.flatnonzero((matrix[first:] == row).all(axis=1))
        if same.size == 0:
            raise InputError(
                f"Timestep {t + 1} is no row of the embedding {embedding.name!r}; Keras needs "
                "token ids to run this model."
            )
        tokens.append(first + int(same[0]))
    return np.array(tokens, dtype=np.float64)


def _reaching(model: Any, target: Any, fed: list[Any]) -> Any | None:
    """Run the model and return what `target` was called with, `(1, timesteps, input_size)`."""
    reached: list[Any] = []
    compute = target.call

    def note(sequence: Any, *args: Any, **options: Any) -> Any:
        reached.append(sequence)
        return compute(sequence, *args, **options)

    target.call = note
    try:
        model(fed if len(fed) > 1 else fed[0], training=False)
    except Exception:  # in the layers above, which need not fit this many timesteps
        if not reached:
            return None
    return reached[-1] if reached else None


def _steps(keras: Any, strand: Any, reached: Any, direction: Direction) -> Mapping[str, Array]:
    sequence = keras.ops.convert_to_tensor(reached)
    order = range(sequence.shape[1])
    # The model is this function's own, so nobody else sees the layer changed.
    strand.return_sequences, strand.return_state, strand.stateful = False, True, False
    state = None
    found: list[list[Array]] = []
    for t in order if direction == "forward" else reversed(order):
        _, *state = strand(sequence[:, t : t + 1], initial_state=state, training=False)
        found.append([_to_float64(keras, each)[0] for each in state])
    columns = [np.array(column) for column in zip(*found, strict=True)]
    return MappingProxyType(dict(zip(_STATES, columns, strict=False)))


def _to_float64(keras: Any, tensor: Any) -> Array:
    return np.asarray(keras.ops.convert_to_numpy(tensor), dtype=np.float64)
