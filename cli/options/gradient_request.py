"""What `gatereel gradient` and its directives are asked for, and how lists of numbers are read."""

from collections.abc import Sequence
from pathlib import Path

from gatereel.rnn_math import Cell, InputError
from gatereel.rnn_math.gradients import ForgetBias
from gatereel.rnn_math.records import dataclass


@dataclass(frozen=True)
class GradientRequest:
    """The options of a gradient's picture, as they were given."""

    cells: tuple[Cell, ...] = ()
    weights: tuple[Path, ...] = ()
    layer: str | None = None
    chain: str | None = None
    initial: Path | None = None
    inputs: Path | None = None
    vocabulary: Path | None = None
    timesteps: int | None = None
    hidden_size: int | None = None
    seed: int | None = None
    scales: tuple[float, ...] = ()
    forget_biases: tuple[ForgetBias, ...] = ()
    threshold: float | None = None


def numbers_of(option: str, words: str) -> tuple[float, ...]:
    """Numbers with commas between them. Raises InputError for what is none."""
    found = []
    for word in _split(words):
        try:
            found.append(float(word))
        except ValueError:
            raise InputError(
                f"{option}: {word!r} is no number; give numbers with commas between them, such as "
                "0.5,1,1.5."
            ) from None
    return tuple(found)


def forget_biases_of(option: str, words: str) -> tuple[ForgetBias, ...]:
    """Numbers, and the word chrono. Raises InputError for what is neither."""
    found: list[ForgetBias] = []
    for word in _split(words):
        found.append("chrono" if word.lower() == "chrono" else numbers_of(option, word)[0])
    return tuple(found)


def _split(words: str) -> Sequence[str]:
    return [word.strip() for word in words.split(",") if word.strip()]
