"""What the tests of the core share: every cell, and one process that reads HDF5 files."""

from collections.abc import Iterator

import pytest

from gatereel.rnn_math import CELLS, Cell
from tests.warm_hdf5 import warm_reading


@pytest.fixture(params=list(CELLS.values()), ids=list(CELLS))
def cell(request: pytest.FixtureRequest) -> Cell:
    """Each cell in turn."""
    found = request.param
    assert isinstance(found, Cell)
    return found


@pytest.fixture(autouse=True)
def warm_hdf5(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start no Python for an HDF5 file, as the tests of a module with `STARTS_PYTHON` do."""
    if getattr(request.module, "STARTS_PYTHON", False):
        yield
    else:
        with warm_reading():
            yield
