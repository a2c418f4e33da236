"""A cluster of dask on this machine: the scheduler in this process, each worker in its own.

The workers are started as all processes of ours are: they end with the command, hear no signals
from the terminal, and import nothing from the current folder. As a module, this is such a worker.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from tempfile import TemporaryDirectory

from gatereel.cli.drawing.engine import EngineGoneError
from gatereel.rnn_math.files.leftovers import own_prefix
from gatereel.rnn_math.processes import end_with_parent, environment, python_command
from gatereel.rnn_math.records import dataclass

_HOST = "127.0.0.1"
_PATIENCE = 15.0
"""Seconds until a worker that was told to end is ended; it takes fewer by itself."""

_STARTS_A_WORKER = 4
"""A worker may be ended by what has nothing to do with what it draws; then another one starts."""

_THIS = "gatereel.cli.drawing.dask_local"


@dataclass(eq=False)
class LocalCluster:
    """Workers of a scheduler that is here."""

    address: str
    folder: str
    """For what they write while they draw."""
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    starts_left: int = 0

    def start(self) -> "subprocess.Popen[bytes]":
        """Start a worker."""
        self.starts_left -= 1
        return subprocess.Popen(
            python_command(_THIS, self.address, self.folder, str(os.getpid())),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,
        )

    def check(self) -> None:
        """Start workers anew that have ended. Raises EngineGoneError where they end and end."""
        for place, worker in enumerate(self.workers):
            if worker.poll() is not None and self.starts_left > 0:
                self.workers[place] = self.start()
        if all(worker.poll() is not None for worker in self.workers):
            raise EngineGoneError("every worker of the local cluster ended; nothing more is drawn")

    def end(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            try:
                worker.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
            assert worker.stdin is not None
            worker.stdin.close()


@contextmanager
def local_cluster(count: int) -> Iterator[LocalCluster]:
    """A cluster of `count` workers, which is gone when the block ends."""
    import distributed

    with (
        TemporaryDirectory(prefix=own_prefix()) as folder,
        distributed.LocalCluster(
            n_workers=0, processes=True, host=_HOST, dashboard_address=None, silence_logs=False
        ) as scheduler,
    ):
        cluster = LocalCluster(scheduler.scheduler_address, folder)
        cluster.starts_left = count * _STARTS_A_WORKER
        try:
            for _ in range(count):
                cluster.workers.append(cluster.start())
            yield cluster
        finally:
            cluster.end()


async def _work(address: str, folder: str) -> None:
    from distributed import Worker

    async with Worker(
        address, nthreads=1, host=_HOST, local_directory=folder, dashboard=False, memory_limit=0
    ) as worker:
        await worker.finished()


if __name__ == "__main__":
    _address, _folder, _parent = sys.argv[1:]
    end_with_parent(int(_parent))
    asyncio.run(_work(_address, _folder))
