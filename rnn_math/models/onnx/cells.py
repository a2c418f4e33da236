"""An ONNX node's attributes and constants as the parameters of a cell, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from gatereel.rnn_math.arrays import Array, to_float64
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
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.functions import Clipped, ElementFunction, Relu
from gatereel.rnn_math.models.activations import ONNX, with_activations
from gatereel.rnn_math.models.blocks import biases_of_blocks, parameters_of_blocks
from gatereel.rnn_math.models.model import Direction, Strand
from gatereel.rnn_math.models.onnx.errors import RefusedError, shown_name
from gatereel.rnn_math.models.onnx.evaluate import constant_types, evaluate, sources
from gatereel.rnn_math.models.onnx.graph import Graph, Tensor
from gatereel.rnn_math.parameters import Parameters
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    import onnx

X, W, R, B, LENGTHS, INITIAL_H, INITIAL_C, PEEPHOLES = range(8)
"""What a recurrent node's inputs are, by their place."""

DIRECTIONS: Mapping[str, tuple[Direction, ...]] = MappingProxyType(
    {
        "forward": ("forward",),
        "reverse": ("backward",),
        "bidirectional": ("forward", "backward"),
    }
)
"""ONNX's directions as a layer's."""

GATES: Mapping[str, str] = MappingProxyType({"RNN": "h", "LSTM": "iofg", "GRU": "zrn"})
"""The blocks of W, R and B from top to bottom, in the cells' letters.

Source: the operators' definitions, which call LSTM's last block c and GRU's h.
"""

ACTIVATIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"RNN": ("tanh",), "LSTM": ("sigmoid", "tanh", "tanh"), "GRU": ("sigmoid", "tanh")}
)
"""Each direction's default activations, in lower case, for ONNX lets case vary."""

_ATTRIBUTE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "activation_alpha": "FLOATS",
        "activation_beta": "FLOATS",
        "activations": "STRINGS",
        "clip": "FLOAT",
        "direction": "STRING",
        "hidden_size": "INT",
        "input_forget": "INT",
        "layout": "INT",
        "linear_before_reset": "INT",
    }
)
"""All attributes of the recurrent operators."""


@dataclass(frozen=True)
class Settings:
    """A recurrent node's attributes."""

    kind: str
    directions: tuple[Direction, ...]
    cells: tuple[Cell, ...]
    """The cell of each direction."""
    batch_first: bool
    """ONNX's layout=1: the batch stands before the timesteps."""
    hidden_size: int | None
    has_peepholes: bool = False


@dataclass(frozen=True, eq=False)
class Weights:
    """A recurrent node's constants, checked, one entry a direction in front."""

    W: Array
    """`(directions, gates * hidden_size, input_size)`"""
    R: Array
    """`(directions, gates * hidden_size, hidden_size)`"""
    B: Array
    """`(directions, 2 * gates * hidden_size)`"""
    types: frozenset[int]
    """ONNX's numbers of the types that they are kept in."""
    P: Array | None = None
    """`(directions, 3 * hidden_size)`, of an LSTM with peepholes"""


_LSTMS: Mapping[tuple[bool, bool], Cell] = MappingProxyType(
    {
        (False, False): LSTM,
        (True, False): LSTM_PEEPHOLES,
        (False, True): LSTM_COUPLED,
        (True, True): LSTM_PEEPHOLES_COUPLED,
    }
)
"""By whether there are peepholes, and whether input and forget gate are one."""

_OUTPUT = 2
"""Of an LSTM's three functions, the place of the one through which the cell state leaves."""

_PEEPING = "iof"
"""The gates that have peepholes, in the order in which ONNX stacks their weights."""


def operand(node: onnx.NodeProto, place: int) -> str:
    """The name of a node's input; empty when it is left out."""
    return node.input[place] if place < len(node.input) else ""


def settings(graph: Graph, node: onnx.NodeProto) -> Settings:
    """Read a recurrent node's attributes.

    Raises RefusedError for a feature that no cell has, and InputError for nonsense.
    """
    given = attributes(graph, node)
    direction = _text(given, "direction", "forward").lower()
    if direction not in DIRECTIONS:
        raise _nonsense(graph, node, "direction")
    layout = _whole(given, "layout", 0)
    if layout not in (0, 1):
        raise _nonsense(graph, node, "layout")
    most = given["clip"].f if "clip" in given else 0.0
    if most < 0.0 or not np.isfinite(most):
        raise _nonsense(graph, node, "clip")
    kind = node.op_type
    is_coupled = kind == "LSTM" and bool(_whole(given, "input_forget", 0))
    # Peepholes of noughts are none: exporters write them where a library could have some.
    has_peepholes = (
        kind == "LSTM"
        and bool(operand(node, PEEPHOLES))
        and bool(np.any(_constant(graph, node, "P", PEEPHOLES, set())))
    )
    lstm = _LSTMS[has_peepholes, is_coupled]
    directions = DIRECTIONS[direction]
    reset_after = bool(_whole(given, "linear_before_reset", 0))
    cells = _cells(
        node.op_type,
        len(directions),
        given.get("activations"),
        reset_after,
        _floats(given, "activation_alpha"),
        _floats(given, "activation_beta"),
        most,
        lstm,
    )
    hidden_size = given["hidden_size"].i if "hidden_size" in given else None
    return Settings(kind, directions, cells, bool(layout), hidden_size, has_peepholes)


