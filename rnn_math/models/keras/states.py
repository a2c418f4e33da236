"""Run a recurrent layer of a `.keras` file in Keras itself, timestep by timestep.

Keras makes the layer and those that feed it, loads the file's weights, and computes what reaches
the layer; then the layer is called for one timestep after the other. Its cell alone would not do:
with PyTorch, a cell multiplies float64 in float32.
"""

import importlib
import importlib.util
import os
import sys
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.keras.config import KerasLayer
from gatereel.rnn_math.models.keras.files import Contents, read_contents
from gatereel.rnn_math.models.keras.graph import model_of_config
from gatereel.rnn_math.models.keras.objects import foreign_objects
from gatereel.rnn_math.models.keras.skeleton import Fed, build
from gatereel.rnn_math.models.model import Direction, Layer
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.models.running import bottom

BACKENDS = ("torch", "jax", "tensorflow")
"""What Keras can compute with, in the order in which one is taken that is installed."""

_BACKEND_VARIABLE = "KERAS_BACKEND"
_PURPOSE = "Verifying a Keras model"
_STATES = ("h", "c")
_EXACT = "float64"
"""What all layers are made in that are to prove an equation: the type of gatereel's numbers."""


def exact_states(
    path: Path, layer: Layer, direction: Direction, inputs: Array
) -> Mapping[str, Array]:
    """Return the states of `layer`, `(timesteps, hidden_size)`, in the order `direction` reads.

    `inputs` are the rows that the lowest layer reads, `(timesteps, input_size)`: for an embedding,
    rows of its matrix. Everything is in float64, though Keras multiplies some of it in float32.
    Raises InputError when the file has no configuration, names what is not Keras's own, or takes no
    sequence of this length, and when Keras or a backend is not installed or cannot run the layer.
    """
    return _states(path, layer, direction, inputs, _EXACT)


def exact_gradients(
    path: Path,
    layer: Layer,
    direction: Direction,
    inputs: Array,
    sent: Mapping[str, Array],
) -> Mapping[str, Array]:
    """What autograd gives for `sent`, dL by each state, in the order the layer reads.

    dL by what the layer reads, "x", `(timesteps, input_size)`. Keras itself does not differentiate
    outside of training: its backend does, which must be PyTorch. Raises InputError as
    `exact_states` does.
    """
    keras = _load_keras()
    if keras.backend.backend() != "torch":
        raise InputError(
            f"Keras runs with {keras.backend.backend()} here; gradients are compared with "
            "PyTorch's autograd: set KERAS_BACKEND=torch."
        )
    torch = load("torch", _PURPOSE, "gatereel[torch]")
    read: list[Any] = []

    def watch(row: Any) -> Any:
        read.append(row.detach().requires_grad_(True))
        return read[-1]

    with torch.enable_grad():
        states = _stepped(path, layer, direction, inputs, _EXACT, watch)
        reached, seeds = [], []
        for name, values in states.items():
            if name in sent:
                reached += [value.reshape(-1) for value in values]
                seeds += [torch.from_numpy(np.array(row)).to(values[0].dtype) for row in sent[name]]
        torch.autograd.backward(reached, seeds)
    rows = [
        np.zeros(each.shape[-1]) if each.grad is None else _to_float64(keras, each.grad).reshape(-1)
        for each in read
    ]
    return {"x": np.array(rows)}


def states(path: Path, layer: Layer, direction: Direction, inputs: Array) -> Mapping[str, Array]:
    """The same, each layer in the type that the file says; raises as `exact_states` does."""
    return _states(path, layer, direction, inputs, None)


def _states(
    path: Path, layer: Layer, direction: Direction, inputs: Array, policy: str | None
) -> Mapping[str, Array]:
    stepped = _stepped(path, layer, direction, inputs, policy, lambda row: row)
    keras = _load_keras()
    return MappingProxyType(
        {
            name: np.array([_to_float64(keras, value)[0] for value in values])
            for name, values in stepped.items()
        }
    )


