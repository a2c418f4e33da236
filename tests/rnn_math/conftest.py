"""What the tests of the core share: every cell, and random traces of it."""

import pytest

from gatereel.rnn_math import CELLS, Cell


@pytest.fixture(params=list(CELLS.values()), ids=list(CELLS))
def cell(request: pytest.FixtureRequest) -> Cell:
    """Each cell in turn."""
    found = request.param
    assert isinstance(found, Cell)
    return found
