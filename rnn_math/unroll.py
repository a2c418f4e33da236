"""Run a cell over a sequence. Batch size is 1 and all numbers are float64."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import MAX_MEMORY, Array, check_memory, finite_array, freeze
from gatereel.rnn_math.cell import INPUT, Cell, previous
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.operations import WeightedSum
from gatereel.rnn_math.parameters import Parameters, check_parameters
from gatereel.rnn_math.trace import Trace


class Step(NamedTuple):
    """What one timestep computes."""

    values: dict[str, Array]
    """Node name to its value, `(width,)`."""
    weighted_sums: dict[str, Array]
    """Weighted sum's node name to W v + b before the activation, `(hidden_size,)`."""


class Moment(NamedTuple):
    """A timestep with what goes into it."""

    x: Array
    """`(input_size,)`"""
    before: Mapping[str, Array]
    """State name to its value before this timestep, `(hidden_size,)`."""
    step: Step

    def vectors(self) -> dict[str, Array]:
        """The vectors "x", the previous states and all nodes, each `(width,)`."""
        states = {previous(state): value for state, value in self.before.items()}
        return {INPUT: self.x} | states | self.step.values


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
    not made of finite real numbers, when a value computed from it leaves the range of float64, or
    when all values together would take more than `MAX_MEMORY`.
    """
    input_size, hidden_size = check_parameters(cell, parameters)
    inputs = _check_inputs(inputs, input_size)
    initial = _check_initial(cell, initial, hidden_size)
    timesteps = len(inputs)

    widths = cell.widths(input_size, hidden_size)
    kept = [*(node.name for node in cell.nodes), *(node.name for node in cell.weighted_sums)]
    check_memory(
        timesteps * sum(widths[name] for name in kept),
        MAX_MEMORY,
        f"All values of {counted(timesteps, 'timestep')} of {cell.title} with hidden size "
        f"{hidden_size} take",
        "Use fewer timesteps; `gatereel trace -o FILE` writes any number, one after the other.",
    )
    values = {node.name: np.empty((timesteps, widths[node.name])) for node in cell.nodes}
    sums = {node.name: np.empty((timesteps, widths[node.name])) for node in cell.weighted_sums}

    computed = _checked(cell, _run(cell, parameters, inputs, initial))
    for t, (_, _, (now, weighted_sums)) in enumerate(computed):
        for name, value in now.items():
            values[name][t] = value
        for name, s in weighted_sums.items():
            sums[name][t] = s

    return Trace(
        cell=cell,
        parameters=parameters,
        inputs=inputs,
        initial=MappingProxyType(initial),
        values=MappingProxyType({name: freeze(array) for name, array in values.items()}),
        weighted_sums=MappingProxyType({name: freeze(array) for name, array in sums.items()}),
    )


def moments(
    cell: Cell,
    parameters: Parameters,
    inputs: Iterable[ArrayLike],
    initial: Mapping[str, ArrayLike] | None = None,
) -> Iterator[Moment]:
    """Run `cell` over rows of inputs, `(input_size,)` each, and keep nothing.

    A row is asked for when its timestep is. The numbers are those of `unroll`, and so are the
    errors: parameters and `initial` are checked at once, each row when it comes.
    """
    input_size, hidden_size = check_parameters(cell, parameters)
    states = _check_initial(cell, initial, hidden_size)
    return _checked(cell, _run(cell, parameters, _check_rows(inputs, input_size), states))


def _run(
    cell: Cell, parameters: Parameters, rows: Iterable[Array], states: Mapping[str, Array]
) -> Iterator[Moment]:
    """Compute one timestep after the other; nothing is checked."""
    for x in rows:
        # An overflow is reported by its node and timestep; an underflow to zero is exact enough.
        # The block ends before the yield, which would carry it over to the caller.
        with np.errstate(all="ignore"):
            now = step(cell, parameters, x, states)
        yield Moment(x, states, now)
        states = {state: now.values[state] for state in cell.states}


def _checked(cell: Cell, computed: Iterable[Moment]) -> Iterator[Moment]:
    """Report the first value, in the order of computation, that left the range of float64."""
    for t, moment in enumerate(computed):
        values, sums = moment.step
        # The activation hides an infinite sum, so the sums themselves are looked at. Looking at all
        # in one piece takes a fraction of the time.
        if not np.isfinite(np.concatenate([*values.values(), *sums.values()])).all():
            bad = (
                node.name
                for node in cell.nodes
                if not np.isfinite(sums.get(node.name, values[node.name])).all()
            )
            raise InputError(
                f"Node {next(bad)!r} of {cell.title} overflows at timestep {t + 1}; weights, "
                "inputs and initial states must be smaller."
            )
        yield moment


def _check_rows(inputs: Iterable[ArrayLike], input_size: int) -> Iterator[Array]:
    for place, row in enumerate(inputs, start=1):
        x = finite_array(f"Row {place} of inputs", row, ndim=1)
        if x.size != input_size:
            raise InputError(
                f"Row {place} of inputs has {counted(x.size, 'value')}; the weights need "
                f"{input_size}, one for each feature."
            )
        yield x


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
        return {s: freeze(np.zeros(cell.state_width(s, hidden_size))) for s in cell.states}
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
        width = cell.state_width(state, hidden_size)
        if array.shape != (width,):
            raise InputError(
                f"The initial state {state} has {counted(array.size, 'value')}; the weights "
                f"need {width}, one for each hidden unit."
            )
        checked[state] = array
    return checked
