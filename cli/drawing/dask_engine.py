"""`--dask`: a cluster of dask.distributed as the engine.

A picture is a task. A worker gets its plan and gives back its finished files as bytes; it needs no
disk that it shares with this machine, and no model. dask gives the tasks of a worker that died to
another one. When the scheduler is gone, so is the engine: what was finished stands.
"""

import asyncio
import concurrent.futures
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import uuid4

from gatereel.cli.drawing.dask_local import local_cluster
from gatereel.cli.drawing.engine import TASKS_A_PLACE, EngineGoneError, Running
from gatereel.cli.drawing.on_worker import (
    DifferentWorkerError,
    WorkerTroubleError,
    asked_on_worker,
    draw_on_worker,
)
from gatereel.cli.drawing.processes import cores
from gatereel.cli.drawing.surroundings import differing, in_a_line, surroundings
from gatereel.cli.drawing.words import LOCAL
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.files.reading import read_bytes
from gatereel.rnn_math.files.traces import Advance
from gatereel.rnn_math.models.packages import load
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from distributed import Client

EXTRA = "gatereel[dask]"

_SCHEDULER_FILE = ".json"

_SPEAKERS = ("distributed", "tornado")
"""The beginnings of the names of what logs."""

_LOOK_AGAIN = 1.0
"""Seconds between two looks at how many workers there are."""

_TROUBLED_WORKERS = 3
"""So many may fail at a picture before it is told; each may have a full disk of its own."""

_CLOSING = 5.0
"""Seconds until a client is left alone that does not close."""

_CANCELLED = (asyncio.CancelledError, concurrent.futures.CancelledError)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True)
class OnDask:
    """The engine of a cluster: `LOCAL`, a scheduler's address, or the file that it wrote."""

    address: str
    jobs: int | None = None
    """Workers of a local cluster; None for one a core."""
    notes: list[str] = field(default_factory=list)

    @property
    def planners(self) -> int:
        """One a core of this machine, which draws nothing."""
        return self.jobs or cores()

    @contextmanager
    def running(self, count: int, advance: Advance) -> Iterator[Running | None]:
        """Start it; see `Engine`."""
        load("distributed", "--dask", EXTRA)
        with _quiet():
            if self.address == LOCAL:
                jobs = max(1, min(self.jobs or cores(), count))
                with (
                    local_cluster(jobs) as cluster,
                    self._connected(cluster.address, jobs, cluster.check) as running,
                ):
                    yield running
            else:
                with self._connected(self.address, 1, lambda: None) as running:
                    yield running

    @contextmanager
    def _connected(
        self, address: str, expected: int, check: Callable[[], None]
    ) -> Iterator[Running]:
        client = _client(address)
        try:
            executor = DaskExecutor(client, self.notes.append, expected)
            executor.refuse_different()

            def room() -> int:
                check()
                return executor.room

            yield Running(executor, partial(draw_on_worker, dict(surroundings())), room)
        finally:
            client.close(timeout=_CLOSING)


@contextmanager
def _quiet() -> Iterator[None]:
    """Let dask tell nothing by itself: what matters is told as an error of ours."""
    names = [name for name in logging.root.manager.loggerDict if name.startswith(_SPEAKERS)]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def _client(address: str) -> "Client":
    """A client of the scheduler. Raises InputError where none answers."""
    from distributed import Client

    where: dict[str, Any] = {"address": address}
    if Path(address).suffix.lower() == _SCHEDULER_FILE:
        read_bytes(Path(address))  # dask would wait for it
        where = {"scheduler_file": address}
    try:
        return Client(**where, set_as_default=False)
    except (OSError, ValueError, TypeError, KeyError, ImportError) as error:
        why = str(error) or type(error).__name__
        raise InputError(
            f"--dask {address}: no scheduler answers there ({why}); give {LOCAL}, an address such "
            "as tcp://10.0.0.1:8786, or the scheduler's .json file."
        ) from None


