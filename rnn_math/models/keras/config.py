"""The layers of a Keras model and what feeds them, by the config.json of a `.keras` file.

Nothing that the configuration names is built or run: it is read as data. Nested models are laid
open: the layer "lstm" of the model "encoder" is called "encoder/lstm".
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.models.keras.calls import (
    HISTORY,
    Call,
    Json,
    Source,
    arguments_of,
    tensors,
    tensors_of_states,
)
from gatereel.rnn_math.records import dataclass

MAX_MODELS = 20
"""Models inside one another."""

MAX_LAYERS = 100_000

_MAX_NAME = 200  # characters
_MODELS = ("Sequential", "Functional")
_INPUT = "InputLayer"
_ARGUMENTS = ("training", "mask", "initial_state")  # of a call, beside the sequence
_LAYER_MODULE = re.compile(r"(tf_)?keras\.(src\.)?layers\b")
_MODEL_MODULE = re.compile(r"(tf_)?keras\b")
_OPERATION_MODULE = re.compile(r"keras\.src\.ops\b")


@dataclass(frozen=True, eq=False)
class KerasLayer:
    """A layer of the model, or an operation such as an addition."""

    name: str
    class_name: str
    is_builtin: bool
    """Whether it is Keras's own layer; others may compute anything."""
    options: Json
    path: str
    """Where its weights stand in the weights file."""
    call: Call
    input_size: int
    """The width it was built for; 0 where the file does not say."""
    timesteps: int
    """The length it was built for; 0 where the file leaves that open."""


def to_snake_case(name: str) -> str:
    """Turn a class's name into the one that Keras's weights files have for it."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def parse_config(data: bytes, where: str) -> Json:
    """Parse config.json. Raises InputError when it is no JSON object."""
    try:
        config = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: config.json cannot be read as JSON.") from None
    return _Reader(where).mapping(config, "the model")


def layers_of(config: Json, where: str) -> dict[str, KerasLayer]:
    """The layers of a configuration by name, each after those that feed it.

    Raises InputError when it is damaged, or the model is neither Sequential nor Functional.
    """
    reader = _Reader(where)
    if not is_model(config):
        kind = shortened(str(config.get("class_name", "")))
        raise InputError(
            f"{where} holds a model of the class {kind}, whose own code says what feeds what. "
            "Save its weights with model.save_weights('name.weights.h5') and read these."
        )
    reader.model(config, _Place("", "", 0), None, "")
    return reader.layers


def is_model(item: Json) -> bool:
    """Whether it is one of Keras's own models that say what feeds what."""
    module = item.get("module")
    return (
        item.get("class_name") in _MODELS
        and isinstance(module, str)
        and _MODEL_MODULE.match(module) is not None
    )


def is_from_keras(item: Json) -> bool:
    """Whether a layer is Keras's own: of its module, and registered by nobody."""
    module = item.get("module")
    return (
        item.get("registered_name") is None
        and isinstance(module, str)
        and _LAYER_MODULE.match(module) is not None
    )


def is_operation(item: Json) -> bool:
    """Whether it is no layer, but an operation such as an addition."""
    return _OPERATION_MODULE.match(str(item.get("module"))) is not None


@dataclass(frozen=True)
class _Place:
    """A model among the models around it."""

    prefix: str
    """What its layers' names begin with: "encoder/"."""
    path: str
    """Where it stands in the weights file: "layers/functional/"."""
    depth: int


