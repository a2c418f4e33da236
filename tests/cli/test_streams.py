"""Standard output and error: pipes, full disks, terminals."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import pytest

pty = pytest.importorskip("pty", reason="needs a Unix terminal")

FAILURE = 1
SHORT = ("--width", "300", "--pace", "0.2", "--timesteps", "1")

Start = Callable[[Sequence[str]], "Popen[str]"]


def test_a_closed_pipe_ends_without_a_traceback(start: Start) -> None:
    with start(["trace", "lstm"]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()  # before anything can have been written
        assert process.stderr.read() == ""
        assert process.wait() == FAILURE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_to_a_full_disk_is_one_line(folder: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "cli", "trace", "rnn"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (
        FAILURE,
        "gatereel: the standard output: No space left on device.\n",
    )


def test_letters_that_the_terminal_lacks_are_no_failure(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "cli", "render", "rnn", "--dry-run"],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        text=True,
        encoding="latin-1",
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert r"h_prev \u2192 hx" in ended.stdout


def on_a_terminal(*words: str) -> tuple[int, str, str]:
    """Run the command with a terminal for its errors; return code, output and what it shows."""
    master, slave = pty.openpty()
    with Popen(
        [sys.executable, "-m", "cli", *words], stdout=subprocess.PIPE, stderr=slave, text=True
    ) as process:
        os.close(slave)
        shown = bytearray()
        with suppress(OSError):  # how some systems tell that the other end is closed
            while part := os.read(master, 1024):
                shown += part
        os.close(master)
        assert process.stdout is not None
        out = process.stdout.read()
    return process.returncode, out, shown.decode()


@pytest.mark.slow
def test_a_terminal_shows_how_far_the_frames_are(folder: Path) -> None:
    code, out, shown = on_a_terminal("render", "rnn", *SHORT)
    assert code == 0
    assert out.startswith("rnn.gif  ")
    assert "rnn  [" in shown
    assert "100%" in shown


@pytest.mark.slow
def test_quiet_is_quiet_on_a_terminal(folder: Path) -> None:
    assert on_a_terminal("render", "rnn", *SHORT, "--quiet") == (0, "", "")
    assert (folder / "rnn.gif").exists()
