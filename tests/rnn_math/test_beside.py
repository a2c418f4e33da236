"""Work in a copy of the process: what it wrote comes back, and no copy outlives its block.

Each test runs in a process of its own, for the one that runs the tests has threads.
"""

import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux alone")

BEGIN = """
import os, sys, threading, time
from gatereel.rnn_math.beside import Beside, CopyError, can_copy
"""

SECONDS = 60.0
"""After which a process is taken to hang."""


def run(code: str) -> list[str]:
    """The lines that a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", BEGIN + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_what_was_written_comes_back_and_is_computed_at_the_same_time() -> None:
    assert run("""
with Beside(lambda file: file.write(b"from " + str(os.getppid() != 1).encode())) as beside:
    print("here")
    print(beside.file().read().decode())
    print(beside.file().read().decode())
""") == ["here", "from True", "from True"]


def test_whoever_waits_may_look_up_meanwhile() -> None:
    assert run("""
looks = []
with Beside(lambda file: time.sleep(0.2)) as beside:
    beside.file(lambda: looks.append(1))
print(len(looks) > 1)
""") == ["True"]


@pytest.mark.parametrize("how", ["1 / 0", "os._exit(3)", "os.kill(os.getpid(), 9)", "sys.exit(0)"])
def test_a_copy_that_does_not_finish_is_told(how: str) -> None:
    assert run(f"""
def work(file):
    {how}
with Beside(work) as beside:
    try:
        beside.file()
    except CopyError as error:
        print("told")
""") == ["told"]


def test_a_copy_that_is_stuck_is_given_up() -> None:
    assert run("""
from gatereel.rnn_math import beside as module
module._STUCK = 0.3
with Beside(lambda file: time.sleep(600)) as beside:
    try:
        beside.file()
    except CopyError as error:
        print(error)
with Beside(lambda file: sum(range(10**7)) and file.write(b"done")) as beside:
    print(beside.file().read().decode())
""") == ["it was stuck", "done"]


def test_leaving_the_block_ends_the_copy() -> None:
    assert run("""
with Beside(lambda file: time.sleep(600)) as beside:
    process = beside._process
try:
    os.kill(process, 0)
except ProcessLookupError:
    print("gone")
""") == ["gone"]


def test_a_copy_ends_with_a_process_that_is_killed() -> None:
    code = """
with Beside(lambda file: time.sleep(600)) as beside:
    print(beside._process, flush=True)
    os.kill(os.getpid(), 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
    # The pipes that the copy holds, too, are closed by now; it may not be buried yet.
    stat, deadline = Path(f"/proc/{int(done.stdout)}/stat"), time.monotonic() + SECONDS
    while stat.exists() and stat.read_text().rpartition(")")[2].split()[0] not in "ZX":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_copy_is_made_beside_threads_or_with_one_core() -> None:
    assert run("""
os.sched_getaffinity = lambda process: {0, 1}
print(can_copy())
thread = threading.Thread(target=time.sleep, args=(0.5,))
thread.start()
print(can_copy())
thread.join()
os.sched_getaffinity = lambda process: {0}
print(can_copy())
""") == ["True", "False", "False"]
