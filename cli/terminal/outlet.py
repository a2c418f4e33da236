"""The one way by which the command speaks: nothing reaches a terminal that would command it."""

import codecs
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

import click

from gatereel.cli.terminal.session import PROGRAM
from gatereel.rnn_math import InputError
from gatereel.rnn_math.printable import printable

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STANDARD_OUTPUT = "the standard output"


def show(text: str) -> None:
    """Print what was asked for. Raises InputError when there is no standard output."""
    _check_open()
    tell(text)


def tell(text: str) -> None:
    """Print a line about what was done, where there is a standard output."""
    with _named():
        click.echo(printable(text))


def flush() -> None:
    """Bring out what is still buffered while its failure can be reported."""
    if sys.stdout is not None:
        with _named():
            sys.stdout.flush()


def warn(text: str) -> None:
    """Print what the user must know on the standard error."""
    click.echo(f"{PROGRAM}: {printable(text)}", err=True)


@contextmanager
def data_output() -> Iterator[BinaryIO]:
    """The standard output for data: as they are, but printable on a terminal.

    Raises InputError when there is none.
    """
    _check_open()
    raw = sys.stdout.buffer
    with _named():
        target = io.BufferedWriter(_Terminal(raw)) if sys.stdout.isatty() else raw
        yield target
        target.flush()


@contextmanager
def _named() -> Iterator[None]:
    """Say that it is the standard output that failed, unless its reader has seen enough."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, STANDARD_OUTPUT) from error


def _check_open() -> None:
    if sys.stdout is None:
        raise InputError("The standard output is closed; lead it to a file, or to another command.")


class _Terminal(io.RawIOBase):
    """Passes on text in UTF-8, printable."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        content = bytes(data)
        self._out.write(printable(self._decoder.decode(content)).encode())
        self._out.flush()
        return len(content)
