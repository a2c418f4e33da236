"""Small ONNX models made by hand, for tests of reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from gatereel.rnn_math import Array
from gatereel.rnn_math.models import Layer, run

MODELS = Path(__file__).parents[2] / "models" / "onnx"
"""Real files, made by the script in their folder."""

INPUT_SIZE, HIDDEN_SIZE = 3, 2
OPSET, IR_VERSION = 18, 9
BLOCKS = {"RNN": 1, "GRU": 3, "LSTM": 4}

Constants = dict[str, NDArray[Any]]


def weights(
    kind: str,
    prefix: str = "",
    input_size: int = INPUT_SIZE,
    hidden_size: int = HIDDEN_SIZE,
    directions: int = 1,
    seed: int = 0,
) -> Constants:
    """Random W, R and B under their names with `prefix` in front."""
    random = np.random.default_rng(seed)
    rows = BLOCKS[kind] * hidden_size
    shapes = {
        "W": (directions, rows, input_size),
        "R": (directions, rows, hidden_size),
        "B": (directions, 2 * rows),
    }
    return {
        prefix + name: random.uniform(-0.8, 0.8, shape).astype(np.float32)
        for name, shape in shapes.items()
    }


def node(kind: str, reads: Sequence[str], writes: Sequence[str], **attributes: Any) -> Any:
    return helper.make_node(kind, list(reads), list(writes), **attributes)


def model(
    nodes: Sequence[onnx.NodeProto],
    constants: Constants,
    inputs: Mapping[str, Sequence[int | str | None]] | None = None,
    *,
    opset: int = OPSET,
    types: dict[str, int] | None = None,
) -> onnx.ModelProto:
    """A model that reads "x", `(timesteps, batch, input_size)`, unless `inputs` says other."""
    shapes = {"x": ("T", "B", INPUT_SIZE)} if inputs is None else inputs
    kinds = types or {}
    graph = helper.make_graph(
        list(nodes),
        "test",
        [
            helper.make_tensor_value_info(name, kinds.get(name, onnx.TensorProto.FLOAT), shape)
            for name, shape in shapes.items()
        ],
        [onnx.ValueInfoProto(name=next(name for name in nodes[-1].output if name))],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=IR_VERSION
    )


def one_node(kind: str = "LSTM", reads: Sequence[str] = (), **attributes: Any) -> onnx.ModelProto:
    """A model of one recurrent node; `reads` are inputs after B, constants added by the caller."""
    lone = node(kind, ["x", "W", "R", "B", *reads], ["y"], name="one", **attributes)
    directions = 2 if attributes.get("direction") == "bidirectional" else 1
    return model([lone], weights(kind, directions=directions))


def with_constant(made: onnx.ModelProto, name: str, array: NDArray[Any]) -> onnx.ModelProto:
    made.graph.initializer.append(numpy_helper.from_array(array, name))
    return made


def saved(folder: Path, made: onnx.ModelProto, name: str = "model.onnx") -> Path:
    path = folder / name
    path.write_bytes(made.SerializeToString())
    return path


def hidden_states(layer: Layer, inputs: Array) -> Array:
    """As ONNX's Y: `(timesteps, directions, hidden_size)` in the order of the sequence."""
    states = []
    for direction in layer.strands:
        h = run(layer, direction, inputs).values["h"]
        states.append(h if direction == "forward" else h[::-1])
    return np.stack(states, axis=1)
