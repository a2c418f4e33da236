"""How changes reach an encoder: at once, or beside the drawing in a thread of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from gatereel.scenes.export.changes import PixelChange
from gatereel.scenes.export.encoder import Encoder, Outcome

WAITING_BOUND = 8 * 2**20
"""Bytes of changes that may wait for an encoder slower than the drawing: a picture or two of a
usual size that change everywhere, or seconds of a usual film."""
CALL_BYTES = 2**12
"""What a waiting call takes beside its pixels, generously: many small changes count too."""


class Feed(Protocol):
    """Hands an encoder one call after the other; nobody else may call it from then on."""

    def write(self, change: PixelChange) -> None:
        """Pass on `change`."""

    def finish(self) -> Callable[[], Outcome]:
        """Let the encoder complete its file; what is returned waits for the outcome."""

    def abort(self) -> None:
        """Drop what is waiting and release the encoder."""


def feed_for(encoder: Encoder) -> Feed:
    """Return the feed that suits `encoder`."""
    return ThreadFeed(encoder) if encoder.beside else DirectFeed(encoder)


class DirectFeed:
    """Calls the encoder at once: less work than handing over to a thread, if writing is quick."""

    def __init__(self, encoder: Encoder) -> None:
        """Feed `encoder`."""
        self._encoder = encoder

    def write(self, change: PixelChange) -> None:
        """Pass on `change`."""
        self._encoder.write(change)

    def finish(self) -> Callable[[], Outcome]:
        """Return the encoder's own `finish`, so that threads of others can start before it."""
        return self._encoder.finish

    def abort(self) -> None:
        """Release the encoder."""
        self._encoder.abort()


class ThreadFeed:
    """Hands an encoder one call after the other without waiting for it.

    Compressing and encoding let other threads run, so they cost a second core's time.
    What a call raises comes out of a later one, at the latest when the outcome is asked for.
    """

    def __init__(self, encoder: Encoder) -> None:
        """Feed `encoder`."""
        self._encoder = encoder
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._calls: deque[tuple[Future[None], int]] = deque()
        self._waiting = 0  # bytes that _calls take

    def write(self, change: PixelChange) -> None:
        """Pass on `change`; wait only when too many bytes are waiting already."""
        call = self._worker.submit(self._encoder.write, change)
        size = change.bytes + CALL_BYTES
        self._calls.append((call, size))
        self._waiting += size
        while self._calls and (self._calls[0][0].done() or self._waiting > WAITING_BOUND):
            call, size = self._calls.popleft()
            self._waiting -= size
            call.result()

    def finish(self) -> Callable[[], Outcome]:
        """Let the encoder complete its file after the last change; the outcome can be awaited."""
        calls = [call for call, _ in self._calls]
        return self._worker.submit(self._complete, calls).result

    def _complete(self, calls: list[Future[None]]) -> Outcome:
        # They are done, being earlier in the same thread; a failure must not be passed over.
        for call in calls:
            call.result()
        return self._encoder.finish()

    def abort(self) -> None:
        """Drop what is waiting, let the call under way end, and release the encoder."""
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._encoder.abort()
