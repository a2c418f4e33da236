"""Temporary files that say whose they are, and what becomes of those whose process is dead.

A process that is killed cannot remove what it was writing. The next one that writes into the same
folder does, where it is certain that nobody is at it any more: the name holds the machine, the
number of the process there, and when that began, since numbers are used again.
"""

import os
import re
import sys
import zlib
from contextlib import suppress
from pathlib import Path

_PREFIX = ".gatereel-"
"""The dot hides a file that is being written from listings and from `*` in a shell."""

KEPT_SUFFIX = ".old"
"""Added to a temporary file's name for the file whose place it takes."""

_NAMED = re.compile(re.escape(_PREFIX) + r"([0-9a-f]{8})-([0-9]{1,10})-([0-9]{1,20})-")

_UNKNOWN = "0"
"""When a process began, where the system does not tell."""

_DEAD_STATES = ("Z", "X")
"""Of a process that has ended and that nobody has asked about yet: proc_pid_stat(5)."""

_STATE, _BEGAN = 0, 19
"""Places in what stands behind the name in `/proc/<pid>/stat`: fields 3 and 22."""


def own_prefix() -> str:
    """How the names of this process's temporary files begin."""
    pid = os.getpid()
    return f"{_PREFIX}{_machine()}-{pid}-{_began(pid) or _UNKNOWN}-"


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files in `folder` of processes of this machine that are dead.

    What cannot be removed stays, without a word: it is in nobody's way. So does a file that is
    the last one of what stood at a target, which a run that failed twice over could not put back.
    """
    dead: list[Path] = []
    with suppress(OSError), os.scandir(folder) as entries:
        dead += [Path(entry) for entry in entries if _is_left(entry)]
    for path in dead:
        with suppress(OSError):
            path.unlink()


def remove_own(folder: Path) -> None:
    """Remove temporary files in `folder` of this process, which ends.

    A signal may fall between the making of a file and its being remembered. What `remove_leftovers`
    would leave stays.
    """
    prefix = own_prefix()
    own: list[Path] = []
    with suppress(OSError), os.scandir(folder) as entries:
        own += [Path(e) for e in entries if e.name.startswith(prefix) and _may_go(e)]
    for path in own:
        with suppress(OSError):
            path.unlink()


def _is_left(entry: "os.DirEntry[str]") -> bool:
    named = _NAMED.match(entry.name)
    if named is None or named[1] != _machine() or not entry.is_file(follow_symlinks=False):
        return False
    if _is_alive(int(named[2]), named[3]):
        return False
    return _may_go(entry)


def _may_go(entry: "os.DirEntry[str]") -> bool:
    # A second name of what stands at a target; with no other name it would be lost.
    return not entry.name.endswith(KEPT_SUFFIX) or entry.stat().st_nlink > 1


def _is_alive(pid: int, began: str) -> bool:
    """Whether the process that was called `pid` when it began at `began` is there; if in doubt."""
    if sys.platform == "win32":
        return True  # there, to ask would be to end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # it is somebody else's
    now = _began(pid)
    return now is None or began in (now, _UNKNOWN)


def _began(pid: int) -> str | None:
    """When a process began, in ticks of the clock; "" if it has ended, None if nobody tells."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = told.rpartition(")")[2].split()
    return "" if fields[_STATE] in _DEAD_STATES else fields[_BEGAN]


def _machine() -> str:
    """Eight hexadecimal digits for the machine and, in it, the container that numbers belong to."""
    from socket import gethostname  # only now: few commands write anything

    numbering = 0
    with suppress(OSError):
        numbering = Path("/proc/self/ns/pid").stat().st_ino
    return f"{zlib.crc32(f'{gethostname()} {numbering}'.encode()):08x}"
