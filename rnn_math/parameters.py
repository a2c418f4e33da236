"""Weights and biases of a cell: kept, checked against the cell, and drawn at random."""

from collections.abc import Mapping
from math import sqrt
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from gatereel.rnn_math.arrays import (
    MAX_MEMORY,
    Array,
    check_memory,
    finite_array,
    freeze,
    positive_size,
)
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.operations import Projection
from gatereel.rnn_math.records import dataclass

_INPUT_DECIMALS = 2
"""Random inputs are rounded, so that what a picture shows is exactly what was computed."""


@dataclass(frozen=True, eq=False, init=False)
class Parameters:
    """One weight matrix and one bias for each weighted sum of a cell, under its node's name.

    Arrays are copied to read-only float64. Raises InputError when one is not an array of finite
    real numbers with two dimensions (weights) or one (biases).
    """

    weights: Mapping[str, Array]
    """Node name to W, `(hidden_size, width of the operand)`."""
    biases: Mapping[str, Array]
    """Node name to b, `(hidden_size,)`."""
    origin: str
    """Where they come from, in words: "demo", "random, seed 3", a file's name."""

    def __init__(
        self, weights: Mapping[str, ArrayLike], biases: Mapping[str, ArrayLike], origin: str
    ) -> None:
        """Copy and check the arrays; any array-like of numbers is accepted."""
        checked_weights = {n: finite_array(f"W_{n}", W, ndim=2) for n, W in weights.items()}
        checked_biases = {n: finite_array(f"b_{n}", b, ndim=1) for n, b in biases.items()}
        object.__setattr__(self, "weights", MappingProxyType(checked_weights))
        object.__setattr__(self, "biases", MappingProxyType(checked_biases))
        object.__setattr__(self, "origin", origin)


def check_parameters(cell: Cell, parameters: Parameters) -> tuple[int, int]:
    """Check that `parameters` are those of `cell`; return `(input_size, hidden_size)`.

    Both sizes are read off the shapes. Raises InputError for a missing or surplus entry and for a
    shape that does not fit the others.
    """
    needed = [node.name for node in cell.weighted_sums]
    _check_names(cell, "W", needed, parameters.weights)
    _check_names(cell, "b", needed, parameters.biases)

    first = needed[0]
    hidden_size = len(parameters.weights[first])  # a projection comes after the gates
    input_size = _input_size(cell, parameters, hidden_size)
    widths = cell.widths(input_size, hidden_size)
    given = f"with input_size {input_size} and hidden_size {hidden_size}, read off W_{first},"
    for node in cell.weighted_sums:
        (operand,) = node.operands
        W, b = parameters.weights[node.name], parameters.biases[node.name]
        for name, array, shape in (
            (f"W_{node.name}", W, (widths[node.name], widths[operand])),
            (f"b_{node.name}", b, (widths[node.name],)),
        ):
            if array.shape != shape:
                raise InputError(f"{name} has shape {array.shape}; {given} it needs {shape}.")
    return input_size, hidden_size


def _check_names(cell: Cell, letter: str, needed: list[str], given: Mapping[str, Array]) -> None:
    accepted = ", ".join(f"{letter}_{name}" for name in needed)
    for name in needed:
        if name not in given:
            raise InputError(f"{letter}_{name} is missing; {cell.title} needs {accepted}.")
    for name in given:
        if name not in needed:
            raise InputError(
                f"{letter}_{name} belongs to no weighted sum of {cell.title}; it needs {accepted}."
            )


def _input_size(cell: Cell, parameters: Parameters, hidden_size: int) -> int:
    """Solve `columns of W = width of its operand` for input_size."""
    for node in cell.weighted_sums:
        (operand,) = node.operands
        columns: int = parameters.weights[node.name].shape[1]
        at_one, at_two = (cell.widths(size, hidden_size)[operand] for size in (1, 2))
        growth = at_two - at_one
        if growth == 0:  # this operand does not hold x
            continue
        if columns < at_one:
            raise InputError(
                f"W_{node.name} has shape {parameters.weights[node.name].shape}; with hidden_size "
                f"{hidden_size} it needs at least {counted(at_one, 'column')}, one for each "
                f"value of {operand}."
            )
        return (columns - at_one) // growth + 1
    raise InputError(f"{cell.title}: no weighted sum reads the input x.")


def random_parameters(cell: Cell, input_size: int, hidden_size: int, seed: int) -> Parameters:
    """Draw parameters uniformly between -1/sqrt(hidden_size) and 1/sqrt(hidden_size).

    The same seed gives the same parameters. Raises InputError when a size is below 1, when the
    weights would take more than `MAX_MEMORY`, or the seed is not a whole number of at least 0.
    """
    random = _generator(seed)
    widths = cell.widths(input_size, hidden_size)
    check_memory(
        sum(widths[node.name] * (widths[node.operands[0]] + 1) for node in cell.weighted_sums),
        MAX_MEMORY,
        f"The weights of {cell.title} with input size {input_size} and hidden size {hidden_size} "
        "take",
        "Use smaller sizes.",
    )
    bound = 1.0 / sqrt(hidden_size)
    weights: dict[str, Array] = {}
    biases: dict[str, Array] = {}
    for node in cell.weighted_sums:
        (operand,) = node.operands
        W = random.uniform(-bound, bound, (widths[node.name], widths[operand]))
        b = random.uniform(-bound, bound, widths[node.name])
        is_projection = isinstance(node.operation, Projection)
        weights[node.name], biases[node.name] = freeze(W), np.zeros_like(b) if is_projection else b
    return Parameters(weights, biases, origin=f"random, seed {seed}")


def random_inputs(input_size: int, timesteps: int, seed: int) -> Array:
    """Draw inputs `(timesteps, input_size)` from the standard normal, rounded to two decimals.

    The same seed gives the same inputs. Raises InputError as `random_parameters` does.
    """
    shape = (positive_size("timesteps", timesteps), positive_size("input_size", input_size))
    check_sequence_memory(*shape)
    drawn = _generator(seed).standard_normal(shape)
    np.round(drawn, _INPUT_DECIMALS, out=drawn)
    drawn += 0.0  # turns the -0.0 that rounding may leave into 0.0
    return freeze(drawn)


def check_sequence_memory(timesteps: int, input_size: int) -> None:
    """Raise InputError when inputs of that shape would take more than `MAX_MEMORY`."""
    check_memory(
        timesteps * input_size,
        MAX_MEMORY,
        f"{counted(timesteps, 'timestep')} of {counted(input_size, 'number')} each take",
        "Use fewer timesteps.",
    )


def _generator(seed: int) -> "np.random.Generator":
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"The seed is {seed!r}; it must be a whole number of at least 0.")
    return np.random.Generator(np.random.PCG64(int(seed)))
