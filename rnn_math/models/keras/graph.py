"""The recurrent layers of a Keras model by its configuration and its weights."""

from collections.abc import Mapping, Set
from dataclasses import field
from pathlib import Path
from types import MappingProxyType

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.models.keras.cells import (
    RefusedError,
    Weights,
    read_weights,
    stored_at,
    strand_of,
)
from gatereel.rnn_math.models.keras.config import KerasLayer
from gatereel.rnn_math.models.keras.feeds import (
    MASKED_TOKEN,
    Feed,
    UnfedError,
    feed_of,
    handed_over,
    handed_width,
    masking_before,
    not_computed,
    reader_of,
)
from gatereel.rnn_math.models.keras.hdf5 import DType, Hdf5
from gatereel.rnn_math.models.keras.kinds import (
    computed_in,
    hidden_size_of,
    is_bidirectional,
    is_ours,
    is_recurrent,
    kind_of,
    precision_of,
    wrapped,
)
from gatereel.rnn_math.models.keras.stages import stage_of
from gatereel.rnn_math.models.model import Direction, Layer, Model, Strand
from gatereel.rnn_math.models.stages import Stage, width_above, width_below
from gatereel.rnn_math.records import dataclass

LEAST_EXACT_FIRST: tuple[DType, ...] = ("bfloat16", "float16", "float32", "float64")

_DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")
_SHOWN_CLASSES = 8  # in an error
_MATRIX = 2  # dimensions


@dataclass
class _Builder:
    """Makes layers one after the other, each after the one that feeds it."""

    known: Mapping[str, KerasLayer]
    h5: Hdf5
    path: Path
    made: dict[str, Layer] = field(default_factory=dict)
    embeddings: dict[str, Array] = field(default_factory=dict)

    def make(self, layer: KerasLayer) -> Layer:
        """Make a layer, with a refusal when it cannot be computed.

        Raises InputError when its weights are missing or do not fit.
        """
        try:
            _check_class(layer)
            feed, fed, stages, unfed = self._feed(layer)
            strands, weights = self._strands(layer)
        except RefusedError as refused:
            return _refused(layer, str(refused))
        if stages:
            width = width_below(stages, weights.input_size) if fed is None else fed
            reached = width_above(stages, width)
            if reached != weights.input_size:
                said = f"what stands below it gives {reached} values a timestep, not as many as it "
                unfed = reached if isinstance(reached, str) else f"{said}reads."
                feed, stages = Feed(), ()
        elif fed not in (None, weights.input_size):
            raise InputError(
                f"{self.path}: the layer {layer.name!r} reads {weights.input_size} values a "
                f"timestep, but is fed {fed}."
            )
        masks = feed.embedding is not None and feed.embedding.options.get("mask_zero") is True
        return Layer(
            module=layer.name,
            kind=kind_of(layer),
            input_size=weights.input_size,
            hidden_size=weights.units,
            strands=MappingProxyType(strands),
            below=self.made[feed.below.name] if feed.below else None,
            read=reader_of(feed),
            stages=stages,
            embedding=feed.embedding.name if feed.embedding else "",
            is_feed_known=True,
            masked_token=MASKED_TOKEN if masks else None,
            computed_in=computed_in(layer),
            unfed=unfed,
            unstarted=handed_over(layer),
            found_at=layer.name,
            masked_by=masking_before(layer, self.known),
        )

    def _feed(self, layer: KerasLayer) -> tuple[Feed, int | None, tuple[Stage, ...], str]:
        """What feeds a layer, how many values a timestep has of it, and what it passes on the way.

        Or why that is not computed.
        """
        try:
            feed = feed_of(layer, self.known)
            return feed, self._fed_width(feed), self._stages(feed), ""
        except UnfedError as unfed:
            return Feed(), None, (), str(unfed)

    def _stages(self, feed: Feed) -> tuple[Stage, ...]:
        """What stands between a layer and what feeds it, the lowest first."""
        made: list[Stage] = []
        is_sequence = feed.is_sequence
        for layer in feed.stages:
            try:
                self._check_name(layer)
                made.append(stage_of(layer, self.h5, is_sequence=is_sequence))
            except (RefusedError, InputError) as refused:
                raise UnfedError(not_computed(layer, str(refused))) from None
            is_sequence = is_sequence or made[-1].repeats > 0
        return tuple(made)

    def _strands(self, layer: KerasLayer) -> tuple[dict[Direction, Strand], Weights]:
        """The layer's directions, and the weights of its first."""
        self._check_name(layer)
        if not is_bidirectional(layer):
            backwards = layer.options.get("go_backwards") is True
            strand, weights = self._strand(layer, layer.path)
            return {"backward" if backwards else "forward": strand}, weights
        forward = wrapped(layer)
        backward = wrapped(layer, "backward_layer") if layer.options.get("backward_layer") else None
        if forward.options.get("go_backwards") is True or (
            backward is not None and backward.options.get("go_backwards") is not True
        ):
            raise RefusedError("its forward layer has go_backwards=True.")
        strands: dict[Direction, Strand] = {}
        found: list[Weights] = []
        for direction, inner in zip(_DIRECTIONS, (forward, backward or forward), strict=True):
            _check_class(inner)
            strand, weights = self._strand(inner, f"{layer.path}/{direction}_layer")
            strands[direction] = strand
            found.append(weights)
        sizes = {(weights.input_size, weights.units) for weights in found}
        if len(sizes) > 1:
            raise RefusedError("its two directions have different sizes.")
        return strands, found[0]

    def _strand(self, layer: KerasLayer, group: str) -> tuple[Strand, Weights]:
        where = f"{self.path}: the layer {layer.name!r}"
        weights = read_weights(self.h5, group, where)
        return strand_of(layer.class_name, layer.options, weights, where, self.path.name), weights

    def _check_name(self, layer: KerasLayer) -> None:
        """Raise InputError where the file notes that the weights are another layer's."""
        noted = self.h5.groups.get(f"{layer.path}/vars", "")
        if noted and noted != layer.name.rpartition("/")[2]:
            raise InputError(
                f"{self.path}: at {layer.path!r}, where the weights of the layer {layer.name!r} "
                f"belong, stand those of {shortened(noted)}."
            )

    def _fed_width(self, feed: Feed) -> int | None:
        """How many values a timestep has of what feeds a layer; None for the model's inputs."""
        if feed.below is not None:
            below = self.made[feed.below.name]
            if below.refusal or below.unfed or below.unstarted:
                raise UnfedError(f"the layer {below.name!r} below it cannot be computed.")
            return handed_width(feed.below, below.hidden_size)
        if feed.embedding is not None:
            return int(self._embedding(feed.embedding).shape[1])
        return None

    def _embedding(self, layer: KerasLayer) -> Array:
        """Read an embedding's matrix, `(tokens, size)`, and keep it under the layer's name."""
        if layer.name not in self.embeddings:
            self._check_name(layer)
            stored = stored_at(self.h5, f"{layer.path}/vars").get("0")
            if stored is None or stored.values is None:
                raise RefusedError(
                    f"The matrix of the embedding {layer.name!r} is not stored as floats."
                )
            sizes = (layer.options.get("input_dim"), layer.options.get("output_dim"))
            if len(stored.shape) != _MATRIX or stored.shape != sizes:
                raise InputError(
                    f"{self.path}: the embedding {layer.name!r} has the shape {stored.shape}; its "
                    "options ask for another."
                )
            self.embeddings[layer.name] = stored.values
        return self.embeddings[layer.name]


