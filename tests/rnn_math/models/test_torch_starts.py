"""Learned initial states beside a PyTorch layer: used without doubt, named with it."""

from time import process_time

import numpy as np
import pytest

from gatereel.rnn_math import unroll
from gatereel.rnn_math.models import Layer, Model, read_model
from gatereel.rnn_math.models.pytorch.starts import Sized, find_starts
from gatereel.rnn_math.models.pytorch.state_dict import MAX_TENSORS
from tests.models.pytorch.expected import FLOAT32_TOLERANCE, FOLDER, inputs_of, states_of
from tests.rnn_math.models.torch_tensors import Shapes, model_of, shapes_of, stored

MOST_SECONDS = 20.0
"""Of the processor. It takes one; with the square of the modules' number it takes minutes."""

LSTM, GRU = shapes_of("lstm", "lstm."), shapes_of("gru", "gru.")
DEEP = shapes_of("gru", "gru.", levels=2, both=True)
TWO = shapes_of("gru", "gru1.") | shapes_of("gru", "gru2.", (2, 2))
CELL = {name.replace("_l0", ""): shape for name, shape in LSTM.items()}


def used(layer: Layer) -> set[str]:
    return set(layer.initial_tensors.values())


def said(model: Model) -> str:
    return " | ".join(each for layer in model.layers for each in layer.assumptions)


@pytest.mark.parametrize(
    ("module", "starts"),
    [
        (LSTM, {"h0": (1, 1, 2), "c0": (1, 1, 2)}),
        (LSTM, {"h_0": (1, 2), "c_0": (1, 2)}),
        (LSTM, {"hx": (2,), "cx": (2,)}),
        (LSTM, {"init_h": (1, 1, 2), "init_c": (1, 1, 2)}),
        (LSTM, {"initial_hidden_state": (1, 2), "initial_cell_state": (1, 2)}),
        (LSTM, {"hidden_init": (1, 2), "cell_init": (1, 2)}),
        (LSTM, {"lstm_h0": (1, 2), "lstm_c0": (1, 2)}),
        (LSTM, {"lstm.h0": (1, 2), "lstm.c0": (1, 2)}),
        (CELL, {"_h0": (2,), "_c0": (1, 2)}),
        (CELL, {"learnedH0": (2,), "learnedC0": (2,)}),
        (GRU, {"h0s": (1, 1, 2)}),
        (GRU, {"initial_state": (1, 1, 2)}),
        (GRU, {"learned_h0": (2,)}),
        (DEEP, {"h0": (4, 1, 2)}),
        (DEEP, {"h0": (4, 2)}),
        (shapes_of("gru", "net.body.gru."), {"h0": (1, 1, 2)}),
        (shapes_of("gru", "module.gru."), {"module.h0": (1, 1, 2)}),
        (shapes_of("gru"), {"h0": (1, 1, 2)}),
    ],
)
def test_names_and_shapes_without_doubt_are_used(module: Shapes, starts: Shapes) -> None:
    model = model_of(module | starts)
    for layer in model.layers:
        assert (layer.refusal, used(layer)) == ("", set(starts))
        assert "is taken to start from what the file has beside it" in layer.assumptions[0]
        assert all(name in layer.assumptions[0] for name in starts)


def test_each_level_and_direction_has_its_own_row() -> None:
    model = model_of(DEEP, h0=stored((4, 1, 2)))
    values = stored((4, 1, 2)).values().reshape(4, 2)
    found = [
        strand.initial["h"]
        for layer in model.layers
        for strand in layer.strands.values()
        if strand.initial is not None
    ]
    np.testing.assert_array_equal(found, values)