@dataclass
class _Reader:
    where: str
    layers: dict[str, KerasLayer] = field(default_factory=dict)

    def model(
        self, item: Json, place: _Place, sources: Sequence[Source] | None, problem: str
    ) -> list[Source]:
        """Read a model that `sources` feed (None: the inputs); return what its outputs are."""
        if place.depth > MAX_MODELS:
            raise InputError(f"{self.where} has more than {MAX_MODELS} models inside one another.")
        config = self.mapping(item.get("config"), "a model's config")
        items = [self.mapping(each, "a layer") for each in self.listed(config.get("layers"))]
        paths = _weight_paths(items, place)
        if item["class_name"] == "Sequential":
            return self._sequential(items, paths, place, sources or [Source("")], problem)
        return self._functional(config, items, paths, place, sources, problem)

    def _sequential(
        self,
        items: Sequence[Json],
        paths: Sequence[str],
        place: _Place,
        sources: Sequence[Source],
        problem: str,
    ) -> list[Source]:
        outputs = list(sources)
        for item, path in zip(items, paths, strict=True):
            if item.get("class_name") != _INPUT:
                outputs = self._layer(item, path, place, Call(tuple(outputs), problem=problem))
        return outputs[:1]

    def _functional(
        self,
        config: Json,
        items: Sequence[Json],
        paths: Sequence[str],
        place: _Place,
        sources: Sequence[Source] | None,
        problem: str,
    ) -> list[Source]:
        entries = [self._reference(each)[0] for each in self._references(config, "input_layers")]
        outputs: dict[str, list[Source]] = {}
        for item, path in zip(items, paths, strict=True):
            name = self._name(item)
            if item.get("class_name") == _INPUT:
                outputs[name] = [_entry(name, entries, sources)]
                continue
            call = self._call(item, outputs)
            call = replace(call, problem=problem or call.problem)
            outputs[name] = self._layer(item, path, place, call)
        ends = [self._reference(each) for each in self._references(config, "output_layers")]
        return [self._output(outputs, name, index) for name, index in ends]

    def _layer(self, item: Json, path: str, place: _Place, call: Call) -> list[Source]:
        """Read a layer or a nested model; return what its outputs are."""
        name = place.prefix + self._name(item)
        if is_model(item):
            inner = _Place(f"{name}/", f"{path}/", place.depth + 1)
            problem = call.problem
            if not problem and call.masks:
                problem = f"stands in the model {name!r}, which is given a mask."
            if not problem and len(call.sources) != 1:
                problem = f"stands in the model {name!r}, which reads several inputs."
            return self.model(item, inner, call.sources, problem)
        if name in self.layers:
            raise InputError(f"{self.where} has two layers called {shortened(name)}.")
        if len(self.layers) >= MAX_LAYERS:
            raise InputError(f"{self.where} has more than {MAX_LAYERS} layers.")
        self.layers[name] = KerasLayer(
            name,
            class_name=self._text(item, "class_name"),
            is_builtin=is_from_keras(item),
            options=self.mapping(item.get("config"), f"the config of {name!r}"),
            path=path,
            call=call,
            input_size=_built_size(item, -1),
            timesteps=_built_size(item, 1),
        )
        return [Source(name)]

    def _call(self, item: Json, outputs: Mapping[str, list[Source]]) -> Call:
        """How a layer of a functional model is called."""
        nodes = self.listed(item.get("inbound_nodes"))
        if len(nodes) != 1:
            return Call(problem=f"is called {len(nodes)} times, on different inputs.")
        arguments, options = arguments_of(nodes[0])
        if options.get("training") is True:
            return Call(problem="is called with training=True, which draws random numbers.")
        found = [self._resolve(each, outputs) for each in tensors(arguments)]
        masks = [self._resolve(each, outputs) for each in tensors(options.get("mask"))]
        given = [
            key for key, value in options.items() if key not in _ARGUMENTS and value is not None
        ]
        problem = f"is called with {shortened(given[0])} of its own." if given else ""
        others = tuple(each for each in arguments if isinstance(each, int | float))
        of_states = tensors_of_states(options.get("initial_state"))
        states = [self._resolve(each, outputs) for each in of_states]
        if options.get("initial_state") is not None and not states:
            problem = "is called with an initial_state that is not understood."
        return Call(tuple(found), tuple(masks), tuple(states), others, problem)

    def _resolve(self, history: object, outputs: Mapping[str, list[Source]]) -> Source:
        name, index = self._reference(history)
        return self._output(outputs, name, index)

    def _output(self, outputs: Mapping[str, list[Source]], name: str, index: int) -> Source:
        if name not in outputs:
            raise InputError(
                f"{self.where}: config.json uses {shortened(name)} before it is there."
            )
        if len(outputs[name]) == 1:  # a layer's other outputs are its last states
            source = outputs[name][0]
            return Source(source.layer, source.output + index)
        if index >= len(outputs[name]):
            raise InputError(f"{self.where}: {shortened(name)} has no output {index + 1}.")
        return outputs[name][index]

    def _references(self, config: Json, key: str) -> list[Any]:
        """A list of references to tensors; a single one may stand without a list around it."""
        value = config.get(key)
        if isinstance(value, dict):
            return list(value.values())
        listed = self.listed(value)
        return [listed] if listed and isinstance(listed[0], str) else listed

    def _reference(self, history: object) -> tuple[str, int]:
        """A layer's name and which of its outputs, of [name, call, output]."""
        if (
            not isinstance(history, list)
            or len(history) < HISTORY
            or not isinstance(history[0], str)
            or not isinstance(history[2], int)
            or history[2] < 0
        ):
            raise InputError(f"{self.where}: config.json does not say what feeds a layer.")
        return history[0], history[2]

    def _name(self, item: Json) -> str:
        """The layer's name, which is safe to print."""
        options = self.mapping(item.get("config"), "a layer's config")
        name = options.get("name", item.get("name"))
        if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= _MAX_NAME:
            raise InputError(f"{self.where}: a layer has no usable name in config.json.")
        return name

    def _text(self, item: Json, key: str) -> str:
        text = item.get(key)
        if not isinstance(text, str) or not text.isprintable() or not 0 < len(text) <= _MAX_NAME:
            raise InputError(f"{self.where}: a layer has no usable {key} in config.json.")
        return text

    def mapping(self, value: object, what: str) -> Json:
        """Return `value`, or raise InputError when it is no JSON object."""
        if not isinstance(value, dict):
            raise InputError(f"{self.where}: config.json gives {what} as no object.")
        return value

    def listed(self, value: object) -> list[Any]:
        """Return `value`, or raise InputError when it is no list."""
        if not isinstance(value, list):
            raise InputError(f"{self.where}: config.json lacks a list of layers or of their calls.")
        return value