def model_of_config(layers: Mapping[str, KerasLayer], h5: Hdf5, path: Path) -> Model:
    """Make a model of configured layers and their weights.

    A layer that cannot be computed has a refusal. Raises InputError when none is recurrent, and
    when weights are missing or do not fit the configuration.
    """
    builder = _Builder(layers, h5, path)
    for name, layer in layers.items():
        if is_recurrent(layer):
            builder.made[name] = builder.make(layer)
    if not builder.made:
        classes = list(dict.fromkeys(layer.class_name for layer in layers.values()))
        raise InputError(
            f"{path} holds no recurrent layer such as LSTM; it has "
            f"{', '.join(classes[:_SHOWN_CLASSES]) or 'no layer'}."
        )
    policies = {precision_of(layers[name]) for name in builder.made}
    mixed = sorted(policy for policy in policies if policy.startswith("mixed_"))
    notes = [f"Keras computes it in {each}, with sums less exact than here." for each in mixed]
    notes += [
        f"{name}: the model is made for {counted(layers[name].timesteps, 'timestep')}; no other "
        "number runs in its own library."
        for name, layer in builder.made.items()
        if layers[name].timesteps and layer.below is None and not (layer.refusal or layer.repeats)
    ]
    return Model(
        "Keras",
        tuple(builder.made.values()),
        MappingProxyType(builder.embeddings),
        least_exact(h5, {policy.removeprefix("mixed_") for policy in policies}),
        tuple(notes),
    )


def least_exact(h5: Hdf5, computed: Set[str] = frozenset()) -> DType:
    """The least exact type among the arrays that were read and the types computed in."""
    types = computed | {array.dtype for array in h5.arrays.values() if array.values is not None}
    return next((dtype for dtype in LEAST_EXACT_FIRST if dtype in types), "float32")


def _check_class(layer: KerasLayer) -> None:
    """Raise RefusedError for a class that no cell computes."""
    inner = wrapped(layer) if is_bidirectional(layer) else layer
    if not is_ours(inner):
        kind = shortened(inner.class_name)
        if is_recurrent(layer) and inner.is_builtin:
            raise RefusedError(f"it is of the class {kind}, which is not computed.")
        raise RefusedError(f"it is of the class {kind}, which is not Keras's own.")


def _refused(layer: KerasLayer, reason: str) -> Layer:
    return Layer(
        module=layer.name,
        kind=kind_of(layer),
        input_size=layer.input_size,
        hidden_size=hidden_size_of(layer),
        strands=MappingProxyType({}),
        refusal=reason,
    )
