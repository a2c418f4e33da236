"""Sequences of rows or tokens, and tokens as rows."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatereel.rnn_math import InputError, sequence
from gatereel.rnn_math.sequence import MAX_TOKEN, InputSequence, embed, one_hot

ROWS = np.array([[0.5, 1.0], [2.0, 3.0], [4.0, 5.0]])
LABELS = ("a", "b", "c")


def test_rows_are_kept_and_cannot_be_changed() -> None:
    given_rows = ROWS.copy()
    kept = InputSequence(given_rows, labels=LABELS)
    given_rows[:] = 0.0
    assert kept.rows is not None
    np.testing.assert_array_equal(kept.rows, ROWS)
    assert not kept.rows.flags.writeable
    assert kept.timesteps == 3


@pytest.mark.parametrize("whole", [InputSequence(ROWS), InputSequence(tokens=(7, 0, 7))])
def test_the_first_timesteps_with_their_labels(whole: InputSequence) -> None:
    first = whole.labelled(LABELS).first(2)
    assert (first.timesteps, first.labels) == (2, ("a", "b"))
    if whole.rows is None:
        assert first.tokens == (7, 0)
    else:
        np.testing.assert_array_equal(first.rows, ROWS[:2])
    assert whole.first(3).labels == ()
    for count, message in ((4, "timesteps is 4; the sequence has 3 timesteps"), (0, "at least 1")):
        with pytest.raises(InputError, match=message):
            whole.first(count)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "needs either rows or tokens"),
        ({"rows": ROWS, "tokens": (1, 2, 3)}, "needs either rows or tokens"),
        ({"rows": [[1.0, math.inf]]}, "The sequence has inf in row 1, column 2"),
        ({"rows": [1.0, 2.0]}, "it needs two dimensions"),
        ({"tokens": ()}, "has no token; it needs at least one"),
        ({"tokens": (0, -1)}, "has token -1 in place 2; ids are whole numbers from 0 to"),
        ({"tokens": (MAX_TOKEN + 1,)}, f"has token {MAX_TOKEN + 1} in place 1"),
        ({"tokens": (10**3000,)}, r"has token 10\*\*20 or more in place 1"),
        ({"rows": ROWS, "labels": ("a",)}, "has 1 label for 3 timesteps; each timestep needs one"),
        ({"tokens": (1,), "labels": LABELS}, "has 3 labels for 1 timestep"),
    ],
)
def test_what_is_no_sequence(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        InputSequence(**fields)


def test_a_column_of_whole_numbers_can_be_tokens() -> None:
    assert InputSequence(np.array([[3.0], [0.0]])).as_tokens() == (3, 0)
    assert InputSequence(tokens=(3, 0)).as_tokens() == (3, 0)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (ROWS, "has 2 columns; token ids stand in one"),
        ([[1.0], [2.5]], "has 2.5 in place 2; a token id is a whole number"),
        ([[1.0], [-2.0]], "has token -2 in place 2; ids are"),
        ([[1e300]], r"has token 10\*\*20 or more in place 1"),
    ],
)
def test_other_rows_are_no_tokens(rows: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        InputSequence(np.array(rows)).as_tokens()


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_one_hot_rows_times_a_matrix_are_its_rows(tokens: list[int]) -> None:
    matrix = np.random.default_rng(0).uniform(size=(10, 3))
    rows = one_hot(tokens, 10)
    assert rows.shape == (len(tokens), 10)
    np.testing.assert_array_equal(rows.sum(axis=1), 1.0)
    np.testing.assert_array_equal(rows @ matrix, embed(tokens, matrix, "embedding"))


def test_a_token_beyond_the_end_is_named() -> None:
    with pytest.raises(
        InputError, match=r"Token 5 in place 2 is not in one-hot rows of 5, .* 0 to 4"
    ):
        one_hot((0, 5), 5)
    with pytest.raises(
        InputError, match=r"Token 3 in place 1 is not in the embedding e\.weight, .* 2"
    ):
        embed((3,), np.zeros((3, 2)), "e.weight")
    with pytest.raises(
        InputError, match=r"embedding e\.weight, looked up, has nan in row 2, column 1"
    ):
        embed((0, 1), np.array([[0.0], [math.nan]]), "e.weight")


def test_rows_that_fill_the_memory_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="1 timestep of 2000000000 numbers each take 16000000000"):
        one_hot((0,), 2_000_000_000)
    monkeypatch.setattr(sequence, "MAX_ROW_BYTES", 8 * 3 * 2 - 1)
    with pytest.raises(InputError, match="take 48 bytes; at most 47"):
        embed((0, 0, 0), np.zeros((1, 2)), "e")
