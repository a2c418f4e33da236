"""An encoder at work beside the drawing, in a thread of its own."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from .changes import Change
from .encoder import Encoder, Outcome

WAITING_BOUND = 32
"""Changes that may wait for an encoder slower than the drawing: a few megabytes."""


class Feed:
    """Hands an encoder one call after the other without waiting for it.

    Comparing, compressing and encoding let other threads run, so they cost a second core's time.
    What a call raises comes out of a later one, at the latest out of what `finish` returns.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Feed `encoder`, which nobody else may call from now on."""
        self._encoder = encoder
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._calls: deque[Future[None]] = deque()

    def write(self, change: Change) -> None:
        """Pass on `change`; wait only when too many are waiting already."""
        self._calls.append(self._worker.submit(self._encoder.write, change))
        while self._calls and (self._calls[0].done() or len(self._calls) > WAITING_BOUND):
            self._calls.popleft().result()

    def finish(self) -> Future[Outcome]:
        """Let the encoder complete its file after the last change, without waiting for it."""
        return self._worker.submit(self._complete, list(self._calls))

    def _complete(self, calls: list[Future[None]]) -> Outcome:
        # They are done, being earlier in the same thread; a failure must not be passed over.
        for call in calls:
            call.result()
        return self._encoder.finish()

    def abort(self) -> None:
        """Drop what is waiting, let the call under way end, and release the encoder."""
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._encoder.abort()
