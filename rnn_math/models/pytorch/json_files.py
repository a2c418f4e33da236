"""State dicts of PyTorch written as JSON: names to lists of numbers.

Models for GuitarML's Proteus have one under "state_dict", beside it what the model is.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.models.audio.reading import Json, content_of, numbers
from gatereel.rnn_math.models.model import Model
from gatereel.rnn_math.models.pytorch.names import find_modules
from gatereel.rnn_math.models.pytorch.state_dict import model_of_tensors
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor

STATE_DICT = "state_dict"
_DIMENSIONS = 8
"""Lists inside one another that are looked at for a tensor's shape."""


def holds_tensors(content: Json) -> bool:
    """Whether a JSON object is a state dict with a recurrent module, or has one inside."""
    inner = content.get(STATE_DICT)
    return isinstance(inner, dict) or bool(find_modules(content))


def read(path: Path) -> Model:
    """Read the recurrent layers; raises InputError as `model_of_tensors` does."""
    return model_of_tensors(stored_tensors(path), path)


def arrays(path: Path) -> Mapping[str, Array]:
    """Every tensor's numbers, by name."""
    return {name: tensor.values() for name, tensor in stored_tensors(path).items()}


def stored_tensors(path: Path) -> dict[str, StoredTensor]:
    """The tensors of a file. Raises InputError for what is no state dict."""
    content = content_of(path)
    found = content.get(STATE_DICT, content)
    if not isinstance(found, dict):
        raise InputError(f"{path}: state_dict must be an object of lists.")
    return {
        name: _tensor(values, f"{path}: {name}")
        for name, values in found.items()
        if isinstance(values, list)
    }


def _tensor(values: list[Any], what: str) -> StoredTensor:
    shape: list[int] = []
    inner: Any = values
    while isinstance(inner, list) and len(shape) < _DIMENSIONS:
        shape.append(len(inner))
        inner = inner[0] if inner else None
    return StoredTensor(tuple(shape), "float32", lambda: numbers(values, what, len(shape)))