def _entry(name: str, entries: Sequence[str], sources: Sequence[Source] | None) -> Source:
    """What an input layer hands on."""
    if sources is None or name not in entries or entries.index(name) >= len(sources):
        return Source("")
    return sources[entries.index(name)]


def _weight_paths(items: Sequence[Json], place: _Place) -> list[str]:
    """Where each layer's weights stand: Keras counts the layers of a class, from the second on."""
    counts: dict[str, int] = {}
    paths: list[str] = []
    for item in items:
        if is_operation(item):
            paths.append("")  # it has no weights and is not counted
            continue
        name = to_snake_case(str(item.get("class_name")))
        number = counts.get(name, 0)
        counts[name] = number + 1
        suffix = f"_{number}" if number else ""
        paths.append(f"{place.path}layers/{name}{suffix}")
    return paths


def _built_size(item: Json, axis: int) -> int:
    """One size of the shape a layer was built for; 0 when that is not told."""
    built = item.get("build_config")
    shapes: Json = built if isinstance(built, dict) else {}
    if isinstance(shapes.get("shapes_dict"), dict):  # where it is called with more than a sequence
        shapes = shapes["shapes_dict"]
    shape = shapes.get("input_shape", shapes.get("sequences_shape"))
    is_there = isinstance(shape, list) and -len(shape) <= axis < len(shape)
    size = shape[axis] if is_there else None
    return size if isinstance(size, int) and not isinstance(size, bool) and size > 0 else 0
