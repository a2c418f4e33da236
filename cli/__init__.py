"""The command `gatereel`.

Importing this package alone stays light: what a command needs is imported when it runs.
"""

import gc
import os
import sys
from collections.abc import Sequence

__all__ = ["main"]

_COLLECT_AFTER = 50_000
"""Objects more than before after which the garbage collector looks through the new ones: some
megabytes. Python's own 700 take a twentieth of what a dry run computes."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code.

    `argv` are the words after `gatereel`; None takes those of this process. 0 is success, 1 a
    failure, 2 wrong use or bad input, 128 plus its number a signal that stopped the command.
    """
    from gatereel.cli.terminal.signals import Stopped, ignore_signals, signals_raise

    if argv is None:
        # numpy starts threads for large products when it is imported, which takes longer than the
        # products of nearly all cells.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        # What is imported and planned lives as long as the command, and is looked through in vain.
        gc.set_threshold(_COLLECT_AFTER)
    try:
        with signals_raise():
            from gatereel.cli.app import run

            return run(argv)
    except Stopped as stopped:  # so early that nothing else was there to say so
        return stopped.tell()
    finally:
        if argv is None:  # this process ends, and its last moments are nobody's business
            ignore_signals()
            gc.freeze()  # Python would look through all that it is about to throw away
            # Only where something was written: most commands end without it.
            written = sys.modules.get("gatereel.rnn_math.files.atomic")
            if written is not None:
                written.end_writing()
