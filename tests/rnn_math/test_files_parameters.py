"""Parameters to files and back, and files that are wrong, each by name."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gatereel.rnn_math import CELLS, GRU, LSTM, RNN, Cell, InputError, Parameters, random_parameters
from gatereel.rnn_math.files import (
    PARAMETER_READERS,
    ParametersFile,
    archive,
    read_parameters,
    write_parameters,
)

SUFFIXES = (".json", ".npz")


def assert_same(one: Parameters, other: Parameters) -> None:
    for a, b in ((one.weights, other.weights), (one.biases, other.biases)):
        assert set(a) == set(b)
        for name in a:
            np.testing.assert_array_equal(a[name], b[name])


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(("input_size", "hidden_size"), [(1, 1), (3, 2), (16, 7)])
def test_round_trip(
    cell: Cell, suffix: str, input_size: int, hidden_size: int, tmp_path: Path
) -> None:
    path = tmp_path / f"p{suffix}"
    parameters = random_parameters(cell, input_size, hidden_size, seed=2)
    write_parameters(path, parameters, cell)
    for wanted in (None, cell):
        found, back = read_parameters(path, wanted)
        assert found is cell
        assert back.origin == path.name
        assert_same(parameters, back)


finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(arrays(np.float64, (2, 5), elements=finite), arrays(np.float64, 2, elements=finite))
@settings(max_examples=40)
def test_any_number_survives_to_the_last_bit(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, W: np.ndarray, b: np.ndarray
) -> None:
    path = tmp_path_factory.mktemp("bits") / f"p{suffix}"
    write_parameters(path, Parameters({"h": W}, {"h": b}, "test"), RNN)
    _, back = read_parameters(path)
    assert back.weights["h"].tobytes() == W.tobytes()
    assert back.biases["h"].tobytes() == b.tobytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_parameters_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    parameters = random_parameters(LSTM, 3, 2, seed=0)
    paths = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for path in paths:
        write_parameters(path, parameters, LSTM)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_npz_is_one_that_numpy_reads_and_writes(cell: Cell, tmp_path: Path) -> None:
    parameters = random_parameters(cell, 3, 2, seed=0)
    ours, theirs = tmp_path / "ours.npz", tmp_path / "theirs.npz"
    write_parameters(ours, parameters, cell)
    with np.load(ours, allow_pickle=False) as loaded:
        assert str(loaded["cell"]) == cell.name
        content = {key: loaded[key] for key in loaded if key != "cell"}
    assert set(content) == {f"{x}_{n.name}" for x in "Wb" for n in cell.weighted_sums}
    np.savez_compressed(theirs, allow_pickle=False, **content)
    found, back = read_parameters(theirs, cell)
    assert found is cell
    assert_same(parameters, back)


def test_the_names_of_the_weights_tell_the_cell_where_only_one_has_them(
    cell: Cell, tmp_path: Path
) -> None:
    names = {node.name for node in cell.weighted_sums}
    alike = [c.name for c in CELLS.values() if {node.name for node in c.weighted_sums} == names]
    path = tmp_path / "p.npz"
    write_parameters(path, random_parameters(cell, 3, 2, seed=0), cell)
    with np.load(path) as loaded:
        content = {key: loaded[key] for key in loaded if key != "cell"}
    np.savez(path, allow_pickle=False, **content)
    if len(alike) == 1:
        assert read_parameters(path)[0] is cell
    else:
        with pytest.raises(InputError, match=f"its weights fit {', '.join(alike)}; add the cell"):
            read_parameters(path)


def test_json_as_documented(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    W, b = [[1, 0.5, -2]], [0.25]
    path.write_text(json.dumps({"cell": "rnn", "weights": {"h": W}, "biases": {"h": b}}))
    cell, parameters = read_parameters(path)
    assert cell is RNN
    np.testing.assert_array_equal(parameters.weights["h"], W)
    write_parameters(path, parameters, cell)
    assert json.loads(path.read_text()) == {
        "cell": "rnn", "weights": {"h": W}, "biases": {"h": b}
    }  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_parameters_of_another_cell_than_wanted(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"p{suffix}"
    write_parameters(path, random_parameters(GRU, 3, 2, seed=0), GRU)
    with pytest.raises(InputError, match="holds parameters of the cell 'gru'; 'lstm' is needed"):
        read_parameters(path, LSTM)


def test_nothing_is_written_that_does_not_belong_to_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    with pytest.raises(InputError, match="W_f is missing"):
        write_parameters(path, random_parameters(GRU, 3, 2, seed=0), LSTM)
    with pytest.raises(InputError, match=r"suffix '.txt'; parameters can be in .json, .npz"):
        write_parameters(tmp_path / "p.txt", random_parameters(GRU, 3, 2, seed=0), GRU)
    assert list(tmp_path.iterdir()) == []


GOOD = {"cell": "rnn", "weights": {"h": [[1.0, 2.0]]}, "biases": {"h": [0.0]}}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1, 2], "must be an object with cell, weights and biases"),
        (GOOD | {"bias": {}}, "holds 'bias'; accepted are cell, weights and biases"),
        (GOOD | {"cell": 3}, "cell is 3; it must be a text"),
        (GOOD | {"cell": "lsmt"}, f"no cell 'lsmt'; the cells are {', '.join(CELLS)}"),
        (GOOD | {"weights": [[1.0]]}, "weights must be an object"),
        ({"cell": "rnn", "weights": {"h": [[1.0, 2.0]]}}, "biases must be an object"),
        (GOOD | {"weights": {"h": [1.0, 2.0]}}, r"W_h has shape \(2,\); it needs two dimensions"),
        (GOOD | {"weights": {"h": "text"}}, "W_h holds <U4 values"),
        (GOOD | {"weights": {"h": {"a": 1}}}, "W_h holds object values"),
        (GOOD | {"biases": {"h": [0.0, 1.0]}}, r"b_h has shape \(2,\)"),
        (GOOD | {"biases": {}}, "b_h is missing; RNN needs b_h"),
        ({"weights": {"q": [[1.0]]}, "biases": {}}, "does not say its cell and has weights q"),
        ({"weights": {}, "biases": {}}, "does not say its cell"),
    ],
)
def test_wrong_json_is_refused(tmp_path: Path, content: Any, message: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=message) as refusal:
        read_parameters(path)
    assert "p.json" in str(refusal.value)


def test_a_name_given_twice_in_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"cell": "rnn", "cell": "lstm"}')
    with pytest.raises(InputError, match="holds 'cell' twice"):
        read_parameters(path)


def npz(**content: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **content)
    return stream.getvalue()


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


W, B = np.ones((1, 2)), np.ones(1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"no archive", "is not a readable .npz archive"),
        (npz(W_h=W, b_h=B)[:-40], "is not a readable .npz archive"),
        (npz(W_h=W, b_h=B)[40:], "'W_h.npy' is damaged and cannot be unpacked"),
        (npz(W_h=W, b_h=B, extra=B), "holds 'extra'; accepted are cell and names such as W_f"),
        (npz(W_h=W, b_h=B, cell=B), "cell must be one text"),
        (npz(W_h=W, b_h=B, cell="lsmt"), "no cell 'lsmt'"),
        (npz(W_h=W, b_h=np.array([np.nan])), "b_h has nan in place 1"),
        (npz(W_h=W, b_h=np.array([None])), "b_h holds Python objects"),
        (zipped({"W_h.txt": b"1"}), r"holds 'W_h.txt'; accepted are .npy arrays only"),
        (zipped({"W_h.npy": b"1"}), "W_h is not a readable .npy array"),
        (zipped({"W_h.npy": b"1"}, zipfile.ZIP_BZIP2), "compressed in a way"),
        (zipped({}), "does not say its cell"),
    ],
)
def test_wrong_npz_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "p.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as refusal:
        read_parameters(path)
    assert "p.npz" in str(refusal.value)


def test_an_archive_that_unpacks_beyond_the_limit_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "p.npz"
    np.savez_compressed(path, W_h=np.zeros((100, 200)), b_h=np.zeros(100))
    monkeypatch.setattr(archive, "MAX_BYTES", 100_000)
    assert path.stat().st_size < 10_000
    with pytest.raises(InputError, match="unpacks to 161056 bytes; at most 100000 are read"):
        read_parameters(path)


def truncations(data: bytes) -> Iterator[bytes]:
    step = max(1, len(data) // 40)
    return (data[:length] for length in range(0, len(data) - 1, step))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"p{suffix}"
    write_parameters(path, random_parameters(LSTM, 3, 2, seed=0), LSTM)
    for part in truncations(path.read_bytes()):
        path.write_bytes(part)
        with pytest.raises(InputError):
            read_parameters(path)


@pytest.fixture
def new_format(monkeypatch: pytest.MonkeyPatch) -> str:
    def reader(path: Path) -> ParametersFile:
        return ParametersFile("rnn", {"h": [[1.0, 2.0]]}, {"h": [3.0]})

    monkeypatch.setitem(PARAMETER_READERS, ".new", reader)
    return ".new"


def test_a_reader_of_another_package_is_an_entry_in_the_table(new_format: str) -> None:
    cell, parameters = read_parameters(Path(f"p{new_format}"))
    assert cell is RNN
    assert parameters.biases["h"].tolist() == [3.0]
