"""What feeds a recurrent layer of a Keras model, and how it reads what the layer below hands up."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import some_of
from gatereel.rnn_math.models.keras.calls import Source
from gatereel.rnn_math.models.keras.cells import RefusedError
from gatereel.rnn_math.models.keras.config import KerasLayer
from gatereel.rnn_math.models.keras.kinds import (
    is_bidirectional,
    is_embedding,
    is_ours,
    is_recurrent,
    wrapped,
)
from gatereel.rnn_math.models.keras.stages import (
    MASKING,
    REPEAT_VECTOR,
    TIME_DISTRIBUTED,
    is_stage,
)
from gatereel.rnn_math.models.model import Outputs, side_by_side
from gatereel.rnn_math.records import dataclass

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

_MASK_OPERATION = "NotEqual"
"""How Keras notes that an embedding masks its token 0: as a comparison of the tokens with it."""

_ANY_OPERATION = "Any"
"""What follows that where a Masking layer does: any value of the row that differs."""

MASKED_TOKEN = 0

_H = 1
"""Which output of a layer with return_state its last hidden state is."""


@dataclass(frozen=True)
class Feed:
    """What a layer reads: the layer below, an embedding, or the model's inputs if it has none."""

    below: KerasLayer | None = None
    embedding: KerasLayer | None = None
    stages: tuple[KerasLayer, ...] = ()
    """What stands between and is computed, the lowest first."""
    is_sequence: bool = True
    """Whether what feeds the lowest of them is a sequence; else it is one row, which a RepeatVector
    makes a sequence of."""
    is_last_state: bool = False
    """Whether that row is the layer's last hidden state, whatever else it hands up."""


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
        if known[name].class_name == MASKING or known[name].options.get("mask_zero") is True:
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
    """Find what feeds `layer`, past what is computed and what does nothing outside training.

    Raises UnfedError when anything else stands between, and RefusedError for a call
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
        _check_hands_up(feed)
    return feed


def _follow(source: Source, known: Mapping[str, KerasLayer]) -> Feed:
    """Go down from `source` to something recurrent, an embedding or the inputs."""
    stages: list[KerasLayer] = []
    is_sequence = True
    while source.layer:
        layer = known[source.layer]
        is_last_h = source.output == _H and not is_sequence and is_ours(layer)
        if source.output and not is_last_h:
            raise RefusedError(f"it reads a last state of the layer {layer.name!r}.")
        if is_recurrent(layer):
            return Feed(layer, None, tuple(stages[::-1]), is_sequence, is_last_h)
        if is_embedding(layer):
            tokens = _follow(_only_source(layer, f"The layer {layer.name!r}"), known)
            if tokens != Feed():
                raise RefusedError(f"the tokens of the layer {layer.name!r} are computed ones.")
            if not is_sequence:
                raise RefusedError(f"the layer {layer.name!r} makes a sequence, not one row.")
            return Feed(embedding=layer, stages=tuple(stages[::-1]))
        if not _is_transparent(layer):
            repeats = layer.class_name == REPEAT_VECTOR
            if not is_stage(layer) or (repeats and not is_sequence):
                raise RefusedError(not_computed(layer, "is not computed."))
            stages.append(layer)
            is_sequence = is_sequence and not repeats
        source = _only_source(layer, f"The layer {layer.name!r}")
    return Feed(stages=tuple(stages[::-1]), is_sequence=is_sequence)


def not_computed(layer: KerasLayer, why: str) -> str:
    """The sentence about what stands below a recurrent layer."""
    return f"below it stands the {layer.class_name} layer {layer.name!r}, which {why}"


def stages_below(known: Mapping[str, KerasLayer]) -> dict[str, KerasLayer]:
    """What stands below any recurrent layer and may be computed, by name."""
    found: dict[str, KerasLayer] = {}
    for layer in known.values():
        if is_recurrent(layer) and not layer.call.problem and layer.call.sources:
            try:
                found |= {each.name: each for each in _follow(layer.call.sources[0], known).stages}
            except RefusedError:
                continue
    return found


def _is_transparent(layer: KerasLayer) -> bool:
    inner = wrapped(layer) if layer.class_name == TIME_DISTRIBUTED else layer
    if not (layer.is_builtin and inner.is_builtin):
        return False
    if inner is not layer:
        return inner.class_name in _TRANSPARENT
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
    """Let no mask pass but those that an embedding makes of its tokens, or a Masking layer."""
    if not layer.call.masks:
        return
    feeds = [feed]
    while (below := feeds[-1].below) is not None:
        feeds.append(_follow(_only_source(below, "The layer below it"), known))
    for mask in layer.call.masks:
        made = known[mask.layer] if mask.layer else None
        if made is None or not (
            _is_of_embedding(made, feeds[-1].embedding)
            or any(
                _is_of_masking(made, stage, known)
                for each in feeds
                for stage in each.stages
                if stage.class_name == MASKING
            )
        ):
            raise RefusedError(
                "it is called with a mask that is not its embedding's or a Masking layer's."
            )


def _is_of_embedding(made: KerasLayer, embedding: KerasLayer | None) -> bool:
    return (
        embedding is not None
        and made.class_name == _MASK_OPERATION
        and made.call.others == (MASKED_TOKEN,)
        and made.call.sources == embedding.call.sources
        and embedding.options.get("mask_zero") is True
    )


def _is_of_masking(made: KerasLayer, masking: KerasLayer, known: Mapping[str, KerasLayer]) -> bool:
    if made.class_name != _ANY_OPERATION or made.options.get("axis") != -1:
        return False
    compared = [known[each.layer] for each in made.call.sources if each.layer]
    return (
        len(compared) == 1
        and compared[0].class_name == _MASK_OPERATION
        and compared[0].call.others == (masking.options.get("mask_value", 0.0),)
        and compared[0].call.sources == masking.call.sources
    )


def _check_hands_up(feed: Feed) -> None:
    """What feeds a layer must hand up what is read of it: every timestep, or the last."""
    below = feed.below
    assert below is not None
    hands_up = wrapped(below).options.get("return_sequences") is True
    if feed.is_sequence and not hands_up:
        raise RefusedError(f"the layer {below.name!r} below hands up its last timestep only.")
    if hands_up and not (feed.is_sequence or feed.is_last_state):
        raise RefusedError(f"the layer {below.name!r} below hands up every timestep, not one.")
    if is_bidirectional(below) and _merge_mode(below) not in _MERGES:
        raise RefusedError(f"the layer {below.name!r} below does not merge its directions.")


def reader_of(feed: Feed) -> Callable[[Outputs], Array]:
    """How a layer, or its lowest stage, reads what the layer below hands up."""
    if feed.below is None:
        return side_by_side
    merge = _merge_of(feed.below)
    if feed.is_sequence:
        return merge

    def last(outputs: Outputs) -> Array:
        # Each direction's last timestep is the last that it read.
        ends = {"forward": slice(-1, None), "backward": slice(0, 1)}
        return merge({side: states[ends[side]] for side, states in outputs.items()})

    return last


def _merge_of(below: KerasLayer) -> Callable[[Outputs], Array]:
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
