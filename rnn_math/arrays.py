"""Numbers at the door: any array-like becomes a finite, read-only float64 array, or an error."""

from typing import TypeGuard

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gatereel.rnn_math.errors import InputError

Array = NDArray[np.float64]
"""A float64 array. Shapes are given in words where it is used, such as `(hidden_size,)`."""

MAX_MEMORY = 1 << 30
"""Most memory for what an option or a computation asks for at once, 1 GiB."""

_NUMERIC_KINDS = "iuf"
"""Signed and unsigned integers and floats: truth values, text and complex numbers stay out."""

_DIMENSIONS = {1: "one dimension", 2: "two dimensions"}


def freeze(array: Array) -> Array:
    """Make `array` read-only and return it."""
    array.setflags(write=False)
    return array


def to_float64(values: NDArray[np.generic]) -> Array:
    """`values` as float64. Of a signalling NaN numpy warns; who uses them tells of it."""
    with np.errstate(invalid="ignore"):
        return values.astype(np.float64)


def finite_array(name: str, values: ArrayLike, ndim: int) -> Array:
    """Copy `values` into a read-only float64 array of `ndim` dimensions.

    What is one already, and is nobody's view, is not copied: a long sequence passes here often.
    `name` is what an error calls them. Raises InputError when they are not real numbers, have
    another number of dimensions, are empty, or hold a value that is not finite.
    """
    try:
        given = np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        raise InputError(
            f"{name} cannot be read as an array; it needs rows of equal length, of numbers."
        ) from None
    if given.dtype.kind not in _NUMERIC_KINDS:
        raise InputError(f"{name} holds {given.dtype} values; it needs real numbers.")
    if given.ndim != ndim:
        raise InputError(f"{name} has shape {given.shape}; it needs {_DIMENSIONS[ndim]}.")
    if given.size == 0:
        raise InputError(f"{name} has shape {given.shape}; it needs at least one number.")
    # A long double beyond the range of float64 becomes infinite, which is reported below.
    with np.errstate(over="ignore", invalid="ignore"):
        array = given if _is_frozen(given) else np.array(given, np.float64, order="C", subok=False)
    finite = np.isfinite(array)
    if not finite.all():
        index = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise InputError(f"{name} has {array[index]} {_place(index)}; every number must be finite.")
    return freeze(array)


def _is_frozen(array: NDArray[np.generic]) -> TypeGuard[Array]:
    """Whether `array` is as `finite_array` makes it, so that nobody changes it."""
    flags = array.flags
    is_own = flags.owndata and flags.c_contiguous and not flags.writeable
    return is_own and type(array) is np.ndarray and array.dtype == np.float64


def _place(index: tuple[int, ...]) -> str:
    """Where a number stands, for a reader: counted from 1."""
    if len(index) == 1:
        return f"in place {index[0] + 1}"
    row, column = index
    return f"in row {row + 1}, column {column + 1}"


def check_memory(count: int, limit: int, what: str, instead: str) -> None:
    """Raise InputError when `count` float64 numbers take more than `limit` bytes.

    `what` begins the error's sentence and ends with "take" or "takes"; `instead` is a sentence
    about what works.
    """
    needed = count * np.dtype(np.float64).itemsize
    if needed > limit:
        raise InputError(f"{what} {needed} bytes; at most {limit} are set aside. {instead}")


def positive_size(name: str, size: int) -> int:
    """Return `size`, or raise InputError when it is not a whole number of at least 1."""
    if isinstance(size, bool) or not isinstance(size, int | np.integer) or size < 1:
        raise InputError(f"{name} is {size!r}; it must be a whole number of at least 1.")
    return int(size)
