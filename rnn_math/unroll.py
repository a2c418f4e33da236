"""Run a cell over a sequence. Batch size is 1 and all numbers are float64."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from rnn_math.arrays import Array, finite_array, freeze
from rnn_math.cell import INPUT, Cell, previous
from rnn_math.counting import counted
from rnn_math.errors import InputError
from rnn_math.operations import WeightedSum
from rnn_math.parameters import Parameters, check_parameters
from rnn_math.trace import Trace


class Step(NamedTuple):
    """What one timestep computes."""

    values: dict[str, Array]
    """Node name to its value, `(width,)`."""
    weighted_sums: dict[str, Array]
    """Weighted sum's node name to W v + b before the activation, `(hidden_size,)`."""


def step(cell: Cell, parameters: Parameters, x: Array, states: Mapping[str, Array]) -> Step:
    """Compute one timestep: every node of `cell`, in order.

    `x` is `(input_size,)`; `states` maps each state's name to its previous value,
    `(hidden_size,)`. Nothing is checked here: `unroll` does that once for all timesteps.
    """
    known = {INPUT: x} | {previous(state): states[state] for state in cell.states}
    weighted_sums: dict[str, Array] = {}
    for node in cell.nodes:
        operands = [known[operand] for operand in node.operands]
        operation = node.operation
        if isinstance(operation, WeightedSum):
            W, b = parameters.weights[node.name], parameters.biases[node.name]
            s = operation.weighted_sum(W, b, *operands)
            weighted_sums[node.name] = s
            known[node.name] = operation.activate(s)
        else:
            known[node.name] = operation.apply(*operands)
    return Step({node.name: known[node.name] for node in cell.nodes}, weighted_sums)


def unroll(
    cell: Cell,
    parameters: Parameters,
    inputs: ArrayLike,
    initial: Mapping[str, ArrayLike] | None = None,
) -> Trace:
    """Run `cell` over `inputs`, `(timesteps, input_size)`, and keep every value.

    `initial` maps each state's name to its value before the first timestep, `(hidden_size,)`;
    zeros when it is left out. Raises InputError when something has the wrong shape or name, is
    not made of finite real numbers, or when a value computed from it leaves the range of float64.
    """
    input_size, hidden_size = check_parameters(cell, parameters)
    inputs = _check_inputs(inputs, input_size)
    initial = _check_initial(cell, initial, hidden_size)
    timesteps = len(inputs)

    widths = cell.widths(input_size, hidden_size)
    values = {node.name: np.empty((timesteps, widths[node.name])) for node in cell.nodes}
    sums = {node.name: np.empty((timesteps, hidden_size)) for node in cell.weighted_sums}

    states: Mapping[str, Array] = initial
    # An overflow is reported below, by node and timestep; an underflow to zero is exact enough.
    with np.errstate(all="ignore"):
        for t in range(timesteps):
            now = step(cell, parameters, inputs[t], states)
            for name, value in now.values.items():
                values[name][t] = value
            for name, s in now.weighted_sums.items():
                sums[name][t] = s
            states = now.values
    _check_range(cell, values, sums)

    return Trace(
        cell=cell,
        parameters=parameters,
        inputs=inputs,
        initial=MappingProxyType(initial),
        values=MappingProxyType({name: freeze(array) for name, array in values.items()}),
        weighted_sums=MappingProxyType({name: freeze(array) for name, array in sums.items()}),
    )


def _check_inputs(inputs: ArrayLike, input_size: int) -> Array:
    checked = finite_array("inputs", inputs, ndim=2)
    if checked.shape[1] != input_size:
        raise InputError(
            f"inputs has {counted(checked.shape[1], 'column')}; the weights need {input_size}, one "
            "for each feature."
        )
    return checked


def _check_initial(
    cell: Cell, initial: Mapping[str, ArrayLike] | None, hidden_size: int
) -> dict[str, Array]:
    if initial is None:
        return {state: freeze(np.zeros(hidden_size)) for state in cell.states}
    for name in initial:
        if name not in cell.states:
            raise InputError(
                f"The initial state {name!r} is none of {cell.title}'s states: "
                f"{', '.join(cell.states)}."
            )
    checked: dict[str, Array] = {}
    for state in cell.states:
        if state not in initial:
            raise InputError(
                f"The initial state {state!r} is missing; {cell.title} needs "
                f"{', '.join(cell.states)}."
            )
        array = finite_array(f"The initial state {state}", initial[state], ndim=1)
        if array.shape != (hidden_size,):
            raise InputError(
                f"The initial state {state} has {counted(array.size, 'value')}; the weights "
                f"need {hidden_size}, one for each hidden unit."
            )
        checked[state] = array
    return checked


def _check_range(cell: Cell, values: Mapping[str, Array], sums: Mapping[str, Array]) -> None:
    """Report the first value, in the order of computation, that left the range of float64."""
    first: tuple[int, str] | None = None
    for node in cell.nodes:
        # The activation hides an infinite sum, so the sum itself is looked at.
        array = sums.get(node.name, values[node.name])
        bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
        if bad.size and (first is None or bad[0] < first[0]):
            first = (int(bad[0]), node.name)
    if first is not None:
        t, name = first
        raise InputError(
            f"Node {name!r} of {cell.title} overflows at timestep {t + 1}; weights, inputs and "
            "initial states must be smaller."
        )
