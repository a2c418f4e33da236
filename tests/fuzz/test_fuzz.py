"""A short run of the fuzzer, the same one each time; the long ones are made by hand."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from gatereel.rnn_math import InputError
from tests.fuzz.mutate import mutate
from tests.fuzz.readers import READERS, ROOT, Reader
from tests.fuzz.run import fuzz

MANY = {name: 60 for name in READERS} | {"keras": 2, "weights.h5": 2, "onnx": 30, "pt": 30}
"""Cases of each reader; HDF5 starts a process for each."""

HANG_GUARD = 600
"""Seconds; a run takes a few."""


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    """In a process of its own, whose memory is bounded."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", "--count", str(MANY[name]), name],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANG_GUARD,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", READERS)
def test_the_seeds_are_good_files(name: str, tmp_path: Path) -> None:
    for module in {"pt": ["torch"], "keras": ["h5py"], "weights.h5": ["h5py"]}.get(name, []):
        pytest.importorskip(module)
    assert READERS[name].seeds
    path = tmp_path / f"seed{READERS[name].suffix}"
    path.write_bytes(READERS[name].seeds[0])
    READERS[name].read(path)


def test_another_error_is_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fails(path: Path) -> object:
        raise (KeyError if b"x" in path.read_bytes() else InputError)("no")

    told = fuzz("x", Reader(".x", fails, (b"xx yy",)), Random(0), tmp_path, 60.0, 30)
    assert told.total() == 30
    assert told["FAILED"] > 0
    assert "KeyError" in capsys.readouterr().err


def test_damage_is_the_same_each_time() -> None:
    data = READERS["npz"].seeds[0]
    first, again = ([mutate(data, Random(k)) for k in range(50)] for _ in range(2))
    assert first == again
    assert len(set(first)) > 40
