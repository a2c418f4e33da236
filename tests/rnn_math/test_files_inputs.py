"""Inputs from files: every format, and files that are wrong, each by name."""

import os
import struct
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import InputError
from gatereel.rnn_math.files import INPUT_READERS, read_inputs, read_sequence, reading
from gatereel.rnn_math.sequence import InputSequence

ROWS = [[0.9, -0.3, 0.2], [0.1, 1e-300, -4.0]]
CSV = b"0.9,-0.3,0.2\n0.1,1e-300,-4\n"


def npy_with_header(header: str, data: bytes = b"") -> bytes:
    """An `.npy` file of format 1.0 that claims whatever `header` says."""
    encoded = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(encoded)) + encoded + data


def claiming(shape: str, descr: str = "<f8") -> bytes:
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    return npy_with_header(header, data=bytes(48))


@pytest.mark.parametrize(
    "text",
    [
        "0.9,-0.3,0.2\n0.1,1e-300,-4\n",
        "store,noise,forget\n0.9,-0.3,0.2\n0.1,1e-300,-4",
        "\ufeffstore,noise,forget\r\n0.9,-0.3,0.2\r\n\r\n0.1,1e-300,-4\r\n\r\n",
        '"0.9", -0.3 ,0.2\n0.1,1e-300,-4.0\n\n',
    ],
    ids=["plain", "header", "byte order mark and Windows lines", "quotes and spaces"],
)
def test_csv(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    np.testing.assert_array_equal(read_inputs(path), ROWS)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "uint8", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy(tmp_path: Path, dtype: str, order: str) -> None:
    path = tmp_path / "x.NPY"
    array = np.array([[1, 2, 3], [4, 5, 6]], dtype=dtype, order="C" if order == "C" else "F")
    with path.open("wb") as file:
        np.save(file, array)
    inputs = read_inputs(path)
    np.testing.assert_array_equal(inputs, array)
    assert inputs.dtype == np.float64
    assert inputs.flags.c_contiguous
    assert not inputs.flags.writeable


def test_json(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(f"{ROWS}")
    np.testing.assert_array_equal(read_inputs(path), ROWS)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Mon,1,2\nTue,3,4\n", ("Mon", "Tue")),
        ("day,a,b\nMon,1,2\nTue,3,4\n", ("Mon", "Tue")),
        ("day,a,b\n2026-11-23,1,2\n2026-11-24 12:00,3,4\n", ("2026-11-23", "2026-11-24 12:00")),
        (' " the  cat ",1,2\nsat,3,4\n', ('" the cat "', "sat")),
        ('"a,b",1,2\n"two\nlines",3,4\n', ("a,b", "two lines")),
        ("\ufeffThứ hai,1,2\r\ninfinity,3,4\r\n", ("Thứ hai", "infinity")),
        ("a,b\n1,2\n3,4\n", ()),
        ("20261123,1\n20261124,2\n", ()),
    ],
)
def test_a_first_column_of_text_labels_the_rows(
    tmp_path: Path, text: str, labels: tuple[str, ...]
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(text.encode())
    sequence = read_sequence(path)
    assert sequence.labels == labels
    assert sequence.rows is not None
    if labels:
        np.testing.assert_array_equal(sequence.rows, [[1, 2], [3, 4]])
    else:
        assert sequence.rows.shape == (2, 2)


def test_a_column_of_whole_numbers_stays_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("3\n0\n")
    sequence = read_sequence(path)
    np.testing.assert_array_equal(sequence.rows, [[3.0], [0.0]])
    assert sequence.as_tokens() == (3, 0)


@pytest.mark.parametrize(
    ("content", "labels"),
    [
        ('{"labels": ["Mon", " T\\u001bue"], "inputs": [[1, 2], [3, 4]]}', ("Mon", r"T\x1bue")),
        ('{"inputs": [[1, 2], [3, 4]], "labels": [2025, "2026"]}', ("2025", "2026")),
    ],
)
def test_json_with_labels(tmp_path: Path, content: str, labels: tuple[str, ...]) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    sequence = read_sequence(path)
    assert sequence.labels == labels
    np.testing.assert_array_equal(sequence.rows, [[1, 2], [3, 4]])


@pytest.mark.parametrize("dtype", ["int64", "uint8", ">i2"])
def test_whole_numbers_are_token_ids(tmp_path: Path, dtype: str) -> None:
    np.save(tmp_path / "x.npy", np.array([5, 0, 7], dtype=dtype))
    (tmp_path / "x.json").write_text("[5, 0, 7]")
    for name in ("x.npy", "x.json"):
        sequence = read_sequence(tmp_path / name)
        assert sequence.tokens == (5, 0, 7)
        assert sequence.rows is None
        assert sequence.labels == ()


class TestStandardInput:
    @pytest.fixture
    def read(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., InputSequence]:
        def read(data: bytes, vocabulary: Path | None = None) -> InputSequence:
            monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(data)))
            return read_sequence(None, vocabulary=vocabulary)

        return read

    @pytest.mark.parametrize("data", [CSV, b"a,b,c\n" + CSV, b"\n " + str(ROWS).encode()])
    def test_rows(self, read: Callable[..., InputSequence], data: bytes) -> None:
        np.testing.assert_array_equal(read(data).rows, ROWS)

    def test_labels_and_tokens(self, read: Callable[..., InputSequence]) -> None:
        assert read(b'{"labels": ["a"], "inputs": [[1]]}').labels == ("a",)
        assert read(b"[3, 1]").tokens == (3, 1)

    def test_text(self, read: Callable[..., InputSequence], tmp_path: Path) -> None:
        vocabulary = tmp_path / "v.txt"
        vocabulary.write_text("[\n1\n]\n")
        assert read(b"[1]\n", vocabulary=vocabulary).tokens == (0, 1, 2)
        with pytest.raises(InputError, match="standard input has '2' in place 2"):
            read(b"[2]", vocabulary=vocabulary)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "standard input is empty"),
            (b"a,b\nx\n", "standard input, line 2, column 1: 'x' is not a number"),
            (b"[[1, 2", "standard input is not JSON"),
            (b"\x93NUMPY", "standard input is not UTF-8 text"),
            (b'["a"]', "standard input holds texts; they need a vocabulary"),
        ],
    )
    def test_what_cannot_be_read(
        self, read: Callable[..., InputSequence], data: bytes, message: str
    ) -> None:
        with pytest.raises(InputError, match=message):
            read(data)

    def test_it_is_read_up_to_a_limit(
        self, read: Callable[..., InputSequence], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reading, "MAX_TEXT_BYTES", 3)
        assert read(b"1,2").timesteps == 1
        with pytest.raises(InputError, match="standard input has more than 3 bytes"):
            read(b"1,23")

    def test_it_may_be_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", None)
        with pytest.raises(InputError, match="standard input is closed"):
            read_sequence(None)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.csv", b"", r"x\.csv is empty"),
        ("x.csv", b"\n \n,,\n", "has no row of numbers"),
        ("x.csv", b"a,b\n", "has no row of numbers; line 1 reads 'a, b'"),
        ("x.csv", b"1,2\n3,four\n", "line 2, column 2: 'four' is not a number"),
        ("x.csv", b"a,b\n1,2\nc,d\n", "line 3, column 1: 'c' is not a number"),
        ("x.csv", b"a,2\n1,2\n", "line 1, column 1: 'a' is not a number"),
        ("x.csv", b"1,\n3,4\n", "line 1, column 2: '' is not a number"),
        (
            "x.csv",
            b"1;2\n3;4\n",
            "line 1, column 1: '1;2' is not a number.*by commas",
        ),
        ("x.csv", b"0.1;0.2\n", "line 1, column 1: '0.1;0.2' is not a number.*by commas"),
        ("x.csv", b"0.1 0.2 \n", "line 1, column 1: '0.1 0.2 ' is not a number.*by commas"),
        ("x.csv", b"0.1\t0.2\n", r"line 1, column 1: '0.1\\t0.2' is not a number.*by commas"),
        ("x.csv", b"0,1;0,2\n", "line 1, column 2: '1;0' is not a number.*by commas"),
        ("x.csv", b"2,1_0\n", "line 1, column 2: '1_0' is not a number"),
        ("x.csv", b"1,2\n" + b"x" * 50 + b",2", "column 1: 'xxxxxxxxxxxxxxxxxxxx...' is not"),
        ("x.csv", b"1,2\n3,4,5\n", "line 2 has 3 columns; line 1 has 2"),
        ("x.csv", b"h,i\n1,2\n\n3\n", "line 4 has 1 column; line 2 has 2"),
        ("x.csv", b"1,2\nnan,4\n", "line 2, column 1: 'nan' is not a finite number"),
        ("x.csv", b"h,i\n1,2\n1e999,4\n", "line 3, column 1: '1e999' is not a finite number"),
        ("x.csv", b'1,"2\n', "line 1 is not valid CSV"),
        ("x.csv", b"Mon,1\n,2\n", "line 1, column 1: 'Mon' is not a number"),
        ("x.csv", b"Mon,1\n3,2\n", "line 1, column 1: 'Mon' is not a number"),
        ("x.csv", b"Mon,1\nTue\n", "line 2 has 1 column; line 1 has 2"),
        ("x.csv", b"Mon,1\nTue,x\n", "line 2, column 2: 'x' is not a number"),
        ("x.csv", b"inf,1\nnan,2\n", "line 1, column 1: 'inf' is not a finite number"),
        ("x.csv", b"1;2,5\n3;4,5\n", "line 1, column 1: '1;2' is not a number"),
        ("x.csv", b"\xff\xfe1,2", "is not UTF-8 text: byte 0 cannot be decoded"),
        ("x.json", b"", "is empty"),
        ("x.json", b"[[1, 2", "is not JSON: .* at line 1, column 7"),
        ("x.json", b"[[1, NaN]]", "holds NaN; every number must be finite"),
        ("x.json", b"[[1, -Infinity]]", "holds -Infinity; every number must be finite"),
        ("x.json", b"[[1, 1e999]]", "the list has inf in row 1, column 2"),
        ("x.json", b"[[1], [1, 2]]", "the list cannot be read as an array"),
        ("x.json", b"[1, 2.5]", r"the list has shape \(2,\); it needs two dimensions"),
        ("x.json", b"[1, 2]", "holds token ids; rows of numbers are needed"),
        ("x.json", b"[1, true]", r"the list has shape \(2,\)"),
        ("x.json", b"[true]", "the list holds bool values"),
        ("x.json", b"[1, -2]", "has token -2 in place 2; ids are whole numbers from 0"),
        ("x.json", b"[" + b"9" * 4000 + b"]", r"has token 10\*\*20 or more in place 1"),
        ("x.json", b'["a", "b"]', "holds texts; they need a vocabulary"),
        ("x.json", b'{"labels": ["a"], "inputs": [[1], [2]]}', "has 1 label for 2 timesteps"),
        ("x.json", b'{"labels": [[]], "inputs": [[1]]}', "label 1 is no text"),
        ("x.json", b'{"labels": "ab", "inputs": [[1], [2]]}', "labels must be a list of texts"),
        ("x.json", b'{"labels": [], "inputs": [[1], [2]]}', "labels must be a list of texts"),
        ("x.json", b'{"inputs": [[1]]}', "must be a list of rows, one a timestep"),
        ("x.json", b'{"labels": ["a"], "inputs": {}}', "must be a list of rows"),
        ("x.json", b"[]", r"the list has shape \(0,\); it needs two dimensions"),
        ("x.json", b"[[]]", "the list has shape .* it needs at least one number"),
        ("x.json", b'[["1", "2"]]', "the list holds <U1 values; it needs real numbers"),
        ("x.json", b"[[null, 2]]", "the list holds object values"),
        ("x.json", b'{"x": [[1]]}', "must be a list of rows, one a timestep"),
        ("x.json", b"[" * 100_000, "nested too deeply"),
        ("x.json", b"[[" + b"1" * 5000 + b"]]", "is not readable JSON: Exceeds the limit"),
        ("x.json", "[[1]] é".encode("latin-1"), "is not UTF-8 text: byte 6"),
        ("x.npy", b"", "is empty"),
        ("x.npy", b"1,2\n3,4\n", "is not a readable .npy array"),
        ("x.npy", npy_with_header("(((((("), "is not a readable .npy array"),
        ("x.npy", npy_with_header("'" * 9_000), "is not a readable .npy array"),
        ("x.npy", claiming("(2, 2)"), r"claims shape \(2, 2\), 32 bytes, but holds 48"),
        (
            "x.npy",
            claiming("(1000000000000, 3)"),
            r"claims shape \(1000000000000, 3\), 24000000000",
        ),
        ("x.npy", claiming(f"({2**62}, {2**62})"), "claims shape"),
        ("x.npy", claiming("(-2, -3)"), "which no array has"),
        ("x.npy", claiming("(2, 3)", "<c16"), "claims shape"),
        ("x.npy", claiming("(1, 3)", "<c16"), "holds complex128 values; it needs real numbers"),
        ("x.npy", claiming("(2, 3)", "|O"), "holds Python objects; it needs real numbers"),
        ("x.npy", claiming("(0, 3)"), "claims shape"),
        ("x.npy", claiming("(6,)"), "it needs two dimensions"),
        ("x.npy", b"\x93NUMPY\x09\x00" + bytes(60), "is not a readable .npy array"),
        ("x.npy", claiming("(6,)", "<i8"), "holds token ids; rows of numbers are needed"),
        ("x.npy", claiming("(48,)", "|b1"), "holds bool values"),
        ("x.txt", b"1,2", "holds text; it needs a vocabulary, a file with one token a line"),
        ("x.xls", b"1,2", r"has the suffix '.xls'; inputs can be in .csv, .json, .npy, .txt"),
        ("x", b"1,2", "has no suffix; inputs can be in .csv, .json, .npy"),
    ],
)
def test_wrong_files_are_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as refusal:
        read_inputs(path)
    assert name in str(refusal.value)


