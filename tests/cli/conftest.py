"""The command as a user meets it: in a folder of its own, in this process or another."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatereel.cli import main
from tests.warm_hdf5 import warm_reading

TIME_LIMIT = 600
"""Seconds after which a command is taken to hang: a hundred times what the slowest one takes."""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw in this process where a test does not ask for more with `--jobs`.

    To start another one costs several times what the small pictures of the tests do, and how many
    there would be is the machine's affair.
    """
    monkeypatch.setattr("gatereel.cli.drawing.processes.cores", lambda: 1)


@pytest.fixture(autouse=True)
def warm_hdf5() -> Iterator[None]:
    """Start no Python for an HDF5 file that a command in this process reads."""
    with warm_reading():
        yield


@pytest.fixture
def gatereel(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process."""

    def run(*words: str) -> Ended:
        capsys.readouterr()
        code = main(words)
        return Ended(code, *capsys.readouterr())

    return run


@pytest.fixture
def start(folder: Path) -> Callable[[Sequence[str]], "subprocess.Popen[str]"]:
    """Start the command in a process of its own."""

    def run(words: Sequence[str], *, stdin: bool = False) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "gatereel", *words],
            cwd=folder,
            stdin=subprocess.PIPE if stdin else None,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    return run


@pytest.fixture
def gatereel_process(start: Callable[[Sequence[str]], "subprocess.Popen[str]"]) -> Command:
    """Run the command in a process of its own."""

    def run(*words: str) -> Ended:
        with start(words) as process:
            out, err = process.communicate(timeout=TIME_LIMIT)
            return Ended(process.returncode, out, err)

    return run
