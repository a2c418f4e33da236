"""Ctrl-C and its like: the old file stands, nothing is left over, the exit code tells."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from subprocess import Popen

import pytest

from gatereel.cli.options.targets import folders_for
from gatereel.cli.terminal.signals import PATIENCE, Stopped, raise_if_stopped, signals_raise
from gatereel.rnn_math.files.leftovers import remove_leftovers

DEADLINE = 600.0
"""Seconds after which a render is taken to hang that has not begun to write."""
MIDDLE = 0.3
"""Seconds of drawing after which a film of several seconds is stopped."""

Start = Callable[[Sequence[str]], "Popen[str]"]


def wait_for_a_temporary(folder: Path) -> None:
    deadline = time.monotonic() + DEADLINE
    while not any(path.name.startswith(".gatereel-") for path in folder.iterdir()):
        assert time.monotonic() < deadline, "the render never began"
        time.sleep(0.02)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143)],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_render_that_is_stopped_leaves_everything_as_it_was(
    folder: Path, start: Start, number: signal.Signals, code: int
) -> None:
    (folder / "lstm.gif").write_text("old", encoding="utf-8")
    with start(["render", "lstm", "-o", "lstm.gif", "-o", "lstm.mp4", "-o", "new/"]) as process:
        wait_for_a_temporary(folder)
        time.sleep(MIDDLE)
        process.send_signal(number)
        process.send_signal(number)  # an impatient user
        out, err = process.communicate()
    assert (process.returncode, out, err) == (code, "", "gatereel: interrupted\n")
    assert [path.name for path in folder.iterdir()] == ["lstm.gif"]
    assert (folder / "lstm.gif").read_text(encoding="utf-8") == "old"


def test_a_signal_becomes_an_exception_and_the_handlers_come_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Stopped) as stopped, signals_raise():
        signal.raise_signal(signal.SIGTERM)
    assert stopped.value.signal == signal.SIGTERM
    assert signal.getsignal(signal.SIGINT) is before


def test_a_repeated_signal_is_ignored_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with signals_raise():
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGINT)
        now += PATIENCE / 2
        signal.raise_signal(signal.SIGINT)
        now += PATIENCE
        with pytest.raises(Stopped):
            signal.raise_signal(signal.SIGINT)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with signals_raise():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_signal_that_python_swallows_is_raised_again() -> None:
    """In a finaliser, for one, where what is raised is only written to the standard error."""

    class Finalised:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(Stopped) as stopped, signals_raise():  # noqa: PT012  # the block counts
        thing: Finalised | None = Finalised()
        assert thing is not None
        thing = None
        threading.Event().wait(DEADLINE)
    assert stopped.value.signal == signal.SIGTERM


def test_a_signal_that_a_library_catches_is_raised_again_where_work_goes_on() -> None:
    with signals_raise():
        raise_if_stopped()
        with suppress(BaseException):  # as some libraries do
            signal.raise_signal(signal.SIGTERM)
        with pytest.raises(Stopped):
            raise_if_stopped()
    raise_if_stopped()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_the_command_is_imported_is_no_traceback(
    folder: Path, number: signal.Signals
) -> None:
    program = (
        "import signal, sys, gatereel.cli\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == 'gatereel.cli.app': signal.raise_signal({int(number)})\n"
        "sys.meta_path.insert(0, Finder())\n"
        "sys.exit(gatereel.cli.main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (128 + number, "gatereel: interrupted\n")


# --- folders -------------------------------------------------------------------------------------


def test_a_folder_that_another_command_uses_is_left_to_it(folder: Path) -> None:
    first = ExitStack()
    first.enter_context(folders_for(["new/"]))
    with folders_for(["new/"]):
        first.close()  # interrupted, with nothing written
        assert (folder / "new").is_dir()
        (folder / "new" / "a.gif").touch()
    assert [path.name for path in (folder / "new").iterdir()] == ["a.gif"]


def test_a_folder_that_nobody_uses_is_taken_away(folder: Path) -> None:
    with folders_for(["new/"]):
        assert (folder / "new").is_dir()
    assert not (folder / "new").exists()


def test_a_folder_that_goes_while_it_is_looked_at_is_made_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "is_dir", lambda path: path == Path("new/") or path.exists())
    with folders_for(["new/"]):
        assert (folder / "new").exists()


# --- processes that draw -------------------------------------------------------------------------

OF_A_GROUP = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


def embedding(folder: Path) -> "Popen[str]":
    """Begin to draw in two processes, far from done, as the leader of a group of its own."""
    options = "--width 240 --plain --pace 6"
    post = "\n\n".join(f"<!-- gatereel: {cell} {options} -->" for cell in ("lstm", "gru", "rnn"))
    (folder / "post.md").write_text(post, encoding="utf-8")
    process = Popen(
        [sys.executable, "-m", "gatereel", "embed", "post.md", "--jobs", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + DEADLINE
    while not list(folder.glob("assets/.gatereel-*.gif")):
        assert time.monotonic() < deadline, "the drawing never began"
        time.sleep(0.02)
    return process


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs groups of processes")
@pytest.mark.parametrize("number", [*OF_A_GROUP, signal.SIGKILL])
def test_a_signal_to_all_leaves_no_file_and_no_process(
    folder: Path, number: signal.Signals
) -> None:
    with embedding(folder) as process:
        os.killpg(process.pid, number)
        # Each process that draws holds these open as long as it lives.
        _, err = process.communicate(timeout=DEADLINE)
    killed = number == signal.SIGKILL
    assert process.returncode == (-number if killed else 128 + number)
    assert err == ("" if killed else "gatereel: interrupted\n")
    left = [path.name for path in folder.rglob(".gatereel-*")]
    # Those who draw tidy up even then; what the command itself had there is its mark on the folder.
    assert [name for name in left if not (killed and name.endswith(".use"))] == []
    remove_leftovers(folder / "assets")
    assert list(folder.rglob(".gatereel-*")) == []
