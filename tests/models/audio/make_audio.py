"""Make the models in this folder, each by the code that users of it have, with its own outputs.

python make_audio.py [FILE...]

`.nam` files need the package neural-amp-modeler, the others PyTorch, and Keras over it.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch

FOLDER = Path(__file__).parent
TIMESTEPS = 12
HIDDEN_SIZE = 4
SEED = 5


def sound() -> np.ndarray:
    """A sequence of one feature, as sound is, `(timesteps, 1)`."""
    return np.random.default_rng(SEED).normal(size=(TIMESTEPS, 1)).astype(np.float32)


def proteus(path: Path) -> dict[str, Any]:
    """An LSTM and a linear layer in the form of GuitarML's trainer."""
    torch.manual_seed(SEED)
    lstm, linear = torch.nn.LSTM(1, HIDDEN_SIZE), torch.nn.Linear(HIDDEN_SIZE, 1)
    tensors = {f"rec.{name}": each for name, each in lstm.state_dict().items()}
    tensors |= {f"lin.{name}": each for name, each in linear.state_dict().items()}
    about = {
        **{"model": "SimpleRNN", "input_size": 1, "skip": 1, "output_size": 1},
        **{"unit_type": "LSTM", "num_layers": 1, "hidden_size": HIDDEN_SIZE, "bias_fl": True},
    }
    content = {
        "model_data": about,
        "state_dict": {name: each.tolist() for name, each in tensors.items()},
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    with torch.no_grad():
        return {"h": lstm(torch.tensor(sound()))[0].numpy()}


def rtneural(path: Path) -> dict[str, Any]:
    """An LSTM, a GRU above it and a Dense at the end, with the arrays of Keras's layers."""
    keras.utils.set_random_seed(SEED)
    layers = [
        keras.layers.LSTM(HIDDEN_SIZE, return_sequences=True),
        keras.layers.GRU(3, return_sequences=True, bias_initializer="glorot_uniform"),
        keras.layers.Dense(2, activation="tanh"),
        keras.layers.GRU(2, return_sequences=True, bias_initializer="glorot_uniform"),
        keras.layers.Dense(1),
    ]
    model = keras.Sequential([keras.Input((None, 1)), *layers])
    stored = [
        {
            "type": type(layer).__name__.lower(),
            "activation": "tanh" if layer is not layers[-1] else "",
            "shape": [None, None, layer.units],
            "weights": [weights.tolist() for weights in layer.get_weights()],
        }
        for layer in layers
    ]
    content = {"in_shape": [None, None, 1], "in_gain": 2.5, "layers": stored}
    path.write_text(json.dumps(content), encoding="utf-8")
    names = ("lstm", "gru", "gru_2/rows", "gru_2")
    found = {}
    for name, layer in zip(names, layers, strict=False):
        part = keras.Model(model.inputs, layer.output)
        found[name] = keras.ops.convert_to_numpy(part(sound()[np.newaxis]))[0]
    return found


def nam(path: Path) -> dict[str, Any]:
    """Two layers with learned first states, by the trainer's own export."""
    from nam.models.recurrent import LSTM

    torch.manual_seed(SEED)
    model = LSTM(HIDDEN_SIZE, num_layers=2, sample_rate=48_000)
    with torch.no_grad():
        model._initial_cell.uniform_(-0.9, 0.9)
        model._initial_hidden.uniform_(-0.9, 0.9)
    model.eval()
    start = model._get_initial_state()
    model._get_initial_state = lambda inputs=None: start  # else random between two calls
    model.export(FOLDER, basename=path.stem)
    with torch.no_grad():
        h, (_, c) = model._core(torch.tensor(sound())[None], start)
        return {"h": h[0].numpy(), "last_c": c[1, 0].numpy()}


MADE: dict[str, Callable[[Path], dict[str, Any]]] = {
    "proteus.json": proteus,
    "rtneural.json": rtneural,
    "amp.nam": nam,
}


def main(names: Sequence[str]) -> None:
    for name in names or MADE:
        path = FOLDER / name
        np.savez(path.with_suffix(".npz"), inputs=sound(), **MADE[name](path))


if __name__ == "__main__":
    main(sys.argv[1:])