@pytest.mark.parametrize(
    ("module", "starts", "reason"),
    [
        (LSTM, {"h0": (1, 1, 2)}, "h0 (nn.LSTM needs a first c, too)"),
        (LSTM, {"c0": (1, 1, 2)}, "c0 (nn.LSTM needs a first h, too)"),
        (LSTM, {"initial_state": (1, 1, 2)}, "nn.LSTM has h and c"),
        (GRU, {"c0": (1, 1, 2)}, "c0 (nn.GRU has no c)"),
        (GRU, {"h0": (1, 1, 3)}, "(1, 1, 3); (1, 1, 2) would fit"),
        (GRU, {"h0": (1, 5, 2)}, "(1, 5, 2); (1, 1, 2) would fit"),
        (GRU, {"h0": ()}, "would fit"),
        (DEEP, {"h0": (1, 1, 2)}, "(1, 1, 2); (4, 1, 2) would fit"),
        (DEEP, {"h0": (1, 4, 2)}, "would fit"),
        (TWO, {"h0": (1, 1, 2)}, "not clear which layer's"),
        (GRU, {"other_h0": (1, 1, 2)}, "not clear which layer's"),
        (GRU, {"start.h0": (1, 1, 2)}, "not clear which layer's"),
        (GRU, {"h0_fwd": (2,), "h0_bwd": (2,)}, "h0_fwd and h0_bwd"),
        (GRU, {"h0": (2,), "init_h": (2,)}, "h0 and init_h (there are several)"),
        (GRU, {"hidden": (1, 1, 2)}, "does not say that it is the first"),
        (GRU, {"h0.0": (2,), "h0.1": (2,)}, "h0.0 and h0.1 (what they become"),
        (GRU, {"init_h.weight": (2, 7), "init_h.bias": (2,)}, "init_h.weight (what they become"),
        (LSTM, {"fc_init_c.weight": (2, 7)}, "fc_init_c.weight (what they become"),
    ],
)
def test_in_doubt_zeros_are_taken_and_the_tensors_named(
    module: Shapes, starts: Shapes, reason: str
) -> None:
    model = model_of(module | starts)
    assert not any(used(layer) for layer in model.layers)
    assert all(s.initial is None for layer in model.layers for s in layer.strands.values())
    for layer in model.layers:
        assert "is taken to start from zeros, not from" in layer.assumptions[0]
    assert reason in said(model)


def test_of_several_layers_the_names_or_the_widths_choose() -> None:
    first, second = model_of(TWO | {"h0_2": (1, 1, 2), "gru1_h0": (1, 2)}).layers
    assert (used(first), used(second)) == ({"gru1_h0"}, {"h0_2"})
    wide = shapes_of("gru", "gru1.") | shapes_of("gru", "gru2.", (2, 5))
    first, second = model_of(wide | {"h0": (1, 1, 5)}).layers
    assert (used(first), used(second)) == (set(), {"h0"})


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("head.weight", (4, 2)),
        ("hidden.weight", (2, 2)),
        ("c0.weight", (2, 2)),
        ("transformer.h.0.ln.weight", (2,)),
        ("block_0_norm.weight", (2,)),
        ("hidden", (9, 9)),
    ],
)
def test_other_tensors_are_no_initial_states(name: str, shape: tuple[int, ...]) -> None:
    assert said(model_of(GRU | {name: shape})) == ""


@pytest.mark.parametrize(
    ("dtype", "problem", "reason"),
    [("int64", "", "h0 holds int64"), ("float32", "claims too much", "h0 claims too much")],
)
def test_one_that_cannot_be_read_is_passed_over(dtype: str, problem: str, reason: str) -> None:
    model = model_of(GRU, h0=stored((1, 1, 2), dtype, problem))
    assert f"not from h0 ({reason})" in said(model)


def test_one_that_is_not_finite_is_passed_over() -> None:
    tensor = stored((1, 1, 2))
    tensor.values()[0, 0, 1] = np.nan
    model = model_of(GRU, h0=tensor)
    assert "not from h0 (h0 holds a value that is not finite)" in said(model)


def test_zeros_in_place_of_learned_states_give_other_numbers() -> None:
    # Were they small, the tests that hold all saved models to PyTorch's numbers could not fail.
    (layer,) = read_model(FOLDER / "start-cell.safetensors").layers
    strand = layer.strands["forward"]
    from_zeros = unroll(strand.cell, strand.parameters, inputs_of("start-cell")).values["h"]
    expected = states_of("start-cell", layer, "forward")["h"]
    assert np.abs(from_zeros - expected).max() > 1e5 * FLOAT32_TOLERANCE


def test_many_starts_take_bounded_time() -> None:
    count = MAX_TENSORS // 4
    modules = [Sized(f"{k}.", "nn.GRU", ("h",), 1, 2) for k in range(count)]
    inside = {f"{k}.h0": (2,) for k in range(count)}
    start = process_time()
    found = find_starts(inside | {f"h0_{k}": (2,) for k in range(count)}, modules)
    assert process_time() - start < MOST_SECONDS
    assert all(found[f"{k}."].tensors == {"h": f"{k}.h0"} for k in range(count))


@pytest.mark.parametrize(
    ("module", "starts"),
    [
        (GRU, {"start": (1, 1, 2)}),
        (GRU, {"start": (2,)}),
        (GRU, {"z": (1, 1, 2)}),
        (DEEP, {"bridge": (4, 1, 2)}),
        (LSTM, {"learned": (2, 1, 2)}),
        (LSTM, {"state": (2, 1, 2)}),
        (LSTM, {"state": (2, 2)}),
    ],
)
def test_what_has_a_states_shape_is_named_though_its_name_tells_little(
    module: Shapes, starts: Shapes
) -> None:
    model = model_of(module | starts)
    for layer in model.layers:
        assert not used(layer)
        assert f"is taken to start from zeros, not from {next(iter(starts))}" in said(model)
