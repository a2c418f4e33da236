"""Untrained cells whose gradients can be foreseen, and what is changed of a cell to compare it.

untrained(CELLS["rnn"], 4, 32, seed=1) -> Parameters
scaled(cell, parameters, 1.5), with_forget_bias(cell, parameters, 2.0)
"""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.gradients.flow import keeping
from gatereel.rnn_math.operations import WeightedSum
from gatereel.rnn_math.parameters import Parameters, check_parameters, random_parameters

_LETS_IN = "input gate"
"""The role of the gate that chrono initialisation nearly closes."""

ForgetBias = float | Literal["chrono"]


def untrained(cell: Cell, input_size: int, hidden_size: int, seed: int) -> Parameters:
    """Random weights of which the recurrent ones keep lengths: orthogonal matrices; no biases.

    A gradient that goes through W_h alone neither grows nor shrinks. Source: Saxe, McClelland and
    Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    2013; Keras begins so. Raises InputError for sizes and seeds as `random_parameters` does.
    """
    drawn = random_parameters(cell, input_size, hidden_size, seed)
    random = np.random.default_rng(seed)
    weights = {name: W.copy() for name, W in drawn.weights.items()}
    for name, columns in _recurrent(cell, drawn):
        orthogonal, upper = np.linalg.qr(random.standard_normal((hidden_size, hidden_size)))
        weights[name][:, columns] = orthogonal * np.sign(np.diag(upper))
    biases = {name: np.zeros_like(b) for name, b in drawn.biases.items()}
    return Parameters(weights, biases, drawn.origin)


def scaled(cell: Cell, parameters: Parameters, factor: float) -> Parameters:
    """All recurrent weights times `factor`. Raises InputError for one that is not positive."""
    if not factor > 0.0 or not np.isfinite(factor):
        raise InputError(f"The scale is {factor:g}; a positive number is accepted.")
    weights = {name: W.copy() for name, W in parameters.weights.items()}
    for name, columns in _recurrent(cell, parameters):
        weights[name][:, columns] *= factor
    return Parameters(weights, dict(parameters.biases), parameters.origin)


def with_forget_bias(
    cell: Cell, parameters: Parameters, bias: ForgetBias, *, timesteps: int, seed: int = 0
) -> Parameters:
    """The gate that keeps a state begins with this bias, so that sigmoid(bias) is kept.

    "chrono": b_f = log U[1, timesteps - 1], and what lets in gets its negative. Sources:
    Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network
    architectures", 2015; Tallec and Ollivier, "Can recurrent neural networks warp time?", 2018,
    arXiv 1804.11188. Raises InputError for a cell without such a gate.
    """
    kept, given_by = _keeping_sum(cell)
    biases = {name: b.copy() for name, b in parameters.biases.items()}
    if bias == "chrono":
        longest = max(timesteps - 1, 1)
        times = np.random.default_rng(seed).uniform(1, longest, len(biases[kept]))
        value = np.log(times)
        for node in cell.weighted_sums:
            if node.role == _LETS_IN:
                biases[node.name][:] = -value
    else:
        value = np.full(len(biases[kept]), float(bias))
    biases[kept][:] = given_by * value
    return Parameters(dict(parameters.weights), biases, parameters.origin)


def _keeping_sum(cell: Cell) -> tuple[str, float]:
    """The weighted sum of the gate that keeps a state, and the sign with which it does."""
    found = keeping(cell)
    if found is None:
        raise InputError(
            f"The {cell.title} has no gate that keeps its state, so it has no forget bias; leave "
            "it or the option out."
        )
    name, sign = found[1], 1.0
    while not isinstance(cell.node(name).operation, WeightedSum):
        # sigmoid(-s) = 1 - sigmoid(s)
        (name,) = cell.node(name).operands
        sign = -sign
    return name, sign


def _recurrent(cell: Cell, parameters: Parameters) -> Iterator[tuple[str, slice]]:
    """Of each weighted sum, the columns that a state, or what is made of one, goes through."""
    input_size, hidden_size = check_parameters(cell, parameters)
    widths = {"input": input_size, "hidden": hidden_size, "projected": cell.projected}
    for node in cell.weighted_sums:
        (operand,) = node.operands
        begin = 0
        for size in cell.stretches(operand):
            end = begin + widths[size]
            if size != "input":
                yield node.name, slice(begin, end)
            begin = end
