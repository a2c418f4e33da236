"""Cells of flax in memory, against what they compute. Collected where flax is installed."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest

import gatereel
from gatereel.rnn_math import InputError
from gatereel.rnn_math.live import read_layer, trace
from gatereel.rnn_math.live.flax_cells import KINDS

jax: Any = import_module("jax")
linen: Any = import_module("flax.linen")
nnx: Any = import_module("flax.nnx")

FLOAT32 = 1e-6
SEQUENCE = np.random.default_rng(4).normal(size=(6, 3)).astype(np.float32)


def cell_of(home: str, kind: str, **options: Any) -> Any:
    if home == "nnx":
        return getattr(nnx, kind)(3, 4, rngs=nnx.Rngs(2), **options)
    cell = getattr(linen, kind)(features=4, **options)
    carry = cell.initialize_carry(jax.random.key(0), (3,))
    return cell.bind(cell.init(jax.random.key(1), carry, SEQUENCE[0]))


@pytest.mark.parametrize("home", ["linen", "nnx"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_agrees_with_itself(home: str, kind: str) -> None:
    for x in (SEQUENCE, jax.numpy.asarray(SEQUENCE)[None]):
        found = trace(cell_of(home, kind), x)
        assert found.values["h"].shape == (6, 4)
        assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32


@pytest.mark.parametrize("home", ["linen", "nnx"])
def test_other_functions_make_another_cell(home: str) -> None:
    options = {"gate_fn": jax.nn.hard_sigmoid, "activation_fn": jax.nn.relu}
    for kind in ("LSTMCell", "GRUCell"):
        found = trace(cell_of(home, kind, **options), SEQUENCE)
        assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32
        assert "hard_sigmoid" in found.cell.title
    found = trace(cell_of(home, "SimpleCell", activation_fn=jax.nn.leaky_relu), SEQUENCE)
    assert float(found.parameters.origin.rpartition(" ")[2]) <= FLOAT32


@pytest.mark.parametrize("home", ["linen", "nnx"])
@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        ("GRUCell", {"activation_fn": jax.nn.silu}, "activation_fn=silu"),
        ("LSTMCell", {"gate_fn": lambda s: s}, "gate_fn=<lambda>"),
        ("SimpleCell", {"residual": True}, "residual=True"),
        ("GRUCell", {"carry_init": jax.nn.initializers.ones}, "carry_init that is not zeros"),
    ],
)
@pytest.mark.filterwarnings("ignore:carry_init is provided")
def test_what_no_cell_computes_is_refused_by_name(
    home: str, kind: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(InputError, match=why):
        read_layer(cell_of(home, kind, **options))


def test_what_is_no_cell_with_parameters_is_told() -> None:
    with pytest.raises(InputError, match=r"holds no parameters.*cell\.bind\(variables\)"):
        gatereel.read_layer(linen.LSTMCell(features=4))
    with pytest.raises(InputError, match="Linear is none of flax's own SimpleCell, LSTMCell"):
        gatereel.read_layer(nnx.Linear(3, 4, rngs=nnx.Rngs(0)))
    with pytest.raises(InputError, match="MGUCell is none of flax's own"):
        gatereel.read_layer(cell_of("linen", "MGUCell"))

    class Mine(nnx.LSTMCell):  # type: ignore[misc]
        """It could compute anything."""

    with pytest.raises(InputError, match="Mine is none of flax's own"):
        gatereel.read_layer(Mine(3, 4, rngs=nnx.Rngs(0)))
    with pytest.raises(InputError, match="'other' is not the cell's name; it is 'grucell'"):
        gatereel.read_layer(cell_of("nnx", "GRUCell"), "other")
