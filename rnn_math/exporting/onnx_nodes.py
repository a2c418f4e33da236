"""What an ONNX node says of a layer: its operator, its direction and its functions."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.cells import (
    GRU_RESET_AFTER,
    GRU_RESET_BEFORE,
    LSTM,
    RNN,
    RNN_RELU,
)
from gatereel.rnn_math.cells.relatives.lstm_peepholes import (
    LSTM_COUPLED,
    LSTM_PEEPHOLES,
    LSTM_PEEPHOLES_COUPLED,
)
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.exporting.functions import Functions, functions_of
from gatereel.rnn_math.exporting.stored import ExportTask
from gatereel.rnn_math.functions import (
    Affine,
    Clipped,
    ElementFunction,
    Elu,
    HardSigmoid,
    LeakyRelu,
    Linear,
    Relu,
    ScaledTanh,
    Sigmoid,
    Softplus,
    Softsign,
    TanhFunction,
    ThresholdedRelu,
)
from gatereel.rnn_math.models.model import Direction, Layer
from gatereel.rnn_math.models.onnx.cells import ACTIVATIONS

KINDS: Mapping[str, str] = MappingProxyType(
    {
        RNN.name: "RNN",
        RNN_RELU.name: "RNN",
        LSTM.name: "LSTM",
        LSTM_PEEPHOLES.name: "LSTM",
        LSTM_COUPLED.name: "LSTM",
        LSTM_PEEPHOLES_COUPLED.name: "LSTM",
        GRU_RESET_BEFORE.name: "GRU",
        GRU_RESET_AFTER.name: "GRU",
    }
)
"""A cell's family to the operator."""

_COUPLED = (LSTM_COUPLED.name, LSTM_PEEPHOLES_COUPLED.name)

_DIRECTIONS: Mapping[Direction, str] = MappingProxyType(
    {"forward": "forward", "backward": "reverse"}
)
_BOTH = "bidirectional"


def problem(cell: Cell) -> str:
    """Why ONNX's operators do not compute a cell; empty when they do."""
    if cell.family not in KINDS:
        return f"it computes {cell.convention}"
    for function in _functions(cell):
        inner = function.inner if isinstance(function, Clipped) else function
        if _named(inner) is None:
            return f"it has the function {function.name}, {function.definition}"
    return ""


def attributes_of(layer: Layer, kind: str, task: ExportTask) -> dict[str, Any]:
    """A node's attributes. Raises InputError for two limits of clipping in one node."""
    directions = tuple(layer.strands)
    found: dict[str, Any] = {
        "hidden_size": layer.hidden_size,
        "direction": _BOTH if len(directions) > 1 else _DIRECTIONS[directions[0]],
    }
    cells = [strand.cell for strand in layer.strands.values()]
    if kind == "GRU":
        found["linear_before_reset"] = int(cells[0].family == GRU_RESET_AFTER.name)
    if cells[0].family in _COUPLED:
        found["input_forget"] = 1
    functions = [each for cell in cells for each in _functions(cell)]
    limits = {each.most for each in functions if isinstance(each, Clipped)}
    if len(limits) > 1:
        raise InputError(f"The layer {layer.name!r} clips at two limits; ONNX has one a node.")
    if limits:
        found["clip"] = float(limits.pop())
    plain = [each.inner if isinstance(each, Clipped) else each for each in functions]
    named = [_named(each) for each in plain]
    names = [each[0] for each in named if each]
    if [name.lower() for name in names] != list(ACTIVATIONS[kind]) * len(cells):
        found["activations"] = names
        alphas = [each[1] for each in named if each and each[1] is not None]
        betas = [each[2] for each in named if each and each[2] is not None]
        for key, values in (("activation_alpha", alphas), ("activation_beta", betas)):
            if values:
                found[key] = [float(each) for each in task.rounding(np.array(values))]
    return found


def kind_of(layer: Layer) -> str:
    """A layer's operator. Raises InputError for directions that no one node computes."""
    families = {strand.cell.family for strand in layer.strands.values()}
    kinds = {KINDS[family] for family in families}
    mixed = len(families) > 1 and not families <= {RNN.name, RNN_RELU.name}
    if len(kinds) > 1 or mixed:
        raise InputError(
            f"The directions of the layer {layer.name!r} compute cells of two kinds, which no node "
            "of ONNX does."
        )
    return kinds.pop()


def stored_functions(cell: Cell) -> Functions:
    """A cell's functions as a reader finds them: what they are made with is float32."""

    def stored(function: ElementFunction) -> ElementFunction:
        match function:
            case Clipped(inner=inner, most=most):
                return Clipped(stored(inner), float(np.float32(most)))
            case Linear():
                return Affine(1.0, 0.0)
        if not is_dataclass(function):
            return function
        made_with = {each.name: getattr(function, each.name) for each in fields(function)}
        return replace(function, **{n: float(np.float32(each)) for n, each in made_with.items()})

    chosen = functions_of(cell)
    return Functions(stored(chosen.gates), stored(chosen.contents), stored(chosen.output))


def _functions(cell: Cell) -> tuple[ElementFunction, ...]:
    """In the order in which the operator names them."""
    chosen = functions_of(cell)
    match KINDS[cell.family]:
        case "RNN":
            return (chosen.contents,)
        case "GRU":
            return (chosen.gates, chosen.contents)
    return (chosen.gates, chosen.contents, chosen.output)


def _named(function: ElementFunction) -> tuple[str, float | None, float | None] | None:
    """ONNX's name of a function, its alpha and its beta; None where ONNX has no such function."""
    match function:
        case Sigmoid() | Softsign() | Softplus() | Relu():
            return type(function).__name__, None, None
        case TanhFunction():
            return "Tanh", None, None
        case Linear():
            return "Affine", 1.0, 0.0
        case Elu(alpha=alpha):
            return "Elu", alpha, None
        case LeakyRelu(alpha=alpha):
            return "LeakyRelu", alpha, None
        case ThresholdedRelu(alpha=alpha):
            return "ThresholdedRelu", alpha, None
        case HardSigmoid(alpha=alpha, beta=beta):
            return "HardSigmoid", alpha, beta
        case ScaledTanh(alpha=alpha, beta=beta):
            return "ScaledTanh", alpha, beta
        case Affine(alpha=alpha, beta=beta):
            return "Affine", alpha, beta
        case _:
            return None
