"""A sequence as its file holds it: rows of numbers or token ids, with a label a timestep."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gatereel.rnn_math.arrays import (
    MAX_MEMORY,
    Array,
    check_memory,
    finite_array,
    freeze,
    positive_size,
)
from gatereel.rnn_math.counting import counted
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass

MAX_TOKEN = 2**31 - 1
"""Largest token id: no matrix that fits a memory has more rows."""

MAX_TOKENS = 1 << 22
"""Longest sequence of tokens, four million: each has a number and a label of Python's own."""

MAX_ROW_BYTES = MAX_MEMORY
"""Most memory for the rows that tokens become: a short text can ask for any amount."""


@dataclass(frozen=True, eq=False)
class InputSequence:
    """What a cell is to read, either rows of numbers or tokens.

    Rows are copied to a read-only float64 array. Raises InputError when both or neither are given,
    a number is not finite, a token is no id, there is no timestep, or labels are not one a
    timestep.
    """

    rows: Array | None = None
    """`(timesteps, input_size)`"""
    tokens: tuple[int, ...] | None = None
    """Token ids, counted from 0."""
    labels: tuple[str, ...] = ()
    """What each timestep is called, ready to be shown; empty when nobody says."""

    def __post_init__(self) -> None:
        """Check rows, tokens and labels."""
        if (self.rows is None) == (self.tokens is None):
            raise InputError("A sequence needs either rows or tokens.")
        if self.rows is not None:
            object.__setattr__(self, "rows", finite_array("The sequence", self.rows, ndim=2))
        if self.tokens is not None:
            object.__setattr__(self, "tokens", _check_tokens(self.tokens))
        if len(self.labels) not in (0, self.timesteps):
            raise InputError(
                f"The sequence has {counted(len(self.labels), 'label')} for "
                f"{counted(self.timesteps, 'timestep')}; each timestep needs one."
            )

    @property
    def timesteps(self) -> int:
        """Number of timesteps."""
        if self.rows is not None:
            return len(self.rows)
        assert self.tokens is not None
        return len(self.tokens)

    def first(self, timesteps: int) -> "InputSequence":
        """The first `timesteps` of it. Raises InputError when there are not as many."""
        wanted = positive_size("timesteps", timesteps)
        if wanted > self.timesteps:
            raise InputError(
                f"timesteps is {wanted}; the sequence has {counted(self.timesteps, 'timestep')}."
            )
        return InputSequence(
            rows=None if self.rows is None else self.rows[:wanted],
            tokens=None if self.tokens is None else self.tokens[:wanted],
            labels=self.labels[:wanted],
        )

    def as_tokens(self) -> tuple[int, ...]:
        """The tokens; a single column of whole numbers is taken for token ids, too.

        Raises InputError for any other rows.
        """
        if self.tokens is not None:
            return self.tokens
        assert self.rows is not None
        columns = self.rows.shape[1]
        if columns != 1:
            raise InputError(
                f"The sequence has {counted(columns, 'column')}; token ids stand in one."
            )
        check_token_count(len(self.rows), "The sequence")
        column = self.rows[:, 0]
        broken = np.flatnonzero(column != np.floor(column))
        if broken.size:
            place = int(broken[0])
            raise InputError(
                f"The sequence has {column[place]} in place {place + 1}; a token id is a whole "
                "number."
            )
        return _check_tokens(tuple(int(value) for value in column.tolist()))

    def labelled(self, labels: Sequence[str]) -> "InputSequence":
        """The same sequence with these labels."""
        return replace(self, labels=tuple(labels))


def one_hot(tokens: Sequence[int], size: int) -> Array:
    """Rows `(timesteps, size)` of noughts with a one in the column of each token.

    Raises InputError when a token is not below `size`, or the rows would fill the memory.
    """
    width = positive_size("size", size)
    _check_bounds(tokens, width, f"one-hot rows of {width}")
    _check_memory(len(tokens), width)
    rows = np.zeros((len(tokens), width))
    rows[np.arange(len(tokens)), list(tokens)] = 1.0
    return freeze(rows)


def embed(tokens: Sequence[int], matrix: Array, name: str) -> Array:
    """Look up each token's row of `matrix`, `(tokens, size)`; gives `(timesteps, size)`.

    `name` is what an error calls the matrix. Raises InputError when a token has no row, or the
    rows would fill the memory.
    """
    _check_bounds(tokens, len(matrix), f"the embedding {name}")
    _check_memory(len(tokens), matrix.shape[1])
    return finite_array(f"The embedding {name}, looked up,", matrix[list(tokens)], ndim=2)


def _check_tokens(tokens: Sequence[int]) -> tuple[int, ...]:
    if not tokens:
        raise InputError("The sequence has no token; it needs at least one.")
    check_token_count(len(tokens), "The sequence")
    for place, token in enumerate(tokens, start=1):
        if not 0 <= token <= MAX_TOKEN:
            raise InputError(
                f"The sequence has token {_shown(token)} in place {place}; ids are whole numbers "
                f"from 0 to {MAX_TOKEN}."
            )
    return tuple(tokens)


def check_token_count(count: int, name: str) -> None:
    """Raise InputError for more tokens than a sequence may have; `name` is what it calls them."""
    if count > MAX_TOKENS:
        raise InputError(
            f"{name} has more than {MAX_TOKENS} tokens, the most that are read; use a shorter "
            "sequence."
        )


def _shown(token: int) -> str:
    """A number for an error, without thousands of digits."""
    return str(token) if abs(token) < 10**20 else f"{'-' if token < 0 else ''}10**20 or more"


def _check_bounds(tokens: Sequence[int], count: int, where: str) -> None:
    for place, token in enumerate(tokens, start=1):
        if not 0 <= token < count:
            raise InputError(
                f"Token {_shown(token)} in place {place} is not in {where}, which has tokens 0 to "
                f"{count - 1}."
            )


def _check_memory(timesteps: int, size: int) -> None:
    check_memory(
        timesteps * size,
        MAX_ROW_BYTES,
        f"{counted(timesteps, 'timestep')} of {counted(size, 'number')} each take",
        "Use a shorter sequence.",
    )
