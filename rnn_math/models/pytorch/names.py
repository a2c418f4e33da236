"""PyTorch's names for the tensors of recurrent modules: "encoder.lstm.weight_hh_l0_reverse"."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Generic, TypeVar

from gatereel.rnn_math.models.model import Direction
from gatereel.rnn_math.records import dataclass

SUFFIXES: Mapping[Direction, str] = MappingProxyType({"forward": "", "backward": "_reverse"})
"""How the names of a direction's tensors end."""

_PARAMETER = re.compile(
    r"(?P<module>.*\.)?(?P<tensor>(?:weight|bias)_(?:ih|hh|hr))"
    r"(?:_l(?P<level>0|[1-9][0-9]{0,3})(?P<reverse>_reverse)?)?",
    re.DOTALL,
)

_CHANGED = re.compile(
    r"(?P<module>.*?\.)??(?:parametrizations\.)?(?:weight|bias)_(?:ih|hh|hr)"
    r"(?:_l[0-9]+(?:_reverse)?)?(?:_(?:g|v|u|orig|mask|raw)|\.[^.]+)",
    re.DOTALL,
)
"""What stands in place of a weight under weight_norm, spectral_norm, pruning and the like."""

_T = TypeVar("_T")


@dataclass(eq=False)
class TorchModule(Generic[_T]):
    """What a file has under the name of one recurrent module."""

    prefix: str
    """What its tensors' names begin with: "encoder.lstm.", or nothing."""
    tensors: dict[str, _T] = field(default_factory=dict)
    """Its tensors by their names within the module: "weight_ih_l0"."""
    levels: set[int] = field(default_factory=set)
    """The levels that the names speak of; none for a cell, such as nn.LSTMCell."""
    surplus: str = ""
    """Another tensor inside the module, by its whole name; the first if there are more."""
    changed: list[str] = field(default_factory=list)
    """Tensors that weights are computed from, by their whole names."""

    @property
    def is_cell(self) -> bool:
        """Whether it is nn.LSTMCell in place of nn.LSTM, or the like."""
        return not self.levels

    def suffix(self, level: int, direction: Direction) -> str:
        """What follows "weight_ih" for a level, counted from 0, and a direction."""
        return "" if self.is_cell else f"_l{level}{SUFFIXES[direction]}"


def find_modules(tensors: Mapping[str, _T]) -> dict[str, TorchModule[_T]]:
    """Group the tensors of recurrent modules by their prefix, in the file's order."""
    found: dict[str, TorchModule[_T]] = {}
    for name, tensor in tensors.items():
        if match := _PARAMETER.fullmatch(name):
            prefix = match["module"] or ""
            module = found.setdefault(prefix, TorchModule(prefix))
            module.tensors[name.removeprefix(prefix)] = tensor
            if match["level"] is not None:
                module.levels.add(int(match["level"]))
        elif match := _CHANGED.fullmatch(name):
            prefix = match["module"] or ""
            found.setdefault(prefix, TorchModule(prefix)).changed.append(name)
    for name in tensors:
        for prefix in _prefixes(name):
            outer = found.get(prefix)
            if outer is None or outer.surplus:
                continue
            if name.removeprefix(prefix) not in outer.tensors:
                outer.surplus = name
    return found


def module_called(name: str, kind: str, tensors: Mapping[str, _T]) -> TorchModule[_T]:
    """The module that `module_name` calls `name`; `kind` is its layer's, such as "nn.LSTM"."""
    found = find_modules(tensors)
    return next(m for m in found.values() if module_name(m.prefix, kind, found) == name)


def module_name(prefix: str, kind: str, prefixes: Iterable[str]) -> str:
    """What a module is called: without a prefix, by its kind, such as "nn.LSTM"."""
    if prefix:
        return prefix.removesuffix(".")
    name = kind.removeprefix("nn.").removesuffix("Cell").lower()
    return f"{name} (unnamed)" if f"{name}." in prefixes else name


def _prefixes(name: str) -> list[str]:
    """All the modules that a tensor may stand in: "", "a." and "a.b." for "a.b.weight"."""
    return ["", *(name[: dot.end()] for dot in re.finditer(r"\.", name))]