def test_a_pickled_array_is_refused_and_runs_nothing(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
            return os.mkdir, (str(tmp_path / "sprung"),)

    path = tmp_path / "x.npy"
    np.save(path, np.array([[Trap()]], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="holds Python objects"):
        read_inputs(path)
    assert not (tmp_path / "sprung").exists()


def test_an_array_of_no_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.empty((0, 3)))
    with pytest.raises(InputError, match=r"has shape \(0, 3\); it needs at least one number"):
        read_inputs(path)


@pytest.mark.parametrize("suffix", [".csv", ".json", ".npy"])
class TestPlaces:
    def test_a_missing_file(self, tmp_path: Path, suffix: str) -> None:
        with pytest.raises(InputError, match="does not exist"):
            read_inputs(tmp_path / f"x{suffix}")

    def test_a_folder(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"x{suffix}"
        path.mkdir()
        with pytest.raises(InputError, match="is a folder; a file is needed"):
            read_inputs(path)

    def test_a_pipe(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f"x{suffix}"
        os.mkfifo(path)
        with pytest.raises(InputError, match="is a device or a pipe"):
            read_inputs(path)


def test_a_file_beyond_the_limit_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("1,2\n")
    monkeypatch.setattr(reading, "MAX_TEXT_BYTES", 3)
    with pytest.raises(InputError, match="has 4 bytes; at most 3 are read"):
        read_inputs(path)


def beginnings(folder: Path) -> dict[str, bytes]:
    """A good file of each kind."""
    np.save(folder / "x.npy", np.array([5, 0, 7]))
    return {
        ".csv": b'day,a\n"Mon, 1",0.5\nTue,1e3\n',
        ".json": b'{"labels": ["a", "b"], "inputs": [[1, -2.5], [3e1, 4]]}',
        ".npy": (folder / "x.npy").read_bytes(),
        ".txt": "aếb\\n\n".encode(),
    }


MUTATIONS = 150


@pytest.mark.parametrize("suffix", INPUT_READERS)
def test_damaged_files_are_read_or_refused(tmp_path: Path, suffix: str) -> None:
    random = np.random.default_rng(0)
    good = beginnings(tmp_path)[suffix]
    path, vocabulary = tmp_path / f"x{suffix}", tmp_path / "vocabulary"
    refusals = 0
    for _ in range(MUTATIONS):
        data = bytearray(good)
        for place in random.integers(len(data), size=random.integers(1, 4)):
            data[place] = random.integers(256)
        cut = random.integers(1, len(data) + 1)
        path.write_bytes(data[:cut])
        vocabulary.write_bytes(data if suffix == ".txt" else b"a\nb\n")
        try:
            assert read_sequence(path).timesteps >= 1
            read_sequence(path, vocabulary=vocabulary)
        except InputError:
            refusals += 1
    assert refusals > 0
