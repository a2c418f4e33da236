"""Make the models of this folder in which something is computed below a recurrent node.

Run it with torch 2.13.0, onnx 1.23.2, onnxscript 0.7.2 and onnxruntime 1.32.0 installed:

    python tests/models/onnx/make_stages.py

`NAME.npz` is as `make_onnx.py` makes it.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

torch: Any = import_module("torch")
nn: Any = torch.nn
make_onnx: Any = import_module("make_onnx")  # beside this script

FUNCTIONS = (
    *("Abs", "Elu", "Erf", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "LogSoftmax", "Mish"),
    *("Neg", "Selu", "Sigmoid", "Softmax", "Softplus", "Softsign", "Tanh", "ThresholdedRelu"),
)
OPSET = 22


def dense(self: Any, x: Any) -> Any:
    """Two dense layers below an LSTM, and one between it and a GRU."""
    rows = self.second(torch.relu(self.first(x)))
    lower, _ = self.lower(torch.tanh(rows))
    return self.upper(nn.functional.leaky_relu(self.between(lower), 0.2))[0]


def norm(self: Any, x: Any) -> Any:
    """BatchNorm1d, which wants the features in front of the timesteps, and SiLU."""
    rows = self.norm(self.first(x).transpose(1, 2)).transpose(1, 2)
    return self.lower(rows * torch.sigmoid(rows))[0]


def tokens(self: Any, x: Any) -> Any:
    """An embedding, a dense layer, and an LSTM of both directions."""
    return self.lower(self.norm(torch.relu(self.first(self.embedding(x)))))[0]


def flat(self: Any, x: Any) -> Any:
    """A dense layer over all timesteps of all sequences at once, which is exported as Gemm."""
    rows = self.first(x.reshape(-1, make_onnx.INPUT_SIZE))
    return self.lower(torch.clamp(rows, -0.5, 0.7).reshape(x.shape[0], x.shape[1], 4))[0]


def module(forward: Any, **parts: Any) -> Any:
    made = type("Stages", (nn.Module,), {"forward": forward})()
    for name, part in parts.items():
        setattr(made, name, part)
    torch.manual_seed(len(parts))
    for weights in made.parameters():
        nn.init.uniform_(weights, -0.8, 0.8)
    for name, values in made.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            nn.init.uniform_(values, 0.2, 0.9)
    return made.eval()


def export(name: str, made: Any, *, dynamo: bool = False, is_of_tokens: bool = False) -> None:
    lead = (1, make_onnx.TIMESTEPS)
    if is_of_tokens:
        x = torch.zeros(lead, dtype=torch.int64)
    else:
        x = torch.zeros(*lead, make_onnx.INPUT_SIZE)
    shapes: dict[str, Any] = {"dynamic_axes": {"x": {0: "B", 1: "T"}}}
    if dynamo:
        shapes = {"dynamic_shapes": ({0: torch.export.Dim.AUTO, 1: torch.export.Dim.AUTO},)}
    path = make_onnx.HERE / f"{name}.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter is announced to go
        torch.onnx.export(
            made,
            (x,),
            path,
            dynamo=dynamo,
            input_names=["x"],
            output_names=["y"],
            external_data=False,
            verbose=False,
            **shapes,
        )
    make_onnx.without_traces(path)
    if is_of_tokens:
        drawn = np.random.default_rng(7).integers(0, make_onnx.TOKENS, make_onnx.TIMESTEPS)
        make_onnx.save(name, {"tokens": drawn}, {"x": drawn[None]})
    else:
        inputs = make_onnx.sequence(3)
        make_onnx.save(name, {"inputs": inputs}, {"x": inputs[None]})


def by_hand(name: str) -> None:
    """Every function after another, a bit of arithmetic between, and an RNN."""
    random = np.random.default_rng(4)
    size = make_onnx.INPUT_SIZE
    attributes: dict[str, dict[str, Any]] = {
        "Elu": {"alpha": 0.6},
        "HardSigmoid": {"alpha": 0.3, "beta": 0.4},
        "LeakyRelu": {"alpha": 0.2},
        "Selu": {"alpha": 1.5, "gamma": 0.9},
        "ThresholdedRelu": {"alpha": 0.1},
    }
    nodes, constants, last = [], [], "x"

    def constant(called: str, *shape: int) -> str:
        numbers = random.uniform(0.2, 0.8, shape).astype(np.float32)
        constants.append(numpy_helper.from_array(numbers, called))
        return called

    for place, function in enumerate(FUNCTIONS):
        op = ("Add", "Mul", "Sub", "Div", "MatMul", "PRelu")[place % 6]
        other = constant(f"c{place}", *([size] * (2 if op == "MatMul" else 1)))
        nodes.append(helper.make_node(op, [last, other], [f"a{place}"]))
        last = f"f{place}"
        given = attributes.get(function, {})
        nodes.append(helper.make_node(function, [f"a{place}"], [last], **given))
    for called, shape in (("W", (1, 2, size)), ("R", (1, 2, 2)), ("B", (1, 4))):
        constant(called, *shape)
    nodes.append(helper.make_node("RNN", [last, "W", "R", "B"], ["y"], name="rnn", hidden_size=2))
    x = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["T", "B", size])
    graph = helper.make_graph(nodes, name, [x], [onnx.ValueInfoProto(name="y")], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.save(model, make_onnx.HERE / f"{name}.onnx")
    inputs = make_onnx.sequence(5)
    make_onnx.save(name, {"inputs": inputs}, {"x": inputs[:, None]})


def main() -> None:
    first, last = nn.Linear(make_onnx.INPUT_SIZE, 4), {"batch_first": True}
    lower = nn.LSTM(4, 2, **last)
    parts = {"second": nn.Linear(4, 4), "between": nn.Linear(2, 3)}
    stacked = {"first": first, "lower": lower, **parts, "upper": nn.GRU(3, 2, **last)}
    export("stages_dense", module(dense, **stacked))
    export("stages_dense_dynamo", module(dense, **stacked), dynamo=True)
    normed = {"first": first, "norm": nn.BatchNorm1d(4), "lower": nn.GRU(4, 2, **last)}
    export("stages_norm", module(norm, **normed))
    export("stages_flat", module(flat, first=first, lower=lower))
    both = nn.LSTM(4, 2, bidirectional=True, **last)
    embedding = nn.Embedding(make_onnx.TOKENS, make_onnx.INPUT_SIZE)
    of_tokens = {"embedding": embedding, "first": first, "norm": nn.Dropout(), "lower": both}
    export("stages_tokens", module(tokens, **of_tokens), is_of_tokens=True)
    by_hand("stages_functions")


if __name__ == "__main__":
    main()
