"""Choose one direction of one layer of a model's file, as the options name them."""

from dataclasses import dataclass
from pathlib import Path

from cli.sources import Source
from rnn_math import InputError
from rnn_math.models import (
    Direction,
    Layer,
    Model,
    check_computable,
    choose_direction,
    choose_layer,
    read_model,
    with_nonlinearity,
)


@dataclass(frozen=True, eq=False)
class Chosen:
    """One direction of one layer of a model's file."""

    path: Path
    model: Model
    layer: Layer
    direction: Direction


def choose(path: Path, source: Source) -> Chosen:
    """Choose what the options name. Raises InputError, with the next step, where that is open."""
    model = read_model(path)
    if source.nonlinearity is not None:
        model = with_nonlinearity(model, source.nonlinearity)
    try:
        layer = choose_layer(model, source.layer)
    except InputError as error:
        raise InputError(f"{path}: {error} Name one with --layer.") from None
    check_computable(layer)
    try:
        direction = choose_direction(layer, source.direction)
    except InputError as error:
        step = "Choose with" if source.direction is None else "Leave out"
        raise InputError(f"{path}: {error} {step} --direction.") from None
    return Chosen(path, model, layer, direction)


def open_nonlinearity(chosen: Chosen) -> str:
    """A line for the user where tanh was taken without the file saying so."""
    layer: Layer | None = chosen.layer
    while layer is not None:
        if not layer.nonlinearity_known:
            return (
                f"{chosen.path} does not tell tanh from relu for {layer.name!r}; taken as tanh "
                "(--nonlinearity relu for the other)"
            )
        layer = layer.below
    return ""
