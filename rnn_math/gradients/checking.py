"""A reader's own backward pass, held against the list's.

    check(gradients, {"dW_f": ..., "dx": ...}) -> (Check("W_f", ...), Check("x", ...))

A backward pass begins at the last timestep: where it first goes wrong is the latest timestep that
differs.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.arrays import Array
from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.gradients.backward import Gradients
from gatereel.rnn_math.records import dataclass

TOLERANCES = {"f8": 1e-8, "f4": 1e-4, "f2": 1e-2}
"""What rounding explains by the type of the numbers, of the largest of a gradient or of 1."""

_PREFIXES = ("dL_d", "d")


@dataclass(frozen=True)
class Check:
    """One gradient: `name` is what it is by, such as "W_f", "x" or "c_prev"."""

    name: str
    difference: float
    """The largest one; infinite where something is not finite."""
    agrees: bool
    timestep: int | None = None
    """The latest timestep that differs, from 0; None where all agree or it is of parameters."""
    gate: str = ""
    """Of parameters, the role of what they compute: "forget gate"."""


def check(gradients: Gradients, theirs: Mapping[str, NDArray[np.generic]]) -> tuple[Check, ...]:
    """Hold each of `theirs` against its like, in the order in which they are given.

    Names are those that `gatereel trace --gradients` writes, with "dL_d" or "d" before what they
    are by: dW_f, db_f, dx, dh_prev, dinitial_h. Raises InputError for a name or a shape that is
    none of them.
    """
    known = {**gradients.vectors, **gradients.of_parameters}
    found = []
    for given, their in theirs.items():
        name = _name(given, known)
        ours = known[name]
        if their.shape != ours.shape:
            raise InputError(
                f"{given} has the shape {their.shape}; the gradient by {name} has {ours.shape}."
            )
        found.append(_check(gradients, name, ours, their))
    return tuple(found)


def _name(given: str, known: Mapping[str, Array]) -> str:
    for prefix in _PREFIXES:
        if given.startswith(prefix) and given.removeprefix(prefix) in known:
            return given.removeprefix(prefix)
    names = ", ".join(f"d{name}" for name in known)
    raise InputError(f"{given!r} is the gradient of nothing in this cell; known are {names}.")


def _check(gradients: Gradients, name: str, ours: Array, their: NDArray[np.generic]) -> Check:
    tolerance = TOLERANCES.get(their.dtype.str.lstrip("<>=|"), TOLERANCES["f8"])
    off = np.abs(np.asarray(their, dtype=float) - ours)
    off = np.where(np.isfinite(off), off, np.inf)
    wrong = off > tolerance * max(1.0, float(np.abs(ours).max(initial=0.0)))
    timestep, gate = None, ""
    if name in gradients.vectors:
        rows = np.flatnonzero(wrong.any(axis=1))
        timestep = int(rows[-1]) if rows.size else None
    elif name[:2] in ("W_", "b_"):
        gate = gradients.trace.cell.node(name[2:]).role
    return Check(name, float(off.max(initial=0.0)), not wrong.any(), timestep, gate)