def attributes(graph: Graph, node: onnx.NodeProto) -> dict[str, onnx.AttributeProto]:
    """A recurrent node's attributes by name.

    Raises InputError when a name stands twice or has a value of another type than it needs, and
    RefusedError for a name that the operators do not have.
    """
    found: dict[str, onnx.AttributeProto] = {}
    for attribute in node.attribute:
        if attribute.name not in _ATTRIBUTE_TYPES:
            raise RefusedError(f"its attribute {shown_name(attribute.name)} is not known here.")
        needed = attribute.AttributeType.Value(_ATTRIBUTE_TYPES[attribute.name])
        if attribute.name in found or attribute.type != needed or attribute.ref_attr_name:
            raise _nonsense(graph, node, attribute.name)
        found[attribute.name] = attribute
    return found


def weights(graph: Graph, node: onnx.NodeProto, chosen: Settings) -> Weights:
    """Read W, R and B.

    Raises RefusedError when they are not constants of the file, and InputError when their shapes
    do not belong together.
    """
    gates, directions = len(GATES[chosen.kind]), len(chosen.directions)
    types: set[int] = set()
    weight_x = _constant(graph, node, "W", W, types)
    weight_h = _constant(graph, node, "R", R, types)
    if weight_x.ndim != 3 or weight_h.ndim != 3 or 0 in (weight_x.size, weight_h.size):
        raise _wrong_shape(graph, node, "W or R", weight_x.shape)
    hidden_size = weight_h.shape[2]
    if chosen.hidden_size not in (None, hidden_size):
        raise _wrong_shape(graph, node, "R", weight_h.shape)
    rows = gates * hidden_size
    if weight_h.shape != (directions, rows, hidden_size):
        raise _wrong_shape(graph, node, "R", weight_h.shape)
    if weight_x.shape[:2] != (directions, rows):
        raise _wrong_shape(graph, node, "W", weight_x.shape)
    bias = np.zeros((directions, 2 * rows))
    if operand(node, B):
        bias = _constant(graph, node, "B", B, types)
        if bias.shape != (directions, 2 * rows):
            raise _wrong_shape(graph, node, "B", bias.shape)
    peepholes = None
    if chosen.has_peepholes:
        peepholes = _constant(graph, node, "P", PEEPHOLES, types)
        if peepholes.shape != (directions, len(_PEEPING) * hidden_size):
            raise _wrong_shape(graph, node, "P", peepholes.shape)
    return Weights(weight_x, weight_h, bias, frozenset(types), peepholes)


def strands(
    graph: Graph, chosen: Settings, given: Weights, initial: Mapping[str, Array] | None
) -> Mapping[Direction, Strand]:
    """Make each direction's parameters.

    `initial` are states, `(directions, hidden_size)` each. Raises InputError for numbers that are
    not finite.
    """
    made: dict[Direction, Strand] = {}
    for k, direction in enumerate(chosen.directions):
        parameters = _parameters(graph, chosen, given, k)
        start = None if initial is None else {name: state[k] for name, state in initial.items()}
        bias_x, bias_h = np.split(given.B[k], 2)
        biases = biases_of_blocks(GATES[chosen.kind], bias_x, bias_h)
        made[direction] = Strand(chosen.cells[k], parameters, start, biases)
    return MappingProxyType(made)


def _parameters(graph: Graph, chosen: Settings, given: Weights, k: int) -> Parameters:
    bias_x, bias_h = np.split(given.B[k], 2)
    gates = GATES[chosen.kind]
    cell = chosen.cells[k]
    name = graph.path.name
    try:
        if chosen.kind != "LSTM":
            return parameters_of_blocks(cell, gates, given.W[k], given.R[k], bias_x, bias_h, name)
        found = parameters_of_blocks(LSTM, gates, given.W[k], given.R[k], bias_x, bias_h, name)
        weights, biases = dict(found.weights), dict(found.biases)
        if given.P is not None:
            for gate, diagonal in zip(_PEEPING, np.split(given.P[k], len(_PEEPING)), strict=True):
                weights[gate] = np.concatenate([weights[gate], np.diag(diagonal)], axis=1)
        own = {node.name for node in cell.weighted_sums}
        return Parameters(
            {gate: W for gate, W in weights.items() if gate in own},
            {gate: b for gate, b in biases.items() if gate in own},
            name,
        )
    except InputError as error:
        raise InputError(f"{graph.path}: {error}") from None


