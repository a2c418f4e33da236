"""What a file says of itself."""

import pytest

from gatereel.rnn_math import CELLS
from gatereel.scenes.tell.excerpt import choose_excerpt
from gatereel.scenes.tell.metadata import metadata_of
from tests.scenes.traces import ENGLISH, random_trace


@pytest.mark.parametrize("name", CELLS)
@pytest.mark.parametrize(("timesteps", "told"), [(1, "1 timestep,"), (3, "3 timesteps,")])
def test_a_file_states_its_convention_and_its_numbers(name: str, timesteps: int, told: str) -> None:
    cell = CELLS[name]
    trace = random_trace(cell, timesteps)
    said = metadata_of(trace, choose_excerpt(trace), ENGLISH)
    assert said["title"] == f"{cell.title}: {cell.long_name}"
    for part in (f"convention: {cell.convention};", "random, seed 1", told, "Raimi Karim"):
        assert part in said["comment"]
    assert "; shown: " not in said["comment"]


def test_a_file_states_what_is_shown_of_the_whole() -> None:
    trace = random_trace(CELLS["rnn"], 12, 300, 128)
    excerpt = choose_excerpt(trace, units=(4, 16), features=(8,), start=2, stop=5)
    said = metadata_of(trace, excerpt, ENGLISH)["comment"]
    assert (
        "input size 300, hidden size 128; shown: units 5 and 17, input 9, timesteps 3 to 5. "
        in (said)
    )
    backward = choose_excerpt(trace, units=(4,), start=2, stop=3, backward=True)
    assert "shown: unit 5, inputs " in metadata_of(trace, backward, ENGLISH)["comment"]
    assert "timestep 10; read backward. " in metadata_of(trace, backward, ENGLISH)["comment"]
