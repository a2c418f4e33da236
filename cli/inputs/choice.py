"""Choose one direction of one layer of a model's file, as the options name them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gatereel.cli.options.sources import Source
from gatereel.rnn_math import InputError, files, models
from gatereel.rnn_math.counting import counted, some_of
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.rnn_math.models import Direction, Layer, Model


@dataclass(frozen=True, eq=False)
class Chosen:
    """One direction of one layer of a model's file."""

    path: Path
    model: Model
    layer: Layer
    direction: Direction


def choose(path: Path, source: Source) -> Chosen:
    """Choose what the options name. Raises InputError, with the next step, where that is open."""
    model = _read_once(path)
    if source.nonlinearity is not None:
        model = models.with_nonlinearity(model, source.nonlinearity)
    if source.chain is not None:
        model = chained_as(model, source.chain, path)
    try:
        layer = models.choose_layer(model, source.layer or _end_of_chain(model, source))
    except InputError as error:
        raise InputError(f"{path}: {error} Name one with --layer.") from None
    models.check_computable(layer)
    if source.at_layer:
        layer = models.at_layer(layer)
    _check_fed(layer)
    try:
        direction = models.choose_direction(layer, source.direction)
    except InputError as error:
        step = "Choose with" if source.direction is None else "Leave out"
        raise InputError(f"{path}: {error} {step} --direction.") from None
    if source.initial is not None:
        states = files.read_initial(source.initial, layer.strands[direction].cell.states)
        layer = models.started(layer, direction, states, str(source.initial))
    try:
        models.check_started(layer)
    except InputError as error:
        raise InputError(
            f"{path}: {error} Give them by --initial FILE, such as a trace in .npz of the layer "
            "that hands them over: `gatereel trace --layer NAME -o start.npz`."
        ) from None
    return Chosen(path, model, layer, direction)


def chained_as(model: Model, words: str, path: Path) -> Model:
    """The model with the layers chained that `words` name. Raises InputError with its `path`."""
    try:
        return models.chained(model, _names_of_chain(words))
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _names_of_chain(words: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.split(","))


def _end_of_chain(model: Model, source: Source) -> str | None:
    """The top of a chain, which is what a chain is for where no layer is named."""
    if source.chain is None:
        return None
    return [each.name for each in model.layers if each.module == _names_of_chain(source.chain)[-1]][
        -1
    ]


def _check_fed(layer: Layer) -> None:
    """Raise InputError, with the next step, where what feeds the layer cannot be computed."""
    for each in _downwards(layer):
        try:
            models.check_fed(each)
        except InputError as error:
            raise InputError(
                f"{error} Give the rows that {layer.name!r} reads, "
                f"{counted(layer.input_size, 'value')} a timestep, by --inputs with --at-layer; "
                "`gatereel inspect` says how to record them."
            ) from None


def _downwards(layer: Layer) -> list[Layer]:
    """The layer and those below it."""
    layers = [layer]
    while (below := layers[-1].below) is not None:
        layers.append(below)
    return layers


def assumptions_of(chosen: Chosen) -> tuple[str, ...]:
    """What the file leaves open about the layer and those below it, and how it was taken."""
    layers = _downwards(chosen.layer)
    said = [*chosen.model.assumptions, *(each for layer in layers for each in layer.assumptions)]
    said += [
        f"{chosen.path} does not tell tanh from relu for {layer.name!r}; taken as tanh "
        "(--nonlinearity relu for the other)"
        for layer in layers
        if not layer.nonlinearity_known
    ][:1]
    return tuple(dict.fromkeys(said))


def fed_straight(chosen: Chosen, used: str = "") -> str:
    """What may stand between the model's inputs and the layer that reads them; "" for nothing.

    `used` is the embedding that the inputs have gone through.
    """
    lowest = models.bottom(chosen.layer)
    between = [name for name in lowest.between if name != used]
    if not between:
        return ""
    if used:
        return (
            f"{some_of(between)} would fit between {used} and {lowest.name!r}; if anything stands "
            "there, give rows recorded at the layer in place of token ids"
        )
    return (
        f"{chosen.path} does not say what feeds {lowest.name!r}; the rows are taken to reach it "
        f"straight, though {some_of(between)} would fit and may stand between: give rows recorded "
        "at the layer"
    )


_REFUSED: dict[tuple[int, int, int, int], tuple[str, str]] = {}
"""Files that cannot be read, by place on the disk, size and time of the last change: what such a
file was called, and why."""


def _read_once(path: Path) -> Model:
    """Read a model; one that was refused is refused again without a second look.

    A post may name the same damaged file many times, and finding out can take long.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        return models.read_model(path)  # which says what is wrong
    key = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if key in _REFUSED:
        name, why = _REFUSED[key]
        raise InputError(why.replace(name, str(path)))
    try:
        return models.read_model(path)
    except InputError as error:
        _REFUSED[key] = str(path), str(error)
        raise
