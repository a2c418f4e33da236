"""States before the first timestep, from files."""

from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import LSTM, InputError, demo, unroll
from gatereel.rnn_math.files import read_initial, write_trace


def test_states_are_read_by_name(tmp_path: Path) -> None:
    h, c = np.array([0.1, -0.2]), np.array([[[1.0, 2.0]]])
    np.savez(tmp_path / "s.npz", h0=h, c=c)
    found = read_initial(tmp_path / "s.npz", ("h", "c"))
    assert np.array_equal(found["h"], h)
    assert np.array_equal(found["c"], c)
    (tmp_path / "s.json").write_text('{"h": [0.1, -0.2], "c0": [1, 2]}')
    assert np.array_equal(read_initial(tmp_path / "s.json", ("h", "c"))["c"], [1.0, 2.0])
    np.save(tmp_path / "s.npy", h)
    assert np.array_equal(read_initial(tmp_path / "s.npy", ("h",))["h"], h)


def test_a_trace_hands_over_its_last_states(tmp_path: Path) -> None:
    shown = demo(LSTM)
    whole = unroll(LSTM, shown.parameters, shown.inputs, shown.initial)
    first = unroll(LSTM, shown.parameters, shown.inputs[:2], shown.initial)
    write_trace(tmp_path / "t.npz", first)
    states = read_initial(tmp_path / "t.npz", LSTM.states)
    rest = unroll(LSTM, shown.parameters, shown.inputs[2:], states)
    assert np.array_equal(rest.values["h"], whole.values["h"][2:])


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("s.csv", "1,2", r"'\.csv'; states are in \.npz, \.json, \.npy"),
        ("s.json", "[1, 2]", "must be an object of states"),
        ("s.json", '{"h": [1]}', "one array c or c0; it holds h"),
        ("s.json", '{"h": [1], "c": [1], "c0": [1]}', "one array c or c0"),
        ("s.json", '{"h": ["a"], "c": [1]}', "h must be numbers"),
        ("s.json", '{"h": 1, "c": [1]}', "h must be numbers"),
    ],
)
def test_what_holds_no_states_is_refused(tmp_path: Path, name: str, text: str, why: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=why):
        read_initial(tmp_path / name, ("h", "c"))


def test_one_array_is_of_one_state(tmp_path: Path) -> None:
    np.save(tmp_path / "s.npy", np.zeros(2))
    with pytest.raises(InputError, match=r"holds one array, and the cell has h and c"):
        read_initial(tmp_path / "s.npy", ("h", "c"))
