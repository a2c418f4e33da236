"""Arrays in numpy's `.npy` format."""

import tokenize
import warnings
from io import BytesIO
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.arrays import finite_array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.reading import read_bytes
from gatereel.rnn_math.files.vocabulary import Vocabulary
from gatereel.rnn_math.sequence import InputSequence, check_token_count

_HEADER_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
"""By format version. Version 3 is for named fields in other scripts, which no array here has."""

_WHOLE_KINDS = "iu"
"""Signed and unsigned integers."""

_HEADER_ERRORS = (ValueError, SyntaxError, TypeError, tokenize.TokenError, RecursionError)
"""What numpy raises for a header that is damaged or made to deceive."""


def read_sequence_npy(
    path: Path, vocabulary: Vocabulary | None = None, sample: int | None = None
) -> InputSequence:
    """Read rows `(timesteps, input_size)` or whole numbers `(timesteps,)`, which are token ids.

    Of several sequences, `(samples, timesteps, input_size)`, as training data has them, number
    `sample` is read, from 0; of one alone no number is needed. Raises InputError for any other
    file, and for rows when a vocabulary is given.
    """
    array = _one_of(parse_npy(read_bytes(path), str(path)), path, sample)
    if array.ndim == 1 and array.size and array.dtype.kind in _WHOLE_KINDS:
        check_token_count(array.size, str(path))
        try:
            sequence = InputSequence(tokens=tuple(array.tolist()))
        except InputError as error:
            raise InputError(f"{path}: {error}") from None
    else:
        sequence = InputSequence(finite_array(f"{path}: the array", array, ndim=2))
    return sequence if vocabulary is None else vocabulary.label(sequence, str(path))


_ROWS, _SAMPLES = 2, 3
"""Dimensions of a sequence, and of several."""


def _one_of(array: NDArray[np.generic], path: Path, sample: int | None) -> NDArray[np.generic]:
    """The sequence that is asked for, or the only one. Raises InputError where that is unclear."""
    are_tokens = array.dtype.kind in _WHOLE_KINDS
    if sample is None:
        if array.ndim != _SAMPLES:
            return array
        if len(array) == 1:
            alone: NDArray[np.generic] = array[0]
            return alone
        raise InputError(
            f"{path} has the shape {array.shape}, which is {len(array)} sequences; choose one with "
            "--sample, from 1."
        )
    if array.ndim != _SAMPLES and not (array.ndim == _ROWS and are_tokens):
        raise InputError(f"{path} has the shape {array.shape}, which is one sequence; no sample.")
    if not 0 <= sample < len(array):
        raise InputError(f"There is no sample {sample + 1} in {path}; it has {len(array)}.")
    chosen: NDArray[np.generic] = array[sample]
    return chosen


def parse_npy(data: bytes, name: str) -> NDArray[np.generic]:
    """Return the array in the bytes of an `.npy` file; `name` is what an error calls it.

    The shape that the header claims is held against the bytes that are there before any memory is
    set aside for it. Python objects are refused, for reading them can run any program.
    """
    stream = BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        with warnings.catch_warnings():
            # Files of Python 2 are read as well; that they take longer is nobody's concern.
            warnings.simplefilter("ignore", UserWarning)
            shape, _, dtype = _HEADER_READERS[version](stream)
    except (KeyError, *_HEADER_ERRORS):
        raise InputError(f"{name} is not a readable .npy array.") from None
    if dtype.hasobject:
        raise InputError(f"{name} holds Python objects; it needs real numbers.")
    claimed, present = prod(shape) * dtype.itemsize, len(data) - stream.tell()
    if claimed != present:
        raise InputError(
            f"{name} claims shape {shape}, {claimed} bytes, but holds {present}; the file is "
            "damaged or cut short."
        )
    stream.seek(0)
    try:
        array: NDArray[np.generic] = np.load(stream, allow_pickle=False)
    except (ValueError, OverflowError):  # negative sizes whose product is right
        raise InputError(f"{name} claims shape {shape}, which no array has.") from None
    return array
