"""How one layer of a Keras model calls upon others: the notation of config.json, as data."""

from collections.abc import Iterator, Mapping
from typing import Any

from gatereel.rnn_math.records import dataclass

Json = Mapping[str, Any]

_TENSOR = "__keras_tensor__"
HISTORY = 3
"""A reference to a tensor: a layer's name, which call of it, which output."""


@dataclass(frozen=True)
class Source:
    """Where an input comes from."""

    layer: str
    """A layer's name; "" for the inputs of the model itself."""
    output: int = 0
    """Which of the layer's outputs: 0 is what it computes, others are its last states."""


@dataclass(frozen=True)
class Call:
    """How a layer is called."""

    sources: tuple[Source, ...] = ()
    masks: tuple[Source, ...] = ()
    """What is given to it as `mask`."""
    states: tuple[Source, ...] = ()
    """What is given to it as `initial_state`."""
    others: tuple[object, ...] = ()
    """What else stands among its arguments."""
    problem: str = ""
    """Why it is not known what feeds the layer, to follow "it"; empty when it is."""


def arguments_of(node: object) -> tuple[list[Any], Json]:
    """The positional arguments and the options of a call, as Keras 3 or Keras 2 writes it."""
    if isinstance(node, dict):
        args, kwargs = node.get("args"), node.get("kwargs")
        return (args if isinstance(args, list) else []), (
            kwargs if isinstance(kwargs, dict) else {}
        )
    # Keras 2: a list of [name, call, output, options], the options at the first.
    inputs = node if isinstance(node, list) else []
    options: Json = {}
    histories = []
    for each in inputs:
        if isinstance(each, list):
            histories.append({"class_name": _TENSOR, "config": {"keras_history": each[:HISTORY]}})
            if len(each) > HISTORY and isinstance(each[HISTORY], dict):
                options = {**options, **each[HISTORY]}
    return histories, options


def tensors_of_states(value: object) -> list[object]:
    """The references in an argument `initial_state`: Keras 3's, or Keras 2's [name, call, output].

    Empty where it is neither.
    """
    found = list(tensors(value))
    if found or not isinstance(value, list):
        return found
    each = [value] if value and isinstance(value[0], str) else value
    return each if all(isinstance(one, list) for one in each) else []


def tensors(value: object) -> Iterator[object]:
    """The references to tensors inside arguments, in order."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            config = each.get("config")
            if each.get("class_name") == _TENSOR and isinstance(config, dict):
                yield config.get("keras_history")
            else:
                left.extend(reversed(list(each.values())))
        elif isinstance(each, list):
            left.extend(reversed(each))
