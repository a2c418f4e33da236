"""Make the numbers of flax's cells that tests read, `cells.npz`.

    python tests/models/flax/make_flax.py

Made by flax 0.12.8 with jax 0.10.2. For each cell, such as "linen.LSTMCell", there are its
parameters, "linen.LSTMCell/params/ii/kernel", the rows that it read, "linen.LSTMCell/inputs",
`(timesteps, input_size)`, and its states from noughts, "linen.LSTMCell/h" and "/c",
`(timesteps, hidden_size)`.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

jax: Any = import_module("jax")
linen: Any = import_module("flax.linen")
nnx: Any = import_module("flax.nnx")

HERE = Path(__file__).parent
TIMESTEPS, INPUT_SIZE, HIDDEN_SIZE = 6, 3, 2
KINDS = ("LSTMCell", "OptimizedLSTMCell", "GRUCell", "SimpleCell")


def bound(kind: str, random: np.random.Generator) -> tuple[Any, dict[str, Any]]:
    """A cell of linen with random parameters, and these."""
    cell = getattr(linen, kind)(features=HIDDEN_SIZE)
    carry = cell.initialize_carry(jax.random.key(0), (INPUT_SIZE,))
    variables = cell.init(jax.random.key(1), carry, np.zeros(INPUT_SIZE, np.float32))
    drawn = {
        name: {
            called: random.uniform(-0.8, 0.8, value.shape).astype(np.float32)
            for called, value in part.items()
        }
        for name, part in variables["params"].items()
    }
    named = {f"{name}/{called}": v for name, part in drawn.items() for called, v in part.items()}
    return cell.bind({"params": drawn}), named


def held(kind: str, random: np.random.Generator) -> tuple[Any, dict[str, Any]]:
    """A cell of nnx with random parameters, and these."""
    cell = getattr(nnx, kind)(INPUT_SIZE, HIDDEN_SIZE, rngs=nnx.Rngs(0))
    named = {}
    for name, part in vars(cell).items():
        for called in ("kernel", "bias"):
            parameter = getattr(part, called, None)
            if parameter is not None:
                values = random.uniform(-0.8, 0.8, parameter.shape).astype(np.float32)
                parameter[...] = values
                named[f"{name.rstrip('_')}/{called}"] = values
    return cell, named


def main() -> None:
    random = np.random.default_rng(9)
    arrays: dict[str, Any] = {}
    for home, make in (("linen", bound), ("nnx", held)):
        for kind in KINDS:
            cell, named = make(kind, random)
            inputs = random.normal(size=(TIMESTEPS, INPUT_SIZE)).astype(np.float32)
            nought = np.zeros(HIDDEN_SIZE, np.float32)
            carry: Any = (nought, nought) if "LSTM" in kind else nought
            found = []
            for row in inputs:
                carry, h = cell(carry, row)
                found.append((np.asarray(h), np.asarray(carry[0])))
            whole = f"{home}.{kind}"
            arrays |= {f"{whole}/params/{name}": value for name, value in named.items()}
            arrays |= {f"{whole}/inputs": inputs, f"{whole}/h": np.array([h for h, _ in found])}
            if "LSTM" in kind:
                arrays[f"{whole}/c"] = np.array([c for _, c in found])
    np.savez(HERE / "cells.npz", **arrays)


if __name__ == "__main__":
    main()
