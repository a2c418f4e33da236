"""Weights that PyTorch's weight_norm takes apart, put together again.

    w = g * v / ||v||

The norm of v is taken over each row, where g is `(rows, 1)`, over each column, where it is
`(1, columns)`, or over all of v. Source: Salimans & Kingma, "Weight Normalization", 2016.
"""

import re
from collections.abc import Iterator, Mapping

import numpy as np

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.models.pytorch.stored_tensor import StoredTensor
from gatereel.rnn_math.records import dataclass

RECURRENT_WEIGHT = r"weight_(?:ih|hh)(?:_l[0-9]{1,4}(?:_reverse)?)?"
_OF_HOOKS = re.compile(rf"(?P<weight>(?:.*\.)?{RECURRENT_WEIGHT})_g", re.DOTALL)
"""As torch.nn.utils.weight_norm calls the lengths; beside them the directions end in _v."""
_OF_PARAMETRIZATIONS = re.compile(
    rf"(?P<module>(?:.*\.)?)parametrizations\.(?P<name>{RECURRENT_WEIGHT})\.original0", re.DOTALL
)
"""As torch.nn.utils.parametrizations.weight_norm does; the directions end in original1."""


_MATRIX = 2  # dimensions


@dataclass(frozen=True)
class Apart:
    """A weight that stands in a file as two tensors, by their names."""

    weight: str
    lengths: str
    directions: str
    axis: int | None
    """The axis that is kept: 0 for a length a row, 1 for one a column, None for one of all."""


def taken_apart(shapes: Mapping[str, tuple[int, ...]]) -> Iterator[Apart]:
    """The weights of recurrent modules that are there as g and v, by the shapes of all tensors."""
    for name, shape in shapes.items():
        found = _named(name)
        if found is None:
            continue
        weight, directions = found
        rows_columns = shapes.get(directions, ())
        if weight in shapes or len(rows_columns) != _MATRIX:
            continue
        axes = {(rows_columns[0], 1): 0, (1, rows_columns[1]): 1, (): None, (1, 1): None}
        if shape in axes:
            yield Apart(weight, name, directions, axes[shape])


def _named(name: str) -> tuple[str, str] | None:
    """What the weight of such lengths is called, and its directions."""
    if match := _OF_HOOKS.fullmatch(name):
        return match["weight"], f"{match['weight']}_v"
    if match := _OF_PARAMETRIZATIONS.fullmatch(name):
        return match["module"] + match["name"], name.removesuffix("0") + "1"
    return None


def put_together(tensors: Mapping[str, StoredTensor]) -> Mapping[str, StoredTensor]:
    """The same tensors, each weight of weight_norm in place of what it is computed from."""
    found = {
        each.lengths: each
        for each in taken_apart({name: tensor.shape for name, tensor in tensors.items()})
        if tensors[each.lengths].dtype == tensors[each.directions].dtype
    }
    gone = {each.directions for each in found.values()}
    return {
        found[name].weight if name in found else name: (
            _weight(found[name], tensors) if name in found else tensor
        )
        for name, tensor in tensors.items()
        if name not in gone
    }


def _weight(apart: Apart, tensors: Mapping[str, StoredTensor]) -> StoredTensor:
    lengths, directions = tensors[apart.lengths], tensors[apart.directions]

    def values() -> Array:
        g, v = lengths.values(), directions.values()
        others = None if apart.axis is None else 1 - apart.axis
        with np.errstate(divide="ignore", invalid="ignore"):  # not finite, as its reader says
            w: Array = g * v / np.sqrt(np.sum(v * v, axis=others, keepdims=True))
        return w

    return StoredTensor(
        directions.shape, directions.dtype, values, lengths.problem or directions.problem
    )
