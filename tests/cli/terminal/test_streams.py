"""Standard output and error: pipes, full disks, terminals."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from gatereel.cli.terminal.outlet import data_output

pty = pytest.importorskip("pty", reason="needs a Unix terminal")

FAILURE = 1
WRONG_USE = 2
SHORT = ("--width", "300", "--fps", "5", "--pace", "0.2", "--timesteps", "1")

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
            [sys.executable, "-m", "gatereel", "trace", "rnn"],
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
        [sys.executable, "-m", "gatereel", "render", "rnn", "--dry-run"],
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
        [sys.executable, "-m", "gatereel", *words], stdout=subprocess.PIPE, stderr=slave, text=True
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


# --- closed streams ------------------------------------------------------------------------------


def with_closed(descriptor: int, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with a stream that a shell closed, as by `>&-`."""
    return subprocess.run(
        ["sh", "-c", f'"$@" {descriptor}>&-', "sh", sys.executable, "-m", "gatereel", *words],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words", [["trace", "rnn"], ["trace", "rnn", "--format", "csv"], ["cells"]]
)
def test_what_has_nowhere_to_go_is_told(folder: Path, words: list[str]) -> None:
    ended = with_closed(1, *words)
    assert ended.returncode == WRONG_USE
    assert ended.stderr.startswith("gatereel: The standard output is closed")


@pytest.mark.parametrize("descriptor", [0, 1, 2])
def test_a_file_is_written_whatever_stream_is_closed(
    gatereel: Callable[..., Any], folder: Path, descriptor: int
) -> None:
    ended = with_closed(descriptor, "trace", "rnn", "-o", "a.csv")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert gatereel("trace", "rnn", "-o", "b.csv").code == 0
    assert (folder / "a.csv").read_bytes() == (folder / "b.csv").read_bytes()


@pytest.mark.parametrize("descriptor", [0, 1, 2])
def test_processes_that_draw_begin_whatever_stream_is_closed(folder: Path, descriptor: int) -> None:
    stills = [
        f"<!-- gatereel: {cell} --width 300 --still --dark none -->" for cell in ("rnn", "gru")
    ]
    (folder / "post.md").write_text("\n\n".join(stills) + "\n", encoding="utf-8")
    ended = with_closed(descriptor, "embed", "post.md", "--jobs", "2")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (folder / "post.md").read_text(encoding="utf-8").count("<picture") == len(stills)


def test_an_error_without_a_place_to_tell_it_is_an_exit_code(folder: Path) -> None:
    assert with_closed(2, "trace", "rnn", "--seed", "-1").returncode == WRONG_USE


# --- what a file may say to a terminal -----------------------------------------------------------


def test_no_name_of_a_file_commands_the_terminal(folder: Path) -> None:
    name = "\x1b]0;title\x07\u202ecsv"
    ended = subprocess.run(
        [sys.executable, "-m", "gatereel", "inspect", name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == WRONG_USE
    assert r"\x1b]0;title\x07\u202ecsv" in ended.stderr
    assert "\x1b" not in ended.stderr


@pytest.mark.parametrize(
    ("is_terminal", "written"),
    [(True, rb"a \x1b[2J \xff \u202e b"), (False, b"a \x1b[2J \xff \xe2\x80\xae b")],
)
def test_data_are_printable_on_a_terminal_and_as_they_are_elsewhere(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, written: bytes
) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8")
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stdout", stream)
    with data_output() as target:
        for part in (b"a \x1b", b"[2J \xff \xe2\x80", b"\xae b"):  # a letter in two parts
            target.write(part)
    assert raw.getvalue() == written
