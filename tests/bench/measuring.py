"""Run a whole process and take what it cost."""

import os
import subprocess
import sys
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

BYTES_A_MEGABYTE = 1_000_000
BYTES_A_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
"""macOS counts a process's peak in bytes, Linux in kibibytes."""

_UNLIKE_USERS = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")
"""With the first one, every module would be compiled in each run."""


class BenchError(Exception):
    """A command failed, or an answer is not what was expected."""


@dataclass(frozen=True)
class Cost:
    """What a process and those that it waited for took.

    Seconds of wall clock and of computing, and the largest peak of memory in bytes.
    """

    seconds: float
    computing: float
    peak: int


def measure(
    command: Sequence[str], folder: Path, *, cores: Collection[int] = (), path: Path | None = None
) -> Cost:
    """Run `command` in `folder`, on some `cores`, with packages from `path`.

    What it prints is in `log.txt` there. Raises BenchError when it fails.
    """
    environment = {name: v for name, v in os.environ.items() if name not in _UNLIKE_USERS}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    log = folder / "log.txt"
    allowed = os.sched_getaffinity(0) if cores else set()
    with log.open("wb") as output:
        start = time.perf_counter()
        if cores:
            os.sched_setaffinity(0, cores)
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        finally:
            if cores:
                os.sched_setaffinity(0, allowed)
        # wait4, unlike Popen.wait, tells what this one process took, with those it waited for.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        told = log.read_text(encoding="utf-8", errors="replace")
        raise BenchError(f"{' '.join(command)} ended with {process.returncode}:\n{told}")
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * BYTES_A_RSS_UNIT)


def last_line(folder: Path) -> str:
    """What the process measured last in `folder` said at the end."""
    return (folder / "log.txt").read_text(encoding="utf-8").splitlines()[-1]


def best(costs: Sequence[Cost]) -> Cost:
    """The shortest times and the lowest peak: other work can only slow a process down."""
    return Cost(
        min(cost.seconds for cost in costs),
        min(cost.computing for cost in costs),
        min(cost.peak for cost in costs),
    )


def gatereel(*arguments: str) -> list[str]:
    """The command of this environment."""
    return [str(Path(sys.executable).with_name("gatereel")), *arguments]


def program(name: str, *arguments: str) -> list[str]:
    """A program of this folder, in a process of its own."""
    return [sys.executable, str(Path(__file__).parent / f"{name}.py"), *arguments]
