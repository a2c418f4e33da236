"""What may stand between the inputs of a PyTorch model and a recurrent layer, by widths.

A state dict does not say what feeds what. What hands on as many values as the layer reads may
stand before it, and then its inputs are not the model's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

MAX_CONVOLUTIONS = 100
"""Numbers of channels that are looked at: flattened, each divides the width."""

_VECTOR, _MATRIX = 1, 2  # dimensions
_WEIGHT, _BIAS = "weight", "bias"
_OPTIMIZERS = re.compile(r"optim|\.(?:exp_avg\w*|square_avg|momentum_buffer|max_exp_\w+)$")
"""What a checkpoint keeps to go on training: as wide as the weights, and fed by nothing."""

Shapes = Mapping[str, tuple[int, ...]]


class Feeds:
    """Finds what hands on a given width, among the tensors of a file."""

    def __init__(self, shapes: Shapes) -> None:
        """Sort the tensors by the widths that they hand on.

        `shapes` are those of all tensors of floats that belong to no recurrent module.
        """
        self._by_width: dict[int, list[str]] = defaultdict(list)
        self._by_channels: dict[int, list[str]] = defaultdict(list)
        self._factors: list[str] = []
        self._found: dict[int, tuple[str, ...]] = {}
        for name, shape in shapes.items():
            owner, _, last = name.rpartition(".")
            is_weights = last != _WEIGHT and f"{owner}.{_WEIGHT}" in shapes
            if (owner and is_weights) or _OPTIMIZERS.search(name):
                continue  # a bias and the like: its module is named by the weight
            if shape in ((), (1,)):
                self._factors.append(name)
                continue
            for width in _widths(shape, has_bias=f"{owner}.{_BIAS}" in shapes):
                self._by_width[width].append(name)
            if len(shape) > _MATRIX and last == _WEIGHT:
                for channels in {shape[0], shape[1]} - {1}:
                    self._by_channels[channels].append(name)

    def of_width(self, width: int) -> tuple[str, ...]:
        """Names of what may hand on `width` values a timestep, the likeliest first."""
        if width not in self._found:
            self._found[width] = self._find(width)
        return self._found[width]

    def _find(self, width: int) -> tuple[str, ...]:
        found = list(self._by_width.get(width, ()))
        for channels in list(self._by_channels)[:MAX_CONVOLUTIONS]:
            if channels and width % channels == 0:
                found += self._by_channels[channels]
        first: dict[str, str] = {}
        for name in [*found, *self._factors]:
            first.setdefault(name.rpartition(".")[0] or name, name)  # one name a module is enough
        return tuple(first.values())


def _widths(shape: tuple[int, ...], *, has_bias: bool) -> Iterable[int]:
    """The widths that what has a tensor of this shape may hand on."""
    if len(shape) == _VECTOR:
        return {shape[0]}  # of a normalization
    if len(shape) == _MATRIX:
        # nn.Linear has its outputs first; nn.Embedding, which has no bias, has them last.
        return {shape[0]} if has_bias else set(shape)
    # nn.Conv has them first, a transposed one second; positions added to a sequence last.
    return {shape[0], shape[-1]} if has_bias else {shape[0], shape[1], shape[-1]}
