"""Counts in words."""

import pytest

from gatereel.rnn_math import counted


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 columns"), (1, "1 column"), (2, "2 columns"), (11, "11 columns")]
)
def test_one_alone_is_singular(count: int, text: str) -> None:
    assert counted(count, "column") == text
