"""A short run of the fuzzer, the same one each time; the long ones are made by hand."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from random import Random

import pytest

from gatereel.rnn_math import InputError
from tests.fuzz.mutate import mutate
from tests.fuzz.readers import READERS, ROOT, Reader
from tests.fuzz.run import NEEDS, fuzz

CASES = 80
"""Of each reader."""

BY_NEW_PROCESSES = 2
"""Cases of HDF5 that are read as the command does it, in a new Python each."""

HANG_GUARD = 600
"""Seconds; a run takes a few."""


def _fuzzed(*words: str) -> dict[str, int]:
    """Run the fuzzer in a process of its own, whose memory is bounded; cases of each reader."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=HANG_GUARD,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = re.findall(r"^(.+?) +(\d+) read, (\d+) refused, 0 FAILED$", done.stdout, re.MULTILINE)
    return {name: int(read) + int(refused) for name, read, refused in lines}


def test_damaged_files_are_read_or_refused() -> None:
    there = [name for name in READERS if find_spec(NEEDS.get(name, "numpy"))]
    assert _fuzzed("--count", str(CASES)) == dict.fromkeys(there, CASES)


def test_hdf5_is_read_or_refused_by_new_processes() -> None:
    pytest.importorskip("h5py")
    names = ("keras", "weights.h5")
    told = _fuzzed("--own-processes", "--count", str(BY_NEW_PROCESSES), *names)
    assert told == dict.fromkeys(names, BY_NEW_PROCESSES)


@pytest.mark.parametrize("name", READERS)
def test_the_seeds_are_good_files(name: str, tmp_path: Path) -> None:
    pytest.importorskip(NEEDS.get(name, "numpy"))
    assert READERS[name].seeds
    path = tmp_path / f"seed{READERS[name].suffix}"
    path.write_bytes(READERS[name].seeds[0])
    READERS[name].read(path)


def test_another_error_is_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def fails(path: Path) -> object:
        raise (KeyError if b"x" in path.read_bytes() else InputError)("no")

    told = fuzz("x", Reader(".x", fails, (b"xx yy",)), Random(0), tmp_path, 60.0, 30)
    assert told.total() == 30
    assert told["FAILED"] > 0
    assert "KeyError" in capsys.readouterr().err
    kept = list(tmp_path.glob("fuzz-x-*"))
    assert kept
    assert all(b"x" in path.read_bytes() for path in kept)


def test_damage_is_the_same_each_time() -> None:
    for name in ("npz", "theme", "post"):
        seeds = READERS[name].seeds
        first, again = ([mutate(seeds[0], Random(k), seeds) for k in range(50)] for _ in range(2))
        assert first == again
        assert len(set(first)) > 40
