"""What a file says of itself."""

import pytest

from rnn_math import CELLS
from scenes.metadata import describe

from .traces import random_trace


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize(("timesteps", "told"), [(1, "1 timestep,"), (3, "3 timesteps,")])
def test_a_file_states_its_convention_and_its_numbers(name: str, timesteps: int, told: str) -> None:
    cell = CELLS[name]
    said = describe(random_trace(cell, timesteps))
    assert said["title"] == f"{cell.title}: {cell.long_name}"
    for part in (f"convention: {cell.convention};", "random, seed 1", told, "Raimi Karim"):
        assert part in said["comment"]
