"""State dicts made by hand, for tests of reading them."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np

from gatereel.rnn_math.models import Model
from gatereel.rnn_math.models.pytorch.state_dict import model_of_tensors
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor

NOWHERE = Path("model.safetensors")

GATES = {"rnn": 1, "gru": 3, "lstm": 4}

Shapes = dict[str, tuple[int, ...]]


def shapes_of(
    kind: str,
    prefix: str = "",
    sizes: tuple[int, int] = (3, 2),
    levels: int = 1,
    both: bool = False,
) -> Shapes:
    """Names and shapes of nn.RNN, nn.GRU or nn.LSTM; `sizes` are its input and hidden size."""
    width, hidden = sizes
    shapes: Shapes = {}
    for level in range(levels):
        for suffix in ("", "_reverse")[: 1 + both]:
            end = f"_l{level}{suffix}"
            shapes[f"{prefix}weight_ih{end}"] = (GATES[kind] * hidden, width)
            shapes[f"{prefix}weight_hh{end}"] = (GATES[kind] * hidden, hidden)
            shapes[f"{prefix}bias_ih{end}"] = shapes[f"{prefix}bias_hh{end}"] = (
                GATES[kind] * hidden,
            )
        width = hidden * (1 + both)
    return shapes


def stored(shape: tuple[int, ...], dtype: str = "float32", problem: str = "") -> StoredTensor:
    """A tensor of small different numbers."""
    values = np.linspace(-1, 1, int(np.prod(shape))).reshape(shape)
    return StoredTensor(shape, dtype, lambda: values, problem)


def model_of(shapes: Shapes, **replaced: StoredTensor) -> Model:
    """The model of a state dict with these tensors; `replaced` has some of them by name."""
    tensors = {name: stored(shape) for name, shape in shapes.items()}
    return model_of_tensors(tensors | replaced, NOWHERE)


def damaged(data: bytes, count: int) -> Iterator[bytes]:
    """Cut, overwritten, shortened and stretched copies, the same ones each time."""
    random = Random(0)
    for k in range(count):
        start = random.randrange(1, len(data))
        length = random.randrange(1, 9)
        yield (
            data[:start],
            data[: start - 1] + bytes([random.randrange(256)]) + data[start:],
            data[:start] + data[start + length :],
            data[:start] + random.randbytes(length) + data[start:],
        )[k % 4]
