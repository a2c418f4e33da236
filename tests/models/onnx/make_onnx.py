"""Make the models in this folder, each with what onnxruntime computes for it beside it.

Run it with torch 2.13.0, onnx 1.23.2, onnxscript 0.7.2 and onnxruntime 1.32.0 installed:

    python tests/models/onnx/make_onnx.py

`NAME.npz` holds `inputs`, `(timesteps, input_size)`, or `tokens`, `(timesteps,)`, and for the k-th
recurrent node its hidden states `h_k`, `(timesteps, directions, hidden_size)`, in the order of the
sequence, and of an LSTM the last cell states `c_k`, `(directions, hidden_size)`.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from torch import nn

HERE = Path(__file__).parent
TIMESTEPS, INPUT_SIZE, HIDDEN_SIZE, TOKENS = 6, 3, 2, 5
OPSET = 18
BLOCKS = {"RNN": 1, "GRU": 3, "LSTM": 4}


class OutputOf(nn.Module):
    """A recurrent module's output without its last states; an embedding first, if one is given."""

    def __init__(self, module: nn.Module, embedding: nn.Module | None = None) -> None:
        super().__init__()
        self.module, self.embedding = module, embedding

    def forward(self, x: torch.Tensor, *states: torch.Tensor) -> torch.Tensor:
        rows = x if self.embedding is None else self.embedding(x)
        given = () if not states else (states if len(states) > 1 else states[0],)
        output: torch.Tensor = self.module(rows, *given)[0]
        return output


def sequence(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((TIMESTEPS, INPUT_SIZE)).astype(np.float32)


def export(
    name: str,
    module: nn.Module,
    *,
    dynamo: bool = False,
    batch_first: bool = False,
    batch: int = 1,
    dynamic: bool = True,
    embedding: bool = False,
    states: int = 0,
) -> None:
    """Export with torch; `dynamic` leaves the number of timesteps and the batch open."""
    torch.manual_seed(len(name))
    for weights in module.parameters():
        nn.init.uniform_(weights, -0.8, 0.8)
    matrix = nn.Embedding(TOKENS, INPUT_SIZE) if embedding else None
    lead = (batch, TIMESTEPS) if batch_first else (TIMESTEPS, batch)
    x = torch.zeros(lead, dtype=torch.int64) if embedding else torch.zeros(*lead, INPUT_SIZE)
    zeros = [torch.zeros(1, batch, HIDDEN_SIZE) for _ in range(states)]
    path = HERE / f"{name}.onnx"
    axes = {0: "B", 1: "T"} if batch_first else {0: "T", 1: "B"}
    shapes: dict[str, Any] = {}
    if dynamic and dynamo:
        shapes["dynamic_shapes"] = ({k: torch.export.Dim.AUTO for k in axes},)
    elif dynamic:
        shapes["dynamic_axes"] = {"x": axes}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the older exporter is announced to go
        torch.onnx.export(
            OutputOf(module, matrix).eval(),
            (x, *zeros),
            path,
            dynamo=dynamo,
            input_names=["x", "h0", "c0"][: 1 + states],
            output_names=["y"],
            external_data=False,
            verbose=False,
            **shapes,
        )
    without_traces(path)
    if embedding:
        tokens = np.random.default_rng(7).integers(0, TOKENS, TIMESTEPS)
        fed = np.stack([tokens] * batch, axis=0 if batch_first else 1)
        save(name, {"tokens": tokens}, {"x": fed})
    else:
        inputs = sequence(3)
        fed = np.stack([inputs] * batch, axis=0 if batch_first else 1)
        others = {n: z.numpy() for n, z in zip(("h0", "c0"), zeros, strict=False)}
        save(name, {"inputs": inputs}, {"x": fed} | others)


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


def outside(name: str, of: str) -> None:
    """Save the model `of` once more, its weights in a file beside it."""
    onnx.save(
        onnx.load(HERE / f"{of}.onnx"),
        HERE / f"{name}.onnx",
        save_as_external_data=True,
        location=f"{name}.onnx.data",
        size_threshold=0,
    )
    (HERE / f"{name}.npz").write_bytes((HERE / f"{of}.npz").read_bytes())


def save(name: str, kept: dict[str, np.ndarray], feeds: dict[str, np.ndarray]) -> None:
    """Run the model with every recurrent node's outputs, and keep those."""
    model = onnx.load(HERE / f"{name}.onnx")
    nodes = [node for node in model.graph.node if node.op_type in BLOCKS]
    for k, node in enumerate(nodes):
        for place, called in ((0, f"h_{k}"), (2, f"c_{k}")):
            if place and node.op_type != "LSTM":
                continue
            while len(node.output) <= place:
                node.output.append("")
            node.output[place] = node.output[place] or called
            if node.output[place] not in [each.name for each in model.graph.output]:
                model.graph.output.append(onnx.ValueInfoProto(name=node.output[place]))
    names = [each.name for each in model.graph.output]
    layouts = {each.i for node in nodes for each in node.attribute if each.name == "layout"}
    if 1 in layouts:  # onnxruntime does not run it on a CPU
        results = ReferenceEvaluator(model).run(names, feeds)
    else:
        session = import_module("onnxruntime").InferenceSession(model.SerializeToString())
        results = session.run(names, feeds)
    values = dict(zip(names, results, strict=True))
    for k, node in enumerate(nodes):
        batch_first = any(each.name == "layout" and each.i for each in node.attribute)
        h = values[node.output[0]]
        kept[f"h_{k}"] = h[0] if batch_first else h[:, :, 0]
        if node.op_type == "LSTM":
            c = values[node.output[2]]
            kept[f"c_{k}"] = c[0] if batch_first else c[:, 0]
    with (HERE / f"{name}.npz").open("wb") as file:
        np.savez(file, allow_pickle=False, **kept)


def by_hand(
    name: str,
    kind: str,
    *,
    direction: str = "forward",
    initial: bool = False,
    peepholes: bool = False,
    layout: int = 0,
    **attributes: Any,
) -> None:
    """Make a model of one node."""
    random = np.random.default_rng(len(name))
    directions = 2 if direction == "bidirectional" else 1
    rows = BLOCKS[kind] * HIDDEN_SIZE

    def drawn(called: str, *shape: int) -> onnx.TensorProto:
        numbers = random.uniform(-0.8, 0.8, (directions, *shape)).astype(np.float32)
        return numpy_helper.from_array(numbers, called)

    constants = [
        drawn("W", rows, INPUT_SIZE),
        drawn("R", rows, HIDDEN_SIZE),
        drawn("B", 2 * rows),
    ]
    names = ["x", "W", "R", "B"]
    if initial or peepholes:
        constants.append(drawn("initial_h", 1, HIDDEN_SIZE))
        names += ["", "initial_h"]
        if kind == "LSTM":
            constants.append(drawn("initial_c", 1, HIDDEN_SIZE))
            names.append("initial_c")
    if peepholes:
        constants.append(drawn("P", 3 * HIDDEN_SIZE))
        names.append("P")
    node = helper.make_node(
        kind,
        names,
        ["y", "y_h", "y_c"][: 3 if kind == "LSTM" else 2],
        name=kind.lower(),
        hidden_size=HIDDEN_SIZE,
        direction=direction,
        layout=layout,
        **attributes,
    )
    lead = ["B", "T"] if layout else ["T", "B"]
    x = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [*lead, INPUT_SIZE])
    y = [onnx.ValueInfoProto(name="y")]
    graph = helper.make_graph([node], name, [x], y, constants)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9, producer_name="by hand"
    )
    onnx.save(model, HERE / f"{name}.onnx")
    inputs = sequence(5)
    save(name, {"inputs": inputs}, {"x": inputs[None] if layout else inputs[:, None]})