def _cells(
    kind: str,
    directions: int,
    activations: onnx.AttributeProto | None,
    reset_after: bool,
    alphas: Sequence[float],
    betas: Sequence[float],
    most: float,
    lstm: Cell,
) -> tuple[Cell, ...]:
    """The cell of each direction; raises RefusedError for activations that none has."""
    usual = ACTIVATIONS[kind]
    names = [] if activations is None else [_decoded(name) for name in activations.strings]
    each = [name.lower() for name in names] or list(usual) * directions
    if len(each) != directions * len(usual):
        raise RefusedError(f"it names {len(each)} activations, not {directions * len(usual)}.")
    functions = list(_functions(each, alphas, betas))
    if most:  # what leaves an LSTM through its last function is not clipped
        functions = [
            function if kind == "LSTM" and place % 3 == _OUTPUT else Clipped(function, most)
            for place, function in enumerate(functions)
        ]
    lots = [functions[k : k + len(usual)] for k in range(0, len(functions), len(usual))]
    return tuple(_cell(kind, lot, reset_after, lstm) for lot in lots)


def _functions(
    names: Sequence[str], alphas: Sequence[float], betas: Sequence[float]
) -> Iterator[ElementFunction]:
    """Each name's function; those that have an alpha or a beta take the next one there is."""
    next_alpha, next_beta = iter(alphas), iter(betas)
    for name in names:
        if name not in ONNX:
            raise RefusedError(
                f"its activation {shown_name(name)} is not computed; {one_of(ONNX)} are."
            )
        count, made = ONNX[name]
        alpha = next(next_alpha, None) if count > 0 else None
        beta = next(next_beta, None) if count > 1 else None
        yield made(alpha, beta)


def _cell(kind: str, functions: Sequence[ElementFunction], reset_after: bool, lstm: Cell) -> Cell:
    if kind == "RNN":
        (f,) = functions
        return RNN_RELU if isinstance(f, Relu) else with_activations(RNN, f, f, f)
    if kind == "GRU":
        f, g = functions
        return with_activations(GRU_RESET_AFTER if reset_after else GRU_RESET_BEFORE, f, g, g)
    f, g, h = functions
    return with_activations(lstm, f, g, h)


def _constant(
    graph: Graph, node: onnx.NodeProto, letter: str, place: int, types: set[int]
) -> Array:
    """An input's numbers as float64."""
    name = operand(node, place)
    if not name:
        raise InputError(f"{graph.path} is damaged: {_called(node)} has no {letter}.")
    found = sources(graph, name)
    if found.variables:
        before = graph.producer(found.variables[0])
        origin = "an input of the model" if before is None else f"computed by {before.op_type}"
        raise RefusedError(f"its {letter} is no constant of the file: {shown_name(origin)}.")
    array: Tensor = evaluate(graph, name, {})
    if array.dtype.kind != "f":
        raise InputError(f"{graph.path} is damaged: {letter} of {_called(node)} holds no floats.")
    types |= constant_types(graph, found.constants)
    return to_float64(array)


def _text(given: Mapping[str, onnx.AttributeProto], name: str, default: str) -> str:
    return _decoded(given[name].s) if name in given else default


def _floats(given: Mapping[str, onnx.AttributeProto], name: str) -> Sequence[float]:
    return tuple(map(float, given[name].floats)) if name in given else ()


def _whole(given: Mapping[str, onnx.AttributeProto], name: str, default: int) -> int:
    return given[name].i if name in given else default


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", errors="replace")


def _called(node: onnx.NodeProto) -> str:
    return f"{node.op_type} '{shown_name(node.name)}'"


def _nonsense(graph: Graph, node: onnx.NodeProto, name: str) -> InputError:
    return InputError(
        f"{graph.path} is damaged: the attribute '{shown_name(name)}' of {_called(node)} has no "
        "meaning."
    )


def _wrong_shape(
    graph: Graph, node: onnx.NodeProto, letter: str, shape: Sequence[int]
) -> InputError:
    return InputError(
        f"{graph.path} is damaged: {letter} of {_called(node)} has shape {tuple(shape)}, which "
        "does not fit the others."
    )
