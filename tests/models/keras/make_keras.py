"""Make the Keras files that tests read, and beside each what Keras itself computes.

    KERAS_BACKEND=torch python tests/models/keras/make_keras.py [FILE ...]

The files in this folder were saved by Keras 3.15.1 with PyTorch 2.13 and h5py 3.16. Each has an
`.npz` with the model's inputs and, as "lstm/forward/h", the states of every layer and direction in
the order in which it reads: its own cell called one timestep at a time.
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

keras: Any = import_module("keras")
layers: Any = keras.layers

FOLDER = Path(__file__).parent
SEED = 7
TIMESTEPS, INPUT_SIZE = 6, 3
TOKENS = 9
AGREEMENT = {"float64": 1e-6, "float32": 1e-5, "float16": 1e-2, "bfloat16": 1e-1}
"""Between a layer called whole and its cell called by timesteps, by what they compute in."""

Array = NDArray[Any]


def sequences(layer: type, units: int, **options: Any) -> Any:
    return layer(units, return_sequences=True, **options)


def rows() -> Any:
    return keras.Input((TIMESTEPS, INPUT_SIZE), name="rows")


def kinds() -> Any:
    """Every cell that is computed, each in a branch of its own."""
    x = rows()
    branches = [
        layers.SimpleRNN(2, name="tanh")(x),
        layers.SimpleRNN(3, activation="relu", use_bias=False, name="relu")(x),
        sequences(layers.LSTM, 4, name="lstm_of_mine")(x),
        layers.GRU(3, name="after")(x),
        layers.GRU(2, reset_after=False, name="before")(x),
        layers.GRU(2, use_bias=False, name="without_bias")(layers.Dropout(0.5)(x)),
    ]
    branches[2] = layers.LSTM(2, use_bias=False, name="upper")(branches[2])
    return keras.Model(x, layers.Concatenate()(branches))


def directions() -> Any:
    """Layers of two directions, and layers that read backwards, below others."""
    x = rows()
    y = layers.Bidirectional(sequences(layers.GRU, 2), name="concat")(x)
    y = layers.Bidirectional(sequences(layers.LSTM, 2), merge_mode="sum", name="sum")(y)
    y = sequences(layers.GRU, 3, reset_after=False, go_backwards=True, name="reversed")(y)
    return keras.Model(x, layers.SimpleRNN(2, name="top")(y))


def merges() -> Any:
    """The other ways to merge two directions; the backward layer has options of its own."""
    x = rows()
    forward = sequences(layers.SimpleRNN, 2)
    backward = sequences(layers.SimpleRNN, 2, activation="relu", go_backwards=True)
    y = layers.Bidirectional(forward, merge_mode="ave", backward_layer=backward, name="ave")(x)
    y = layers.Bidirectional(sequences(layers.SimpleRNN, 2), merge_mode="mul", name="mul")(y)
    return keras.Model(x, layers.SimpleRNN(2, name="top")(y))


def tokens() -> Any:
    """Token ids, some of which the model masks, and layers named by Keras."""
    keras.backend.clear_session()
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(TOKENS, INPUT_SIZE, mask_zero=True),
            layers.SpatialDropout1D(0.1),
            sequences(layers.LSTM, 2),
            layers.LSTM(3),
            layers.Dense(1),
        ]
    )


def nested() -> Any:
    """Models inside a model."""
    x = rows()
    inner = keras.Sequential(
        [keras.Input((TIMESTEPS, INPUT_SIZE)), sequences(layers.LSTM, 2, name="lower")],
        name="encoder",
    )
    return keras.Model(x, layers.GRU(2, name="upper")(inner(x)))


def activations() -> Any:
    """Other functions than sigmoid and tanh, in every kind of cell."""
    x = rows()
    branches = [
        layers.LSTM(2, recurrent_activation="hard_sigmoid", name="hard")(x),
        layers.LSTM(2, activation="relu", name="relu")(x),
        layers.LSTM(2, activation="softsign", recurrent_activation="linear", name="linear")(x),
        layers.GRU(2, activation="elu", recurrent_activation="hard_sigmoid", name="elu")(x),
        layers.GRU(2, activation="selu", reset_after=False, name="selu")(x),
        layers.SimpleRNN(2, activation="softplus", name="softplus")(x),
        layers.SimpleRNN(2, activation="leaky_relu", name="leaky")(x),
        layers.SimpleRNN(2, activation="hard_tanh", name="hard_tanh")(x),
        layers.SimpleRNN(2, activation="relu6", name="relu6")(x),
        layers.SimpleRNN(2, activation=None, name="no_function")(x),
    ]
    return keras.Model(x, layers.Concatenate()(branches))


def above() -> Any:
    """Layers that read what other kinds of layers compute."""
    x = rows()
    y = layers.Conv1D(4, 2, padding="causal", activation="relu", name="convolution")(x)
    y = layers.BatchNormalization(name="norm")(y)
    y = layers.Bidirectional(sequences(layers.LSTM, 2), name="both")(y)
    y = layers.GRU(2, name="upper")(layers.Dense(3, name="between")(y))
    return keras.Model(x, y, name=above.__name__)


def refused() -> Any:
    """What cannot be computed exactly."""
    x = rows()
    lower = sequences(layers.LSTM, 2, recurrent_activation="swish", name="hard")(x)
    shared = layers.SimpleRNN(2, name="shared")
    _, state = layers.GRU(2, return_state=True, activation="gelu", name="relu_gru")(x)
    branches = [
        layers.LSTM(2, name="above_hard")(lower),
        layers.GRU(2, name="above_dense")(layers.Dense(3, name="between")(x)),
        shared(x),
        shared(lower),
        layers.GRU(2, name="given_a_state")(x, initial_state=state),
        layers.RNN(layers.LSTMCell(2), name="custom")(x),
    ]
    return keras.Model(x, layers.Concatenate()(branches))


def weights() -> Any:
    """A model whose weights alone are saved."""
    x = rows()
    y = sequences(layers.LSTM, 2, name="first")(x)
    y = layers.Bidirectional(sequences(layers.GRU, 2, use_bias=False), name="both")(y)
    y = layers.SimpleRNN(2, name="plain")(y)
    return keras.Model(x, y)


def half() -> Any:
    """A model of float16."""
    # PyTorch has no orthogonal matrices of float16 on a CPU.
    layer = layers.GRU(2, dtype="float16", recurrent_initializer="zeros", name="half")
    return keras.Sequential([keras.Input((TIMESTEPS, INPUT_SIZE)), layer])


def fed() -> Any:
    """A model whose LSTM reads what other layers give, of which weights alone say nothing."""
    x = rows()
    y = layers.Conv1D(4, 1, name="convolution")(x)
    y = layers.LayerNormalization(name="norm")(layers.Dense(4, name="dense")(y))
    y = layers.LSTM(2, name="fed")(y)
    return keras.Model(x, layers.Dense(5, name="head")(y))


def exact() -> Any:
    """A model that computes in float64."""
    return keras.Sequential([rows(), layers.GRU(2, dtype="float64", name="exact")])


def mixed(policy: str) -> Callable[[], Any]:
    """A model whose weights are more exact than what it computes in, a stack of two."""

    def make() -> Any:
        lower = layers.Bidirectional(
            sequences(layers.LSTM, 2, dtype=policy), name="lower", dtype=policy
        )
        return keras.Sequential([rows(), lower, layers.GRU(2, dtype=policy, name="upper")])

    return make


SAVED: dict[str, Callable[[], Any]] = {
    "kinds.keras": kinds,
    "directions.keras": directions,
    "merges.keras": merges,
    "tokens.keras": tokens,
    "nested.keras": nested,
    "refused.keras": refused,
    "all.weights.h5": weights,
    "half.weights.h5": half,
    "fed.weights.h5": fed,
    "float64.keras": exact,
    "mixed_float16.keras": mixed("mixed_float16"),
    "mixed_bfloat16.keras": mixed("mixed_bfloat16"),
    "activations.keras": activations,
    "above.keras": above,
}


def randomise(model: Any, random: np.random.Generator) -> None:
    """Give weights and biases values; Keras starts biases at nought or one."""
    for variable in model.variables:
        if np.issubdtype(np.dtype(variable.dtype), np.floating):
            values = random.uniform(-0.9, 0.9, variable.shape)
            variable.assign(np.abs(values) if "variance" in variable.name else values)


def computed(model: Any, inputs: Array, prefix: str = "") -> dict[str, Array]:
    """What Keras computes: the states of every recurrent layer and direction."""
    found: dict[str, Array] = {}
    for layer in model.layers:
        name = prefix + layer.name
        if isinstance(layer, keras.Sequential):
            found |= computed(layer, inputs, f"{name}/")
        if not isinstance(layer, layers.Bidirectional | layers.RNN):
            continue
        reads = layer.input[0] if isinstance(layer.input, list) else layer.input  # a mask beside it
        x = to_numpy(keras.Model(model.inputs, reads)(inputs[np.newaxis]))
        if model.get_config()["name"] == above.__name__:
            found[f"{name}/rows"] = x[0]
        if isinstance(layer, layers.Bidirectional):
            sides = {"forward": layer.forward_layer, "backward": layer.backward_layer}
        else:
            sides = {"backward" if layer.go_backwards else "forward": layer}
        for direction, side in sides.items():
            stepped = steps(side.cell, x, direction)
            whole = to_numpy(side(x))[0]
            last = whole[-1] if side.return_sequences else whole
            assert np.abs(stepped["h"][-1] - last).max() < AGREEMENT[layer.compute_dtype]
            found |= {f"{name}/{direction}/{state}": each for state, each in stepped.items()}
    return found


def steps(cell: Any, x: Array, direction: str) -> dict[str, Array]:
    """Call a cell one timestep at a time, carrying its states."""
    state = cell.get_initial_state(batch_size=1)
    found = []
    for t in range(x.shape[1]) if direction == "forward" else reversed(range(x.shape[1])):
        _, state = cell(x[:, t], state)
        found.append(
            [to_numpy(each)[0] for each in (state if isinstance(state, list) else [state])]
        )
    columns = [np.array(column) for column in zip(*found, strict=True)]
    return dict(zip(("h", "c"), columns, strict=False))


ALSO_OLD = (kinds, directions, nested, tokens)
"""Models that are there as the older `.h5`, too."""


def to_numpy(tensor: Any) -> Array:
    array: Array = keras.ops.convert_to_numpy(tensor)
    return array.astype(np.float32) if array.dtype.name == "bfloat16" else array


TRANSLATE = "translate.keras"


def save_translate(random: np.random.Generator) -> None:
    """A decoder that starts from the last states of an encoder, and what it gives."""
    source, target = keras.Input((None, INPUT_SIZE)), keras.Input((None, INPUT_SIZE))
    _, h, c = layers.LSTM(2, return_state=True, name="encoder")(source)
    decoder = layers.LSTM(2, return_sequences=True, name="decoder")
    model = keras.Model([source, target], decoder(target, initial_state=[h, c]))
    randomise(model, random)
    shapes = {"source": (TIMESTEPS, INPUT_SIZE), "target": (TIMESTEPS - 2, INPUT_SIZE)}
    read = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    given = to_numpy(model([each[np.newaxis] for each in read.values()]))[0]
    model.save(FOLDER / TRANSLATE)
    arrays: dict[str, Any] = {"decoder": given, **read}
    np.savez(FOLDER / "translate.npz", **arrays)


def main(names: Sequence[str]) -> None:
    keras.utils.set_random_seed(SEED)
    random = np.random.default_rng(SEED)
    for name, make in SAVED.items():
        model = make()
        randomise(model, random)
        inputs = random.normal(size=(TIMESTEPS, INPUT_SIZE)).astype(np.float32)
        if make is tokens:
            inputs = random.integers(1, TOKENS, TIMESTEPS).astype(np.int32)
        if names and name not in names:
            continue
        if name.endswith(".keras"):
            model.save(FOLDER / name)
            if make in ALSO_OLD:
                model.save(FOLDER / f"{name.removesuffix('.keras')}.h5")
        else:
            model.save_weights(FOLDER / name)
        if make in (refused, fed):  # their states are of no use
            continue
        stem = name.partition(".")[0]
        arrays: dict[str, Any] = {"inputs": inputs, **computed(model, inputs)}
        np.savez(FOLDER / f"{stem}.npz", **arrays)
    if not names or TRANSLATE in names:
        save_translate(random)


if __name__ == "__main__":
    main(sys.argv[1:])
