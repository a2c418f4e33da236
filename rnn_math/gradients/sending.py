"""What each operation sends to each operand: where ways meet, the sum is the gradient.

sendings(gradients, t) -> {("fc", "f"): (hidden_size,), ...}
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array, freeze
from gatereel.rnn_math.cell import previous
from gatereel.rnn_math.gradients.backward import Gradients
from gatereel.rnn_math.operations import WeightedSum


def sendings(gradients: Gradients, t: int) -> Mapping[tuple[str, str], Array]:
    """By node and operand, dL/d operand as far as it comes from that node at timestep `t`."""
    trace = gradients.trace
    sent: dict[tuple[str, str], Array] = {}
    for node in trace.cell.nodes:
        by_result = gradients.vector(node.name, t)
        operation = node.operation
        if isinstance(operation, WeightedSum):
            ds = gradients.weighted_sums[node.name][t]
            parts: tuple[Array, ...] = (ds @ trace.parameters.weights[node.name],)
        else:
            operands = [trace.vector(name, t) for name in node.operands]
            parts = operation.vjp(by_result, trace.vector(node.name, t), *operands)
        for name, part in zip(node.operands, parts, strict=True):
            known = sent.get((node.name, name))
            sent[node.name, name] = freeze(np.array(part if known is None else known + part))
    return MappingProxyType(sent)


def factors(gradients: Gradients, node_name: str, operand: str, t: int) -> Array:
    """What a gradient is multiplied by on its way to an operand, element by element, `(width,)`.

    Of a weighted sum it is the slope of its activation: W^T comes after it.
    """
    trace = gradients.trace
    node = trace.cell.node(node_name)
    result = trace.vector(node_name, t)
    if isinstance(node.operation, WeightedSum):
        return np.asarray(node.operation.slope(result))
    operands = [trace.vector(name, t) for name in node.operands]
    parts = node.operation.vjp(np.ones_like(result), result, *operands)
    return np.asarray(parts[node.operands.index(operand)])


def arriving(gradients: Gradients, t: int) -> Mapping[str, Array]:
    """By state, what comes back to it from later timesteps and from its own timestep's loss."""
    trace = gradients.trace
    direct = gradients.loss.sent(trace)
    is_last = t == trace.timesteps - 1
    found: dict[str, Array] = {}
    for state in trace.cell.states:
        nothing = np.zeros(len(trace.initial[state]))
        later = nothing if is_last else gradients.vector(previous(state), t + 1)
        found[state] = freeze(later + direct[state][t] if state in direct else later)
    return MappingProxyType(found)
