"""Gates apart: each weighted sum as its own arrays, whatever library stacked them."""

from pathlib import Path

import numpy as np
import pytest

from gatereel.rnn_math import CELLS, Array, Cell, InputError, random_parameters
from gatereel.rnn_math.cells.relatives.lstm_peepholes import LSTM_COUPLED, LSTM_PEEPHOLES
from gatereel.rnn_math.exporting import gates_of, write_gates
from gatereel.rnn_math.exporting.functions import FAMILIES, functions_of
from gatereel.rnn_math.functions import HardSigmoid, Softsign
from gatereel.rnn_math.models import Strand, read_model
from gatereel.rnn_math.models.activations import with_activations

MODELS = Path(__file__).parents[2] / "models"


def strand_of(cell: Cell) -> Strand:
    """Random parameters, three inputs and two hidden units."""
    return Strand(cell, random_parameters(cell, 3, 2, seed=1))


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_parts_of_a_gate_give_its_weighted_sum(cell: Cell) -> None:
    strand = strand_of(cell)
    h, x = np.array([0.3, -0.6]), np.array([1.0, -2.0, 0.5])
    whole = strand.parameters
    for name, gate in gates_of(strand).items():
        parts = gate.W @ x + gate.b_input, gate.U @ h + gate.b_recurrent
        if name in whole.weights:
            expected = whole.weights[name] @ np.concatenate([h, x]) + whole.biases[name]
            assert np.allclose(sum(parts), expected, rtol=0, atol=1e-15)
        else:
            assert np.array_equal(parts[0], whole.weights["xn"] @ x + whole.biases["xn"])
            assert np.array_equal(parts[1], whole.weights["hn"] @ h + whole.biases["hn"])


def test_peepholes_are_a_vector() -> None:
    gates = gates_of(strand_of(LSTM_PEEPHOLES))
    peephole = gates["f"].peephole
    assert peephole is not None
    assert peephole.shape == (2,)
    assert gates["g"].peephole is None
    assert list(gates_of(strand_of(LSTM_COUPLED))) == ["i", "g", "o"]


def test_both_biases_of_pytorch_are_kept() -> None:
    path = MODELS / "pytorch" / "lstm.safetensors"
    layer = read_model(path).layers[0]
    strand = layer.strands["forward"]
    raw = stored(path)
    for k, gate in enumerate("ifgo"):
        rows = slice(k * layer.hidden_size, (k + 1) * layer.hidden_size)
        found = gates_of(strand)[gate]
        assert np.array_equal(found.W, raw["weight_ih_l0"][rows])
        assert np.array_equal(found.U, raw["weight_hh_l0"][rows])
        assert np.array_equal(found.b_input, raw["bias_ih_l0"][rows])
        assert np.array_equal(found.b_recurrent, raw["bias_hh_l0"][rows])


def stored(path: Path) -> dict[str, Array]:
    """A file of safetensors as it is."""
    from safetensors.numpy import load_file

    return {name: each.astype(np.float64) for name, each in load_file(path).items()}


@pytest.mark.parametrize(
    "name", ["onnx/lstm_initial.onnx", "keras/directions.keras", "audio/amp.nam"]
)
def test_a_file_of_gates_holds_every_layer_exactly(tmp_path: Path, name: str) -> None:
    layers = [layer for layer in read_model(MODELS / name).layers if not layer.refusal]
    target = tmp_path / "gates.npz"
    count = write_gates(target, layers)
    with np.load(target) as found:
        assert count == sum(not each.endswith("/cell") for each in found)
        for layer in layers:
            for direction, strand in layer.strands.items():
                side = f"/{direction}" if len(layer.strands) > 1 else ""
                place = f"{layer.name}{side}"
                assert found[f"{place}/cell"] == strand.cell.name
                for gate, weights in gates_of(strand).items():
                    for key, values in weights.arrays().items():
                        array = found[f"{place}/{gate}/{key}"]
                        assert array.dtype == np.float32
                        assert np.array_equal(array, values)
                for state, values in (strand.initial or {}).items():
                    assert np.array_equal(found[f"{place}/{state}0"], values)


def test_float64_stays_exact_and_the_same_gates_give_the_same_bytes(tmp_path: Path) -> None:
    layers = read_model(MODELS / "pytorch" / "lstm-float64.safetensors").layers
    for name in ("a.npz", "b.npz", "c.safetensors"):
        write_gates(tmp_path / name, layers)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    strand, place = layers[0].strands["forward"], layers[0].name
    with np.load(tmp_path / "a.npz") as found:
        assert np.array_equal(found[f"{place}/f/W"], gates_of(strand)["f"].W)
    assert np.array_equal(
        stored(tmp_path / "c.safetensors")[f"{place}/f/W"], gates_of(strand)["f"].W
    )


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    layers = read_model(MODELS / "pytorch" / "lstm.safetensors").layers
    with pytest.raises(InputError, match=r"'\.csv'; gates are written to \.npz or \.safetensors"):
        write_gates(tmp_path / "gates.csv", layers)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("cell", FAMILIES.values(), ids=FAMILIES)
def test_functions_are_found_where_they_were_put(cell: Cell) -> None:
    gates, new = HardSigmoid(0.25, 0.5), Softsign()
    found = functions_of(with_activations(cell, gates, new, new))
    assert found.contents == found.output == new
    if cell.family not in ("rnn", "rnn-relu"):
        assert found.gates == gates
