"""What feeds a recurrent layer of a Keras model, and how it reads what the layer below hands up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import some_of
from gatereel.rnn_math.models.keras.calls import Source
from gatereel.rnn_math.models.keras.cells import RefusedError
from gatereel.rnn_math.models.keras.config import KerasLayer
from gatereel.rnn_math.models.keras.kinds import (
    is_bidirectional,
    is_embedding,
    is_recurrent,
    wrapped,
)
from gatereel.rnn_math.models.model import Outputs, side_by_side

_TRANSPARENT = (
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "SpatialDropout1D",
)
"""Layers that hand their input on as it is, except while a model is trained."""

_MASKING = "Masking"

_MASK_OPERATION = "NotEqual"
"""How Keras notes that an embedding masks its token 0: as a comparison of the tokens with it."""

MASKED_TOKEN = 0


@dataclass(frozen=True)
class Feed:
    """What a layer reads: the layer below, an embedding, or the model's inputs if it has none."""

    below: KerasLayer | None = None
    embedding: KerasLayer | None = None


class UnfedError(Exception):
    """What feeds a layer cannot be computed; the text is why."""


def masking_before(layer: KerasLayer, known: Mapping[str, KerasLayer]) -> str:
    """What before `layer` may mask timesteps, by name; "" for nothing."""
    waiting, seen = [source.layer for source in layer.call.sources], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        if known[name].class_name == _MASKING or known[name].options.get("mask_zero") is True:
            return name
        waiting += [source.layer for source in known[name].call.sources]
    return ""


def handed_over(layer: KerasLayer) -> str:
    """What hands a layer the states that it starts from, in words; "" for noughts."""
    names = list(
        dict.fromkeys(source.layer or "an input of the model" for source in _states(layer))
    )
    return f"it starts from what {some_of(names)} hands over." if names else ""


def _states(layer: KerasLayer) -> tuple[Source, ...]:
    """The first states among what a layer is called with; Keras 2 lists them after the sequence."""
    return (*layer.call.states, *layer.call.sources[1:])


def _count_of_states(layer: KerasLayer) -> int:
    """How many states a layer can be given behind its sequence; 0 where it is not recurrent."""
    if layer.call.states:
        return 0
    count = {"LSTM": 2, "GRU": 1, "SimpleRNN": 1}.get(wrapped(layer).class_name, 0)
    return 2 * count if is_bidirectional(layer) else count


def feed_of(layer: KerasLayer, known: Mapping[str, KerasLayer]) -> Feed:
    """Find what feeds `layer`, past what does nothing outside training.

    Raises UnfedError when something else stands between that computes, and RefusedError for a call
    that changes what the layer itself computes, such as one with a state or a mask.
    """
    source = _only_source(layer, "It")
    try:
        feed = _feed(source, known)
        _check_masks(layer, feed, known)
    except RefusedError as error:
        if layer.call.masks:
            raise
        raise UnfedError(str(error)) from None
    return feed


def _feed(source: Source, known: Mapping[str, KerasLayer]) -> Feed:
    feed = _follow(source, known)
    if feed.below is not None:
        _check_hands_up(feed.below)
    return feed


def _follow(source: Source, known: Mapping[str, KerasLayer]) -> Feed:
    """Go down from `source` to something recurrent, an embedding or the inputs."""
    while source.layer:
        layer = known[source.layer]
        if source.output:
            raise RefusedError(f"it reads a last state of the layer {layer.name!r}.")
        if is_recurrent(layer):
            return Feed(below=layer)
        if is_embedding(layer):
            tokens = _follow(_only_source(layer, f"The layer {layer.name!r}"), known)
            if tokens != Feed():
                raise RefusedError(f"the tokens of the layer {layer.name!r} are computed ones.")
            return Feed(embedding=layer)
        if not _is_transparent(layer):
            raise RefusedError(
                f"below it stands the {layer.class_name} layer {layer.name!r}, which is not "
                "computed."
            )
        source = _only_source(layer, f"The layer {layer.name!r}")
    return Feed()


def _is_transparent(layer: KerasLayer) -> bool:
    if not layer.is_builtin:
        return False
    if layer.class_name == "Activation":
        return layer.options.get("activation") == "linear"
    return layer.class_name in _TRANSPARENT


def _only_source(layer: KerasLayer, subject: str) -> Source:
    if layer.call.problem:
        raise RefusedError(f"{subject} {layer.call.problem}")
    sources = layer.call.sources
    if len(sources) != 1 and len(sources) - 1 != _count_of_states(layer):
        raise RefusedError(
            f"{subject} is called with {len(sources)} inputs; one, the sequence, is computed."
        )
    return sources[0]


def _check_masks(layer: KerasLayer, feed: Feed, known: Mapping[str, KerasLayer]) -> None:
    """Let no mask pass but the one that an embedding at the bottom makes of its tokens."""
    for mask in layer.call.masks:
        made = known[mask.layer] if mask.layer else None
        lowest = feed
        while lowest.below is not None:
            lowest = _follow(_only_source(lowest.below, "The layer below it"), known)
        if (
            made is None
            or made.class_name != _MASK_OPERATION
            or made.call.others != (MASKED_TOKEN,)
            or lowest.embedding is None
            or made.call.sources != lowest.embedding.call.sources
            or lowest.embedding.options.get("mask_zero") is not True
        ):
            raise RefusedError("it is called with a mask that is not its embedding's.")


def _check_hands_up(below: KerasLayer) -> None:
    """What feeds a layer must hand up every timestep, in a single sequence."""
    options = wrapped(below).options
    if options.get("return_sequences") is not True:
        raise RefusedError(f"the layer {below.name!r} below hands up its last timestep only.")
    if is_bidirectional(below) and _merge_mode(below) not in _MERGES:
        raise RefusedError(f"the layer {below.name!r} below does not merge its directions.")


def reader_of(below: KerasLayer | None) -> Callable[[Outputs], Array]:
    """How a layer reads what `below` hands up."""
    if below is None:
        return side_by_side
    if is_bidirectional(below):
        return _MERGES[_merge_mode(below)]
    return _as_computed if below.options.get("go_backwards") is True else side_by_side


def handed_width(below: KerasLayer, hidden_size: int) -> int:
    """How many values a timestep has of what `below` hands up."""
    is_concatenated = is_bidirectional(below) and _merge_mode(below) == _CONCATENATED
    return 2 * hidden_size if is_concatenated else hidden_size


def _merge_mode(layer: KerasLayer) -> str:
    return str(layer.options.get("merge_mode", _CONCATENATED))


def _sum(outputs: Outputs) -> Array:
    return outputs["forward"] + outputs["backward"]


def _mean(outputs: Outputs) -> Array:
    return (outputs["forward"] + outputs["backward"]) / 2


def _product(outputs: Outputs) -> Array:
    return outputs["forward"] * outputs["backward"]


def _as_computed(outputs: Outputs) -> Array:
    """Keras leaves the states of go_backwards in the order in which it computes them."""
    return outputs["backward"][::-1]


_CONCATENATED = "concat"
_MERGES: Mapping[str, Callable[[Outputs], Array]] = MappingProxyType(
    {_CONCATENATED: side_by_side, "sum": _sum, "ave": _mean, "mul": _product}
)
"""Merge mode of a Bidirectional layer to what it computes."""
