"""Processes of ours beside the one that runs: how they start, and what bounds them.

Python puts the current folder first among the places that modules come from when it is started
with `-c` or `-m`, and a `socket.py` that lies there would be run. Ours import from where the
process that starts them does, and never from the current folder.
"""

import json
import os
import sys
from pathlib import Path

_ROOT = Path(__file__).absolute().parents[2].resolve()
"""The folder in which the package `gatereel` lies."""

_START = (
    "import sys, json, runpy; sys.path[:] = json.loads(sys.argv.pop(1)); "
    "runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)

_GIVES_THE_CURRENT_FOLDER = "PYTHONPATH"
"""All of it is in `sys.path` already; an empty part of it would mean the current folder."""

_DIE_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG` of prctl(2), which only Linux has."""


def python_command(module: str, *words: str) -> list[str]:
    """The command that runs `module` with `words` in a process of its own; see `environment`."""
    return [sys.executable, "-P", "-c", _START, json.dumps(_places()), module, *words]


def environment() -> dict[str, str]:
    """The variables for such a process."""
    return {name: value for name, value in os.environ.items() if name != _GIVES_THE_CURRENT_FOLDER}


def _places() -> list[str]:
    """Where this process imports from, without the current folder as such, and where we are."""
    places = [str(Path(place).absolute()) for place in sys.path if place]
    root = str(_ROOT)
    return places if root in places else [*places, root]


def end_with_parent(parent: int) -> None:
    """Have the system kill this process when the one that started it, number `parent`, ends.

    Even a library's endless loop ends so. Only Linux can; elsewhere the bound on time remains.
    """
    if sys.platform != "linux":
        return
    import ctypes
    import signal

    with_errors = ctypes.CDLL(None, use_errno=True)
    with_errors.prctl(_DIE_WITH_PARENT, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it ended before it was asked for
        os._exit(1)


def limit_cpu(seconds: float) -> None:
    """Let this process compute for `seconds` from now on, where the system can hold it to that."""
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    _lower(resource.RLIMIT_CPU, limit)
    _lower(resource.RLIMIT_CORE, 0)  # whoever is ended so leaves no memory image in the folder


def limit_memory(size: int) -> None:
    """Let this process have an address space of `size` bytes, where the system can hold it."""
    try:
        import resource
    except ModuleNotFoundError:  # not on Windows
        return
    _lower(resource.RLIMIT_AS, size)


def _lower(what: int, limit: int) -> None:
    import resource

    _, most = resource.getrlimit(what)
    bounded = most != resource.RLIM_INFINITY
    resource.setrlimit(what, (min(limit, most) if bounded else limit, most))


def how_it_ended(code: int, messages: str) -> str:
    """Why a process of ours ended with a code that is not 0: its signal, or its last words."""
    import signal

    if code < 0:
        try:
            return f"it was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"it was ended by signal {-code}"
    lines = messages.strip().splitlines()
    return lines[-1] if lines else f"it ended with code {code}"
