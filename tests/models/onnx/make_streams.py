"""Make the models of this folder that are called again and again, and the quantised ones.

Run it with torch 2.13.0, onnx 1.23.2, onnxscript 0.7.2 and onnxruntime 1.32.0 installed:

    python tests/models/onnx/make_streams.py

A stream's `NAME.npz` holds `inputs`, `(timesteps, input_size)`, and `h`, `(timesteps,
hidden_size)`, which onnxruntime gives when the whole model is called for a few timesteps at a time
and each call is given the last states of the one before. What is quantised is listed alone.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

torch: Any = import_module("torch")
runtime: Any = import_module("onnxruntime")
quantization: Any = import_module("onnxruntime.quantization")

HERE = Path(__file__).parent
TIMESTEPS, INPUT_SIZE, HIDDEN_SIZE = 6, 3, 2
QUANTISED_SIZES = (4, 8)
OPSET = 18
STATES = ("h0", "c0")
LAST = ("hn", "cn")


def drawn(module: Any, seed: int) -> Any:
    torch.manual_seed(seed)
    for weights in module.parameters():
        torch.nn.init.uniform_(weights, -0.8, 0.8)
    return module.eval()


def forward(self: Any, x: Any, *states: Any) -> Any:
    """What a call gives: the output, and each last state by itself."""
    output, last = self.module(x, states if len(states) > 1 else states[0])
    return (output, *last) if isinstance(last, tuple) else (output, last)


def export(name: str, module: Any, length: int, *, dynamo: bool = False) -> None:
    """Export a module for `length` timesteps a call, its states among inputs and outputs."""
    one_call = type("OneCall", (torch.nn.Module,), {"forward": forward})()
    one_call.module = drawn(module, seed=len(name))
    count = 2 if isinstance(module, torch.nn.LSTM) else 1
    x = torch.zeros(1, length, INPUT_SIZE)  # batch first
    states = [torch.zeros(module.num_layers, 1, HIDDEN_SIZE) for _ in range(count)]
    path = HERE / f"{name}.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter is announced to go
        torch.onnx.export(
            one_call.eval(),
            (x, *states),
            path,
            dynamo=dynamo,
            input_names=["x", *STATES[:count]],
            output_names=["y", *LAST[:count]],
            external_data=False,
            verbose=False,
        )
    without_traces(path)
    save(name, length, [state.numpy() for state in states])


def without_traces(path: Path) -> None:
    """Leave out where in this script each node comes from: paths of the machine it ran on."""
    model = onnx.load(path)
    for part in (*model.graph.node, *model.graph.value_info, model.graph, model):
        part.ClearField("metadata_props")
    for part in (*model.graph.input, *model.graph.output, *model.graph.initializer):
        part.ClearField("metadata_props")
    for node in model.graph.node:
        node.ClearField("doc_string")
    onnx.save(model, path)


def by_hand(name: str) -> None:
    """A GRU of one timestep a call, and nothing around it."""
    random = np.random.default_rng(1)
    rows = 3 * HIDDEN_SIZE
    shapes = {"W": (1, rows, INPUT_SIZE), "R": (1, rows, HIDDEN_SIZE), "B": (1, 2 * rows)}
    weights = [
        numpy_helper.from_array(random.uniform(-0.8, 0.8, shape).astype(np.float32), letter)
        for letter, shape in shapes.items()
    ]
    node = helper.make_node(
        "GRU",
        ["x", "W", "R", "B", "", "h0"],
        ["y", "hn"],
        name="gru",
        hidden_size=HIDDEN_SIZE,
        linear_before_reset=1,
    )
    float32, state = onnx.TensorProto.FLOAT, [1, 1, HIDDEN_SIZE]
    graph = helper.make_graph(
        [node],
        name,
        [
            helper.make_tensor_value_info("x", float32, [1, 1, INPUT_SIZE]),
            helper.make_tensor_value_info("h0", float32, state),
        ],
        [
            helper.make_tensor_value_info("y", float32, [1, 1, 1, HIDDEN_SIZE]),
            helper.make_tensor_value_info("hn", float32, state),
        ],
        weights,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9, producer_name="by hand"
    )
    onnx.save(model, HERE / f"{name}.onnx")
    save(name, 1, [np.zeros(state, dtype=np.float32)])


def save(name: str, length: int, states: list[Any]) -> None:
    """Call the model again and again, and keep its outputs."""
    inputs = np.random.default_rng(3).standard_normal((TIMESTEPS, INPUT_SIZE)).astype(np.float32)
    session = runtime.InferenceSession((HERE / f"{name}.onnx").read_bytes())
    given = dict(zip(STATES, states, strict=False))
    outputs = []
    for t in range(0, TIMESTEPS, length):
        output, *last = session.run(
            ["y", *LAST[: len(states)]], {"x": inputs[None, t : t + length], **given}
        )
        given = dict(zip(given, last, strict=True))
        outputs.append(output.reshape(length, HIDDEN_SIZE))
    np.savez(HERE / f"{name}.npz", inputs=inputs, h=np.concatenate(outputs))


def calibration() -> Any:
    """What the quantiser measures the ranges of numbers with."""
    random = np.random.default_rng(2)
    size = (TIMESTEPS, 1, QUANTISED_SIZES[0])
    rows = iter([{"x": random.standard_normal(size).astype(np.float32)} for _ in range(3)])
    read = {"get_next": lambda _: next(rows, None)}
    return type("Calibration", (quantization.CalibrationDataReader,), read)()


def quantised(name: str, kind: str, *, static: bool) -> None:
    """A module of torch, through onnxruntime's quantiser."""
    module = drawn(getattr(torch.nn, kind)(*QUANTISED_SIZES), seed=len(name))
    plain, path = HERE / f"{name}.plain.onnx", HERE / f"{name}.onnx"
    x = torch.zeros(TIMESTEPS, 1, QUANTISED_SIZES[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, (x,), plain, dynamo=False, input_names=["x"])
    without_traces(plain)
    try:
        if static:
            quantization.quantize_static(plain, path, calibration(), op_types_to_quantize=[kind])
        else:
            quantization.quantize_dynamic(plain, path, weight_type=quantization.QuantType.QInt8)
    finally:
        plain.unlink()
    without_traces(path)


def main() -> None:
    sizes = (INPUT_SIZE, HIDDEN_SIZE)
    export("stream_lstm", torch.nn.LSTM(*sizes, batch_first=True), 1)
    export("stream_stack", torch.nn.LSTM(*sizes, num_layers=2, batch_first=True), 1)
    export("stream_pairs", torch.nn.GRU(*sizes, num_layers=2, batch_first=True), 2)
    export("stream_dynamo", torch.nn.LSTM(*sizes, batch_first=True), 1, dynamo=True)
    by_hand("stream_by_hand")
    quantised("quantised_lstm", "LSTM", static=False)
    quantised("quantised_gru", "GRU", static=True)


if __name__ == "__main__":
    main()