class DaskExecutor(Executor):
    """Calls functions on workers whose surroundings are as here; others are refused, and told."""

    def __init__(self, client: "Client", tell: Callable[[str], None], expected: int = 1) -> None:
        """`expected` workers are there soon, at least."""
        self._client = client
        self._expected = expected
        self._tell = tell
        self._refused: dict[str, dict[str, str]] = {}
        self._workers: dict[str, int] = {}
        self._looked = -_LOOK_AGAIN
        self._run = uuid4().hex
        self._count = 0

    @property
    def room(self) -> int:
        """How many calls it may have at a time: each worker draws one."""
        return TASKS_A_PLACE * max(self._expected, len(self._good()))

    def refuse_different(self) -> None:
        """Look at all workers that are there. Raises InputError where none of them is as here."""
        found: Mapping[str, Any] = self._client.run(asked_on_worker, on_error="return")
        self._workers = dict.fromkeys(found, 1)
        for address, there in found.items():
            if isinstance(there, dict):
                if differing(surroundings(), there):
                    self._refuse(address, there)
            else:
                self._refuse(address, {"gatereel": f"of another kind ({there})"})
        self._looked = monotonic()
        if found and not self._good():
            raise self._none_left()

    def submit(
        self, fn: Callable[Parameters, Result], /, *args: Parameters.args, **kw: Parameters.kwargs
    ) -> Future[Result]:
        """Have a worker call a function, which it must be able to import."""
        self._count += 1
        key = f"gatereel-{self._run}-{self._count}"
        loop = self._client.loop.asyncio_loop
        return asyncio.run_coroutine_threadsafe(self._done(key, partial(fn, *args, **kw)), loop)

    async def _done(self, key: str, call: "partial[Result]") -> Result:
        """Wait for a call; one that a refused worker was given goes to another."""
        from distributed import KilledWorker

        troubled: set[str] = set()
        tries = 0
        while True:
            await self._look()
            good = self._good()
            if self._refused and not good:
                raise self._none_left()
            left = [address for address in good if address not in troubled]
            tries += 1
            try:
                future = self._client.submit(
                    call,
                    key=f"{key}-{tries}",
                    workers=left if self._refused or troubled else None,
                )
                result: Result = await self._client.gather(future, asynchronous=True)
            except DifferentWorkerError as error:
                self._refuse(error.address, error.there)
            except WorkerTroubleError as error:
                troubled.add(error.address)
                if len(troubled) >= _TROUBLED_WORKERS or set(good) <= troubled:
                    raise InputError(f"worker {error.address}: {error.why}.") from None
            except KilledWorker as error:
                ended = error.allowed_failures + 1
                raise InputError(
                    f"the workers that drew it ended, {ended} of them, perhaps for want of memory."
                ) from None
            except (OSError, *_CANCELLED) as error:  # what workers meet comes as their trouble
                raise self._gone() from error
            else:
                return result

    async def _look(self) -> None:
        """See how many workers there are, now and then."""
        if monotonic() - self._looked < _LOOK_AGAIN:
            return
        self._looked = monotonic()
        try:
            self._workers = dict(await self._client.scheduler.ncores())
        except (OSError, *_CANCELLED) as error:
            raise self._gone() from error

    def _good(self) -> list[str]:
        return [address for address in self._workers if address not in self._refused]

    def _gone(self) -> EngineGoneError:
        return EngineGoneError(
            "the scheduler is gone, and nothing more is drawn; what was finished stands; run the "
            "command again to go on from there"
        )

    def _refuse(self, address: str, there: dict[str, str]) -> None:
        if address in self._refused:
            return
        self._refused[address] = there
        self._tell(f"{_about(address, there)}; it draws nothing.")

    def _none_left(self) -> InputError:
        address, there = next(iter(self._refused.items()))
        return InputError(
            f"no worker draws the same bytes as this machine: {_about(address, there)}. Install "
            "the same on all."
        )


def _about(address: str, there: Mapping[str, str]) -> str:
    """What is told of a worker that is refused: in what it differs, and both lists."""
    here = surroundings()
    names = in_words(differing(here, there))
    return (
        f"worker {address} differs in {names}; here: {in_a_line(here)}; there: {in_a_line(there)}"
    )
