"""Seconds of a wide LSTM in plain numpy, by gatereel in memory, and by gatereel into a file.

    python -P tests/plain_lstm.py TIMESTEPS ROUNDS FILE

Prints three numbers, each the best of the rounds, which take turns. Run in a process of its own:
the number of threads that multiply is settled when numpy is imported.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gatereel.rnn_math import (
    LSTM,
    Array,
    Parameters,
    random_inputs,
    random_parameters,
    sigmoid,
    unroll,
)
from gatereel.rnn_math.files import stream_trace

SIZE = 512
"""Hidden units, and inputs as well."""


def plain(parameters: Parameters, inputs: Array) -> None:
    """The same products and activations, and nothing else."""
    W, b = parameters.weights, parameters.biases
    h = c = np.zeros(SIZE)
    for x in inputs:
        hx = np.concatenate([h, x])
        f, i, o = (sigmoid(W[gate] @ hx + b[gate]) for gate in "fio")
        c = f * c + i * np.tanh(W["g"] @ hx + b["g"])
        h = o * np.tanh(c)


def seconds(function: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def main(timesteps: int, rounds: int, file: Path) -> None:
    """Measure and print."""
    parameters = random_parameters(LSTM, SIZE, SIZE, 0)
    inputs = random_inputs(SIZE, timesteps, 0)
    measured = [
        (
            seconds(lambda: plain(parameters, inputs)),
            seconds(lambda: unroll(LSTM, parameters, inputs)),
            seconds(lambda: stream_trace(file, LSTM, parameters, inputs)),
        )
        for _ in range(rounds)
    ]
    print(*map(min, zip(*measured, strict=True)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
