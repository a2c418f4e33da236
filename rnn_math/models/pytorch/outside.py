"""What a state dict has beside its recurrent modules, as far as their numbers hang on it.

Learned initial states, which are used or named; what may stand before a module; an encoder that a
decoder may start from.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.counting import some_of
from gatereel.rnn_math.models.pytorch.feeds import Feeds
from gatereel.rnn_math.models.pytorch.names import TorchModule, module_name
from gatereel.rnn_math.models.pytorch.starts import Sized, Start, find_starts
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor
from gatereel.rnn_math.records import dataclass

MAX_BETWEEN = 50
"""Names that are kept of what may stand before a layer."""

_DECODER = re.compile(r"(?:^|[^a-z])dec(?:oder|ode|)(?![a-z])", re.IGNORECASE)
_ENCODER = re.compile(
    r"(?:[^.]+\.)*?[^.]*(?<![a-z])enc(?:oder|)(?![a-z])[^.]*(?=\.)", re.IGNORECASE
)

_Modules = Mapping[str, TorchModule[StoredTensor]]


@dataclass(frozen=True, eq=False)
class Outside:
    """What is beside the recurrent modules of a file."""

    starts: Mapping[str, Start]
    """Prefix of a module to what is there for its initial states."""
    values: Mapping[str, Array]
    """Tensors that hold initial states, by name."""
    feeds: Feeds
    names: Mapping[str, str]
    """Prefix of each module that can be computed to what it is called."""
    by_width: Mapping[int, Sequence[str]]
    """Width to the modules that hand on as many values."""
    encoders: Sequence[str]
    """What is called an encoder and is not recurrent."""

    def tensors(self, prefix: str) -> Mapping[str, str]:
        """State to the tensor that a module starts from; empty for zeros."""
        return self.starts.get(prefix, Start()).tensors

    def initial(self, prefix: str, place: int) -> Mapping[str, Array] | None:
        """A strand's states before the first timestep, `(hidden_size,)`; None for zeros.

        `place` counts the directions of all levels, from the bottom, forward first.
        """
        tensors = self.tensors(prefix)
        if not tensors:
            return None
        return MappingProxyType({s: self.values[name][place] for s, name in tensors.items()})

    def between(self, prefix: str, width: int) -> tuple[str, ...]:
        """What may stand between the inputs and a module that reads `width` values."""
        own = self.names.get(prefix)
        modules = [name for name in self.by_width.get(width, ())[: MAX_BETWEEN + 1] if name != own]
        return (*self.feeds.of_width(width)[:MAX_BETWEEN], *modules)[:MAX_BETWEEN]

    def of_start(self, prefix: str) -> tuple[str, ...]:
        """What is assumed of the states that a module starts from, each a sentence."""
        start = self.starts.get(prefix, Start())
        name = self.names.get(prefix, prefix)
        said = []
        if start.tensors:
            states = some_of([f"{state} from {name}" for state, name in start.tensors.items()])
            said.append(f"{name} is taken to start from what the file has beside it: {states}")
        if start.passed_over:
            taken = "passes over" if start.tensors else "is taken to start from zeros, not from"
            said.append(f"{name} {taken} {some_of(start.passed_over)} ({start.reason})")
        return tuple(said)

    def assumptions(self, prefix: str) -> tuple[str, ...]:
        """What is assumed of a module's start, each a sentence."""
        start = self.starts.get(prefix, Start())
        name = self.names.get(prefix, prefix)
        said = list(self.of_start(prefix))
        others = list(islice((e for e in self.names.values() if e != name), MAX_BETWEEN))
        if _DECODER.search(prefix) and (others or self.encoders):
            zeros = "" if start.tensors or start.passed_over else ", and it is run from zeros"
            before = some_of(others or self.encoders)
            said.append(
                f"{name} may start from what {before} gives and read what it gave itself; the file "
                f"does not say{zeros}"
            )
        return tuple(said)


def look_outside(
    tensors: "Mapping[str, StoredTensor]",
    found: _Modules,
    sized: Sequence[Sized],
    problem: "Callable[[StoredTensor], str]",
) -> Outside:
    """Look at all tensors that are no weights of recurrent modules.

    `sized` are the modules that can be computed; `problem` says why a tensor cannot be read, to
    follow its name.
    """
    own = {
        name
        for module in found.values()
        for name in (*(module.prefix + each for each in module.tensors), *module.changed)
    }
    shapes = {name: tensor.shape for name, tensor in tensors.items() if name not in own}
    starts = find_starts(shapes, sized)
    values: dict[str, Array] = {}
    by_prefix = {module.prefix: module for module in sized}
    for prefix, start in list(starts.items()):
        module = by_prefix[prefix]
        for name in start.tensors.values():
            why = problem(tensors[name])
            if not why:
                array = tensors[name].values().reshape(module.count, module.hidden_size)
                if np.isfinite(array).all():
                    values[name] = array
                    continue
                why = "holds a value that is not finite"
            passed = (*start.tensors.values(), *start.passed_over)
            starts[prefix] = Start(passed_over=passed, reason=f"{name} {why}")
            break
    of_starts = {
        name for start in starts.values() for name in (*start.tensors.values(), *start.passed_over)
    }
    beside = {
        name: shape
        for name, shape in shapes.items()
        if name not in of_starts and not problem(tensors[name])
    }
    names = {module.prefix: module_name(module.prefix, module.title, found) for module in sized}
    by_width: dict[int, list[str]] = defaultdict(list)
    for module in sized:
        directions = 2 if module.is_two_way else 1
        for width in {module.hidden_size, directions * module.hidden_size}:
            by_width[width].append(names[module.prefix])
    encoders = {match[0] for name in beside if (match := _ENCODER.match(name))}
    return Outside(starts, values, Feeds(beside), names, by_width, sorted(encoders)[:MAX_BETWEEN])
