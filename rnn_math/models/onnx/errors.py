"""What is said about an ONNX file that is damaged, or that holds what is not computed here."""

from pathlib import Path

from gatereel.rnn_math.errors import InputError

MAX_NAME_LENGTH = 200


class RefusedError(InputError):
    """A layer cannot be computed exactly; the sentence says which feature is in the way."""


def printable(name: str | bytes) -> str:
    """A name from a file, fit for a line of text; protobuf gives bytes where it is no text."""
    if isinstance(name, bytes):
        name = name[:MAX_NAME_LENGTH].decode("utf-8", errors="replace")
    shown = "".join(letter if letter.isprintable() else "?" for letter in name[:MAX_NAME_LENGTH])
    return shown if len(name) <= MAX_NAME_LENGTH else f"{shown}..."


def damaged(path: Path, name: str, problem: str) -> InputError:
    """The error for a tensor of a file."""
    return InputError(f"{path} is damaged: tensor {printable(name)!r}: {problem}.")
