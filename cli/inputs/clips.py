"""From the words of a command or a directive to what a clip is of."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from gatereel.cli.inputs.prepared import Prepared
from gatereel.cli.inputs.preparing import prepare, started_from
from gatereel.cli.options.gradient_request import GradientRequest
from gatereel.cli.options.sources import DEFAULT_SEED, Source
from gatereel.rnn_math import CELLS, InputError, random_inputs
from gatereel.rnn_math.gradients import ForgetBias, band, scaled, untrained, with_forget_bias
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.trained import TRAINED, task, trained

if TYPE_CHECKING:
    from gatereel.scenes.clips import Gradient, NamedBand

DEFAULT_TIMESTEPS = 30
DEFAULT_HIDDEN_SIZE = 32
DEFAULT_INPUT_SIZE = 4
"""Of random cells."""

WITH_FORGET_GATE = ("lstm",)
"""What is shown where a forget bias is asked for, and no cell."""


@dataclass(frozen=True, eq=False)
class _Subject:
    """A cell that is ready to run, before anything is changed of it."""

    name: str
    prepared: Prepared
    accuracy: float | None = None


@dataclass(frozen=True, eq=False)
class GradientProposal:
    """What is drawn, and what its user may not expect."""

    content: "Gradient"
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]


def gradient_of(request: GradientRequest) -> GradientProposal:
    """Compute the bands: a cell or a model each, in every scale and with every forget bias.

    Raises InputError for options that contradict each other, and for files that cannot be used.
    """
    from gatereel.scenes.clips import Gradient

    is_changed = bool(request.scales or request.forget_biases)
    if request.weights:
        subjects = _models(request)
        letters = units = None
    elif _is_trained(request):
        subjects = _trained(request)
        letters, units = len(task().tokens), None
    else:
        subjects = _random(request)
        letters, units = None, request.hidden_size or DEFAULT_HIDDEN_SIZE
    if is_changed and letters is not None:
        raise InputError("A trained cell that is changed is another one; leave --scale out.")
    bands = tuple(
        _band(subject, scale, bias, request)
        for subject, scale, bias in product(
            subjects, request.scales or (None,), request.forget_biases or (None,)
        )
    )
    return GradientProposal(
        Gradient(bands, letters, units),
        tuple(dict.fromkeys(a for each in subjects for a in each.prepared.assumptions)),
        tuple(dict.fromkeys(note for each in subjects for note in each.prepared.notes)),
    )


def _band(
    subject: _Subject, scale: float | None, bias: ForgetBias | None, request: GradientRequest
) -> "NamedBand":
    from gatereel.scenes.clips import NamedBand

    prepared = subject.prepared
    cell, parameters = prepared.cell, prepared.parameters
    if scale is not None:
        parameters = scaled(cell, parameters, scale)
    if bias is not None:
        timesteps = len(prepared.inputs)
        seed = request.seed or DEFAULT_SEED
        parameters = with_forget_bias(cell, parameters, bias, timesteps=timesteps, seed=seed)
    trace = replace(prepared, parameters=parameters).trace
    return NamedBand(subject.name, band(trace, request.threshold), subject.accuracy, scale, bias)


def _is_trained(request: GradientRequest) -> bool:
    """Whether the cells that were trained are meant: nothing else was asked for."""
    asked = (request.hidden_size, request.seed, request.inputs, request.initial)
    if any(each is not None for each in asked) or request.scales or request.forget_biases:
        return False
    return all(cell.name in TRAINED for cell in request.cells)


def _trained(request: GradientRequest) -> list[_Subject]:
    _refuse_model_options(request)
    longest = len(task().tokens)
    timesteps = request.timesteps or longest
    if timesteps > longest:
        raise InputError(
            f"--timesteps is {timesteps}; the trained cells read {longest}. Give --seed for random "
            "cells, which read as many as you like."
        )
    found = [trained(cell) for cell in request.cells or [CELLS[name] for name in TRAINED]]
    return [
        _Subject(
            each.cell.name,
            Prepared(each.cell, each.parameters, each.inputs[:timesteps]),
            each.accuracy,
        )
        for each in found
    ]


def _random(request: GradientRequest) -> list[_Subject]:
    """Untrained cells on the same inputs, random ones or those of a file."""
    _refuse_model_options(request, inputs_accepted=True)
    usual = WITH_FORGET_GATE if request.forget_biases else TRAINED
    cells = request.cells or tuple(CELLS[name] for name in usual)
    seed = DEFAULT_SEED if request.seed is None else request.seed
    units = request.hidden_size or DEFAULT_HIDDEN_SIZE
    if request.inputs is None:
        x = random_inputs(DEFAULT_INPUT_SIZE, request.timesteps or DEFAULT_TIMESTEPS, seed)
    else:
        x = prepare(cells[0], _source(request, None, seed=seed)).inputs
    ready = [Prepared(cell, untrained(cell, x.shape[1], units, seed), x) for cell in cells]
    if request.initial is not None:
        ready = [started_from(each, request.initial) for each in ready]
    return [_Subject(each.cell.name, each) for each in ready]


def _models(request: GradientRequest) -> list[_Subject]:
    if request.cells:
        raise InputError(
            f"{request.weights[0]} says which cell it holds; leave {request.cells[0].name!r} out."
        )
    if request.hidden_size is not None:
        raise InputError("--hidden-size is of random cells; a model has its own. Leave it out.")
    return [
        _Subject(path.stem, prepare(None, _source(request, path, seed=request.seed)))
        for path in request.weights
    ]


def _source(request: GradientRequest, weights: Path | None, seed: int | None) -> Source:
    return Source(
        weights=weights,
        layer=request.layer,
        chain=request.chain,
        initial=request.initial if weights is not None else None,
        inputs=request.inputs,
        vocabulary=request.vocabulary,
        timesteps=request.timesteps or (None if request.inputs else DEFAULT_TIMESTEPS),
        seed=seed if weights is None or request.inputs is None else None,
    )


def _refuse_model_options(request: GradientRequest, *, inputs_accepted: bool = False) -> None:
    """These options are of models' files; without one they would do nothing."""
    for option, value in (
        ("--layer", request.layer),
        ("--chain", request.chain),
        ("--vocab", None if inputs_accepted else request.vocabulary),
    ):
        if value is not None:
            raise InputError(f"{option} is of a model's file; give --weights of one.")
