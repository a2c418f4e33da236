"""Weights that PyTorch's spectral_norm divides by their largest singular value, put together.

    w = w_orig / (u^T w_orig v)

u and v are kept in the file; outside of training they stay as they are. Source: Miyato et al.,
"Spectral normalization for generative adversarial networks", 2018.
"""

import re
from collections.abc import Iterator, Mapping

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor
from gatereel.rnn_math.models.pytorch.weight_norm import RECURRENT_WEIGHT
from gatereel.rnn_math.records import dataclass

_OF_HOOKS = re.compile(rf"(?P<weight>(?:.*\.)?{RECURRENT_WEIGHT})_orig", re.DOTALL)
"""As torch.nn.utils.spectral_norm calls the weight; beside it the vectors end in _u and _v."""
_OF_PARAMETRIZATIONS = re.compile(
    rf"(?P<module>(?:.*\.)?)parametrizations\.(?P<name>{RECURRENT_WEIGHT})\.original", re.DOTALL
)
"""As torch.nn.utils.parametrizations.spectral_norm does; the vectors are 0._u and 0._v."""

_MATRIX = 2  # dimensions


@dataclass(frozen=True)
class Divided:
    """A weight that stands in a file beside two vectors, all by their names."""

    weight: str
    original: str
    left: str
    right: str
    is_turned: bool
    """Whether the vectors are of the transposed matrix, as with dim=1."""


def divided(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[Divided]:
    """The weights of recurrent modules that are there with u and v, by the shapes of all tensors.

    Where a matrix is square its shape does not tell dim=0 from dim=1; it is 0, as PyTorch has it
    for recurrent modules unless it is told.
    """
    for name, shape in shapes.items():
        found = _named(name)
        if found is None or len(shape) != _MATRIX or found[0] in shapes:
            continue
        weight, left, right = found
        vectors = (shapes.get(left), shapes.get(right))
        rows, columns = shape
        if vectors == ((rows,), (columns,)):
            yield Divided(weight, name, left, right, is_turned=False)
        elif vectors == ((columns,), (rows,)):
            yield Divided(weight, name, left, right, is_turned=True)


def taken_by_rows(shapes: Mapping[str, tuple[int, ...]]) -> tuple[str, ...]:
    """A sentence for each weight whose file does not say along which dimension it is divided."""
    return tuple(
        f"{each.weight} is square, so the file does not say along which dimension spectral_norm "
        "divides it; dim=0 is taken, which PyTorch takes unless it is told"
        for each in divided(shapes)
        if len(set(shapes[each.original])) == 1
    )


def _named(name: str) -> tuple[str, str, str] | None:
    """What the weight is called, and both vectors."""
    if match := _OF_HOOKS.fullmatch(name):
        weight = match["weight"]
        return weight, f"{weight}_u", f"{weight}_v"
    if match := _OF_PARAMETRIZATIONS.fullmatch(name):
        place = name.removesuffix("original")
        return match["module"] + match["name"], f"{place}0._u", f"{place}0._v"
    return None


def multiplied_out(tensors: Mapping[str, StoredTensor]) -> Mapping[str, StoredTensor]:
    """The same tensors, each weight of spectral_norm in place of what it is computed from."""
    found = {
        each.original: each
        for each in divided({name: tensor.shape for name, tensor in tensors.items()})
    }
    gone = {name for each in found.values() for name in (each.left, each.right)}
    return {
        found[name].weight if name in found else name: (
            _weight(found[name], tensors) if name in found else tensor
        )
        for name, tensor in tensors.items()
        if name not in gone
    }


def _weight(parts: Divided, tensors: Mapping[str, StoredTensor]) -> StoredTensor:
    original, left, right = (tensors[n] for n in (parts.original, parts.left, parts.right))

    def values() -> Array:
        w = original.values()
        matrix = w.T if parts.is_turned else w
        with np.errstate(divide="ignore", invalid="ignore"):  # not finite, as its reader says
            divided_by = left.values() @ (matrix @ right.values())
            quotient: Array = w / divided_by
        return quotient

    same = original.dtype == left.dtype == right.dtype
    problem = original.problem or left.problem or right.problem
    return StoredTensor(
        original.shape,
        original.dtype,
        values,
        problem or ("" if same else "is divided by vectors of another type"),
    )