def _stepped(
    path: Path,
    layer: Layer,
    direction: Direction,
    inputs: Array,
    policy: str | None,
    watch: Callable[[Any], Any],
) -> Mapping[str, list[Any]]:
    """The states as Keras's own tensors, by timestep; `watch` gets each row that is read."""
    contents = _contents(path)
    model = model_of_config(contents.layers, contents.h5, path)
    read = {each.module: each for each in model.layers}
    if not (layer.is_given_rows or bottom(layer).repeats):
        _check_length(path, contents.layers[bottom(layer).module], len(inputs))
    keras = _load_keras()
    if keras.backend.backend() == "jax":  # else float64 is float32 there, without a word
        importlib.import_module("jax").config.update("jax_enable_x64", True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of layers whose loader finds nothing to do
        try:
            alone = layer.is_given_rows
            fed = build(keras, contents, layer.module, read, policy, alone=alone)
            start = layer.strands[direction].initial if layer.is_given_start else None
            return _run(keras, fed, direction, inputs, watch, start)
        except InputError:
            raise
        except Exception as error:  # whatever a layer raises, in any backend
            raise InputError(f"Keras cannot run {path}: {_first_line(error)}") from error


def _contents(path: Path) -> Contents:
    """What the file holds. Raises InputError where nothing of it is handed to Keras."""
    if path.name.lower().endswith(".weights.h5"):
        raise InputError(
            f"{path} holds weights without the model, so Keras cannot run it; verify the .keras "
            "file that model.save writes."
        )
    try:
        contents = read_contents(path)
    except InputError as error:
        raise InputError(f"{path} cannot be loaded by Keras: {error}") from None
    foreign = foreign_objects(contents.config)
    if foreign:
        raise InputError(
            f"{path} is not run in Keras: it names {', '.join(foreign)}, which is not known here "
            "as Keras's own and could run code. A model of the recurrent layer and what feeds it "
            "can be saved without that."
        )
    return contents


def _check_length(path: Path, lowest: KerasLayer, timesteps: int) -> None:
    if lowest.timesteps not in (0, timesteps):
        raise InputError(
            f"Keras cannot run {path} over {timesteps} timesteps of these inputs: the model is "
            f"made for {lowest.timesteps}."
        )


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


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _run(
    keras: Any,
    fed: Fed,
    direction: Direction,
    inputs: Array,
    watch: Callable[[Any], Any],
    start: Mapping[str, Array] | None,
) -> Mapping[str, list[Any]]:
    if fed.embedding is None:
        rows = inputs if fed.reads_one_row else inputs[np.newaxis]
        reached = keras.ops.convert_to_tensor(rows, dtype=_EXACT)
    else:
        reached = fed.embedding(keras.ops.convert_to_tensor(_tokens(keras, fed, inputs)))
    for each in fed.below:
        reached = each(reached, training=False)
    state = None
    if start is not None:
        dtype = fed.target.compute_dtype
        state = [
            keras.ops.convert_to_tensor(start[name][np.newaxis], dtype=dtype)
            for name in _STATES
            if name in start
        ]
    return _steps(_strand(fed.target, direction), reached, direction, watch, state)


def _strand(target: Any, direction: Direction) -> Any:
    """The layer that runs one way: one of a Bidirectional's two, or the layer itself."""
    return getattr(target, f"{direction}_layer", target)


def _tokens(keras: Any, fed: Fed, rows: Array) -> NDArray[np.int32]:
    """The tokens whose rows of Keras's own matrix `rows` are, `(1, timesteps)`."""
    assert fed.embedding is not None
    matrix = _to_float64(keras, fed.embedding.embeddings)
    first = 1 if fed.masks else 0
    tokens = []
    for t, row in enumerate(rows):
        same = np.flatnonzero((matrix[first:] == row).all(axis=1))
        if same.size == 0:
            raise InputError(
                f"Timestep {t + 1} is no row of the embedding {fed.embedding_name!r}; Keras needs "
                "token ids to run this model."
            )
        tokens.append(first + int(same[0]))
    return np.array([tokens], dtype=np.int32)


def _steps(
    strand: Any,
    reached: Any,
    direction: Direction,
    watch: Callable[[Any], Any],
    state: list[Any] | None,
) -> Mapping[str, list[Any]]:
    order = range(reached.shape[1])
    # The layer was made for this run, so nobody else sees it changed.
    strand.return_sequences, strand.return_state, strand.stateful = False, True, False
    found: list[list[Any]] = []
    for t in order if direction == "forward" else reversed(order):
        _, *state = strand(watch(reached[:, t : t + 1]), initial_state=state, training=False)
        found.append(list(state))
    columns = [list(column) for column in zip(*found, strict=True)]
    return dict(zip(_STATES, columns, strict=False))


def _to_float64(keras: Any, tensor: Any) -> Array:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # NumPy's of how PyTorch hands over its numbers
        return np.asarray(keras.ops.convert_to_numpy(tensor), dtype=np.float64)
