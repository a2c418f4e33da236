"""What tests of models share: arrays of Keras files, read once for many tests."""

import json

import pytest

from gatereel.rnn_math.models.keras import hdf5

_ANSWERS: dict[tuple[bytes, str], tuple[int, bytes]] = {}
"""By a file's bytes and the arrays that are wanted: the smallest size of a file on disk that they
were read for, and what the process said."""


@pytest.fixture
def arrays_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for an HDF5 file once: for tests of what is made of it, not how it is read.

    Most of them change a configuration beside the same arrays. A size on disk only bounds what is
    read, so a larger one changes no answer; refusals are asked for each time.
    """
    original = hdf5._ask

    def ask(data: bytes, where: str, wanted: str, file_size: int) -> bytes:
        least, answer = _ANSWERS.get((data, wanted), (file_size + 1, b""))
        if file_size < least:
            answer = original(data, where, wanted, file_size)
            if "error" not in json.loads(answer.partition(b"\n")[0]):
                _ANSWERS[data, wanted] = file_size, answer
        return answer

    monkeypatch.setattr(hdf5, "_ask", ask)