def main() -> None:
    sizes = (INPUT_SIZE, HIDDEN_SIZE)
    both = {"num_layers": 2, "bidirectional": True}
    export("torch_rnn_tanh", nn.RNN(*sizes))
    export("torch_rnn_relu", nn.RNN(*sizes, nonlinearity="relu", num_layers=2))
    export("torch_lstm", nn.LSTM(*sizes), dynamic=False)
    export("torch_gru", nn.GRU(*sizes))
    export("torch_lstm_both", nn.LSTM(*sizes, **both))
    export("torch_gru_both", nn.GRU(*sizes, **both, batch_first=True), batch_first=True)
    export("torch_lstm_batch", nn.LSTM(*sizes, **both), batch=2, dynamic=False)
    export(
        "torch_embedding",
        nn.LSTM(*sizes, batch_first=True),
        batch_first=True,
        embedding=True,
    )
    export("torch_states", nn.LSTM(*sizes), states=2)
    export("dynamo_lstm_both", nn.LSTM(*sizes, **both), dynamo=True, dynamic=False)
    export("dynamo_gru", nn.GRU(*sizes, batch_first=True), dynamo=True, batch_first=True)
    export(
        "dynamo_embedding",
        nn.LSTM(*sizes, batch_first=True),
        dynamo=True,
        dynamic=False,
        batch_first=True,
        embedding=True,
    )
    export("dynamo_rnn", nn.RNN(*sizes), dynamo=True, dynamic=False)  # taken apart: no RNN node
    outside("torch_outside", of="torch_gru")
    by_hand("gru_reset_before", "GRU", linear_before_reset=0)
    by_hand("gru_reset_after", "GRU", linear_before_reset=1, direction="bidirectional")
    by_hand("lstm_reverse", "LSTM", direction="reverse")
    by_hand("lstm_initial", "LSTM", direction="bidirectional", initial=True)
    by_hand("gru_initial", "GRU", initial=True, linear_before_reset=1)
    by_hand("rnn_mixed", "RNN", direction="bidirectional", activations=["Tanh", "Relu"])
    by_hand("lstm_layout", "LSTM", layout=1)
    by_hand("lstm_peepholes", "LSTM", peepholes=True)
    by_hand("gru_clip", "GRU", clip=0.5)
    by_hand("lstm_input_forget", "LSTM", input_forget=1)
    by_hand("rnn_affine", "RNN", activations=["Affine"], activation_alpha=[1.0])


if __name__ == "__main__":
    main()
