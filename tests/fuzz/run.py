"""Damage files for a while and read them: `make fuzz`, or `python -m tests.fuzz.run --seconds 600`.

A reader gives a value or raises InputError, and nothing else: no other error, no warning of numpy,
no more than a bounded time and memory. What breaks this is kept in the system's folder of temporary
files, and the exit code is 1.
"""

import argparse
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import traceback
import warnings
import zlib
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from random import Random
from types import FrameType

from gatereel.rnn_math import InputError
from tests.fuzz.forked import forked_walks
from tests.fuzz.readers import READERS, Reader

MEMORY = 6 << 30
"""Address space of this process, PyTorch's own included, in bytes."""

SECONDS_A_CASE = 30
"""Of computing; a reader that takes longer is taken to hang."""

NEEDS = {
    "pt": "torch",
    "old pth": "torch",
    "keras": "h5py",
    "weights.h5": "h5py",
    "h5": "h5py",
    "onnx": "onnx",
}
"""Readers that are left out where a package is not installed."""


def _hangs(number: int, frame: FrameType | None) -> None:
    raise TimeoutError(f"longer than {SECONDS_A_CASE} s")


def _computed() -> float:
    """Seconds that this process and those it waited for have computed; waiting does not count."""
    return sum(os.times()[:4])


def fuzz(
    name: str, reader: Reader, random: Random, folder: Path, seconds: float, count: int
) -> Counter[str]:
    """Read damaged files until `seconds` of computing or `count` cases are over; count them."""
    told: Counter[str] = Counter()
    path = folder / f"case{reader.suffix}"
    end = _computed() + seconds
    while told.total() < count and _computed() < end:
        data = reader.damage(random.choice(reader.seeds), random, reader.seeds)
        path.write_bytes(data)
        signal.setitimer(signal.ITIMER_PROF, SECONDS_A_CASE)
        try:
            reader.read(path)
            told["read"] += 1
        except InputError:
            told["refused"] += 1
        except Exception:
            told["FAILED"] += 1
            kept = (
                Path(tempfile.gettempdir())
                / f"fuzz-{name.replace(' ', '-')}-{zlib.crc32(data):08x}"
            )
            kept.write_bytes(data)
            print(f"{name}: {kept}", file=sys.stderr)
            traceback.print_exc(limit=-6)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    return told


def main() -> int:
    """Run every reader, or those that are named, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="of computing, all together"
    )
    parser.add_argument("--count", type=int, default=sys.maxsize, help="cases of each reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--own-processes", action="store_true", help="start a new Python for each file of HDF5"
    )
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    signal.signal(signal.SIGPROF, _hangs)
    chosen = [
        name
        for name in options.readers or READERS
        if name not in NEEDS or importlib.util.find_spec(NEEDS[name])
    ]
    failed = 0
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("error", RuntimeWarning)
        if importlib.util.find_spec("h5py") and not options.own_processes:
            stack.enter_context(forked_walks())
        for name in chosen:
            random = Random(f"{options.seed} {name}")
            share = options.seconds / len(chosen)
            told = fuzz(name, READERS[name], random, Path(folder), share, options.count)
            failed += told["FAILED"]
            counts = (f"{told[each]} {each}" for each in ("read", "refused", "FAILED"))
            print(f"{name:16}", ", ".join(counts), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
