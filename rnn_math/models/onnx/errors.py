"""What is said about an ONNX file that is damaged, or that holds what is not computed here."""

from collections.abc import Collection
from pathlib import Path

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.printable import on_one_line

MAX_NAME_LENGTH = 200
_MOST_BYTES = 4 * MAX_NAME_LENGTH  # in UTF-8
_MOST_LISTED = 3
"""Tensors that a refusal names; it counts the others."""


class RefusedError(InputError):
    """A layer cannot be computed exactly; the sentence says which feature is in the way."""


def shown_name(name: str | bytes) -> str:
    """A name from a file, fit for a line of text; protobuf gives bytes where it is no text."""
    if isinstance(name, bytes):
        name = name[:_MOST_BYTES].decode("utf-8", errors="replace")
    return on_one_line(name, MAX_NAME_LENGTH)


class HandedOverError(RefusedError):
    """The states that a node starts from are computed; the text is of which."""


def damaged(path: Path, name: str, problem: str) -> InputError:
    """The error for a tensor of a file."""
    return InputError(f"{path} is damaged: tensor '{shown_name(name)}': {problem}.")


def only_sequence(tensors: Collection[str]) -> str:
    """The one tensor that something is computed from. Raises RefusedError for none or several."""
    if len(tensors) != 1:
        listed = ", ".join(shown_name(each) for each in list(tensors)[:_MOST_LISTED])
        raise RefusedError(
            f"it reads {len(tensors)} tensors at once ({listed}), not one sequence."
            if tensors
            else "it reads a constant, not a sequence."
        )
    return next(iter(tensors))
