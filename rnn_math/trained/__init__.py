"""Cells that were trained on one task, so that what is compared is more than random weights.

    trained(CELLS["lstm"]) -> Trained

The task: which letter was the first of 60? `media/first-letter/train.py` is the whole training.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np

from gatereel.rnn_math.arrays import Array, freeze
from gatereel.rnn_math.cell import Cell
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.files.formats import read_parameters
from gatereel.rnn_math.parameters import Parameters
from gatereel.rnn_math.records import dataclass

TRAINED = ("rnn", "lstm", "gru")
"""Names of the cells that there are."""

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class TrainingTask:
    """What the cells were trained on, and one of its sequences."""

    letters: int
    """How many there are: who guesses is right once in so many."""
    tokens: tuple[int, ...]
    accuracy: dict[str, float]
    """The share of test sequences that each cell gets right, by its name."""

    @property
    def inputs(self) -> Array:
        """The sequence one-hot, `(timesteps, letters)`."""
        return freeze(np.eye(self.letters)[list(self.tokens)])


@dataclass(frozen=True, eq=False)
class Trained:
    """A trained cell, the sequence that it reads, `(timesteps, input_size)`, and how good it is."""

    cell: Cell
    parameters: Parameters
    inputs: Array
    accuracy: float
    """The share of test sequences that it gets right, 0 to 1."""


@cache
def task() -> TrainingTask:
    """The task of all."""
    told = json.loads((_FOLDER / "task.json").read_text(encoding="utf-8"))
    return TrainingTask(told["letters"], tuple(told["inputs"]), told["accuracy"])


def trained(cell: Cell) -> Trained:
    """The trained cell. Raises InputError where there is none."""
    if cell.name not in TRAINED:
        raise InputError(
            f"There is no trained {cell.title}; there is {one_of(TRAINED)}. Give --weights of "
            "your own, or --seed for random ones."
        )
    _, parameters = read_parameters(_FOLDER / f"{cell.name}.json", cell)
    return Trained(cell, parameters, task().inputs, task().accuracy[cell.name])


__all__ = ["TRAINED", "Trained", "TrainingTask", "task", "trained"]
