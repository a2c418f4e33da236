"""What a Keras configuration names: which of it is Keras's own, and which would be foreign code.

Keras imports and calls what a configuration names, wherever in it that stands: in a wrapper, an
initializer, a loss. The whole of it is therefore walked as data, and whatever is not on the lists
below is named by `gatereel inspect` and keeps `gatereel verify` from running the file.
"""

import builtins
import sys
from collections.abc import Iterator
from typing import Any

from gatereel.rnn_math.models.keras.calls import Json
from gatereel.rnn_math.printable import on_one_line

_ROOTS = ("keras", "tf_keras")

_PARTS = frozenset(
    (
        "activations",
        "constraints",
        "dtype_policies",
        "engine",
        "initializers",
        "layers",
        "losses",
        "metrics",
        "mixed_precision",
        "models",
        "ops",
        "optimizers",
        "quantizers",
        "random",
        "regularizers",
    )
)
"""The parts of Keras that a model is made of. Others fetch files, load models or run programs."""

_AT_THE_ROOT = frozenset(
    (
        "DTypePolicy",
        "DTypePolicyMap",
        "Functional",
        "KerasTensor",
        "Model",
        "QuantizedDTypePolicy",
        "SeedGenerator",
        "Sequential",
        "Variable",
    )
)
"""What stands in the module "keras" itself."""

_NOTATION = frozenset(
    (
        "__bytes__",
        "__complex__",
        "__ellipsis__",
        "__keras_tensor__",
        "__numpy__",
        "__slice__",
        "__tensor__",
        "__tuple__",
        "__typespec__",
    )
)
"""Classes that are no code: how Keras writes plain values. Not among them is "__lambda__"."""

_CODE_LAYERS = frozenset(("Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"))
"""Keras's own layers whose configuration is a program, or leads to one."""

_MODULES_OF_PYTHON = sys.stdlib_module_names - {"math", "random"}
"""What no part of Keras is called; `keras.src.ops.math` is one."""

_TRAINING = "compile_config"
_FUNCTION = ("function", "builtin_function_or_method", "type")

MAX_SHOWN = 8
"""How many foreign names are told."""

_LONGEST_NAME = 80  # characters


def foreign_objects(config: Json) -> tuple[str, ...]:
    """What a configuration names that is not Keras's own, such as "os.system", each once.

    A loss or a metric of one's own is not among them: it is for training alone, which nothing here
    does; what Python brings along is no loss, and is.
    """
    found: dict[str, None] = {}
    for item, is_training in _objects(config):
        if not _is_known(item) and not (is_training and _may_be_ones_own(item)):
            found.setdefault(_name(item))
            if len(found) == MAX_SHOWN:
                break
    return tuple(found)


def _objects(config: Json) -> Iterator[tuple[Json, bool]]:
    """Every object of a configuration, and whether it stands in what training needs."""
    left: list[tuple[Any, bool]] = [(config, False)]
    while left:
        value, is_training = left.pop()
        if isinstance(value, dict):
            if {"module", "class_name", "registered_name"} & value.keys():
                yield value, is_training
            for key in reversed(list(value)):
                left.append((value[key], is_training or key == _TRAINING))
        elif isinstance(value, list):
            left.extend((each, is_training) for each in reversed(value))


def _is_known(item: Json) -> bool:
    name, module = item.get("class_name"), item.get("module")
    if not isinstance(name, str):
        return False
    if module is None:
        # Keras 2 writes its own classes without a module; they are looked up by name, in Keras.
        is_own = item.get("registered_name") in (None, name) and _is_a_class(name)
        return name in _NOTATION or (is_own and name not in _CODE_LAYERS | {"__lambda__"})
    if not isinstance(module, str) or name in _CODE_LAYERS:
        return False
    if not (_is_a_class(name) or name in _FUNCTION):
        return False
    if item.get("registered_name") not in (None, name):
        return False
    root, *parts = [part for part in module.split(".") if part != "src"]
    if root not in _ROOTS or _MODULES_OF_PYTHON.intersection(parts):
        return False
    if not parts:
        return name in _AT_THE_ROOT
    return parts[0] in _PARTS or (parts[0] == "backend" and "optimizers" in parts)


def _is_a_class(name: str) -> bool:
    """Whether it is written as Keras's classes are: functions load models and fetch files."""
    return name.isidentifier() and name[0].isupper()


def _may_be_ones_own(item: Json) -> bool:
    """Whether it can be a loss that somebody wrote: of no module of Python's or Keras's."""
    if item.get("class_name") == "__lambda__":
        return True
    module = item.get("module")
    root = module.partition(".")[0] if isinstance(module, str) else ""
    if root == "builtins":
        named = str(item.get("config"))
        is_plain = item.get("class_name") == "function" and named.isidentifier()
        return is_plain and not hasattr(builtins, named)
    return bool(root) and root not in sys.stdlib_module_names and root not in _ROOTS


def _name(item: Json) -> str:
    """What an object is called in a sentence."""
    parts = [item.get("module"), item.get("class_name")]
    if parts[1] in _FUNCTION or not isinstance(parts[1], str):
        parts[1] = item.get("config")
    text = ".".join(part for part in parts if isinstance(part, str) and part)
    config = item.get("config")
    called = config.get("name") if isinstance(config, dict) else None
    if isinstance(called, str) and called:
        text += f" (called {called!r})"
    elif isinstance(config, str) and parts[1] != config:
        text += f" (with {config!r})"
    return on_one_line(text, _LONGEST_NAME) or "something without a name"
