"""One recurrent layer of a file, and what feeds it, as layers of Keras itself with their weights.

Nothing of the file's configuration is handed to Keras. Each layer is made by its class with a few
options that were checked to be plain numbers and words. Around them stands a skeleton: for every
other layer an empty one of its class's name, so that Keras's own loader finds by itself which
weights of the file belong to which layer. What the chosen layer does not need takes no memory.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gatereel.rnn_math.models.keras.calls import Json
from gatereel.rnn_math.models.keras.config import KerasLayer, is_model, is_operation
from gatereel.rnn_math.models.keras.feeds import Feed, feed_of
from gatereel.rnn_math.models.keras.files import Contents
from gatereel.rnn_math.models.keras.hdf5 import Hdf5
from gatereel.rnn_math.models.keras.kinds import POLICIES, is_bidirectional, precision_of, wrapped
from gatereel.rnn_math.models.keras.making import NOUGHTS, made_stage, own_meaning
from gatereel.rnn_math.models.model import Layer
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.records import dataclass

_HANDED_ON = ("units", "activation", "recurrent_activation", "use_bias", "reset_after")
"""The options that say what a recurrent layer computes; its reader has checked their values."""

Shape = tuple[int | None, ...]
"""Of a batch of one sequence, or of one row."""

_DEFAULT_POLICY = "float32"
_WEIGHTS_FILE = "model.weights.h5"


@dataclass(frozen=True, eq=False)
class Fed:
    """A recurrent layer of Keras with its weights, and what feeds it."""

    target: Any
    below: tuple[Any, ...]
    """The recurrent layers under it, and what else is computed there, from the bottom upwards."""
    reads_one_row: bool
    """Whether the lowest of them reads one row a sequence, which a RepeatVector repeats."""
    embedding: Any | None
    embedding_name: str
    masks: bool
    """Whether the embedding masks its first token."""


def build(
    keras: Any,
    contents: Contents,
    name: str,
    read: Mapping[str, Layer],
    policy: str | None,
    *,
    alone: bool = False,
) -> Fed:
    """Make the layer called `name` and, unless `alone`, what feeds it.

    `read` are the recurrent layers of the file by their modules. A `policy` of None is each layer's
    own. Whatever Keras raises is passed on.
    """
    chain = [contents.layers[name]]
    feeds = [Feed() if alone else feed_of(chain[0], contents.layers)]
    while (below := feeds[-1].below) is not None:
        chain.append(below)
        feeds.append(feed_of(below, contents.layers))
    feed = feeds[-1]
    maker = _Maker(keras, {name: each.input_size for name, each in read.items()}, policy)
    made: dict[str, Any] = {}
    shape: Shape = (1, None, read[chain[-1].name].fed_size)
    shape = shape if feed.is_sequence else shape[::2]
    for k in reversed(range(len(chain))):
        for stage in feeds[k].stages:
            made[stage.name] = maker.stage(stage, shape)
            shape = made[stage.name].compute_output_shape(shape)
        hands_up = k == 0 or feeds[k - 1].is_sequence
        made[chain[k].name] = maker.recurrent(chain[k], hands_up=hands_up)
        shape = made[chain[k].name].compute_output_shape(shape)
    upwards = tuple(made.values())
    embedding, embedding_name = None, ""
    if feed.embedding is not None:
        embedding = maker.embedding(feed.embedding)
        embedding_name = feed.embedding.name
        made[embedding_name] = embedding
    skeleton = _Skeleton(keras, made).model(contents.config, "")
    with _weights_file(contents.h5) as path:
        skeleton.load_weights(path)
    skeleton.trainable = False  # else what leads to every state is kept for a gradient
    masks = feed.embedding is not None and feed.embedding.options.get("mask_zero") is True
    return Fed(upwards[-1], upwards[:-1], not feed.is_sequence, embedding, embedding_name, masks)


@dataclass(frozen=True, eq=False)
class _Maker:
    keras: Any
    widths: Mapping[str, int]
    policy: str | None

    def recurrent(self, layer: KerasLayer, *, hands_up: bool) -> Any:
        """A recurrent layer, built, that hands up every timestep or the last one."""
        if not is_bidirectional(layer):
            made = self._one(layer, hands_up)
        else:
            has_backward = bool(layer.options.get("backward_layer"))
            made = self.keras.layers.Bidirectional(
                self._one(wrapped(layer), hands_up),
                merge_mode=layer.options.get("merge_mode", "concat"),
                backward_layer=self._one(wrapped(layer, "backward_layer"), hands_up)
                if has_backward
                else None,
                dtype=self._policy(layer),
            )
        made.build((None, None, self.widths[layer.name]))
        return made

    def embedding(self, layer: KerasLayer) -> Any:
        """An embedding, built."""
        sizes = layer.options["input_dim"], layer.options["output_dim"]
        made = self.keras.layers.Embedding(
            *sizes, embeddings_initializer=NOUGHTS, dtype=self._policy(layer)
        )
        made.build((None, None))
        return made

    def stage(self, layer: KerasLayer, shape: Shape) -> Any:
        """What else is computed below, built for rows of `shape`."""
        made = made_stage(self.keras, layer, self._policy(layer))
        made.build(shape)
        return made

    def _one(self, layer: KerasLayer, hands_up: bool) -> Any:
        options = {
            key: own_meaning(self.keras, layer.options[key])
            for key in _HANDED_ON
            if key in layer.options
        }
        return getattr(self.keras.layers, layer.class_name)(
            **options,
            kernel_initializer=NOUGHTS,
            recurrent_initializer=NOUGHTS,
            return_sequences=hands_up,
            go_backwards=layer.options.get("go_backwards") is True,
            dtype=self._policy(layer),
        )

    def _policy(self, layer: KerasLayer) -> str:
        own = precision_of(layer)
        return self.policy or (own if own in POLICIES else _DEFAULT_POLICY)


@dataclass(frozen=True, eq=False)
class _Skeleton:
    """Every layer of a configuration in its place: those that are made, and empty ones."""

    keras: Any
    made: Mapping[str, Any]

    def model(self, item: Json, prefix: str) -> Any:
        """A model with the same layers in the same order, for the loader to walk."""
        layers = [each for each in item["config"]["layers"] if not is_operation(each)]
        model = _named(item, self.keras.Model)
        model.parts = [self._part(each, prefix) for each in layers]
        model.built = True
        return model

    def _part(self, item: Json, prefix: str) -> Any:
        name = prefix + str(item["config"].get("name", item.get("name")))
        if is_model(item):
            return self.model(item, f"{name}/")
        if name in self.made:
            return self.made[name]
        return _named(item, self.keras.layers.Layer, load_own_variables=_leave)


def _named(item: Json, base: type, **methods: Callable[..., None]) -> Any:
    """An object of a class of the item's name, by which Keras's loader tells and counts layers."""
    return type(item["class_name"], (base,), methods)()


def _leave(layer: Any, store: Any) -> None:
    """Leave in the file what an empty layer does not need."""


@contextmanager
def _weights_file(h5: Hdf5) -> Iterator[Path]:
    """A file of the arrays that were read and checked, and of nothing else."""
    h5py = load("h5py", "Reading Keras models", "gatereel[keras]")
    with TemporaryDirectory() as folder:
        path = Path(folder) / _WEIGHTS_FILE
        with h5py.File(path, "w") as file:
            for name, array in h5.arrays.items():
                if array.values is not None:
                    file.create_dataset(name, data=array.values)
        yield path
