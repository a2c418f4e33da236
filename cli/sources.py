"""Where parameters and inputs come from: the demo, a seed, or files. For `render` and `trace`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import Any

import click
import numpy as np

from rnn_math import (
    DEMOS,
    Array,
    Cell,
    Demo,
    InputError,
    Trace,
    check_parameters,
    counted,
    demo,
    demo_inputs,
    random_inputs,
    random_parameters,
    unroll,
)
from rnn_math.files import read_inputs, read_parameters

DEFAULT_SEED = 0
DEFAULT_INPUT_SIZE = 3
DEFAULT_HIDDEN_SIZE = 2
DEFAULT_TIMESTEPS = 3

_RANDOM_INPUTS = f"inputs: random, seed {DEFAULT_SEED} (give --inputs FILE for your own)"


@dataclass(frozen=True)
class Source:
    """The options as the user gave them; None for those left out."""

    weights: Path | None = None
    inputs: Path | None = None
    timesteps: int | None = None
    seed: int | None = None
    input_size: int | None = None
    hidden_size: int | None = None

    @property
    def random_parameters(self) -> bool:
        """Whether parameters are drawn at random."""
        sizes = (self.seed, self.input_size, self.hidden_size)
        return self.weights is None and any(value is not None for value in sizes)


@dataclass(frozen=True, eq=False)
class Computed:
    """A cell run over its inputs."""

    trace: Trace
    story: str = ""
    """A sentence about the whole; empty unless it is the demo."""
    note: str = ""
    """What was drawn at random without being asked for, for the user."""


class WholeNumber(click.IntRange):
    """A range of whole numbers whose errors call them that."""

    name = "whole number"


_OPTIONS = (
    click.option(
        "--weights",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Parameters, .npz or .json. Default: the cell's demo.",
    ),
    click.option(
        "--inputs",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Inputs, .csv, .npy or .json, a row a timestep. Default: the cell's demo.",
    ),
    click.option(
        "--timesteps",
        type=WholeNumber(min=1),
        metavar="N",
        help="How many timesteps; of a file, the first N rows.",
    ),
    click.option(
        "--seed",
        type=WholeNumber(min=0),
        metavar="N",
        help=f"Draw what no file gives at random from this seed, {DEFAULT_SEED} if left out.",
    ),
    click.option(
        "--input-size",
        type=WholeNumber(min=1),
        metavar="N",
        help=f"Features of random inputs, {DEFAULT_INPUT_SIZE} if left out.",
    ),
    click.option(
        "--hidden-size",
        type=WholeNumber(min=1),
        metavar="N",
        help=f"Hidden units of random parameters, {DEFAULT_HIDDEN_SIZE} if left out.",
    ),
)


def source_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of a `Source`, which it gets as `source`."""

    @wraps(command)
    def collected(
        *args: Any,
        weights: Path | None,
        inputs: Path | None,
        timesteps: int | None,
        seed: int | None,
        input_size: int | None,
        hidden_size: int | None,
        **others: Any,
    ) -> None:
        source = Source(weights, inputs, timesteps, seed, input_size, hidden_size)
        command(*args, source=source, **others)

    for option in reversed(_OPTIONS):
        collected = option(collected)
    return collected


def compute(cell: Cell, source: Source) -> Computed:
    """Run `cell` over what `source` describes.

    Raises InputError for options that contradict each other or a file, and for a file that
    cannot be used.
    """
    if source.weights is not None:
        return _with_weights(cell, source, source.weights)
    if source.random_parameters:
        return _with_random_parameters(cell, source)
    if cell.name in DEMOS:
        return _with_demo(cell, source)
    note = f"{cell.title} has no demo; parameters: random, seed {DEFAULT_SEED}"
    return replace(_with_random_parameters(cell, source), note=note)


def _with_weights(cell: Cell, source: Source, weights: Path) -> Computed:
    _, parameters = read_parameters(weights, cell)
    input_size, hidden_size = check_parameters(cell, parameters)
    _check_size("--hidden-size", source.hidden_size, hidden_size, weights)
    _check_size("--input-size", source.input_size, input_size, weights)
    if source.inputs is not None and source.seed is not None:
        raise InputError(
            "--seed has nothing to draw when --weights and --inputs are given; leave it out."
        )
    inputs = _read_or_draw(source, input_size)
    _check_columns(source, inputs, input_size, str(weights))
    unasked = source.inputs is None and source.seed is None
    note = _RANDOM_INPUTS if unasked else ""
    return Computed(unroll(cell, parameters, inputs), note=note)


def _with_random_parameters(cell: Cell, source: Source) -> Computed:
    inputs = _read_or_draw(source, source.input_size or DEFAULT_INPUT_SIZE)
    input_size = inputs.shape[1]
    if source.inputs is not None:
        _check_size("--input-size", source.input_size, input_size, source.inputs)
    hidden_size = source.hidden_size or DEFAULT_HIDDEN_SIZE
    parameters = random_parameters(cell, input_size, hidden_size, _seed(source))
    return Computed(unroll(cell, parameters, inputs))


def _with_demo(cell: Cell, source: Source) -> Computed:
    shown = demo(cell)
    if source.inputs is not None:
        inputs = _first_rows(read_inputs(source.inputs), source)
        _check_columns(source, inputs, shown.inputs.shape[1], "the demo's parameters")
    else:
        inputs = demo_inputs(cell, source.timesteps or len(shown.inputs))
    trace = unroll(cell, shown.parameters, inputs, shown.initial)
    return Computed(trace, _story(shown, inputs))


def _story(shown: Demo, inputs: Array) -> str:
    """The demo's story, which is true of every sequence that begins with the demo's."""
    beginning = inputs[: len(shown.inputs)]
    return shown.story if np.array_equal(beginning, shown.inputs) else ""


def _read_or_draw(source: Source, input_size: int) -> Array:
    if source.inputs is not None:
        return _first_rows(read_inputs(source.inputs), source)
    return random_inputs(input_size, source.timesteps or DEFAULT_TIMESTEPS, _seed(source))


def _first_rows(inputs: Array, source: Source) -> Array:
    if source.timesteps is None:
        return inputs
    if source.timesteps > len(inputs):
        raise InputError(
            f"--timesteps is {source.timesteps}, but {source.inputs} has "
            f"{counted(len(inputs), 'row')}."
        )
    return inputs[: source.timesteps]


def _seed(source: Source) -> int:
    return DEFAULT_SEED if source.seed is None else source.seed


def _check_size(option: str, given: int | None, found: int, path: Path) -> None:
    if given is not None and given != found:
        raise InputError(f"{option} is {given}, but {path} needs {found}; leave the option out.")


def _check_columns(source: Source, inputs: Array, needed: int, reader: str) -> None:
    """Hold a file of inputs against the parameters that read it."""
    columns = inputs.shape[1]
    if source.inputs is None or columns == needed:
        return
    hint = (
        ""
        if source.weights is not None
        else " Give --weights, or --seed for random parameters that fit."
    )
    raise InputError(
        f"{source.inputs} has {counted(columns, 'column')}; {reader} need {needed}.{hint}"
    )
