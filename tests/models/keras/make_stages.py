"""Make the Keras files of layers below recurrent ones, and beside each what Keras itself computes.

    KERAS_BACKEND=torch python tests/models/keras/make_stages.py keras
    python tests/models/keras/make_stages.py tf_keras

The files in this folder were saved by Keras 3.15.1 with PyTorch 2.13, and those called keras_2 by
tf_keras 2.21 with TensorFlow 2.21. Each has an `.npz` with the model's inputs and, as
"normed/forward/h", the states of every layer and direction in the order in which it reads: its own
cell called one timestep at a time.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LIBRARY = sys.argv[1]
keras: Any = import_module(LIBRARY)
layers: Any = keras.layers
IS_KERAS_2 = LIBRARY != "keras"

FOLDER = Path(__file__).parent
SEED = 11
TIMESTEPS, INPUT_SIZE = 5, 3
TOKENS = 7
AGREEMENT = 1e-5
"""Between a layer called whole and its cell called by timesteps, in float32."""

FUNCTIONS = ("sigmoid", "elu", "softplus", "hard_sigmoid", "swish", "gelu", "mish", "softmax")
OF_KERAS_3 = ("hard_silu", "hard_tanh", "leaky_relu", "relu6", "log_softmax")

Array = NDArray[Any]


def sequences(layer: type, units: int, **options: Any) -> Any:
    return layer(units, return_sequences=True, **options)


def stages() -> Any:
    """Every kind of layer that is computed below a recurrent one."""
    x = keras.Input((TIMESTEPS, INPUT_SIZE), name="rows")
    y = layers.BatchNormalization(name="norm")(layers.Dense(4, activation="relu", name="dense")(x))
    branches = [layers.LSTM(2, name="normed")(y)]
    y = layers.Masking(mask_value=-9.0, name="masking")(x)
    y = layers.Dropout(0.3)(layers.Dense(4, use_bias=False, name="without_bias")(y))
    branches.append(layers.GRU(2, name="unmasked")(y))
    y = layers.TimeDistributed(layers.Dense(2, activation="tanh"), name="each")(x)
    y = layers.BatchNormalization(2, epsilon=0.1, center=False, scale=False, name="bare")(y)
    y = layers.TimeDistributed(layers.Activation("sigmoid"), name="each_function")(y)
    lower = sequences(layers.LSTM, 2, name="lower")(y)
    branches.append(layers.GRU(2, name="upper")(layers.Dense(3, name="between")(lower)))
    y = layers.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2, name="bounded")(x)
    y = layers.Activation("tanh", name="squashed")(layers.ELU(alpha=0.7)(layers.LeakyReLU()(y)))
    branches.append(layers.SimpleRNN(2, name="of_functions")(layers.Softmax(name="shares")(y)))
    y = layers.Bidirectional(layers.LSTM(2), name="encoder")(x)
    y = layers.RepeatVector(4, name="repeat")(layers.Dense(3, name="code")(y))
    branches.append(layers.GRU(2, name="decoder")(y))
    y = layers.GRU(2, go_backwards=True, name="backwards")(x)
    branches.append(layers.SimpleRNN(2, name="of_last")(layers.RepeatVector(3)(y)))
    _, h, _ = sequences(layers.LSTM, 2, return_state=True, name="states")(x)
    branches.append(layers.GRU(2, name="of_state")(layers.RepeatVector(3)(h)))
    y = x
    for name in FUNCTIONS if IS_KERAS_2 else (*FUNCTIONS, *OF_KERAS_3):
        y = layers.Dense(3, activation=name, name=f"dense_{name}")(y)
    branches.append(layers.SimpleRNN(2, name="of_activations")(y))
    return keras.Model(x, layers.Concatenate()(branches))


def stage_tokens() -> Any:
    """Tokens, some of which the model masks, and a dense layer between."""
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(TOKENS, INPUT_SIZE, mask_zero=True, name="embedding"),
            layers.Dense(4, activation="relu", name="dense"),
            layers.LSTM(2, name="lstm"),
        ]
    )


def repeated() -> Any:
    """A sequence made of one row, in a model inside a model."""
    inner = keras.Sequential(
        [
            keras.Input((INPUT_SIZE,)),
            layers.Dense(4, name="dense"),
            layers.BatchNormalization(name="norm"),
            layers.RepeatVector(4),
        ],
        name="inner",
    )
    x = keras.Input((INPUT_SIZE,), name="row")
    y = layers.Masking(name="masking")(inner(x))
    y = layers.TimeDistributed(layers.Dense(3), name="each")(y)
    return keras.Model(x, layers.LSTM(2, name="lstm")(y))


def randomise(model: Any, random: np.random.Generator) -> None:
    """Give weights and biases values; Keras starts biases at nought or one."""
    for variable in model.variables:
        dtype = getattr(variable.dtype, "as_numpy_dtype", variable.dtype)
        if np.issubdtype(np.dtype(dtype), np.floating):
            values = random.uniform(-0.9, 0.9, variable.shape)
            variable.assign(np.abs(values) if "variance" in variable.name else values)


def computed(model: Any, inputs: Array) -> dict[str, Array]:
    """What Keras computes: the states of every recurrent layer and direction."""
    found: dict[str, Array] = {}
    for layer in model.layers:
        if not isinstance(layer, layers.Bidirectional | layers.RNN):
            continue
        reads = layer.input[0] if isinstance(layer.input, list) else layer.input  # a mask beside it
        x = to_numpy(keras.Model(model.inputs, reads)(inputs[np.newaxis]))
        if isinstance(layer, layers.Bidirectional):
            sides = {"forward": layer.forward_layer, "backward": layer.backward_layer}
        else:
            sides = {"backward" if layer.go_backwards else "forward": layer}
        for direction, side in sides.items():
            stepped = steps(side.cell, x, direction)
            whole = side(x)
            whole = to_numpy(whole[0] if side.return_state else whole)[0]
            last = whole[-1] if side.return_sequences else whole
            assert np.abs(stepped["h"][-1] - last).max() < AGREEMENT
            found |= {f"{layer.name}/{direction}/{state}": each for state, each in stepped.items()}
    return found


def steps(cell: Any, x: Array, direction: str) -> dict[str, Array]:
    """Call a cell one timestep at a time, carrying its states."""
    sizes = cell.state_size if isinstance(cell.state_size, list | tuple) else [cell.state_size]
    state = [to_tensor(np.zeros((1, int(size)), np.float32)) for size in sizes]
    found = []
    for t in range(x.shape[1]) if direction == "forward" else reversed(range(x.shape[1])):
        _, now = cell(x[:, t], state)
        state = list(now) if isinstance(now, list | tuple) else [now]
        found.append([to_numpy(each)[0] for each in state])
    columns = [np.array(column) for column in zip(*found, strict=True)]
    return dict(zip(("h", "c"), columns, strict=False))


def to_tensor(array: Array) -> Any:
    convert: Any = import_module("tensorflow") if IS_KERAS_2 else keras.ops
    return convert.convert_to_tensor(array)


def to_numpy(tensor: Any) -> Array:
    array: Array = np.asarray(tensor) if IS_KERAS_2 else keras.ops.convert_to_numpy(tensor)
    return array


def main() -> None:
    keras.utils.set_random_seed(SEED)
    random = np.random.default_rng(SEED)
    for make in (stages, stage_tokens, repeated):
        model = make()
        randomise(model, random)
        inputs = random.normal(size=(TIMESTEPS, INPUT_SIZE)).astype(np.float32)
        if make is stage_tokens:
            inputs = random.integers(1, TOKENS, TIMESTEPS).astype(np.int32)
        if make is repeated:
            inputs = inputs[0]
        stem = f"{make.__name__}_keras_2" if IS_KERAS_2 else make.__name__
        model.save(FOLDER / f"{stem}.keras")
        model.save(FOLDER / f"{stem}.h5")
        arrays: dict[str, Any] = {"inputs": inputs, **computed(model, inputs)}
        np.savez(FOLDER / f"{stem}.npz", **arrays)


if __name__ == "__main__":
    main()
