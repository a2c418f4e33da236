"""`--loss`: what a gradient is of, as a few words on the command line.

"h"       the sum of the hidden state's units after the last timestep
"c[2]"    unit 2 of the cell state after the last timestep
"h[1]@3"  unit 1 of the hidden state after timestep 3
FILE      half the squared error to targets, a row a timestep, in a .csv, .json or .npy file
"""

import re
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math import InputError, files
from gatereel.rnn_math.gradients import FinalSum, Loss, SquaredError, Unit

DEFAULT_LOSS = "h"

_WORDS = re.compile(r"(?P<state>[A-Za-z_]\w*)(?:\[(?P<unit>\d+)\](?:@(?P<timestep>\d+))?)?")

gradients_option = click.option(
    "--gradients",
    is_flag=True,
    help="Also the gradient of a loss by every vector, as dL_d and the vector's name.",
)
gradients_of_option = click.option(
    "--gradients-of",
    "own_gradients",
    type=click.Path(path_type=Path),
    metavar="FILE.npz",
    help="Hold your own backward pass, arrays such as dW_f, db_f and dx, against them; the "
    "gate and the timestep where it first differs are named, with exit code 1.",
)
loss_option = click.option(
    "--loss",
    "loss_words",
    metavar="LOSS",
    help="What gradients are of: a state's sum after the last timestep, such as h; a unit of it, "
    "h[1]; after timestep 3, h[1]@3; or a file of targets for half the squared error of h. "
    f"Default: {DEFAULT_LOSS}.",
)


def read_gradients(path: Path) -> dict[str, NDArray[np.generic]]:
    """The arrays of a reader's own backward pass. Raises InputError for what is no such file."""
    found = files.read_arrays(path)
    wrong = [name for name, array in found.items() if array.dtype.kind != "f"]
    if wrong or not found:
        said = f"{wrong[0]} holds no real numbers" if wrong else "it holds nothing"
        raise InputError(f"{path}: {said}; give arrays of floats by name.")
    return found


def loss_of(words: str | None, wanted: bool, option: str = "--gradients") -> Loss | None:
    """The loss that the options ask for; None where no gradients are `wanted` by their `option`.

    Raises InputError for what is no loss, and for one that nothing is made of.
    """
    if not wanted:
        if words is not None:
            raise InputError(f"--loss says what gradients are of; give {option}, too.")
        return None
    words = words or DEFAULT_LOSS
    if Path(words).suffix:
        return SquaredError(files.read_inputs(Path(words)))
    found = _WORDS.fullmatch(words)
    if found is None:
        raise InputError(
            f"--loss {words!r} is not understood; give a state such as h, a unit such as h[1], one "
            "after a timestep such as h[1]@3, or a file of targets."
        )
    if found["unit"] is None:
        return FinalSum(found["state"])
    timestep = None if found["timestep"] is None else int(found["timestep"]) - 1
    return Unit(found["state"], int(found["unit"]) - 1, timestep)


def as_read_backward(loss: Loss, timesteps: int) -> Loss:
    """The loss in the order in which a backward layer reads: words and files count the sequence's.

    A timestep that is none stays, for the loss to refuse.
    """
    if isinstance(loss, Unit) and loss.timestep is not None and loss.timestep < timesteps:
        return replace(loss, timestep=timesteps - 1 - loss.timestep)
    if isinstance(loss, SquaredError):
        return replace(loss, targets=np.asarray(loss.targets)[::-1])
    return loss
